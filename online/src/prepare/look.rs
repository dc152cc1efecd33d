//! What the cold side's review has to say of a PSET, seen from the online side.

use coldamp_core::Secp;
use coldamp_core::code::Code;
use coldamp_core::network::Network;
use coldamp_core::prepare::Treasury;
use coldamp_core::pset::UnsignedPset;
use coldamp_core::sign::review::{JournalState, Review, ReviewOptions, Warning, review};
use coldamp_core::treasury::CtDescriptor;

use super::{Options, PrepareError};

/// Reviews a PSET without a chain of policy and journal, and leaves out the warnings that there is none: only the cold
/// side can know. `used_up_to` is how far the chain shows that addresses were used without a gap, where that was looked at.
pub fn look(
    secp: &Secp,
    network: &Network,
    descriptor: &CtDescriptor,
    pset: &UnsignedPset,
    allow_missing_tokens: bool,
    used_up_to: Option<u32>,
) -> Review {
    let journal = JournalState { used_up_to, ..JournalState::default() };
    let options = ReviewOptions { allow_missing_tokens, ..ReviewOptions::default() };
    look_with(secp, network, descriptor, pset, &journal, options)
}

fn look_with(
    secp: &Secp,
    network: &Network,
    descriptor: &CtDescriptor,
    pset: &UnsignedPset,
    journal: &JournalState,
    options: ReviewOptions<'_>,
) -> Review {
    let mut review = review(secp, network, descriptor, pset, journal, options);
    let cold_side_only = [Code::NoPolicy, Code::NoJournal];
    review.warnings.retain(|warning| !cold_side_only.contains(&warning.code));
    review
}

/// The warnings of a PSET that was just made.
///
/// # Errors
/// When a rule fails: the planner and the review disagree, or the settings ask for what no signer signs.
pub(super) fn agrees(
    secp: &Secp,
    treasury: &Treasury<'_>,
    pset: &str,
    options: &Options,
) -> Result<Vec<Warning>, PrepareError> {
    let pset = UnsignedPset::read(pset.as_bytes())?;
    let Options { settings, fee_cap, .. } = options;
    let allow_missing_tokens = settings.allow_missing_tokens;
    let used_up_to = Some(treasury.free.used_up_to());
    let journal = JournalState { used_up_to, ..JournalState::default() };
    let options = ReviewOptions { allow_missing_tokens, fee_cap: *fee_cap, ..ReviewOptions::default() };
    let mut review = look_with(secp, treasury.network, treasury.descriptor, &pset, &journal, options);
    if !review.mismatches.is_empty() {
        let (mismatch, replaces) = (review.mismatches.swap_remove(0), settings.replace.is_some());
        return Err(PrepareError::Review { mismatch, replaces });
    }
    Ok(review.warnings)
}
