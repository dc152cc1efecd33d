//! The opening of a coin whose range proof the view key cannot read: the proof was replaced by one with another nonce
//! before the coin confirmed, or the wallet that paid writes another message than Elements (docs/rules.md#openings).

use std::fmt;

use elements::confidential::{Asset, AssetBlindingFactor, Value, ValueBlindingFactor};
use elements::secp256k1_zkp::Generator;
use elements::{AssetId, TxOutSecrets};

use crate::Secp;
use crate::units::AssetAmount;

/// What a pair of commitments is said to hold, and the blinding factors behind it. A claim until it rebuilds both.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// The asset.
    pub asset: AssetId,
    /// The amount, in base units.
    pub value: AssetAmount,
    /// Asset blinding factor.
    pub abf: AssetBlindingFactor,
    /// Value blinding factor.
    pub vbf: ValueBlindingFactor,
}

impl Opening {
    /// Bytes of an opening.
    pub(crate) const LENGTH: usize = 104;

    /// What opened coins hold.
    pub fn of(secrets: &TxOutSecrets) -> Self {
        let value = AssetAmount::from_base_units(secrets.value);
        Opening { asset: secrets.asset, value, abf: secrets.asset_bf, vbf: secrets.value_bf }
    }

    /// The same for the library.
    pub fn secrets(&self) -> TxOutSecrets {
        TxOutSecrets::new(self.asset, self.abf, self.value.base_units(), self.vbf)
    }

    /// Whether it rebuilds **both** commitments, bit for bit, which binds as much as rewinding does: nobody can find a
    /// second opening of either. Nothing explicit is rebuilt by it.
    pub fn rebuilds(&self, secp: &Secp, asset: Asset, value: Value) -> bool {
        // Nothing at all under no blinding factor is the point at infinity: the library aborts on it.
        let nothing = self.value == AssetAmount::ZERO && self.vbf == ValueBlindingFactor::zero();
        let generator = Generator::new_blinded(secp, self.asset.into_tag(), self.abf.into_inner());
        !nothing
            && asset == Asset::Confidential(generator)
            && value == Value::new_confidential(secp, self.value.base_units(), generator, self.vbf)
    }

    /// `asset 32 ‖ value u64 little-endian ‖ abf 32 ‖ vbf 32`, in internal byte order, as a PSET carries it.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(Self::LENGTH);
        bytes.extend(self.asset.to_byte_array());
        bytes.extend(self.value.base_units().to_le_bytes());
        bytes.extend(self.abf.into_inner().as_ref());
        bytes.extend(self.vbf.into_inner().as_ref());
        bytes
    }

    /// Reads those bytes. None where they are more or less, or a factor is no scalar.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (asset, rest) = bytes.split_first_chunk::<32>()?;
        let (value, rest) = rest.split_first_chunk::<8>()?;
        let (abf, vbf) = rest.split_first_chunk::<32>()?;
        Some(Opening {
            asset: AssetId::from_byte_array(*asset),
            value: AssetAmount::from_base_units(u64::from_le_bytes(*value)),
            abf: AssetBlindingFactor::from_slice(abf).ok()?,
            vbf: ValueBlindingFactor::from_slice(vbf).ok()?,
        })
    }
}

/// Shows nothing: it is all secret.
impl fmt::Debug for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opening").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opening() -> Opening {
        Opening {
            asset: AssetId::from_byte_array([5; 32]),
            value: AssetAmount::from_base_units(1_000),
            abf: AssetBlindingFactor::from_slice(&[6; 32]).unwrap(),
            vbf: ValueBlindingFactor::from_slice(&[7; 32]).unwrap(),
        }
    }

    fn commitments(secp: &Secp, opening: &Opening) -> (Asset, Value) {
        let asset = Asset::new_confidential(secp, opening.asset, opening.abf);
        let generator = asset.commitment().unwrap();
        (asset, Value::new_confidential(secp, opening.value.base_units(), generator, opening.vbf))
    }

    #[test]
    fn an_opening_rebuilds_both_commitments_or_nothing() {
        let secp = Secp::new();
        let (asset, value) = commitments(&secp, &opening());
        assert!(opening().rebuilds(&secp, asset, value));
        let other = Opening { value: AssetAmount::from_base_units(1_001), ..opening() };
        let (same_asset, other_value) = commitments(&secp, &other);
        assert_eq!(same_asset, asset);
        assert!(!opening().rebuilds(&secp, asset, other_value));
        assert!(!other.rebuilds(&secp, asset, value));
        let another = Opening { abf: AssetBlindingFactor::from_slice(&[8; 32]).unwrap(), ..opening() };
        let (other_asset, _) = commitments(&secp, &another);
        assert!(!opening().rebuilds(&secp, other_asset, value));
        assert!(!another.rebuilds(&secp, asset, value));
        let explicit = (Asset::Explicit(opening().asset), Value::Explicit(1_000));
        assert!(!opening().rebuilds(&secp, explicit.0, explicit.1));
        assert!(!opening().rebuilds(&secp, asset, explicit.1));
        assert!(!opening().rebuilds(&secp, Asset::Null, Value::Null));
    }

    #[test]
    fn an_opening_of_nothing_at_all_is_none_and_does_not_abort() {
        let secp = Secp::new();
        let (asset, value) = commitments(&secp, &opening());
        let nothing = Opening { value: AssetAmount::ZERO, vbf: ValueBlindingFactor::zero(), ..opening() };
        assert!(!nothing.rebuilds(&secp, asset, value));
    }

    #[test]
    fn an_opening_has_one_form_in_a_pset() {
        let bytes = opening().to_bytes();
        assert_eq!(bytes.len(), Opening::LENGTH);
        assert_eq!(bytes[32..40], [0xe8, 0x03, 0, 0, 0, 0, 0, 0]);
        assert_eq!(Opening::from_bytes(&bytes), Some(opening()));
        assert_eq!(Opening::from_bytes(&bytes[..103]), None);
        assert_eq!(Opening::from_bytes(&[bytes.as_slice(), &[0]].concat()), None);
        let no_scalar = [&bytes[..72], &[0xff; 32]].concat();
        assert_eq!(Opening::from_bytes(&no_scalar), None);
        assert_eq!(format!("{:?}", opening()), "Opening { .. }");
    }
}
