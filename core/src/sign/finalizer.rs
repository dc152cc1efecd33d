//! Finalizer: puts the signatures into the witnesses.

use elements::script::Builder;
use elements::{Script, Transaction};

use super::review::CheckedPset;
use crate::treasury::OwnScript;

/// Fills in each input's witness with signature and key, and for sh(wpkh) the push of the redeem script.
pub(super) fn finalize(
    mut transaction: Transaction,
    checked: &CheckedPset,
    signatures: &[Vec<u8>],
) -> Transaction {
    let inputs = transaction.input.iter_mut().zip(&checked.effects().inputs).zip(signatures);
    for ((input, effect), signature) in inputs {
        let Some(own) = &effect.own else { continue };
        input.witness.script_witness =
            vec![signature.clone(), own.public_key.inner.serialize().to_vec()].into();
        input.script_sig = script_sig(own);
    }
    transaction
}

/// The scriptSig: for sh(wpkh) the push of the redeem script, which the transaction id covers; else empty.
pub(super) fn script_sig(own: &OwnScript) -> Script {
    match &own.redeem_script {
        Some(redeem) => Builder::new().push_slice(redeem.as_bytes()).into_script(),
        None => Script::new(),
    }
}
