//! A second opinion on a finished input: elements-miniscript's interpreter runs its script.
//!
//! Not in the page. The page signs nothing, every signature and the whole witness were compared before, and the interpreter brings
//! every script that miniscript can express into the WASM that each visitor loads.

use elements::{Transaction, TxOut};
use elements_miniscript::interpreter::KeySigPair;
use elements_miniscript::{Interpreter, NoExt};

use super::script::{ScriptError, Verified};

/// Runs the script of an input whose signatures were verified.
pub(super) fn run(
    tx: &Transaction,
    index: usize,
    spent: &TxOut,
    verified: &[Verified],
) -> Result<(), ScriptError> {
    let refuse = |error: String| ScriptError::Interpreter { index, reason: error };
    let input = tx.input.get(index).ok_or(ScriptError::NoInput { index })?;
    let witness = input.witness.script_witness.to_vec();
    let interpreter = Interpreter::<NoExt>::from_txdata_ext(
        &spent.script_pubkey,
        &input.script_sig,
        &witness,
        input.sequence,
        tx.lock_time,
    )
    .map_err(|error| refuse(error.to_string()))?;
    let verify = Box::new(|pair: &KeySigPair| {
        pair.as_ecdsa().is_some_and(|(key, (signature, _))| {
            verified.iter().any(|one| one.key == key && one.signature == signature)
        })
    });
    for step in interpreter.iter_custom(verify, None) {
        step.map_err(|error| refuse(error.to_string()))?;
    }
    Ok(())
}
