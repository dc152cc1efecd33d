//! A PSET with partial signatures, as another wallet gives it back.

use coldamp_core::elements::encode::serialize;
use coldamp_core::elements::pset::PartiallySignedTransaction as Pset;
use coldamp_core::sign::SignatureSet;

/// The PSET with the signatures of some keys in its inputs, in binary.
///
/// # Panics
///
/// If it is not a PSET, or has no such inputs.
pub fn signed_pset(pset: &str, sets: &[&SignatureSet]) -> Vec<u8> {
    let mut signed: Pset = pset.trim().parse().expect("a PSET");
    for signature in sets.iter().flat_map(|set| &set.signatures) {
        let input = signed.inputs_mut().get_mut(signature.input).expect("an input");
        input.partial_sigs.insert(signature.key, signature.signature.clone());
    }
    serialize(&signed)
}
