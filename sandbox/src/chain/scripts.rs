//! Scripts and signatures of what is spent.
//!
//! The two shapes that a treasury spends, `wpkh` and `sh(wpkh)`, are checked here, and all others by
//! elements-miniscript's interpreter. In both, the digest is chosen by the signature's own last byte: the interpreter
//! masks it, so an ALL signature that ends in 0x41 would pass it and fail on chain (docs/rules.md#finished-transaction).

use crate::secp::SECP;
use coldamp_core::Secp;
use coldamp_core::consensus::{SIGHASH_ALL_RANGEPROOF, SighashType, Sighashes};
use coldamp_core::elements::bitcoin::PublicKey;
use coldamp_core::elements::script::{Builder, Instruction};
use coldamp_core::elements::secp256k1_zkp::Message;
use coldamp_core::elements::secp256k1_zkp::ecdsa::Signature;
use coldamp_core::elements::sighash::SighashCache;
use coldamp_core::elements::{EcdsaSighashType, Script, Transaction, TxIn, TxOut};
use elements_miniscript::interpreter::KeySigPair;
use elements_miniscript::{Interpreter, NoExt};

use super::Rejection;
use super::block::anyone_can_spend;

/// SIGHASH_ALL.
const SIGHASH_ALL: u8 = 0x01;

/// The node's words for a signature over another digest or by another key (script/script_error.cpp).
const BAD_SIGNATURE: &str = "Signature must be zero for failed CHECK(MULTI)SIG operation";
const BAD_PROGRAM: &str = "Witness program hash mismatch";
const BAD_DER: &str = "Non-canonical DER signature";
const BAD_SIGHASH: &str = "Signature hash type missing or not understood";
const HIGH_S: &str = "Non-canonical signature: S value is unnecessarily high";

/// Verifies one input.
///
/// # Errors
/// When its script is not satisfied, or not in a way that is relayed.
pub(super) fn verify(tx: &Transaction, index: usize, spent: &TxOut) -> Result<(), Rejection> {
    let refuse = |reason: &str| Err(Rejection::Script { index, reason: reason.to_owned() });
    let Some(input) = tx.input.get(index) else { return Err(Rejection::MissingInputs) };
    let script = &spent.script_pubkey;
    if *script == anyone_can_spend() {
        return match (input.script_sig.is_empty(), input.witness.script_witness.is_empty()) {
            (true, true) => Ok(()),
            (true, false) => refuse("Witness provided for non-witness script"),
            (false, _) => refuse("Stack size must be exactly one after execution"),
        };
    }
    if script.is_v1_p2tr() {
        return refuse("the sandbox judges no taproot spends");
    }
    let spend = Spend { secp: &SECP, tx, index, input, spent };
    match spend.key_hash_program() {
        Some(program) => spend.verify_key_hash(&program),
        None => spend.verify_by_interpreter(),
    }
}

struct Spend<'a> {
    secp: &'a Secp,
    tx: &'a Transaction,
    index: usize,
    input: &'a TxIn,
    spent: &'a TxOut,
}

impl Spend<'_> {
    fn refuse(&self, reason: impl Into<String>) -> Rejection {
        Rejection::Script { index: self.index, reason: reason.into() }
    }

    /// The witness program of a `wpkh`, or of a `sh(wpkh)` whose scriptSig is exactly its push.
    fn key_hash_program(&self) -> Option<Script> {
        let script = &self.spent.script_pubkey;
        if script.is_v0_p2wpkh() {
            return Some(script.clone());
        }
        let pushed = only_push(&self.input.script_sig)?;
        (script.is_p2sh() && pushed.is_v0_p2wpkh() && pushed.to_p2sh() == *script).then_some(pushed)
    }

    fn verify_key_hash(&self, program: &Script) -> Result<(), Rejection> {
        let nested = self.spent.script_pubkey.is_p2sh();
        if !nested && !self.input.script_sig.is_empty() {
            return Err(self.refuse("Witness requires empty scriptSig"));
        }
        let witness = self.input.witness.script_witness.to_vec();
        let [signature, key] = witness.as_slice() else {
            let reason =
                if witness.is_empty() { "Witness program was passed an empty witness" } else { BAD_PROGRAM };
            return Err(self.refuse(reason));
        };
        let key = PublicKey::from_slice(key).map_err(|_| self.refuse(BAD_PROGRAM))?;
        let hash = key.wpubkey_hash().map_err(|_| self.refuse("Using non-compressed keys in segwit"))?;
        if Script::new_v0_wpkh(&hash) != *program {
            return Err(self.refuse(BAD_PROGRAM));
        }
        // BIP-143: the script code of a v0 key hash is the P2PKH script of that hash.
        self.verify_signature(signature, &key, &Script::new_p2pkh(&key.pubkey_hash()), true)
    }

    /// One signature with its sighash byte. Witness scripts are signed as BIP-143 says, others as they always were.
    fn verify_signature(
        &self,
        signature: &[u8],
        key: &PublicKey,
        script_code: &Script,
        witness: bool,
    ) -> Result<(), Rejection> {
        let (byte, der) = signature.split_last().ok_or_else(|| self.refuse(BAD_SIGNATURE))?;
        let parsed = Signature::from_der(der).map_err(|_| self.refuse(BAD_DER))?;
        if parsed.serialize_der().as_ref() != der {
            return Err(self.refuse(BAD_DER));
        }
        let digest = self.digest(*byte, script_code, witness).ok_or_else(|| self.refuse(BAD_SIGHASH))?;
        let message = Message::from_digest(digest);
        let mut low = parsed;
        low.normalize_s();
        self.secp.verify_ecdsa(&message, &low, &key.inner).map_err(|_| self.refuse(BAD_SIGNATURE))?;
        if low != parsed {
            return Err(Rejection::ScriptPolicy { index: self.index, reason: HIGH_S });
        }
        Ok(())
    }

    fn digest(&self, byte: u8, script_code: &Script, witness: bool) -> Option<[u8; 32]> {
        let cache = || SighashCache::new(self.tx);
        match (byte, witness) {
            (SIGHASH_ALL_RANGEPROOF, true) => Sighashes::of(self.tx)
                .digest(self.index, script_code, &self.spent.value, SighashType::AllRangeproof)
                .map(|digest| digest.0),
            (SIGHASH_ALL, true) => {
                let all = EcdsaSighashType::All;
                let hash = cache().segwitv0_sighash(self.index, script_code, self.spent.value, all);
                Some(hash.to_byte_array())
            }
            (SIGHASH_ALL, false) => {
                let hash = cache().legacy_sighash(self.index, script_code, EcdsaSighashType::All);
                Some(hash.to_byte_array())
            }
            _ => None,
        }
    }

    fn verify_by_interpreter(&self) -> Result<(), Rejection> {
        let witness = self.input.witness.script_witness.to_vec();
        let interpreter = Interpreter::<NoExt>::from_txdata_ext(
            &self.spent.script_pubkey,
            &self.input.script_sig,
            &witness,
            self.input.sequence,
            self.tx.lock_time,
        )
        .map_err(|error| self.refuse(error.to_string()))?;
        let pushes = pushes(&self.input.script_sig);
        let segwit = interpreter.is_segwit_v0();
        let script_code = match (segwit, witness.last(), pushes.last()) {
            (true, Some(script), _) => Script::from(script.clone()),
            (false, _, Some(script)) if self.spent.script_pubkey.is_p2sh() => Script::from(script.clone()),
            _ => self.spent.script_pubkey.clone(),
        };
        let verify = Box::new(|pair: &KeySigPair| {
            let Some((key, (signature, _))) = pair.as_ecdsa() else { return false };
            // The interpreter has parsed the signature and masked its last byte; here it is looked up as it was sent.
            let mut sent = witness.iter().chain(&pushes);
            let raw = sent.find(|raw| {
                raw.split_last().is_some_and(|(_, der)| Signature::from_der(der) == Ok(signature))
            });
            raw.is_some_and(|raw| self.verify_signature(raw, &key, &script_code, segwit).is_ok())
        });
        for step in interpreter.iter_custom(verify, None) {
            step.map_err(|error| self.refuse(error.to_string()))?;
        }
        Ok(())
    }
}

fn pushes(script: &Script) -> Vec<Vec<u8>> {
    let pushed = script.instructions().filter_map(|instruction| match instruction {
        Ok(Instruction::PushBytes(bytes)) => Some(bytes.to_vec()),
        Ok(Instruction::Op(_)) | Err(_) => None,
    });
    pushed.collect()
}

/// The script that a scriptSig pushes, if it does that alone and in the one standard way.
fn only_push(script_sig: &Script) -> Option<Script> {
    let pushed = pushes(script_sig).into_iter().next()?;
    let whole = Builder::new().push_slice(&pushed).into_script() == *script_sig;
    whole.then(|| Script::from(pushed))
}
