//! The verdict of policy and history on a transaction. Each signing is judged once.

use super::history::{Candidate, HistoryVerdict, PastSigning};
use super::journal_state::JournalState;
use super::mismatch::Mismatch;
use super::policy::{Policy, PolicyVerdict};
use super::warning::Warning;
use crate::amp::Request;
use crate::amp::request::Uuid;
use crate::code::Code;
use crate::listed::listed;

/// What policy and history say.
#[derive(Debug, Clone, Default)]
pub(super) struct JournalVerdict {
    pub(super) mismatches: Vec<Mismatch>,
    pub(super) warnings: Vec<Warning>,
    /// Earlier signings that can still confirm as well.
    pub(super) open: Vec<PastSigning>,
    /// Earlier signings that must confirm before this one can.
    pub(super) after: Vec<PastSigning>,
    /// The uuid behind each OPEN_TWIN.
    pub(super) twins: Vec<Uuid>,
}

/// Said where no journal is: that nothing is known against a transaction is not said for it.
pub(super) fn no_journal() -> Warning {
    let message = "NO JOURNAL: this machine does not know what was signed before. A second transaction for this request would pay again";
    Warning { code: Code::NoJournal, message: message.to_owned() }
}

impl JournalState {
    /// Judges a transaction, whether or not every other rule holds.
    pub(super) fn judge(&self, candidate: Candidate<'_>) -> JournalVerdict {
        let history = match &self.history {
            Some(history) => history.judge(candidate),
            None => HistoryVerdict { warnings: vec![no_journal()], ..HistoryVerdict::default() },
        };
        let policy = self.judge_request(candidate.request, history.same.is_some());
        let later = self.later_unknown.iter().map(|gap| gap.warning());
        JournalVerdict {
            mismatches: policy.mismatches.into_iter().chain(history.mismatches).collect(),
            warnings: policy.warnings.into_iter().chain(later).chain(history.warnings).collect(),
            open: history.open,
            after: history.after,
            twins: history.twins,
        }
    }

    /// Compares a request with the policies, budgets included. A transaction that was signed before (`signed_before`) uses no
    /// budget again.
    pub(super) fn judge_request(&self, request: &Request, signed_before: bool) -> PolicyVerdict {
        let mut verdict = PolicyVerdict::default();
        // A forged request may name the token as its asset, so that it is paid out or burned like any other asset.
        let is_token_of = |policy: &&Policy| {
            policy.proof.ids().is_some_and(|ids| ids.kind_of_token(request.asset).is_some())
        };
        if let Some(policy) = self.policies.iter().find(is_token_of) {
            let found = format!("{}, the reissuance token of {}", request.asset, policy.asset);
            verdict.refuse(Code::TokenUnexpected, "asset_id", found, "an asset, never its token");
        }
        match self.policy(request.asset) {
            Some(policy) => {
                policy.judge(request, self.history.as_ref().filter(|_| !signed_before), &mut verdict);
            }
            None if self.policies.is_empty() => verdict.warnings.push(Warning {
                code: Code::NoPolicy,
                message: "NO POLICY for this asset: no maximum, no budget and no pinned ids. Only the request and your own check limit this transaction".to_owned(),
            }),
            // Where policies are set, a request must not avoid them by naming an asset without one.
            None => {
                let pinned = listed(self.policies.iter().map(|policy| policy.asset));
                let expected = format!("an asset under a policy: {pinned}");
                verdict.refuse(Code::PolicyAsset, "asset_id", request.asset, expected);
            }
        }
        verdict
    }
}
