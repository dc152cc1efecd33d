//! Scripts and signatures of a finished transaction.

#[cfg(test)]
mod tests;

use elements::bitcoin::PublicKey;
use elements::secp256k1_zkp::Message;
use elements::secp256k1_zkp::ecdsa::Signature;
use elements::{Transaction, TxIn, TxOut};

#[cfg(not(target_arch = "wasm32"))]
use super::interpreter;
use super::sighash::{SighashType, Sighashes};
use crate::Secp;
use crate::treasury::OwnScript;

/// Why an input's script is not satisfied as we satisfy it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScriptError {
    /// No such input.
    #[error("the transaction has no input {index}")]
    NoInput {
        /// Input.
        index: usize,
    },
    /// Another scriptSig than the redeem script's push, or another witness than that of the treasury's script.
    #[error("input {index}: its script is not satisfied by the treasury's keys")]
    Shape {
        /// Input.
        index: usize,
    },
    /// The key that signed is not a key of the input's script.
    #[error("input {index}: key {key} is not one of its script's")]
    ForeignKey {
        /// Input.
        index: usize,
        /// The key.
        key: PublicKey,
    },
    /// The signature's last byte.
    #[error(
        "input {index}: found sighash byte {found:#04x}, expected 0x41 (ALL|RANGEPROOF), or 0x01 (ALL) in a treasury of several keys"
    )]
    SighashByte {
        /// Input.
        index: usize,
        /// The byte.
        found: u8,
    },
    /// Not strict DER, high S, or not over this transaction by this key.
    #[error("input {index}: the signature does not verify")]
    Signature {
        /// Input.
        index: usize,
    },
    /// The script interpreter refuses.
    #[error("input {index}: {reason}")]
    Interpreter {
        /// Input.
        index: usize,
        /// The interpreter's error.
        reason: String,
    },
}

/// A signature that is strict DER of low S, with its type.
struct Decoded {
    signature: Signature,
    sighash_type: SighashType,
}

/// A signature that verifies with a key.
pub(super) struct Verified {
    pub(super) key: PublicKey,
    #[cfg_attr(target_arch = "wasm32", expect(dead_code, reason = "only the interpreter asks for it"))]
    pub(super) signature: Signature,
    sighash_type: SighashType,
}

/// What the signatures of one input are verified against.
struct Verifier<'a> {
    secp: &'a Secp,
    index: usize,
    all: Message,
    all_rangeproof: Message,
}

impl<'a> Verifier<'a> {
    fn new(
        secp: &'a Secp,
        digests: &Sighashes<'_>,
        index: usize,
        spent: &TxOut,
        own: &OwnScript,
    ) -> Result<Self, ScriptError> {
        let script_code = own.script_code();
        let message = |sighash_type| {
            let digest = digests.digest(index, &script_code, &spent.value, sighash_type);
            Ok(Message::from_digest(digest.ok_or(ScriptError::NoInput { index })?.0))
        };
        let (all, all_rangeproof) = (message(SighashType::All)?, message(SighashType::AllRangeproof)?);
        Ok(Verifier { secp, index, all, all_rangeproof })
    }

    /// Reads a signature with its sighash byte. The network takes strict DER of low S only.
    fn decoded(&self, signature: &[u8]) -> Result<Decoded, ScriptError> {
        let index = self.index;
        let bad_signature = || ScriptError::Signature { index };
        let (byte, der) = signature.split_last().ok_or_else(bad_signature)?;
        let sighash_type =
            SighashType::of_byte(*byte).ok_or(ScriptError::SighashByte { index, found: *byte })?;
        let signature = Signature::from_der(der).map_err(|_| bad_signature())?;
        let mut low_s = signature;
        low_s.normalize_s();
        if low_s != signature || signature.serialize_der().as_ref() != der {
            return Err(bad_signature());
        }
        Ok(Decoded { signature, sighash_type })
    }

    fn verified(&self, decoded: &Decoded, key: PublicKey) -> Option<Verified> {
        let Decoded { signature, sighash_type } = *decoded;
        let message = match sighash_type {
            SighashType::All => &self.all,
            SighashType::AllRangeproof => &self.all_rangeproof,
        };
        self.secp.verify_ecdsa(message, &signature, &key.inner).ok()?;
        Some(Verified { key, signature, sighash_type })
    }

    /// Verifies signatures in the order of the keys, as OP_CHECKMULTISIG does: each by the next key that made it.
    fn in_key_order(&self, signatures: &[Vec<u8>], own: &OwnScript) -> Result<Vec<Verified>, ScriptError> {
        let mut keys = own.keys().iter();
        let verified = signatures.iter().map(|signature| {
            let decoded = self.decoded(signature)?;
            keys.find_map(|key| self.verified(&decoded, key.public_key))
                .ok_or(ScriptError::Signature { index: self.index })
        });
        verified.collect()
    }
}

/// Verifies one signature of an input, made by a key of its script: strict DER, low S, and the digest of its own sighash byte,
/// which is 0x41 or 0x01. The input needs no witness yet. `signature` is DER with its sighash byte.
///
/// # Errors
/// With the first check that fails.
pub fn verify_signature(
    secp: &Secp,
    digests: &Sighashes<'_>,
    index: usize,
    spent: &TxOut,
    own: &OwnScript,
    key: &PublicKey,
    signature: &[u8],
) -> Result<SighashType, ScriptError> {
    if !own.keys().iter().any(|own| own.public_key == *key) {
        return Err(ScriptError::ForeignKey { index, key: *key });
    }
    let verifier = Verifier::new(secp, digests, index, spent, own)?;
    let verified = verifier.verified(&verifier.decoded(signature)?, *key);
    Ok(verified.ok_or(ScriptError::Signature { index })?.sighash_type)
}

/// Which key of its script made each signature of an input. They are given in the order of the keys, as a witness has them, each
/// DER with its sighash byte. Signatures over another transaction are nobody's.
///
/// # Errors
/// When a signature is not strict DER of low S, has another sighash byte than 0x41 and 0x01, or is made by no key behind that of the
/// signature before it.
pub(crate) fn signers(
    secp: &Secp,
    digests: &Sighashes<'_>,
    index: usize,
    spent: &TxOut,
    own: &OwnScript,
    signatures: &[Vec<u8>],
) -> Result<Vec<PublicKey>, ScriptError> {
    let verified = Verifier::new(secp, digests, index, spent, own)?.in_key_order(signatures, own)?;
    Ok(verified.into_iter().map(|one| one.key).collect())
}

/// Verifies one input of a treasury: the shape of scriptSig and witness, the sighash bytes, low S, each signature over a digest
/// of our own computing, and, except in the page, the script by elements-miniscript's interpreter.
///
/// The interpreter alone is not enough. It masks the sighash byte, so an ALL signature that ends in 0x41 passes it and
/// fails on chain (docs/rules.md#finished-transaction).
///
/// A single key's signature must be ALL|RANGEPROOF. Of k signatures each may be ALL, which is what other signers make. One that is
/// ALL|RANGEPROOF protects the proofs; [`unprotected_inputs`] are those that have none (docs/rules.md#sighash).
///
/// # Errors
/// With the first check that fails.
pub(crate) fn verify_input(
    secp: &Secp,
    digests: &Sighashes<'_>,
    index: usize,
    spent: &TxOut,
    own: &OwnScript,
) -> Result<(), ScriptError> {
    let tx = digests.transaction();
    let input = tx.input.get(index).ok_or(ScriptError::NoInput { index })?;
    let shape = || ScriptError::Shape { index };
    if spent.script_pubkey != own.script_pubkey || input.script_sig != own.script_sig() {
        return Err(shape());
    }
    let witness = input.witness.script_witness.to_vec();
    let signatures = match (&own.witness_script, own.keys(), witness.as_slice()) {
        (None, [own_key], [_, key]) if *key == own_key.public_key.inner.serialize() => witness.get(..1),
        // OP_CHECKMULTISIG takes one item more than it needs, which must be empty (BIP-147).
        (Some(own_script), _, [extra, signatures @ .., script])
            if extra.is_empty()
                && signatures.len() == own.threshold()
                && script.as_slice() == own_script.as_bytes() =>
        {
            Some(signatures)
        }
        _ => None,
    };
    let signatures = signatures.ok_or_else(shape)?;
    if own.witness_script.is_none() {
        // A single key's. An empty signature has no byte that could be another.
        match signatures.first().and_then(|signature| signature.last()) {
            Some(byte) if *byte == SighashType::AllRangeproof.byte() => {}
            Some(byte) => return Err(ScriptError::SighashByte { index, found: *byte }),
            None => return Err(ScriptError::Signature { index }),
        }
    }
    #[cfg_attr(
        target_arch = "wasm32",
        expect(unused_variables, reason = "only the interpreter asks for them")
    )]
    let verified = Verifier::new(secp, digests, index, spent, own)?.in_key_order(signatures, own)?;
    #[cfg(not(target_arch = "wasm32"))]
    interpreter::run(tx, index, spent, &verified)?;
    Ok(())
}

/// The inputs of a finished transaction of a treasury on which every signature is ALL. None of these covers the proofs of the
/// outputs, so whoever knows the blinders can replace them (docs/rules.md#sighash).
pub fn unprotected_inputs(transaction: &Transaction) -> Vec<usize> {
    let is_unprotected = |input: &TxIn| {
        let witness = input.witness.script_witness.to_vec();
        // The last item is the key or the script. The first of a quorum is empty.
        let mut signatures = witness.split_last().map_or(&[][..], |(_, rest)| rest).iter().peekable();
        let is_all = |item: &Vec<u8>| item.last().is_none_or(|byte| *byte == SighashType::All.byte());
        signatures.peek().is_some() && signatures.all(is_all)
    };
    let inputs = transaction.input.iter().enumerate();
    inputs.filter(|(_, input)| is_unprotected(input)).map(|(index, _)| index).collect()
}
