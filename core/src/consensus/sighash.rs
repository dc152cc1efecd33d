//! The digest that ALL|RANGEPROOF (0x41) signs, computed field by field from a serialized transaction's parts.
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
    pub fn all_rangeproof(&self, index: usize, script_code: &Script, value: &Value) -> Option<Sighash> {
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
        message.extend(self.proofs);
        put(&mut message, &self.tx.lock_time);
        message.extend(u32::from(SIGHASH_ALL_RANGEPROOF).to_le_bytes());
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
