//! What an unsigned PSET does, and whether that is exactly what AMP's request asks for.
//!
//! The review shares no code with the builder, and knows no plan. It opens the inputs with the treasury's own view key and
//! finds the treasury's own scripts by deriving them ([`Effects`]). It compares the result with the request, output by
//! output, and says what is proven about the request's asset ([`AssetKnowledge`]). Every mismatch is reported with a stable
//! code; docs/rules.md says which rule a code enforces.
//!
//! [`Policy`] and [`History`] decide whether a PSET that agrees with its request may also be signed. A review judges by both,
//! so that a refusal lists everything. A PSET without any mismatch still needs an [`Approval`].

mod approval;
mod approval_code;
mod approver_key;
mod asset;
mod blinding;
mod change_limit;
mod check;
mod checked;
mod combined;
mod describe;
pub mod document;
mod effects;
mod fee_cap;
mod findings;
mod high_limits;
mod history;
mod journal_state;
mod mismatch;
mod options;
mod policy;
mod policy_change;
mod recheck;
mod role;
mod verdict;
mod warning;
mod warning_rules;

use std::collections::BTreeMap;

use elements::OutPoint;

use crate::Secp;
use crate::amp::Request;
use crate::amp::request::Uuid;
use crate::code::Code;
use crate::network::Network;
use crate::pset::{Content, UnsignedPset};
use crate::sign::blinder::txid_of;
use crate::treasury::CtDescriptor;

pub use approval::{
    Approval, ApprovedBy, ApprovedPset, ApproverSignature, JudgedPset, NotApproved, PolicyApprovalHash,
    PolicyChangeDigests, Question,
};
#[cfg(feature = "signer")]
pub use approval::{ApproverSecret, sign_approval, sign_policy_approval};
pub use approval_code::{ApprovalCode, ApprovalHash};
pub use approver_key::{ApproverKey, InvalidApproverKey};
pub use asset::AssetKnowledge;
pub use checked::CheckedPset;
pub use combined::CombinedVerdict;
pub use document::ReviewDocument;
pub use effects::{Effects, InputEffect, OutputEffect};
pub use fee_cap::FeeCap;
use findings::Findings;
use history::Candidate;
pub use history::{History, LaterUnknown, PastSigning, SigningFacts, VoidDependencies};
pub use journal_state::JournalState;
pub use mismatch::Mismatch;
pub use options::ReviewOptions;
pub use policy::{BudgetUse, JobLimits, Policy};
pub use policy_change::{AssetChange, Effect, RuleChange};
pub use recheck::{Refused, recheck};
pub use role::Role;
pub use warning::Warning;

/// The outcome of a review. It is no `Clone`: a verdict that is approved twice could be older than the journal.
#[derive(Debug)]
pub struct Review {
    subject: Subject,
    /// The rules that failed, of each code the first few.
    pub mismatches: Vec<Mismatch>,
    /// What the operator should know although nothing failed, of each code the first few.
    pub warnings: Vec<Warning>,
    /// How many warnings there are of each code, including those that are not listed.
    pub warned: BTreeMap<Code, usize>,
    /// How many rules failed, including those that are not listed.
    pub failed: usize,
    /// Open distributions of other uuids that pay the same holders: each uuid has to be typed (OPEN_TWIN).
    pub twins: Vec<Uuid>,
    /// Earlier signings that can still confirm as well.
    pub open: Vec<PastSigning>,
    /// Earlier signings that must confirm before this one can.
    pub after: Vec<PastSigning>,
}

/// How far a review got.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one review at a time; a box would save nothing")]
enum Subject {
    /// No request parses, so the PSET is only described.
    Described(Effects),
    /// The PSET disagrees with its request or its descriptor, or it was withheld.
    Compared(Findings),
    /// The PSET agrees with its request and its descriptor.
    Judged(JudgedPset),
}

impl Review {
    fn findings(&self) -> Option<&Findings> {
        match &self.subject {
            Subject::Described(_) => None,
            Subject::Compared(findings) => Some(findings),
            Subject::Judged(judged) => Some(&judged.checked.findings),
        }
    }

    /// What the PSET does, as far as it can be known.
    pub fn effects(&self) -> &Effects {
        match &self.subject {
            Subject::Described(effects) => effects,
            Subject::Compared(findings) => &findings.effects,
            Subject::Judged(judged) => judged.checked.effects(),
        }
    }

    /// AMP's request. `None` if there is none, or it does not parse.
    pub fn request(&self) -> Option<&Request> {
        self.findings().map(|findings| &findings.request)
    }

    /// What is proven about the request's asset.
    pub fn asset(&self) -> &AssetKnowledge {
        self.findings().map_or(&AssetKnowledge::Unproven, |findings| &findings.asset)
    }

    /// Each output with its role. The role is `None` where nothing explains the output, or there is no request.
    pub fn outputs(&self) -> impl Iterator<Item = (&OutputEffect, Option<Role>)> {
        let role = |index| self.findings().and_then(|findings| findings.roles.get(index).copied().flatten());
        self.effects().outputs.iter().enumerate().map(move |(index, output)| (output, role(index)))
    }

    /// The PSET, if it agrees with its request and its descriptor. Policy and history may still refuse it.
    pub fn checked(&self) -> Option<&CheckedPset> {
        self.judged().map(JudgedPset::checked)
    }

    /// The same PSET with the verdict of policy and history.
    pub fn judged(&self) -> Option<&JudgedPset> {
        match &self.subject {
            Subject::Judged(judged) => Some(judged),
            Subject::Described(_) | Subject::Compared(_) => None,
        }
    }

    /// Takes out the PSET, to approve it.
    pub fn into_judged(self) -> Option<JudgedPset> {
        match self.subject {
            Subject::Judged(judged) => Some(judged),
            Subject::Described(_) | Subject::Compared(_) => None,
        }
    }

    /// Whether the only mismatches are open distributions, whose uuids a person can type.
    pub fn needs_only_twins(&self) -> bool {
        self.checked().is_some()
            && self.failed > 0
            && self.mismatches.iter().all(|mismatch| mismatch.code == Code::OpenTwin)
    }

    /// The approval code. `None` while any rule fails.
    pub fn approval_code(&self) -> Option<ApprovalCode> {
        self.checked().filter(|_| self.mismatches.is_empty()).map(CheckedPset::approval_code)
    }

    /// Adds rules that failed outside the review.
    pub fn refuse(&mut self, mismatches: impl IntoIterator<Item = Mismatch>) {
        let listed = self.mismatches.len();
        self.mismatches.extend(mismatches);
        self.failed = self.failed.saturating_add(self.mismatches.len().saturating_sub(listed));
    }

    /// Gives up the checked PSET, so that it cannot be approved: without a journal nothing is known of policy and history.
    pub fn withhold(self) -> Self {
        let subject = match self.subject {
            Subject::Judged(judged) => Subject::Compared(judged.checked.findings),
            subject => subject,
        };
        Review { subject, ..self }
    }
}

/// Reviews a PSET against the request it carries, or else against the request in `options`, and judges it by policy and
/// history.
///
/// A PSET without any request is only described.
pub fn review(
    secp: &Secp,
    network: &Network,
    descriptor: &CtDescriptor,
    pset: &UnsignedPset,
    journal: &JournalState,
    options: ReviewOptions<'_>,
) -> Review {
    let described = describe::describe(secp, network, descriptor, pset, journal, options);
    let describe::Described { effects, change_limit, mut mismatches } = described;
    let request = match request_of(pset, options.request, network) {
        Ok(request) => request,
        Err(mismatch) => {
            mismatches.push(mismatch);
            return Review {
                subject: Subject::Described(effects),
                failed: mismatches.len(),
                mismatches: mismatch::bounded(mismatches),
                warnings: Vec::new(),
                warned: BTreeMap::new(),
                twins: Vec::new(),
                open: Vec::new(),
                after: Vec::new(),
            };
        }
    };
    let policy = journal.policy(request.asset);
    let fee_cap = policy.map_or(options.fee_cap, |policy| policy.fee_cap);
    let options = ReviewOptions { fee_cap, ..options };
    let checks = check::check(secp, network, descriptor, &request, &effects, options);
    mismatches.extend(checks.mismatches);
    let pinned = policy.map_or(&AssetKnowledge::Unproven, |policy| &policy.proof);
    let known = asset::known(request.asset, &pset.metadata, &effects, pinned);
    mismatches.extend(known.mismatches);

    let content = Content::of(pset, network.policy_asset(), request.bytes());
    let mut txid = None;
    if mismatches.is_empty() {
        // Every field that the content needs has a rule of its own. This catches a gap between those rules.
        let missing =
            || Mismatch::new(Code::Content, "the PSET", "a missing field", "all that a transaction needs");
        let unblindable =
            |error| Mismatch::new(Code::Content, "the transaction", error, "one that can be blinded");
        let id = content
            .as_ref()
            .ok_or_else(missing)
            .and_then(|content| txid_of(secp, content, descriptor, &effects).map_err(unblindable));
        match id {
            Ok(id) => txid = Some(id),
            Err(mismatch) => mismatches.push(mismatch),
        }
    }
    if let (Some(_), Some(content)) = (txid, &content)
        && let Some(mismatch) = blinding::mismatch(secp, content, descriptor, &effects, &pset.blinding)
    {
        mismatches.push(mismatch);
        txid = None;
    }
    let inputs: Vec<OutPoint> = effects.inputs.iter().map(|input| input.outpoint).collect();
    let hash = content.as_ref().map(Content::hash);
    let verdict =
        journal.judge(Candidate { request: &request, inputs: &inputs, content: hash.as_ref(), txid });

    let findings = Findings { request, effects, roles: checks.roles, asset: known.asset };
    let mut warnings = verdict.warnings;
    warnings.extend(checks.warnings);
    warnings.extend(warning_rules::warnings(&findings, change_limit));
    let mut warned = BTreeMap::<Code, usize>::new();
    for warning in &warnings {
        let count = warned.entry(warning.code).or_default();
        *count = count.saturating_add(1);
    }
    mismatches.extend(verdict.mismatches.iter().cloned());
    let subject = match txid.zip(content) {
        Some((txid, content)) => {
            let (network, descriptor) = (*network, descriptor.clone());
            let pinned = policy.and_then(|policy| policy.proof.contract());
            Subject::Judged(JudgedPset {
                checked: CheckedPset { network, descriptor, content, findings, fee_cap, txid },
                mismatches: verdict.mismatches,
                twins: verdict.twins.clone(),
                approvers: policy.map(|policy| policy.approvers.clone()).unwrap_or_default(),
                pinned_ticker: pinned.and_then(|contract| contract.ticker()).map(str::to_owned),
            })
        }
        None => Subject::Compared(findings),
    };
    Review {
        subject,
        failed: mismatches.len(),
        mismatches: mismatch::bounded(mismatches),
        warnings: warning::bounded(warnings),
        warned,
        twins: verdict.twins,
        open: verdict.open,
        after: verdict.after,
    }
}

fn request_of(pset: &UnsignedPset, given: Option<&[u8]>, network: &Network) -> Result<Request, Mismatch> {
    let bytes = match (&pset.request, given) {
        (Some(carried), Some(given)) if carried != given => {
            return Err(Mismatch::new(
                Code::RequestDiffers,
                "the request",
                "other bytes in the PSET than in the file given",
                "the same bytes",
            ));
        }
        (Some(carried), _) => carried.as_slice(),
        (None, Some(given)) => given,
        (None, None) => {
            return Err(Mismatch::new(
                Code::RequestMissing,
                "the PSET",
                "no request",
                "the request AMP gave out",
            ));
        }
    };
    Request::parse(bytes, network).map_err(|error| Mismatch::of_request(&error))
}
