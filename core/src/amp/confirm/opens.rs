//! A report held against the transaction it tells of. A wrong blinder poisons AMP's books, and nobody there would see it.

use elements::confidential::{Asset, AssetBlindingFactor, Value, ValueBlindingFactor};
use elements::encode::{Encodable, serialize};
use elements::hex::DisplayHex as _;
use elements::secp256k1_zkp::Generator;
use elements::{AssetId, Transaction, TxOut};

use super::{Issuance, NodeDecimal, Payload, Unspent};
use crate::Secp;

/// Which row does not open the transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RowError {
    /// A row's amount and blinders, script or commitments are not the output's.
    #[error("the row of output {vout} does not open the transaction")]
    Output {
        /// Output.
        vout: usize,
    },
    /// The reissued amount does not open, or another asset is reissued.
    #[error("the issuance row of input {vin} does not open the transaction")]
    Issuance {
        /// Input.
        vin: usize,
    },
}

impl Payload {
    /// Opens the transaction's commitments with what each row says, or finds the same in the open with blinders of zero.
    /// It takes no key: what is checked is that the report is true of these bytes, not that these are the right ones.
    ///
    /// # Errors
    /// With the first row that does not open its output, or its issuance.
    pub fn opens(&self, secp: &Secp, transaction: &Transaction) -> Result<(), RowError> {
        let output = |vout: usize| transaction.output.get(vout);
        for row in self.details() {
            let says = Says::new(row.asset, row.amount, row.assetblinder, row.amountblinder);
            let opens = output(row.vout).is_some_and(|txout| says.opens(secp, txout));
            opens.then_some(()).ok_or(RowError::Output { vout: row.vout })?;
        }
        for row in self.change_data() {
            let says = Says::new(row.asset, row.amount, row.assetblinder, row.amountblinder);
            let opens = output(row.vout).is_some_and(|txout| says.opens(secp, txout) && shows(row, txout));
            opens.then_some(()).ok_or(RowError::Output { vout: row.vout })?;
        }
        for row in self.issuances() {
            issues(secp, row, transaction).ok_or(RowError::Issuance { vin: row.vin })?;
        }
        Ok(())
    }
}

/// How a row says that an output opens.
struct Says {
    asset: AssetId,
    value: u64,
    abf: AssetBlindingFactor,
    vbf: ValueBlindingFactor,
}

impl Says {
    fn new(asset: AssetId, amount: NodeDecimal, abf: AssetBlindingFactor, vbf: ValueBlindingFactor) -> Self {
        Says { asset, value: amount.amount().base_units(), abf, vbf }
    }

    fn opens(&self, secp: &Secp, output: &TxOut) -> bool {
        let Says { asset, value, abf, vbf } = *self;
        match output.asset.commitment() {
            None => {
                output.asset == Asset::Explicit(asset)
                    && output.value == Value::Explicit(value)
                    && (abf, vbf) == (AssetBlindingFactor::zero(), ValueBlindingFactor::zero())
            }
            Some(generator) => {
                output.asset == Asset::new_confidential(secp, asset, abf)
                    && output.value == Value::new_confidential(secp, value, generator, vbf)
            }
        }
    }
}

/// Whether a row of `listunspent` shows the output's own script and commitments.
fn shows(row: &Unspent, output: &TxOut) -> bool {
    let (asset, value) = (output.asset.is_confidential(), output.value.is_confidential());
    row.script_pubkey == output.script_pubkey
        && row.assetcommitment == asset.then(|| commitment(&output.asset))
        && row.amountcommitment == value.then(|| commitment(&output.value))
}

/// A commitment as the node prints it: its 33 bytes in their order.
pub(crate) fn commitment<T: Encodable>(commitment: &T) -> String {
    serialize(commitment).to_lower_hex_string()
}

fn issues(secp: &Secp, row: &Issuance, transaction: &Transaction) -> Option<()> {
    let issuance = &transaction.input.get(row.vin)?.asset_issuance;
    let amount = row.assetamount.amount().base_units();
    let opens = match issuance.amount {
        Value::Confidential(_) => {
            let generator = Generator::new_unblinded(secp, row.asset.into_tag());
            issuance.amount == Value::new_confidential(secp, amount, generator, row.assetblinds)
        }
        Value::Explicit(found) => found == amount && row.assetblinds == ValueBlindingFactor::zero(),
        Value::Null => false,
    };
    let same_asset = row.entropy == issuance.asset_entropy && row.asset == AssetId::from_entropy(row.entropy);
    (opens && same_asset).then_some(())
}
