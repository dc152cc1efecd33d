//! Opening commitments: whether a claim about an output matches its commitments on the chain.

use std::fmt::Display;

use coldamp_core::Secp;
use coldamp_core::elements::confidential::{Asset, AssetBlindingFactor, Value, ValueBlindingFactor};
use coldamp_core::elements::secp256k1_zkp::Generator;
use coldamp_core::elements::{AssetId, Transaction, TxIn, TxOut};
use coldamp_core::units::AssetAmount;

use crate::secp::SECP;

/// A claim about an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Opening {
    /// The asset.
    pub(super) asset: AssetId,
    /// How much, in base units.
    pub(super) amount: AssetAmount,
    /// Blinding factor of the asset commitment; zero for an explicit output.
    pub(super) asset_blinder: AssetBlindingFactor,
    /// Blinding factor of the value commitment; zero for an explicit output.
    pub(super) amount_blinder: ValueBlindingFactor,
}

/// Why an opening does not match its output.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(super) struct OpeningError(String);

fn not_blinded(field: &str, place: &str) -> OpeningError {
    OpeningError(format!("{field} is not zero, and {place} is explicit"))
}

/// Zeros mean "missing" to AMP.
fn missing(field: &str, place: &str) -> OpeningError {
    OpeningError(format!("{field} is zero, and {place} is blinded"))
}

/// Asset and value are not both explicit or both committed, or nothing is there.
fn half_blinded(place: &str) -> OpeningError {
    OpeningError(format!("{place} is neither explicit nor blinded"))
}

fn does_not_open(field: &str, place: &str, claimed: impl Display) -> OpeningError {
    OpeningError(format!("{field} does not open {place} as {claimed}"))
}

/// The output of that index.
pub(super) fn output_at(transaction: &Transaction, vout: u32) -> Result<&TxOut, OpeningError> {
    let output = usize::try_from(vout).ok().and_then(|vout| transaction.output.get(vout));
    output.ok_or_else(|| {
        let (txid, outputs) = (transaction.txid(), transaction.output.len());
        OpeningError(format!("vout is {vout}, and {txid} has {outputs} outputs"))
    })
}

/// Opens both commitments of an output.
pub(super) fn open_output(output: &TxOut, vout: u32, opening: &Opening) -> Result<(), OpeningError> {
    let secp: &Secp = &SECP;
    let place = &format!("output {vout}");
    let no_asset_blinder = opening.asset_blinder == AssetBlindingFactor::zero();
    let no_amount_blinder = opening.amount_blinder == ValueBlindingFactor::zero();
    match (output.asset, output.value) {
        (Asset::Explicit(asset), Value::Explicit(value)) => {
            if !no_asset_blinder {
                return Err(not_blinded("assetblinder", place));
            }
            if !no_amount_blinder {
                return Err(not_blinded("amountblinder", place));
            }
            if opening.asset != asset {
                return Err(OpeningError(format!("asset is {}, and {place} is of {asset}", opening.asset)));
            }
            same_amount(opening.amount, value, place)
        }
        (Asset::Confidential(generator), Value::Confidential(_)) => {
            if no_asset_blinder {
                return Err(missing("assetblinder", place));
            }
            if no_amount_blinder {
                return Err(missing("amountblinder", place));
            }
            if Asset::new_confidential(secp, opening.asset, opening.asset_blinder) != output.asset {
                return Err(does_not_open("assetblinder", place, opening.asset));
            }
            let (amount, blinder) = (opening.amount, opening.amount_blinder);
            if Value::new_confidential(secp, amount.base_units(), generator, blinder) != output.value {
                return Err(does_not_open("amountblinder", place, amount.to_node_decimal()));
            }
            Ok(())
        }
        _ => Err(half_blinded(place)),
    }
}

/// Opens the amount that an input issues, whose asset is always explicit.
pub(super) fn open_issuance(
    input: &TxIn,
    vin: u32,
    asset: AssetId,
    amount: AssetAmount,
    blinder: ValueBlindingFactor,
) -> Result<(), OpeningError> {
    let secp: &Secp = &SECP;
    let place = &format!("the issuance of input {vin}");
    let field = "assetblinds";
    let zero = blinder == ValueBlindingFactor::zero();
    match input.asset_issuance.amount {
        Value::Null => Err(half_blinded(place)),
        Value::Explicit(_) if !zero => Err(not_blinded(field, place)),
        Value::Explicit(value) => same_amount(amount, value, place),
        Value::Confidential(_) if zero => Err(missing(field, place)),
        Value::Confidential(_) => {
            let generator = Generator::new_unblinded(secp, asset.into_tag());
            let rebuilt = Value::new_confidential(secp, amount.base_units(), generator, blinder);
            if rebuilt == input.asset_issuance.amount {
                return Ok(());
            }
            Err(does_not_open(field, place, amount.to_node_decimal()))
        }
    }
}

fn same_amount(found: AssetAmount, expected: u64, place: &str) -> Result<(), OpeningError> {
    let expected = AssetAmount::from_base_units(expected);
    if found == expected {
        return Ok(());
    }
    let (found, expected) = (found.to_node_decimal(), expected.to_node_decimal());
    Err(OpeningError(format!("amount is {found}, and {place} holds {expected}")))
}
