//! What a journal says where parts are combined: whether this keystore signed another transaction for the same request.

use elements::OutPoint;

use super::checked::CheckedPset;
use super::history::Candidate;
use super::journal_state::JournalState;
use super::mismatch::{self, Mismatch};
use super::verdict::no_journal;
use super::warning::{self, Warning};
use crate::code::Code;

/// What the journal of the machine that combines says of a transaction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CombinedVerdict {
    /// Why the transaction must not be given out: another one that this keystore signed for its request can confirm as well, or one
    /// that was declared void could.
    pub mismatches: Vec<Mismatch>,
    /// What is to be said and refuses nothing.
    pub warnings: Vec<Warning>,
    /// The entry that signed this transaction. `None` if this keystore did not sign it.
    pub entry: Option<u32>,
}

impl JournalState {
    /// Judges a transaction that others signed, by history alone. The limits of the policies were judged by each signer, and are not
    /// judged by this machine's, which may not have signed.
    pub fn judge_combined(&self, checked: &CheckedPset) -> CombinedVerdict {
        let Some(history) = &self.history else {
            return CombinedVerdict { warnings: vec![no_journal()], ..CombinedVerdict::default() };
        };
        let inputs: Vec<OutPoint> = checked.content().inputs.iter().map(|input| input.outpoint).collect();
        let content = checked.content().hash();
        let verdict = history.judge(Candidate {
            request: checked.request(),
            inputs: &inputs,
            content: Some(&content),
            txid: Some(checked.txid()),
        });
        let later = self.later_unknown.iter().map(|gap| gap.warning());
        // SIGNED_BEFORE is left out: a transaction that this keystore signed is the normal case here.
        let history = verdict.warnings.into_iter().filter(|warning| warning.code != Code::SignedBefore);
        CombinedVerdict {
            mismatches: mismatch::bounded(verdict.mismatches),
            warnings: warning::bounded(later.chain(history).collect()),
            entry: verdict.same,
        }
    }
}
