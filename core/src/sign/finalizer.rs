//! Finalizer: puts the signatures into the witnesses.

use elements::Transaction;

use super::review::CheckedPset;
use super::signatures::Signatures;

/// An input that fewer keys signed than its script asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooFew {
    pub(super) input: usize,
    pub(super) found: usize,
    pub(super) needed: usize,
}

/// Fills in each input's witness with as many signatures as its script asks for, the first in the order of its keys, and the
/// scriptSig.
pub(super) fn finalize(
    mut transaction: Transaction,
    checked: &CheckedPset,
    signatures: &Signatures,
) -> Result<Transaction, TooFew> {
    for (index, (input, effect)) in transaction.input.iter_mut().zip(&checked.effects().inputs).enumerate() {
        let Some(own) = &effect.own else { continue };
        let found = signatures.of(index);
        let witness = found.and_then(|signatures| own.witness(signatures)).ok_or_else(|| {
            let found =
                own.keys().iter().filter(|key| found.is_some_and(|all| all.contains_key(&key.public_key)));
            TooFew { input: index, found: found.count(), needed: own.threshold() }
        })?;
        input.witness.script_witness = witness.into();
        input.script_sig = own.script_sig();
    }
    Ok(transaction)
}
