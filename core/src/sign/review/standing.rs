//! How a PSET stands under the records: policy and history together, whether or not every other rule holds.

use elements::OutPoint;

use super::check::CheckedPset;
use super::history::{LaterUnknown, PastSigning};
use super::mismatch::Mismatch;
use super::policy::Records;
use super::warning::{Warning, WarningCode};
use crate::amp::Request;
use crate::amp::request::Uuid;
use crate::pset::ContentHash;

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
    standing_of(records, checked.request(), &inputs, Some(&checked.content().hash()))
}

/// Of a request and what is spent for it; the content where it has one.
pub(super) fn standing_of(
    records: &Records,
    request: &Request,
    inputs: &[OutPoint],
    content: Option<&ContentHash>,
) -> Standing {
    let history = match &records.history {
        Some(history) => history.judge(request, inputs, content),
        None => {
            let message = "NO JOURNAL: nothing here knows what was signed before; a second transaction for this request would pay again";
            let mut verdict = super::history::HistoryVerdict::default();
            verdict.warnings.push(Warning { code: WarningCode::NoJournal, message: message.to_owned() });
            verdict
        }
    };
    let policy = records.judge(request, history.same.is_some());
    let later = records.later_unknown.map(LaterUnknown::warning);
    Standing {
        mismatches: policy.mismatches.into_iter().chain(history.mismatches).collect(),
        warnings: policy.warnings.into_iter().chain(later).chain(history.warnings).collect(),
        open: history.open,
        after: history.after,
        twins: history.twins,
    }
}
