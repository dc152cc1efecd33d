//! What the cold side's review has to say of a PSET, seen from the online side.

use coldamp_core::Secp;
use coldamp_core::network::Network;
use coldamp_core::prepare::{Settings, Treasury};
use coldamp_core::pset::UnsignedPset;
use coldamp_core::sign::review::{Records, Review, Warning, WarningCode, review};
use coldamp_core::treasury::CtDescriptor;

use super::PrepareError;

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
    let records = Records { allow_missing_tokens, used_up_to, ..Records::default() };
    let mut review = review(secp, network, descriptor, pset, None, &records);
    let cold_side_only = [WarningCode::NoPolicy, WarningCode::NoJournal];
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
    settings: &Settings,
) -> Result<Vec<Warning>, PrepareError> {
    let pset = UnsignedPset::read(pset.as_bytes())?;
    let used_up_to = Some(treasury.free.used_up_to());
    let allow_missing_tokens = settings.allow_missing_tokens;
    let mut review =
        look(secp, treasury.network, treasury.descriptor, &pset, allow_missing_tokens, used_up_to);
    if !review.mismatches.is_empty() {
        let (mismatch, replaces) = (review.mismatches.swap_remove(0), settings.replace.is_some());
        return Err(PrepareError::Review { mismatch, replaces });
    }
    Ok(review.warnings)
}
