//! Money and assets for a treasury, by real transactions: what the chain's own coins pay for.
//!
//! [`Chain::fund`] and [`Chain::fund_many`] pay L-BTC ([`fund`]), [`Chain::issue`] makes an asset of either kind with its
//! contract ([`issue`]). Both go through [`Chain::submit`]'s checks, proofs included, and into a block of their own.
//! Blinding is by secrets that follow from a counter ([`secrets`]): the same calls make the same chain.
//!
//! [`Chain::fund`]: crate::chain::Chain::fund
//! [`Chain::fund_many`]: crate::chain::Chain::fund_many
//! [`Chain::issue`]: crate::chain::Chain::issue
//! [`Chain::submit`]: crate::chain::Chain::submit

mod draft;
mod fund;
mod issue;
mod secrets;
#[cfg(test)]
mod tests;

pub use issue::contract_text;

#[cfg(test)]
pub(crate) use secrets::Secrets;

use coldamp_core::elements::confidential::ValueBlindingFactor;
use coldamp_core::elements::{Address, AssetEntropy, AssetId, OutPoint, TxOutSecrets, Txid};
use coldamp_core::treasury::{ContractError, DescriptorError, IssuanceKind};
use coldamp_core::units::{AssetAmount, Precision};

use crate::chain::Rejection;

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

/// An issuance to addresses of somebody else, as AMP's own node makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueOrder {
    /// Whether the issued amounts are explicit or blinded.
    pub kind: IssuanceKind,
    /// The contract, in canonical JSON.
    pub contract: String,
    /// Units issued, in base units.
    pub amount: AssetAmount,
    /// The confidential address that receives them.
    pub address: Address,
    /// Reissuance tokens, in base units, and the confidential address that receives them. None for an asset that is never
    /// reissued.
    pub tokens: Option<(AssetAmount, Address)>,
}

/// An issuance by an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuance {
    /// The asset.
    pub asset: AssetId,
    /// The reissuance token; none where none was made.
    pub token: Option<AssetId>,
    /// The contract, in canonical JSON.
    pub contract: String,
    /// The coin that the issuance spent.
    pub prevout: OutPoint,
    /// The transaction that issued.
    pub txid: Txid,
    /// Its input that issued.
    pub vin: u32,
    /// Its output that holds the asset.
    pub asset_vout: u32,
    /// Its output that holds the tokens.
    pub token_vout: Option<u32>,
    /// Blinding factor of the issued amount; zero where that is explicit.
    pub asset_blinds: ValueBlindingFactor,
    /// Blinding factor of the tokens' amount; zero where that is explicit.
    pub token_blinds: ValueBlindingFactor,
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

/// Why a treasury was not given what it was to have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TreasuryError {
    /// The coins that anybody may spend do not suffice.
    #[error("the sandbox has a coin of {found} satoshi and needs one of {expected}")]
    Poor {
        /// The largest coin.
        found: u64,
        /// What is to be paid, with the fee.
        expected: u64,
    },
    /// Nothing to pay, or too much for one call.
    #[error("found {found} transactions to make, expected 1 to {expected}")]
    Count {
        /// Transactions.
        found: usize,
        /// At most.
        expected: usize,
    },
    /// An index that has no script.
    #[error(transparent)]
    Descriptor(#[from] DescriptorError),
    /// An address that is not confidential, and so names no blinding key.
    #[error("{address} is not confidential")]
    Unconfidential {
        /// The address.
        address: String,
    },
    /// A contract that cannot be proven.
    #[error(transparent)]
    Contract(#[from] ContractError),
    /// The chain refuses the transaction.
    #[error("the chain refuses: {0}")]
    Refused(#[from] Rejection),
    /// A library refuses.
    #[error("{place}: {reason}")]
    Library {
        /// What was being made.
        place: String,
        /// The library's error.
        reason: String,
    },
    /// A thread that made proofs ended before its time.
    #[error("a thread that made proofs stopped")]
    Thread,
}
