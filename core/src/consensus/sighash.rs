//! The digests that signatures sign, computed field by field from a serialized transaction's parts.
//!
//! The verifier uses this code; the signer computes the same digest with rust-elements' `SighashCache`. With two
//! implementations, a mistake in one of them, or a fault while signing, gives a signature that does not verify.

use elements::confidential::Value;
use elements::encode::{self, Encodable};
use elements::hashes::sha256d;
use elements::{Script, Transaction, TxIn};

/// SIGHASH_ALL | SIGHASH_RANGEPROOF. With plain ALL, whoever knows the blinders can replace an output's proofs after
/// signing, and nobody can open change or token again (docs/rules.md#sighash).
pub const SIGHASH_ALL_RANGEPROOF: u8 = 0x41;

/// SIGHASH_ALL, which other signers make.
const SIGHASH_ALL: u8 = 0x01;

/// What a signature covers besides the script that it satisfies. Every other type leaves inputs or outputs open to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SighashType {
    /// The transaction without its proofs (0x01).
    All,
    /// The transaction with the proofs of its outputs (0x41).
    AllRangeproof,
}

impl SighashType {
    /// The byte behind a signature.
    pub fn byte(self) -> u8 {
        match self {
            SighashType::All => SIGHASH_ALL,
            SighashType::AllRangeproof => SIGHASH_ALL_RANGEPROOF,
        }
    }

    /// The type of a byte. `None` for SINGLE, NONE, ANYONECANPAY and whatever else there is.
    pub fn of_byte(byte: u8) -> Option<Self> {
        [SighashType::All, SighashType::AllRangeproof].into_iter().find(|known| known.byte() == byte)
    }
}

/// A digest to sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sighash(pub [u8; 32]);

/// The digests of a transaction's inputs. What all inputs sign alike, all outputs and proofs among it, is hashed once.
#[derive(Debug, Clone)]
pub struct Sighashes<'a> {
    tx: &'a Transaction,
    prevouts: [u8; 32],
    sequences: [u8; 32],
    issuances: [u8; 32],
    outputs: [u8; 32],
    proofs: [u8; 32],
}

impl<'a> Sighashes<'a> {
    /// The digests of a transaction.
    pub fn of(tx: &'a Transaction) -> Self {
        Sighashes {
            tx,
            prevouts: double_sha256(&tx.input, |out, input: &TxIn| put(out, &input.previous_output)),
            sequences: double_sha256(&tx.input, |out, input: &TxIn| put(out, &input.sequence)),
            issuances: double_sha256(&tx.input, |out, input: &TxIn| {
                if input.has_issuance() { put(out, &input.asset_issuance) } else { out.push(0) }
            }),
            outputs: double_sha256(&tx.output, put),
            proofs: double_sha256(&tx.output, |out, output| {
                put(out, &output.witness.rangeproof.to_vec());
                put(out, &output.witness.surjection_proof.to_vec());
            }),
        }
    }

    /// The transaction.
    pub fn transaction(&self) -> &'a Transaction {
        self.tx
    }

    /// The digest of one input of a segwit v0 spend (BIP-143 as Elements changed it, elements script/interpreter.cpp:2880).
    ///
    /// `None` when there is no such input.
    pub fn digest(
        &self,
        index: usize,
        script_code: &Script,
        value: &Value,
        sighash_type: SighashType,
    ) -> Option<Sighash> {
        let input = self.tx.input.get(index)?;
        let mut message = Vec::new();
        put(&mut message, &self.tx.version);
        message.extend(self.prevouts);
        message.extend(self.sequences);
        message.extend(self.issuances);
        put(&mut message, &input.previous_output);
        put(&mut message, script_code);
        put(&mut message, value);
        put(&mut message, &input.sequence);
        if input.has_issuance() {
            put(&mut message, &input.asset_issuance);
        }
        message.extend(self.outputs);
        if sighash_type == SighashType::AllRangeproof {
            message.extend(self.proofs);
        }
        put(&mut message, &self.tx.lock_time);
        message.extend(u32::from(sighash_type.byte()).to_le_bytes());
        Some(Sighash(sha256d::Hash::hash(&message).to_byte_array()))
    }
}

fn put<T: Encodable>(out: &mut Vec<u8>, value: &T) {
    out.extend(encode::serialize(value));
}

fn double_sha256<T>(items: &[T], write: impl Fn(&mut Vec<u8>, &T)) -> [u8; 32] {
    let mut bytes = Vec::new();
    for item in items {
        write(&mut bytes, item);
    }
    sha256d::Hash::hash(&bytes).to_byte_array()
}
