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

/// The digest of one input of a segwit v0 spend (BIP-143 as Elements changed it, elements script/interpreter.cpp:2880).
///
/// `None` when there is no such input.
pub fn sighash_all_rangeproof(
    tx: &Transaction,
    index: usize,
    script_code: &Script,
    value: &Value,
) -> Option<Sighash> {
    let input = tx.input.get(index)?;
    let mut message = Vec::new();
    put(&mut message, &tx.version);
    message.extend(double_sha256(&tx.input, |out, input: &TxIn| put(out, &input.previous_output)));
    message.extend(double_sha256(&tx.input, |out, input: &TxIn| put(out, &input.sequence)));
    message.extend(double_sha256(&tx.input, |out, input: &TxIn| {
        if input.has_issuance() { put(out, &input.asset_issuance) } else { out.push(0) }
    }));
    put(&mut message, &input.previous_output);
    put(&mut message, script_code);
    put(&mut message, value);
    put(&mut message, &input.sequence);
    if input.has_issuance() {
        put(&mut message, &input.asset_issuance);
    }
    message.extend(double_sha256(&tx.output, put));
    message.extend(double_sha256(&tx.output, |out, output| {
        put(out, &output.witness.rangeproof.to_vec());
        put(out, &output.witness.surjection_proof.to_vec());
    }));
    put(&mut message, &tx.lock_time);
    message.extend(u32::from(SIGHASH_ALL_RANGEPROOF).to_le_bytes());
    Some(Sighash(sha256d::Hash::hash(&message).to_byte_array()))
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
