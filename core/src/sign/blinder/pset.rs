//! The blinded PSET, for signers that do not blind: the commitments and proofs of the transaction, and for each commitment the
//! proofs of what it holds. It is a function of content and view key like the transaction itself. So a signer of ours signs a
//! blinded PSET only if it is, byte for byte, the one that he makes himself (docs/rules.md#blinded-pset).
//!
//! The proofs of explicit amounts and assets have secrets of their own names, so they change nothing in the transaction:
//!
//! ```text
//! value-proof i, asset-proof i             output i
//! issuance-value-proof i                   reissued amount of input i
//! coin-value-proof i, coin-asset-proof i   coin of input i
//! ```

use elements::confidential::{Asset, AssetBlindingFactor, Value};
use elements::secp256k1_zkp::{Generator, PedersenCommitment};
use elements::{AssetId, RangeProof, TxOutSecrets};

use super::surjection::{Domain, KnownAsset, OneSeed};
use super::{BlindError, Blinded, Blinder, BlindingSeed, library};
use crate::Secp;
use crate::pset::{Blinding, Content, ContentHash, ExplicitProofs, ParseError, UnsignedPset};
use crate::sign::review::{CheckedPset, Effects};
use crate::treasury::CtDescriptor;

/// Why no blinded PSET was made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BlindedPsetError {
    /// The file is not a PSET.
    #[error(transparent)]
    Read(#[from] ParseError),
    /// The file is another PSET than the one that was checked.
    #[error("the PSET to blind is not the one that was checked")]
    Another,
    /// The transaction could not be blinded.
    #[error("blinding: {0}")]
    Blind(#[from] BlindError),
}

/// The text of a checked PSET with the fields that blinding adds: base64 without a line break. `unsigned` is the file that was
/// checked. Amount and asset of blinded coins are added too, with their proofs.
///
/// # Errors
/// When the file is another PSET, or a library fails.
pub fn blinded_pset(secp: &Secp, checked: &CheckedPset, unsigned: &[u8]) -> Result<String, BlindedPsetError> {
    let pset = UnsignedPset::read(unsigned)?;
    let content = Content::of(&pset, checked.network().policy_asset(), checked.request().bytes());
    if content.as_ref() != Some(checked.content()) || !pset.blinding.is_empty() {
        return Err(BlindedPsetError::Another);
    }
    let blinded = Blinder::new(secp, checked)?.blind()?;
    let seed = Proofs::new(secp, checked.descriptor(), &checked.content().hash());
    let blinding = seed.blinding(&blinded)?;
    let coins = checked.effects().inputs.iter().enumerate();
    let coins = coins.map(|(index, input)| {
        let secrets = input.secrets.as_ref().filter(|_| input.is_blinded());
        secrets
            .map(|secrets| seed.explicit("coin-value-proof", "coin-asset-proof", index, secrets))
            .transpose()
    });
    Ok(blinding.added_to(unsigned, &coins.collect::<Result<Vec<_>, _>>()?)?)
}

/// The fields that a content's blinded PSET has.
///
/// # Errors
/// When an input was not opened, or a library fails.
pub(in crate::sign) fn blinding_of(
    secp: &Secp,
    content: &Content,
    descriptor: &CtDescriptor,
    effects: &Effects,
) -> Result<Blinding, BlindError> {
    let blinded = Blinder::of(secp, content, descriptor, effects)?.blind()?;
    Proofs::new(secp, descriptor, &content.hash()).blinding(&blinded)
}

impl Blinded {
    /// The fields that its blinded PSET has.
    ///
    /// # Errors
    /// When a library fails.
    pub(in crate::sign) fn fields(&self, secp: &Secp, checked: &CheckedPset) -> Result<Blinding, BlindError> {
        Proofs::new(secp, checked.descriptor(), &checked.content().hash()).blinding(self)
    }
}

/// Makes the proofs of explicit amounts and assets.
struct Proofs<'a> {
    secp: &'a Secp,
    seed: BlindingSeed,
}

impl<'a> Proofs<'a> {
    fn new(secp: &'a Secp, descriptor: &CtDescriptor, content: &ContentHash) -> Self {
        Proofs { secp, seed: BlindingSeed::new(&descriptor.master_blinding_key(), content) }
    }

    fn blinding(&self, blinded: &Blinded) -> Result<Blinding, BlindError> {
        let Blinded { transaction, openings } = blinded;
        let mut blinding = Blinding::of_counts(transaction.input.len(), transaction.output.len());
        for (index, (output, opening)) in transaction.output.iter().zip(&openings.outputs).enumerate() {
            let Some(opening) = opening else { continue };
            let proofs = self.explicit("value-proof", "asset-proof", index, &opening.secrets)?;
            blinding.add_output(index, output, &proofs);
        }
        let issuance =
            openings.issuance.and_then(|opening| Some((opening, transaction.input.get(opening.input)?)));
        let Some((opening, input)) = issuance else { return Ok(blinding) };
        // An explicit amount has no commitment, and needs no proof.
        let Value::Confidential(commitment) = input.asset_issuance.amount else { return Ok(blinding) };
        let asset = AssetId::from_entropy(input.asset_issuance.asset_entropy);
        let generator = Generator::new_unblinded(self.secp, asset.into_tag());
        let place = Place { name: "issuance-value-proof", index: opening.input };
        let proof = self.value_proof(place, opening.amount, commitment, generator, opening.value_bf)?;
        blinding.add_issuance(opening.input, input, &proof);
        Ok(blinding)
    }

    /// The proofs for a commitment that these secrets open.
    fn explicit(
        &self,
        value_name: &'static str,
        asset_name: &'static str,
        index: usize,
        secrets: &TxOutSecrets,
    ) -> Result<ExplicitProofs, BlindError> {
        let TxOutSecrets { asset, asset_bf, value, value_bf } = *secrets;
        let missing = |name| Place { name, index }.failed(&"no commitment");
        let generator = Asset::new_confidential(self.secp, asset, asset_bf)
            .commitment()
            .ok_or_else(|| missing(asset_name))?;
        let commitment = Value::new_confidential(self.secp, value, generator, value_bf)
            .commitment()
            .ok_or_else(|| missing(value_name))?;
        let place = Place { name: value_name, index };
        let value_proof = self.value_proof(place, value, commitment, generator, value_bf)?;
        let place = Place { name: asset_name, index };
        let only = [KnownAsset { asset, asset_bf: AssetBlindingFactor::zero() }];
        let only = Domain::of(self.secp, &only);
        let asset_proof = self.drawn(place, |seed| only.proof(self.secp, seed, asset, asset_bf))?;
        Ok(ExplicitProofs { amount: value, value_proof, asset, asset_proof })
    }

    fn value_proof(
        &self,
        place: Place,
        amount: u64,
        commitment: PedersenCommitment,
        generator: Generator,
        factor: elements::confidential::ValueBlindingFactor,
    ) -> Result<RangeProof, BlindError> {
        self.drawn(place, |seed| {
            RangeProof::blind_value_proof(seed, self.secp, amount, commitment, generator, factor)
        })
    }

    /// Calls the library with the one secret of a place as its randomness.
    fn drawn<T>(
        &self,
        place: Place,
        make: impl FnOnce(&mut OneSeed) -> Result<T, elements::secp256k1_zkp::Error>,
    ) -> Result<T, BlindError> {
        // The library reads this randomness as a secret key and draws again if it is none. A scalar always is one.
        let mut once = OneSeed::new(self.seed.scalar(place.name, place.index).secret_bytes());
        let made = make(&mut once);
        if !once.was_drawn_once() {
            return Err(BlindError::NotOneSeed { place: place.text() });
        }
        made.map_err(|error| place.failed(&error))
    }
}

/// What a secret is for.
#[derive(Clone, Copy)]
struct Place {
    name: &'static str,
    index: usize,
}

impl Place {
    /// The name says whether the index is that of an input or of an output.
    fn text(self) -> String {
        format!("{} {}", self.name, self.index)
    }

    fn failed(self, error: &impl std::fmt::Display) -> BlindError {
        library(self.text(), error)
    }
}

#[cfg(test)]
mod tests {
    use elements::secp256k1_zkp::rand::RngCore as _;

    use super::*;

    #[test]
    fn a_proof_that_does_not_draw_exactly_one_seed_is_refused_by_what_it_is_for() {
        let secp = Secp::new();
        let seed = BlindingSeed::new(&[7; 32].into(), &ContentHash([1; 32]));
        let proofs = Proofs { secp: &secp, seed };
        let place = Place { name: "issuance-value-proof", index: 3 };
        let drawn = |bytes: &[usize]| {
            proofs.drawn(place, |seed| {
                bytes.iter().for_each(|bytes| seed.fill_bytes(&mut vec![0; *bytes]));
                Ok(())
            })
        };
        assert_eq!(drawn(&[32]), Ok(()));
        for wrong in [&[][..], &[32, 32], &[16], &[64]] {
            let refused = drawn(wrong).unwrap_err().to_string();
            let expected = "issuance-value-proof 3: the library did not draw exactly one seed";
            assert_eq!(refused, expected, "{wrong:?}");
        }
    }
}
