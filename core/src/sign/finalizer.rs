//! Finalizer: signatures into witnesses.

use elements::Transaction;
use elements::script::Builder;

use super::review::CheckedPset;

/// Puts each input's witness together: signature and key, and for sh(wpkh) the push of the redeem script.
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
        if let Some(redeem) = &own.redeem_script {
            input.script_sig = Builder::new().push_slice(redeem.as_bytes()).into_script();
        }
    }
    transaction
}
