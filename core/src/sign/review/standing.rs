//! How a PSET stands under the records: policy and history together, whether or not every other rule holds.

use elements::OutPoint;

use super::check::CheckedPset;
use super::history::{Candidate, PastSigning};
use super::mismatch::Mismatch;
use super::policy::Records;
use super::warning::Warning;
use crate::amp::request::Uuid;
use crate::code::Code;

/// What policy and history say.
#[derive(Debug, Clone, Default)]
pub(super) struct Standing {
    pub(super) mismatches: Vec<Mismatch>,
    pub(super) warnings: Vec<Warning>,
    pub(super) open: Vec<PastSigning>,
    pub(super) after: Vec<PastSigning>,
    pub(super) twins: Vec<Uuid>,
}

/// Of a checked PSET.
pub(super) fn standing(records: &Records, checked: &CheckedPset) -> Standing {
    let inputs: Vec<OutPoint> = checked.content().inputs.iter().map(|input| input.outpoint).collect();
    let (request, content) = (checked.request(), checked.content().hash());
    let txid = Some(checked.txid());
    standing_of(records, Candidate { request, inputs: &inputs, content: Some(&content), txid })
}

/// Of a PSET, whether or not every other rule holds.
pub(super) fn standing_of(records: &Records, candidate: Candidate<'_>) -> Standing {
    let history = match &records.history {
        Some(history) => history.judge(candidate),
        None => {
            let message = "NO JOURNAL: nothing here knows what was signed before; a second transaction for this request would pay again";
            let mut verdict = super::history::HistoryVerdict::default();
            verdict.warnings.push(Warning { code: Code::NoJournal, message: message.to_owned() });
            verdict
        }
    };
    let policy = records.judge(candidate.request, history.same.is_some());
    let later = records.later_unknown.iter().map(|gap| gap.warning());
    Standing {
        mismatches: policy.mismatches.into_iter().chain(history.mismatches).collect(),
        warnings: policy.warnings.into_iter().chain(later).chain(history.warnings).collect(),
        open: history.open,
        after: history.after,
        twins: history.twins,
    }
}
