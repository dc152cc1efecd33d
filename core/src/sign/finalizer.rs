//! Finalizer: puts the signatures into the witnesses.

use elements::Transaction;

use super::review::CheckedPset;
use super::signatures::Signatures;

/// Why an input gets no witness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoWitness {
    /// Nothing says that it is the treasury's, so nothing says how many keys must sign.
    Foreign { input: usize },
    /// Fewer keys signed it than its script asks for.
    TooFew { input: usize, found: usize, needed: usize },
}

/// Fills in each input's witness with as many signatures as its script asks for, the first in the order of its keys, and the
/// scriptSig.
pub(super) fn finalize(
    mut transaction: Transaction,
    checked: &CheckedPset,
    signatures: &Signatures,
) -> Result<Transaction, NoWitness> {
    for (index, (input, effect)) in transaction.input.iter_mut().zip(&checked.effects().inputs).enumerate() {
        let own = effect.own.as_ref().ok_or(NoWitness::Foreign { input: index })?;
        let found = signatures.of(index);
        let witness = found.and_then(|signatures| own.witness(signatures)).ok_or_else(|| {
            let found =
                own.keys().iter().filter(|key| found.is_some_and(|all| all.contains_key(&key.public_key)));
            NoWitness::TooFew { input: index, found: found.count(), needed: own.threshold() }
        })?;
        input.witness.script_witness = witness.into();
        input.script_sig = own.script_sig();
    }
    Ok(transaction)
}
