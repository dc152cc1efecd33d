//! Reviews a PSET once more without judging by policy, journal or fee: on the online machine, and wherever parts are combined.

use super::{CheckedPset, FeeCap, JournalState, Mismatch, ReviewOptions, review};
use crate::Secp;
use crate::code::Code;
use crate::limits::MAX_MONEY;
use crate::network::Network;
use crate::pset::UnsignedPset;
use crate::treasury::CtDescriptor;
use crate::units::Satoshi;

/// Why a PSET is refused: one rule that failed, or more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The first one.
    pub first: Mismatch,
    /// All others.
    pub others: Vec<Mismatch>,
}

impl Refused {
    fn of(mismatches: Vec<Mismatch>) -> Self {
        let mut mismatches = mismatches.into_iter();
        // A review without a mismatch has a checked PSET. Were that ever wrong, it would be refused as well.
        let first = mismatches.next().unwrap_or_else(|| Mismatch {
            code: Code::Pset,
            message: "the review neither refused nor checked it".to_owned(),
        });
        Refused { first, others: mismatches.collect() }
    }

    /// All of them.
    pub fn into_mismatches(self) -> Vec<Mismatch> {
        std::iter::once(self.first).chain(self.others).collect()
    }
}

/// Reviews a PSET that a signing machine judges or has judged by its policy and journal. The fee is not judged a second time here.
/// `request` is the request to compare with the one in the PSET, if any. What comes out can be combined and audited, and not approved:
/// no journal judged it.
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
) -> Result<CheckedPset, Refused> {
    let options = ReviewOptions {
        request,
        allow_missing_tokens,
        fee_cap: FeeCap { absolute: Some(Satoshi::from_sat(MAX_MONEY)), rate: None },
        ..ReviewOptions::default()
    };
    let review = review(secp, network, descriptor, pset, &JournalState::default(), options);
    match review.checked() {
        Some(checked) => Ok(checked.clone()),
        None => Err(Refused::of(review.mismatches)),
    }
}
