//! Runs the signer's review on the online machine, so that a PSET that the signer would refuse is never handed over.

use coldamp_core::Secp;
use coldamp_core::code::Code;
use coldamp_core::network::Network;
use coldamp_core::prepare::Treasury;
use coldamp_core::pset::UnsignedPset;
use coldamp_core::sign::review::{JournalState, Review, ReviewOptions, Warning, review};
use coldamp_core::treasury::CtDescriptor;

use super::{NotPrepared, Options};

/// Reviews a PSET without policy and journal, and removes the warnings that both are missing: they are on the air-gapped
/// machine only. `used_up_to` is the index up to which the chain shows that addresses were used without a gap, if the chain
/// was read.
pub fn review_prepared(
    secp: &Secp,
    network: &Network,
    descriptor: &CtDescriptor,
    pset: &UnsignedPset,
    allow_missing_tokens: bool,
    used_up_to: Option<u32>,
) -> Review {
    let journal = JournalState { used_up_to, ..JournalState::default() };
    let options = ReviewOptions { allow_missing_tokens, ..ReviewOptions::default() };
    review_with(secp, network, descriptor, pset, &journal, options)
}

fn review_with(
    secp: &Secp,
    network: &Network,
    descriptor: &CtDescriptor,
    pset: &UnsignedPset,
    journal: &JournalState,
    options: ReviewOptions<'_>,
) -> Review {
    let mut review = review(secp, network, descriptor, pset, journal, options);
    let air_gapped_only = [Code::NoPolicy, Code::NoJournal];
    review.warnings.retain(|warning| !air_gapped_only.contains(&warning.code));
    review.warned.retain(|code, _| !air_gapped_only.contains(code));
    review
}

/// The warnings for a PSET that was just made.
///
/// # Errors
/// When a rule fails: the planner and the review disagree, or the settings ask for what no signer signs.
pub(super) fn warnings(
    secp: &Secp,
    treasury: &Treasury<'_>,
    pset: &UnsignedPset,
    options: &Options,
) -> Result<Vec<Warning>, NotPrepared> {
    let Options { settings, fee_cap, .. } = options;
    let allow_missing_tokens = settings.allow_missing_tokens;
    let used_up_to = Some(treasury.free.used_up_to());
    let journal = JournalState { used_up_to, ..JournalState::default() };
    let options = ReviewOptions { allow_missing_tokens, fee_cap: *fee_cap, ..ReviewOptions::default() };
    let mut review = review_with(secp, treasury.network, treasury.descriptor, pset, &journal, options);
    if !review.mismatches.is_empty() {
        let (mismatch, replaces) = (review.mismatches.swap_remove(0), settings.replace.is_some());
        return Err(NotPrepared::Review { mismatch, replaces });
    }
    Ok(review.warnings)
}
