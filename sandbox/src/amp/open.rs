//! Opening commitments: whether what somebody says of an output is what the chain committed to.

use crate::secp::SECP;
use coldamp_core::Secp;
use coldamp_core::elements::confidential::{Asset, AssetBlindingFactor, Value, ValueBlindingFactor};
use coldamp_core::elements::secp256k1_zkp::Generator;
use coldamp_core::elements::{AssetId, Transaction, TxIn, TxOut, Txid};
use coldamp_core::units::AssetAmount;

/// What somebody says of an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Opening {
    /// Of which asset.
    pub(super) asset: AssetId,
    /// How much, in base units.
    pub(super) amount: AssetAmount,
    /// Blinding factor of the asset commitment; zero for an explicit output.
    pub(super) asset_blinder: AssetBlindingFactor,
    /// Blinding factor of the value commitment; zero for an explicit output.
    pub(super) amount_blinder: ValueBlindingFactor,
}

/// Why an opening does not fit its output.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum OpeningError {
    /// There is no such output.
    #[error("vout is {vout}, and {txid} has {outputs} outputs")]
    NoOutput {
        /// The index in the request.
        vout: u32,
        /// The transaction.
        txid: Txid,
        /// The number of its outputs.
        outputs: usize,
    },
    /// A blinder of an output that has none.
    #[error("{field} is not zero, and {place} is explicit")]
    NotBlinded {
        /// The field of the request.
        field: &'static str,
        /// The output, in words.
        place: String,
    },
    /// Zeros mean "missing" to AMP.
    #[error("{field} is zero, and {place} is blinded")]
    Missing {
        /// The field of the request.
        field: &'static str,
        /// The output, in words.
        place: String,
    },
    /// The explicit asset is another.
    #[error("asset is {found}, and {place} is of {expected}")]
    Asset {
        /// The asset in the request.
        found: AssetId,
        /// The output, in words.
        place: String,
        /// The asset on the chain.
        expected: AssetId,
    },
    /// The explicit amount is another.
    #[error("amount is {found}, and {place} holds {expected}")]
    Amount {
        /// The amount in the request, as a node's decimal.
        found: String,
        /// The output, in words.
        place: String,
        /// The amount on the chain, as a node's decimal.
        expected: String,
    },
    /// The asset commitment is another.
    #[error("assetblinder does not open {place} as {asset}")]
    AssetBlinder {
        /// The output, in words.
        place: String,
        /// The asset in the request.
        asset: AssetId,
    },
    /// The value commitment is another.
    #[error("{field} does not open {place} as {amount}")]
    AmountBlinder {
        /// The field of the request.
        field: &'static str,
        /// The output, in words.
        place: String,
        /// The amount in the request, as a node's decimal.
        amount: String,
    },
    /// Asset and value are not both explicit or both committed, or nothing is there.
    #[error("{place} is neither explicit nor blinded")]
    HalfBlinded {
        /// The output, in words.
        place: String,
    },
}

/// The output of that index.
pub(super) fn output_at(transaction: &Transaction, vout: u32) -> Result<&TxOut, OpeningError> {
    let output = usize::try_from(vout).ok().and_then(|vout| transaction.output.get(vout));
    output.ok_or_else(|| OpeningError::NoOutput {
        vout,
        txid: transaction.txid(),
        outputs: transaction.output.len(),
    })
}

/// Opens both commitments of an output.
pub(super) fn open_output(output: &TxOut, vout: u32, opening: &Opening) -> Result<(), OpeningError> {
    let secp: &Secp = &SECP;
    let place = format!("output {vout}");
    let no_asset_blinder = opening.asset_blinder == AssetBlindingFactor::zero();
    let no_amount_blinder = opening.amount_blinder == ValueBlindingFactor::zero();
    match (output.asset, output.value) {
        (Asset::Explicit(asset), Value::Explicit(value)) => {
            if !no_asset_blinder {
                return Err(OpeningError::NotBlinded { field: "assetblinder", place });
            }
            if !no_amount_blinder {
                return Err(OpeningError::NotBlinded { field: "amountblinder", place });
            }
            if opening.asset != asset {
                return Err(OpeningError::Asset { found: opening.asset, place, expected: asset });
            }
            same_amount(opening.amount, value, place)
        }
        (Asset::Confidential(generator), Value::Confidential(_)) => {
            if no_asset_blinder {
                return Err(OpeningError::Missing { field: "assetblinder", place });
            }
            if no_amount_blinder {
                return Err(OpeningError::Missing { field: "amountblinder", place });
            }
            if Asset::new_confidential(secp, opening.asset, opening.asset_blinder) != output.asset {
                return Err(OpeningError::AssetBlinder { place, asset: opening.asset });
            }
            let (amount, blinder) = (opening.amount, opening.amount_blinder);
            if Value::new_confidential(secp, amount.base_units(), generator, blinder) != output.value {
                let amount = amount.to_node_decimal();
                return Err(OpeningError::AmountBlinder { field: "amountblinder", place, amount });
            }
            Ok(())
        }
        _ => Err(OpeningError::HalfBlinded { place }),
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
    let place = format!("the issuance of input {vin}");
    let field = "assetblinds";
    let zero = blinder == ValueBlindingFactor::zero();
    match input.asset_issuance.amount {
        Value::Null => Err(OpeningError::HalfBlinded { place }),
        Value::Explicit(_) if !zero => Err(OpeningError::NotBlinded { field, place }),
        Value::Explicit(value) => same_amount(amount, value, place),
        Value::Confidential(_) if zero => Err(OpeningError::Missing { field, place }),
        Value::Confidential(_) => {
            let generator = Generator::new_unblinded(secp, asset.into_tag());
            let rebuilt = Value::new_confidential(secp, amount.base_units(), generator, blinder);
            if rebuilt == input.asset_issuance.amount {
                return Ok(());
            }
            Err(OpeningError::AmountBlinder { field, place, amount: amount.to_node_decimal() })
        }
    }
}

fn same_amount(found: AssetAmount, expected: u64, place: String) -> Result<(), OpeningError> {
    let expected = AssetAmount::from_base_units(expected);
    if found == expected {
        return Ok(());
    }
    let (found, expected) = (found.to_node_decimal(), expected.to_node_decimal());
    Err(OpeningError::Amount { found, place, expected })
}
