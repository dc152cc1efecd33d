//! Money and assets for a treasury, by real transactions: what the chain's own coins pay for.

use coldamp_core::elements::confidential::ValueBlindingFactor;
use coldamp_core::elements::{AssetEntropy, AssetId, OutPoint, TxOutSecrets, Txid};
use coldamp_core::treasury::IssuanceKind;
use coldamp_core::units::{AssetAmount, Precision};

/// How an asset is issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueSettings {
    /// Whether the issued amounts are explicit or blinded.
    pub kind: IssuanceKind,
    /// Units issued, in base units.
    pub amount: AssetAmount,
    /// Reissuance tokens made, in base units.
    pub token_amount: AssetAmount,
    /// The contract's ticker.
    pub ticker: String,
    /// The contract's name.
    pub name: String,
    /// The contract's domain.
    pub domain: String,
    /// The contract's precision.
    pub precision: Precision,
    /// Index of the treasury's external address that receives the asset.
    pub asset_index: u32,
    /// Index of the treasury's external address that receives the tokens.
    pub token_index: u32,
}

/// An asset that the sandbox issued, with everything that its issuer knows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// The asset.
    pub asset: AssetId,
    /// Its reissuance token.
    pub token: AssetId,
    /// The entropy that both follow from.
    pub entropy: AssetEntropy,
    /// Whether the issued amounts are explicit or blinded.
    pub kind: IssuanceKind,
    /// The contract, in canonical JSON.
    pub contract: String,
    /// The contract's ticker.
    pub ticker: String,
    /// The contract's name.
    pub name: String,
    /// The contract's domain.
    pub domain: String,
    /// The contract's precision.
    pub precision: Precision,
    /// The coin that the issuance spent.
    pub issuance_prevout: OutPoint,
    /// The transaction that issued.
    pub txid: Txid,
    /// Its input that issued.
    pub vin: u32,
    /// Its output that holds the asset.
    pub asset_vout: u32,
    /// Its output that holds the tokens.
    pub token_vout: u32,
    /// Units issued, in base units.
    pub amount: AssetAmount,
    /// Tokens made, in base units.
    pub token_amount: AssetAmount,
    /// How the asset's output opens.
    pub asset_secrets: TxOutSecrets,
    /// How the tokens' output opens.
    pub token_secrets: TxOutSecrets,
    /// Blinding factor of the issued amount; zero where that is explicit.
    pub asset_blinds: ValueBlindingFactor,
    /// Blinding factor of the tokens' amount; zero where that is explicit.
    pub token_blinds: ValueBlindingFactor,
}
