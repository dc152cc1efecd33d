//! A cache of coins that were read and opened, so that a treasury of ten thousand coins is not read again for every job, and
//! an interrupted sync continues.
//!
//! A cached blinded coin is trusted no more than one from the chain: its opening must rebuild both of its commitments. An
//! explicit coin is taken as it was read. A signature covers it, so a wrong one is never valid. The cache makes a sync faster
//! and does not change its result.

use coldamp_core::Secp;
use coldamp_core::elements::hashes::sha256;
use coldamp_core::elements::{OutPoint, RangeProof, SurjectionProof, TxOut, TxOutWitness, encode};
use coldamp_core::treasury::{CtDescriptor, Opening, OwnScript, Utxo};

/// Stores cached coins. Losing them is harmless.
pub trait CoinCache {
    /// A coin, if it is in the cache.
    fn get(&mut self, outpoint: OutPoint) -> Option<CachedCoin>;

    /// Stores a coin.
    fn put(&mut self, coin: &CachedCoin);
}

/// Caches nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoCoinCache;

impl CoinCache for NoCoinCache {
    fn get(&mut self, _outpoint: OutPoint) -> Option<CachedCoin> {
        None
    }

    fn put(&mut self, _coin: &CachedCoin) {}
}

/// A coin as it was read and opened. It has no Debug, since that would show the amount.
#[derive(Clone, PartialEq)]
pub struct CachedCoin {
    /// The outpoint.
    pub outpoint: OutPoint,
    output: TxOut,
    opening: Opening,
}

impl CachedCoin {
    /// A coin that its own range proof opened, or an explicit coin.
    pub fn of(coin: &Utxo) -> Self {
        let witness =
            TxOutWitness { surjection_proof: SurjectionProof::EMPTY, rangeproof: coin.rangeproof.clone() };
        let output = TxOut { witness, ..coin.txout.clone() };
        CachedCoin { outpoint: coin.outpoint, output, opening: Opening::of(&coin.secrets) }
    }

    /// The coin, if it pays this script and its opening rebuilds its commitments.
    pub(crate) fn coin(&self, secp: &Secp, descriptor: &CtDescriptor, own: &OwnScript) -> Option<Utxo> {
        if self.output.script_pubkey != own.script_pubkey {
            return None;
        }
        if self.output.asset.is_explicit() && self.output.value.is_explicit() {
            return Utxo::open(secp, descriptor, self.outpoint, &self.output, own.clone()).ok();
        }
        let coin = Utxo::open_with(secp, self.outpoint, &self.output, own.clone(), &self.opening).ok()?;
        // Its range proof opened it when it was first read, and will open it for the signer.
        Some(Utxo { by_opening: false, ..coin })
    }

    /// `SHA-256 ‖ outpoint ‖ output ‖ range proof ‖ opening`, in consensus encoding. The hash covers the bytes after it.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = encode::serialize(&self.outpoint);
        bytes.extend(encode::serialize(&self.output));
        bytes.extend(encode::serialize(&self.output.witness.rangeproof.to_vec()));
        bytes.extend(self.opening.to_bytes());
        [sha256::Hash::hash(&bytes).to_byte_array().as_slice(), &bytes].concat()
    }

    /// Parses those bytes. None if any of them was changed.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (hash, bytes) = bytes.split_first_chunk::<32>()?;
        if sha256::Hash::hash(bytes).to_byte_array() != *hash {
            return None;
        }
        let (outpoint, read) = encode::deserialize_partial::<OutPoint>(bytes).ok()?;
        let rest = bytes.get(read..)?;
        let (output, read) = encode::deserialize_partial::<TxOut>(rest).ok()?;
        let rest = rest.get(read..)?;
        let (proof, read) = encode::deserialize_partial::<Vec<u8>>(rest).ok()?;
        let opening = Opening::from_bytes(rest.get(read..)?)?;
        let rangeproof = RangeProof::from_slice(&proof).ok()?;
        let witness = TxOutWitness { surjection_proof: SurjectionProof::EMPTY, rangeproof };
        Some(CachedCoin { outpoint, output: TxOut { witness, ..output }, opening })
    }
}
