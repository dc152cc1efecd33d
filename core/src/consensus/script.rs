//! Scripts and signatures of a finished transaction.

use elements::secp256k1_zkp::Message;
use elements::secp256k1_zkp::ecdsa::Signature;
use elements::{Script, TxOut};
use elements_miniscript::interpreter::KeySigPair;
use elements_miniscript::{Interpreter, NoExt};

use super::sighash::{SIGHASH_ALL_RANGEPROOF, Sighashes};
use crate::Secp;
use crate::treasury::{OwnScript, ScriptType};

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
    /// Another scriptSig than the redeem script's push, or another witness than signature and key.
    #[error("input {index}: its script is not satisfied by one signature and the treasury's key")]
    Shape {
        /// Input.
        index: usize,
    },
    /// The signature's last byte.
    #[error("input {index}: found sighash byte {found:#04x}, expected 0x41 (ALL|RANGEPROOF)")]
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

/// Verifies one input of a single-key treasury: the shape of scriptSig and witness, the sighash byte, low S, the
/// signature over a digest of our own computing, and the script by elements-miniscript's interpreter.
///
/// The interpreter alone is not enough. It masks the sighash byte, so an ALL signature that ends in 0x41 passes it and
/// fails on chain (docs/rules.md#finished-transaction).
///
/// # Errors
/// With the first check that fails.
pub(crate) fn verify_input(
    secp: &Secp,
    digests: &Sighashes<'_>,
    index: usize,
    spent: &TxOut,
    own: &OwnScript,
    script_type: ScriptType,
) -> Result<(), ScriptError> {
    let tx = digests.transaction();
    let input = tx.input.get(index).ok_or(ScriptError::NoInput { index })?;
    let shape = || ScriptError::Shape { index };
    let expected_script_sig = match (script_type, &own.redeem_script) {
        (ScriptType::Wpkh, _) => Script::new(),
        (ScriptType::ShWpkh, Some(redeem)) => {
            elements::script::Builder::new().push_slice(redeem.as_bytes()).into_script()
        }
        (ScriptType::ShWpkh, None) => return Err(shape()),
    };
    let witness = input.witness.script_witness.to_vec();
    let [signature, key] = witness.as_slice() else { return Err(shape()) };
    let key_fits = *key == own.public_key.inner.serialize();
    if spent.script_pubkey != own.script_pubkey || input.script_sig != expected_script_sig || !key_fits {
        return Err(shape());
    }

    let (sighash_byte, der) = signature.split_last().ok_or_else(shape)?;
    if *sighash_byte != SIGHASH_ALL_RANGEPROOF {
        return Err(ScriptError::SighashByte { index, found: *sighash_byte });
    }
    let bad_signature = || ScriptError::Signature { index };
    let parsed = Signature::from_der(der).map_err(|_| bad_signature())?;
    let mut low_s = parsed;
    low_s.normalize_s();
    if low_s != parsed || parsed.serialize_der().as_ref() != der {
        return Err(bad_signature());
    }
    // BIP-143: the script code of a v0 key hash is the P2PKH script of that hash.
    let script_code = Script::new_p2pkh(&own.public_key_hash());
    let digest = digests.all_rangeproof(index, &script_code, &spent.value).ok_or_else(shape)?;
    let message = Message::from_digest(digest.0);
    secp.verify_ecdsa(&message, &parsed, &own.public_key.inner).map_err(|_| bad_signature())?;

    let refuse = |error: String| ScriptError::Interpreter { index, reason: error };
    let interpreter = Interpreter::<NoExt>::from_txdata_ext(
        &spent.script_pubkey,
        &input.script_sig,
        &witness,
        input.sequence,
        tx.lock_time,
    )
    .map_err(|error| refuse(error.to_string()))?;
    let verify = Box::new(|pair: &KeySigPair| match pair.as_ecdsa() {
        Some((key, (signature, _))) => secp.verify_ecdsa(&message, &signature, &key.inner).is_ok(),
        None => false,
    });
    for step in interpreter.iter_custom(verify, None) {
        step.map_err(|error| refuse(error.to_string()))?;
    }
    Ok(())
}
