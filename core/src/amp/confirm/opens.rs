//! A report held against the transaction it tells of. A wrong blinder poisons AMP's books, and nobody there would see it.

use elements::confidential::{Asset, AssetBlindingFactor, Value, ValueBlindingFactor};
use elements::encode::{Encodable, serialize};
use elements::hex::DisplayHex as _;
use elements::{AssetId, Transaction, TxOut};

use super::{Detail, Issuance, Payload, Unspent};
use crate::Secp;
use crate::treasury::Opening;
use crate::units::AssetAmount;

/// Which row does not open the transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
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

impl Detail {
    /// How it says that its output opens.
    pub(crate) fn opening(&self) -> Opening {
        let (abf, vbf) = (self.assetblinder, self.amountblinder);
        Opening { asset: self.asset, value: self.amount.amount(), abf, vbf }
    }
}

impl Unspent {
    /// How it says that its output opens.
    pub(crate) fn opening(&self) -> Opening {
        let (abf, vbf) = (self.assetblinder, self.amountblinder);
        Opening { asset: self.asset, value: self.amount.amount(), abf, vbf }
    }
}

impl Payload {
    /// Opens the transaction's commitments with what each row says, or finds the same values explicit, with blinders of zero.
    /// It takes no key: what is checked is that the report is true of these bytes, not that these are the right ones.
    ///
    /// # Errors
    /// With the first row that does not open its output, or its issuance.
    pub fn opens(&self, secp: &Secp, transaction: &Transaction) -> Result<(), RowError> {
        let output = |vout: usize| transaction.output.get(vout);
        secp.threads().try_map(self.details(), |row| {
            let opens = output(row.vout).is_some_and(|txout| opens(secp, &row.opening(), txout));
            opens.then_some(()).ok_or(RowError::Output { vout: row.vout })
        })?;
        secp.threads().try_map(self.change_data(), |row| {
            let opens =
                output(row.vout).is_some_and(|txout| opens(secp, &row.opening(), txout) && shows(row, txout));
            opens.then_some(()).ok_or(RowError::Output { vout: row.vout })
        })?;
        for row in self.issuances() {
            issues(secp, row, transaction).ok_or(RowError::Issuance { vin: row.vin })?;
        }
        Ok(())
    }
}

/// Whether an output opens as a row says; where it is explicit, that it says the same, with blinders of zero.
fn opens(secp: &Secp, says: &Opening, output: &TxOut) -> bool {
    match (output.asset, output.value) {
        (Asset::Explicit(asset), Value::Explicit(value)) => {
            let (abf, vbf) = (AssetBlindingFactor::zero(), ValueBlindingFactor::zero());
            *says == Opening { asset, value: AssetAmount::from_base_units(value), abf, vbf }
        }
        (asset, value) => says.rebuilds(secp, asset, value),
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
    // An issued amount is committed to under its asset's own generator.
    let abf = AssetBlindingFactor::zero();
    let says = Opening { asset: row.asset, value: row.assetamount.amount(), abf, vbf: row.assetblinds };
    let opens = match issuance.amount {
        Value::Confidential(_) => {
            says.rebuilds(secp, Asset::new_confidential(secp, row.asset, abf), issuance.amount)
        }
        Value::Explicit(found) => found == says.value.base_units() && says.vbf == ValueBlindingFactor::zero(),
        Value::Null => false,
    };
    let same_asset = row.entropy == issuance.asset_entropy && row.asset == AssetId::from_entropy(row.entropy);
    (opens && same_asset).then_some(())
}
