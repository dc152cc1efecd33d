//! Surjection proofs with derived seeds, which are tried until one gives a proof.
//!
//! The library picks three members of the domain at random and gives up after 100 picks without a match. With one fixed seed
//! it would fail every time, so the attempt number of the seed goes up until a proof is found.

use elements::confidential::AssetBlindingFactor;
use elements::secp256k1_zkp::rand::{CryptoRng, Error as RandError, RngCore};
use elements::secp256k1_zkp::{Error as ZkpError, Generator, Tag, Tweak};
use elements::{AssetId, SurjectionProof, TxOutSecrets};

use super::secrets::BlindingSeed;
use super::{BlindError, library};
use crate::Secp;
use crate::limits::MAX_SURJECTION_TRIES;

/// An asset that goes into the transaction, and the blinding factor of its commitment.
#[derive(Clone, Copy)]
pub(super) struct KnownAsset {
    pub(super) asset: AssetId,
    pub(super) asset_bf: AssetBlindingFactor,
}

/// The assets that an output's asset can be one of, in the order that consensus reads. Each commitment is computed once for
/// all outputs.
pub(super) struct Domain(Vec<(Generator, Tag, Tweak)>);

impl Domain {
    /// The domain of these assets.
    pub(super) fn of(secp: &Secp, assets: &[KnownAsset]) -> Self {
        let member = |known: &KnownAsset| {
            let (tag, asset_bf) = (known.asset.into_tag(), known.asset_bf.into_inner());
            (Generator::new_blinded(secp, tag, asset_bf), tag, asset_bf)
        };
        Domain(assets.iter().map(member).collect())
    }

    /// Proves with this seed that an asset is in the domain.
    pub(super) fn proof(
        &self,
        secp: &Secp,
        seed: &mut OneSeed,
        asset: AssetId,
        asset_bf: AssetBlindingFactor,
    ) -> Result<SurjectionProof, ZkpError> {
        SurjectionProof::new(secp, seed, asset, asset_bf, &self.0)
    }
}

/// Proves that the asset of an output is in the domain.
pub(super) fn prove(
    secp: &Secp,
    seed: &BlindingSeed,
    index: usize,
    secrets: &TxOutSecrets,
    domain: &Domain,
) -> Result<SurjectionProof, BlindError> {
    for attempt in 0..MAX_SURJECTION_TRIES {
        let mut once = OneSeed::new(seed.secret("surjection", index, attempt));
        let proof = domain.proof(secp, &mut once, secrets.asset, secrets.asset_bf);
        if !once.was_drawn_once() {
            return Err(BlindError::NotOneSeed { place: format!("output {index}") });
        }
        match proof {
            Ok(proof) => return Ok(proof),
            Err(ZkpError::CannotProveSurjection) => {}
            Err(error) => return Err(library(format!("output {index}"), &error)),
        }
    }
    Err(BlindError::Surjection { index, tries: MAX_SURJECTION_TRIES })
}

/// A source of randomness that holds exactly one seed of 32 bytes. If a later version of the library draws more, or in another
/// order, blinding fails instead of silently changing what a content blinds to.
pub(super) struct OneSeed {
    seed: Option<[u8; 32]>,
    overdrawn: bool,
}

impl OneSeed {
    pub(super) fn new(seed: [u8; 32]) -> Self {
        OneSeed { seed: Some(seed), overdrawn: false }
    }

    /// Whether the whole seed was drawn, and nothing more.
    pub(super) fn was_drawn_once(&self) -> bool {
        self.seed.is_none() && !self.overdrawn
    }
}

impl RngCore for OneSeed {
    fn next_u32(&mut self) -> u32 {
        self.overdrawn = true;
        0
    }

    fn next_u64(&mut self) -> u64 {
        self.overdrawn = true;
        0
    }

    fn fill_bytes(&mut self, dest: &mut [u8]) {
        match (self.seed.take(), <&mut [u8; 32]>::try_from(&mut *dest)) {
            (Some(seed), Ok(dest)) => *dest = seed,
            _ => {
                self.overdrawn = true;
                dest.fill(0);
            }
        }
    }

    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), RandError> {
        self.fill_bytes(dest);
        Ok(())
    }
}

// The library requires it. The seed is an HMAC, which cannot be told from random without the view key.
impl CryptoRng for OneSeed {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pset::ContentHash;
    use elements::confidential::ValueBlindingFactor;
    use elements_miniscript::confidential::slip77::MasterBlindingKey;

    fn factor(byte: u8) -> AssetBlindingFactor {
        AssetBlindingFactor::from_slice(&[byte; 32]).unwrap()
    }

    #[test]
    fn one_matching_input_among_many_is_proven_in_the_end() {
        let secp = Secp::new();
        let seed = BlindingSeed::new(&MasterBlindingKey::from([7; 32]), &ContentHash([8; 32]));
        let ours = AssetId::from_byte_array([1; 32]);
        let other = AssetId::from_byte_array([2; 32]);
        let mut assets = vec![KnownAsset { asset: other, asset_bf: factor(3) }; 255];
        assets.push(KnownAsset { asset: ours, asset_bf: factor(4) });
        let domain = Domain::of(&secp, &assets);
        let secrets = TxOutSecrets::new(ours, factor(5), 1, ValueBlindingFactor::zero());
        let (commitment, _, _) = secrets.surjection_inputs(&secp);
        let members: Vec<Generator> = domain.0.iter().map(|(generator, _, _)| *generator).collect();
        // A third of the seeds fail with a ring of 256: of eight outputs some take more than one.
        for index in 0..8 {
            let proof = prove(&secp, &seed, index, &secrets, &domain).unwrap();
            assert!(proof.as_ref().unwrap().verify(&secp, commitment, &members));
            assert_eq!(prove(&secp, &seed, index, &secrets, &domain).unwrap(), proof);
        }
    }

    #[test]
    fn an_asset_that_is_not_in_the_domain_is_never_proven() {
        let secp = Secp::new();
        let seed = BlindingSeed::new(&MasterBlindingKey::from([7; 32]), &ContentHash([8; 32]));
        let other = KnownAsset { asset: AssetId::from_byte_array([2; 32]), asset_bf: factor(3) };
        let domain = Domain::of(&secp, &[other]);
        let secrets =
            TxOutSecrets::new(AssetId::from_byte_array([1; 32]), factor(5), 1, ValueBlindingFactor::zero());
        let error = prove(&secp, &seed, 0, &secrets, &domain).unwrap_err();
        assert_eq!(error, BlindError::Surjection { index: 0, tries: MAX_SURJECTION_TRIES });
    }

    #[test]
    fn a_seed_is_drawn_once_and_whole() {
        let drawn = |lengths: &[usize]| {
            let mut once = OneSeed::new([9; 32]);
            for length in lengths {
                once.fill_bytes(&mut vec![0; *length]);
            }
            once.overdrawn
        };
        assert!(!drawn(&[32]));
        assert!(drawn(&[32, 32]) && drawn(&[16]) && drawn(&[64]));
    }
}
