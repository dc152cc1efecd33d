//! What an unsigned PSET does, and whether that is exactly what AMP's request asks for.
//!
//! The review shares no code with the builder: [`effects`] opens the inputs with the treasury's own view key and finds
//! the treasury's own scripts by deriving them; [`check`] compares the result with the request, output by output, and
//! [`asset`] says what the request's asset is proven to be. None of them knows a plan. Every mismatch is reported, each
//! with a stable code; docs/rules.md says which rule a code enforces.
//!
//! Whether a PSET that agrees may also be signed is decided by [`policy`], [`history`] and [`approval`]. A review runs
//! the first two as well, so that a refusal lists everything.

mod approval;
mod asset;
mod check;
mod effects;
mod history;
mod mismatch;
mod policy;
mod reach;
mod standing;
mod warning;

use std::collections::BTreeMap;

use elements::OutPoint;

use crate::Secp;
use crate::amp::Request;
use crate::amp::request::Uuid;
use crate::code::Code;
use crate::network::Network;
use crate::pset::{Content, UnsignedPset};
use crate::treasury::CtDescriptor;

pub use approval::{
    Approval, ApprovalCode, ApprovalHash, ApprovedBy, ApprovedPset, ApproverKey, ApproverSignature,
    NotApproved, PolicyApprovalHash, Question,
};
#[cfg(feature = "signer")]
pub use approval::{ApproverSecret, sign_approval, sign_policy_approval};
pub use asset::AssetKnowledge;
use check::Allowed;
pub use check::{CheckedPset, Role};
pub use effects::{Effects, InputEffect, OutputEffect};
use history::Candidate;
pub use history::{History, LaterUnknown, PastSigning, SigningFacts, VoidTies};
pub use mismatch::Mismatch;
pub use policy::{AssetChange, Effect, FeeCap, JobLimits, Policy, Records, RuleChange};
pub use warning::Warning;

/// The outcome of a review.
#[derive(Debug, Clone)]
pub struct Review {
    /// What the PSET does, as far as it can be known.
    pub effects: Effects,
    /// AMP's request, if there is one that parses.
    pub request: Option<Request>,
    /// What is proven of the request's asset.
    pub asset: AssetKnowledge,
    /// What each output is for, in order; none where nothing explains it, or there is no request.
    pub roles: Vec<Option<Role>>,
    /// Every rule that failed.
    pub mismatches: Vec<Mismatch>,
    /// What the operator should know although nothing failed; of each code the first few.
    pub warnings: Vec<Warning>,
    /// How many warnings there are of each code, those included that are not listed.
    pub warned: BTreeMap<Code, usize>,
    /// How many rules failed, those included that are not listed.
    pub failed: usize,
    /// Open distributions of other uuids that pay the same holders: each uuid has to be typed (OPEN_TWIN).
    pub twins: Vec<Uuid>,
    /// Earlier signings that can still confirm beside this one.
    pub open: Vec<PastSigning>,
    /// Earlier signings that must have confirmed before this one can.
    pub after: Vec<PastSigning>,
    /// The PSET, if it agrees with request and descriptor. Policy and history may refuse it all the same.
    pub checked: Option<CheckedPset>,
}

impl Review {
    /// Whether all that is against it are open distributions whose uuid a person can type.
    pub fn needs_only_twins(&self) -> bool {
        self.checked.is_some()
            && self.failed > 0
            && self.mismatches.iter().all(|mismatch| mismatch.code == Code::OpenTwin)
    }

    /// The approval code; none while any rule fails.
    pub fn approval_code(&self) -> Option<ApprovalCode> {
        self.checked.as_ref().filter(|_| self.mismatches.is_empty()).map(CheckedPset::approval_code)
    }
}

/// Reviews a PSET against the request it carries, or `given`, which must then be the same bytes, and against what the
/// chain of policy and journal says. [`Records::default`] stands for no chain at all, as on the online machine.
///
/// A PSET without a request, and none given, is only described.
pub fn review(
    secp: &Secp,
    network: &Network,
    descriptor: &CtDescriptor,
    pset: &UnsignedPset,
    given: Option<&[u8]>,
    records: &Records,
) -> Review {
    let effects::Found { effects, reach, mut mismatches } =
        effects::effects(secp, network, descriptor, pset, records);
    let mut review = Review {
        request: None,
        asset: AssetKnowledge::Unproven,
        roles: vec![None; effects.outputs.len()],
        mismatches: Vec::new(),
        warnings: Vec::new(),
        warned: BTreeMap::new(),
        failed: 0,
        twins: Vec::new(),
        open: Vec::new(),
        after: Vec::new(),
        checked: None,
        effects,
    };
    let request = match request_of(pset, given, network) {
        Ok(request) => request,
        Err(mismatch) => {
            mismatches.push(mismatch);
            let failed = mismatches.len();
            return Review { mismatches: mismatch::bounded(mismatches), failed, ..review };
        }
    };
    let effects = &review.effects;
    let fee_cap = records.policy(request.asset).map_or(records.fee_cap, |policy| policy.fee_cap);
    let allowed = Allowed { fee_cap, missing_tokens: records.allow_missing_tokens };
    let verdict = check::check(secp, network, descriptor, &request, effects, allowed);
    mismatches.extend(verdict.mismatches);
    review.roles = verdict.roles;
    let pinned = records.policy(request.asset).map_or(&AssetKnowledge::Unproven, |policy| &policy.proof);
    let (known, unproven) = asset::known(request.asset, &pset.metadata, effects, pinned);
    mismatches.extend(unproven);
    review.asset = known;
    let content = Content::of(pset, network.policy_asset(), request.bytes());
    if mismatches.is_empty() {
        match content.clone() {
            Some(content) => {
                let parts = (request.clone(), effects.clone(), review.roles.clone(), review.asset.clone());
                match CheckedPset::new(secp, *network, descriptor.clone(), content, parts, fee_cap) {
                    Ok(checked) => review.checked = Some(checked),
                    Err(error) => {
                        let expected = "one that can be blinded";
                        mismatches.push(Mismatch::new(Code::Content, "the transaction", error, expected));
                    }
                }
            }
            // Every field that Content needs has a rule of its own; this only keeps a gap between them shut.
            None => mismatches.push(Mismatch::new(
                Code::Content,
                "the PSET",
                "a missing field",
                "all that a transaction needs",
            )),
        }
    }
    let inputs: Vec<OutPoint> = effects.inputs.iter().map(|input| input.outpoint).collect();
    let hash = content.as_ref().map(Content::hash);
    let txid = review.checked.as_ref().map(CheckedPset::txid);
    let candidate = Candidate { request: &request, inputs: &inputs, content: hash.as_ref(), txid };
    let standing = standing::standing_of(records, candidate);
    review.warnings = standing.warnings;
    review.warnings.extend(verdict.warnings);
    review.warnings.extend(warning::warnings(&request, effects, reach, &review.roles, &review.asset));
    mismatches.extend(standing.mismatches);
    for warning in &review.warnings {
        let count = review.warned.entry(warning.code).or_default();
        *count = count.saturating_add(1);
    }
    review.warnings = warning::bounded(review.warnings);
    let failed = mismatches.len();
    Review {
        mismatches: mismatch::bounded(mismatches),
        failed,
        twins: standing.twins,
        open: standing.open,
        after: standing.after,
        request: Some(request),
        ..review
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
