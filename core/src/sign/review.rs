//! What an unsigned PSET does, and whether that is exactly what AMP's request asks for.
//!
//! The road is not the builder's: [`effects`] opens the inputs with the treasury's own view key and finds the
//! treasury's own scripts by deriving them; [`check`] holds the result against the request, output by output. Neither
//! knows a plan. Every mismatch is reported, each by the stable code of the tamper catalogue
//! (reference/airgap-trust-ux.md section 1.4).

mod approval;
mod check;
mod effects;
mod mismatch;
mod warning;

use crate::Secp;
use crate::amp::Request;
use crate::network::Network;
use crate::pset::{Content, UnsignedPset};
use crate::treasury::CtDescriptor;

pub use approval::{ApprovalCode, ApprovedPset, WrongCode};
#[cfg(feature = "signer")]
pub(in crate::sign) use check::default_cap;
pub use check::{CheckedPset, Role};
pub use effects::{Effects, InputEffect, OutputEffect};
pub use mismatch::{Code, Mismatch};
pub use warning::{Warning, WarningCode};

/// The outcome of a review.
#[derive(Debug, Clone)]
pub struct Review {
    /// What the PSET does, as far as it can be known.
    pub effects: Effects,
    /// AMP's request, if there is one that parses.
    pub request: Option<Request>,
    /// What each output is for, in order; none where nothing explains it, or there is no request.
    pub roles: Vec<Option<Role>>,
    /// Every rule that failed.
    pub mismatches: Vec<Mismatch>,
    /// What the operator should know although nothing failed.
    pub warnings: Vec<Warning>,
    /// The PSET, if no rule failed: it may be blinded, and approved.
    pub checked: Option<CheckedPset>,
}

/// Reviews a PSET against the request it carries, or `given`, which must then be the same bytes.
///
/// A PSET without a request, and none given, is only described.
pub fn review(
    secp: &Secp,
    network: &Network,
    descriptor: &CtDescriptor,
    pset: &UnsignedPset,
    given: Option<&[u8]>,
) -> Review {
    let (effects, mut mismatches) = effects::effects(secp, network, descriptor, pset);
    let request = match request_of(pset, given, network) {
        Ok(request) => Some(request),
        Err(mismatch) => {
            mismatches.push(mismatch);
            None
        }
    };
    let mut warnings = Vec::new();
    let mut roles = vec![None; effects.outputs.len()];
    let mut checked = None;
    if let Some(request) = &request {
        let verdict = check::check(secp, network, descriptor, request, &effects);
        mismatches.extend(verdict.mismatches);
        roles = verdict.roles;
        warnings = warning::warnings(request, &effects, &roles);
        if mismatches.is_empty() {
            match Content::of(pset, network.policy_asset(), request.bytes()) {
                Some(content) => {
                    let parts = (request.clone(), effects.clone(), roles.clone());
                    checked = Some(CheckedPset::new(*network, descriptor.clone(), content, parts));
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
    }
    Review { effects, request, roles, mismatches, warnings, checked }
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
