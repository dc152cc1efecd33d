//! A PSET that others signed: an unsigned PSET with partial signatures in its inputs.

use std::collections::BTreeMap;

use elements::bitcoin::PublicKey;
use elements::secp256k1_zkp;

use super::blinding::Blinding;
use super::fields::{UnsignedPset, second_reader_agrees};
use super::keys::input::PARTIAL_SIGNATURE;
use super::pairs::{self, Pair, ParseError};

/// A PSET with partial signatures (BIP-174 PSBT_IN_PARTIAL_SIG). Final scripts and every other key that an unsigned PSET must not
/// hold are problems of [`SignedPset::unsigned`].
#[derive(Debug, Clone, PartialEq)]
pub struct SignedPset {
    /// The PSET without the signatures.
    pub unsigned: UnsignedPset,
    /// The signatures of each input, by key. They are not verified.
    pub signatures: Vec<BTreeMap<PublicKey, Vec<u8>>>,
}

impl SignedPset {
    /// Reads a PSET file, base64 text or binary.
    ///
    /// # Errors
    /// When the bytes are not a PSET, or rust-elements reads something else.
    pub fn read(file: &[u8]) -> Result<Self, ParseError> {
        let binary = pairs::pset_binary(file)?;
        let mut maps = pairs::split(&binary)?;
        let signatures = maps.inputs.iter_mut().map(take_signatures).collect();
        let unsigned = UnsignedPset::from_maps(&mut maps);
        if unsigned.problems.is_empty() {
            // With the signatures, and without what is blinded.
            let mut maps = pairs::split(&binary)?;
            Blinding::take_from(&mut maps);
            second_reader_agrees(maps)?;
        }
        Ok(SignedPset { unsigned, signatures })
    }
}

/// Takes the signatures out of the map of an input. A signature whose key data is not a compressed public key stays there, so it
/// becomes a problem of the unsigned PSET.
fn take_signatures(pairs: &mut Vec<Pair>) -> BTreeMap<PublicKey, Vec<u8>> {
    let mut signatures = BTreeMap::new();
    let key_of = |pair: &Pair| {
        let data = PARTIAL_SIGNATURE.data_of(&pair.key).filter(|data| data.len() == 33)?;
        secp256k1_zkp::PublicKey::from_slice(data).ok().map(PublicKey::new)
    };
    pairs.retain(|pair| match key_of(pair) {
        Some(key) => {
            signatures.insert(key, pair.value.clone());
            false
        }
        None => true,
    });
    signatures
}
