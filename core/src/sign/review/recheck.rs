//! Reviews a PSET once more where neither policy nor journal is: on the online machine, and wherever parts are combined.

use super::{FeeCap, JournalState, JudgedPset, Mismatch, ReviewOptions, review};
use crate::Secp;
use crate::limits::MAX_MONEY;
use crate::network::Network;
use crate::pset::UnsignedPset;
use crate::treasury::CtDescriptor;
use crate::units::Satoshi;

/// Reviews a PSET that a signing machine judges or has judged by its policy and journal. The fee is not judged a second time here.
/// `request` is the request to compare with the one in the PSET, if any.
///
/// # Errors
/// With every mismatch, if the PSET does not agree with its request and the descriptor.
pub fn recheck(
    secp: &Secp,
    network: &Network,
    descriptor: &CtDescriptor,
    pset: &UnsignedPset,
    request: Option<&[u8]>,
    allow_missing_tokens: bool,
) -> Result<JudgedPset, Vec<Mismatch>> {
    let options = ReviewOptions {
        request,
        allow_missing_tokens,
        fee_cap: FeeCap { absolute: Some(Satoshi::from_sat(MAX_MONEY)), rate: None },
        ..ReviewOptions::default()
    };
    let review = review(secp, network, descriptor, pset, &JournalState::default(), options);
    let mismatches = review.mismatches.clone();
    review.into_judged().ok_or(mismatches)
}
