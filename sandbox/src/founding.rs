//! The treasury that a newcomer starts with: L-BTC for fees, and one asset of each kind of issuance, registered at AMP, with
//! holders and assignments.

use coldamp_core::Secp;
use coldamp_core::amp::request::Uuid;
use coldamp_core::elements::OutPoint;
use coldamp_core::treasury::{CtDescriptor, IssuanceKind};
use coldamp_core::units::{AssetAmount, Precision, Satoshi};

use crate::amp::{Amp, AssetRecord, SetupError, TreasuryOutput};
use crate::chain::Chain;
use crate::treasury::{IssueSettings, Issued, TreasuryError};

/// L-BTC coins that a treasury gets, in satoshi each.
const FUNDING: [u64; 4] = [1_000_000; 4];

/// Base units of each asset that are issued.
const ISSUED: u64 = 1_000_000_000_000;

/// Base units of its reissuance token.
const TOKENS: u64 = 100_000;

/// Number of holders.
const HOLDERS: u64 = 5;

/// Base units that are assigned to the first holder; the second gets twice, the third three times as many, and so on.
const ASSIGNED: u64 = 1_250_000_000;

/// An asset that was founded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Founded {
    /// AMP's name for it.
    pub uuid: Uuid,
    /// The issuance.
    pub issued: Issued,
}

/// Why a treasury was not founded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FoundingError {
    /// The chain refused a transaction, or its own coins do not suffice.
    #[error(transparent)]
    Treasury(#[from] TreasuryError),
    /// AMP refused an assignment.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// Core does not accept eight decimals. Only an error in core causes this.
    #[error("eight decimals are not a valid precision")]
    Precision,
}

/// Funds a treasury that has no asset yet, and registers users at AMP. Makes two blocks after that.
///
/// # Errors
/// When the chain's own coins do not suffice.
pub fn found_without_assets(
    secp: &Secp,
    chain: &mut Chain,
    amp: &mut Amp,
    descriptor: &CtDescriptor,
) -> Result<(), FoundingError> {
    chain.fund(secp, descriptor, 0, &FUNDING.map(Satoshi::from_sat))?;
    register_holders(amp);
    chain.mine(2);
    Ok(())
}

/// The users that may hold the assets.
fn register_holders(amp: &mut Amp) -> Vec<u64> {
    (1..=HOLDERS).map(|number| amp.add_user(&format!("Holder {number}"))).collect()
}

/// Funds a treasury, issues an asset of each kind to it, and registers both at AMP. Makes two blocks after that.
///
/// # Errors
/// When the chain's own coins do not suffice.
pub fn found(
    secp: &Secp,
    chain: &mut Chain,
    amp: &mut Amp,
    descriptor: &CtDescriptor,
) -> Result<Vec<Founded>, FoundingError> {
    chain.fund(secp, descriptor, 0, &FUNDING.map(Satoshi::from_sat))?;
    let first = u32::try_from(FUNDING.len()).unwrap_or(u32::MAX);
    let kinds = [
        (IssuanceKind::Explicit, "PLAIN", "An openly issued test asset"),
        (IssuanceKind::Blinded, "VEILED", "A blindly issued test asset"),
    ];
    let precision = Precision::new(8).ok_or(FoundingError::Precision)?;
    let holders = register_holders(amp);
    let mut founded = Vec::new();
    for (position, (kind, ticker, name)) in (0_u32..).zip(kinds) {
        let index = first.saturating_add(position.saturating_mul(2));
        let settings = IssueSettings {
            kind,
            amount: AssetAmount::from_base_units(ISSUED),
            token_amount: AssetAmount::from_base_units(TOKENS),
            ticker: ticker.to_owned(),
            name: name.to_owned(),
            domain: "example.org".to_owned(),
            precision,
            asset_index: index,
            token_index: index.saturating_add(1),
        };
        let issued = chain.issue(secp, descriptor, settings)?;
        let uuid = amp.add_asset(record(&issued));
        for (holder, number) in holders.iter().zip(1..) {
            let amount = AssetAmount::from_base_units(ASSIGNED.saturating_mul(number));
            amp.assign(&uuid, *holder, amount)?;
        }
        founded.push(Founded { uuid, issued });
    }
    chain.mine(2);
    Ok(founded)
}

/// An issuance as AMP records it.
pub fn record(issued: &Issued) -> AssetRecord {
    let output = |vout, asset, amount, secrets: &coldamp_core::elements::TxOutSecrets| TreasuryOutput {
        outpoint: OutPoint::new(issued.txid, vout),
        asset,
        amount,
        asset_blinder: secrets.asset_bf,
        amount_blinder: secrets.value_bf,
    };
    let contract: serde_json::Value = serde_json::from_str(&issued.contract).unwrap_or_default();
    let pubkey = contract.get("issuer_pubkey").and_then(|key| key.as_str()).unwrap_or_default();
    AssetRecord {
        uuid: None,
        name: issued.name.clone(),
        ticker: issued.ticker.clone(),
        precision: issued.precision,
        domain: issued.domain.clone(),
        pubkey: pubkey.to_owned(),
        asset: issued.asset,
        token: Some(issued.token),
        txid: issued.txid,
        amount: issued.amount,
        token_amount: issued.token_amount,
        treasury: vec![
            output(issued.asset_vout, issued.asset, issued.amount, &issued.asset_secrets),
            output(issued.token_vout, issued.token, issued.token_amount, &issued.token_secrets),
        ],
    }
}
