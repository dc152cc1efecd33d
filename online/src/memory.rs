//! Coins that were read and opened before, so that a treasury of ten thousand is not read anew for every job, and a sync
//! that was interrupted goes on where it was.
//!
//! A remembered blinded coin is believed no more than one from the chain: what is said to be in it must rebuild both of its
//! commitments. What an explicit one holds is as it was read; a signature covers it, so that a wrong one is valid nowhere.
//! It makes a sync faster and changes nothing of what comes out.

use coldamp_core::Secp;
use coldamp_core::elements::hashes::sha256;
use coldamp_core::elements::{OutPoint, RangeProof, SurjectionProof, TxOut, TxOutWitness, encode};
use coldamp_core::treasury::{CtDescriptor, Opening, OwnScript, Utxo};

/// Where coins are remembered. Forgetting is always right.
pub trait Memory {
    /// A coin as [`Remembered::to_bytes`] wrote it, if it is known.
    fn recall(&mut self, outpoint: OutPoint) -> Option<Remembered>;

    /// Takes note of one.
    fn remember(&mut self, coin: &Remembered);
}

/// Remembers nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoMemory;

impl Memory for NoMemory {
    fn recall(&mut self, _outpoint: OutPoint) -> Option<Remembered> {
        None
    }

    fn remember(&mut self, _coin: &Remembered) {}
}

/// A coin as it was read and opened. No Debug: it says what is in it.
#[derive(Clone, PartialEq)]
pub struct Remembered {
    /// Where it is.
    pub outpoint: OutPoint,
    output: TxOut,
    opening: Opening,
}

impl Remembered {
    /// A coin that its own proof opened, or that has none.
    pub fn of(coin: &Utxo) -> Self {
        let witness =
            TxOutWitness { surjection_proof: SurjectionProof::EMPTY, rangeproof: coin.rangeproof.clone() };
        let output = TxOut { witness, ..coin.txout.clone() };
        Remembered { outpoint: coin.outpoint, output, opening: Opening::of(&coin.secrets) }
    }

    /// The coin again, if it is of this script and what is said to be in it rebuilds its commitments.
    pub(crate) fn coin(&self, secp: &Secp, descriptor: &CtDescriptor, own: &OwnScript) -> Option<Utxo> {
        if self.output.script_pubkey != own.script_pubkey {
            return None;
        }
        if self.output.asset.is_explicit() && self.output.value.is_explicit() {
            return Utxo::open(secp, descriptor, self.outpoint, &self.output, own.clone()).ok();
        }
        let coin = Utxo::open_with(secp, self.outpoint, &self.output, own.clone(), &self.opening).ok()?;
        // Its proof opened it when it was first read, and does so for the signer.
        Some(Utxo { by_opening: false, ..coin })
    }

    /// `SHA-256 ‖ outpoint ‖ output ‖ range proof ‖ opening`, by consensus encoding; the hash is over what follows it.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = encode::serialize(&self.outpoint);
        bytes.extend(encode::serialize(&self.output));
        bytes.extend(encode::serialize(&self.output.witness.rangeproof.to_vec()));
        bytes.extend(self.opening.to_bytes());
        [sha256::Hash::hash(&bytes).to_byte_array().as_slice(), &bytes].concat()
    }

    /// Reads those bytes. None where a disk or a hand has changed any of them.
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
        Some(Remembered { outpoint, output: TxOut { witness, ..output }, opening })
    }
}
