//! What the cold side's review has to say of a PSET that was just made.

use coldamp_core::Secp;
use coldamp_core::prepare::{Settings, Treasury};
use coldamp_core::pset::UnsignedPset;
use coldamp_core::sign::review::{Records, Warning, WarningCode, review};

use super::PrepareError;

/// The warnings, less what only the cold side can know: whether there is a policy, and a journal.
///
/// # Errors
/// When a rule fails: the planner and the review disagree, or the settings ask for what no signer signs.
pub(super) fn look(
    secp: &Secp,
    treasury: &Treasury<'_>,
    pset: &str,
    settings: &Settings,
) -> Result<Vec<Warning>, PrepareError> {
    let pset = UnsignedPset::read(pset.as_bytes())?;
    let records = Records { allow_missing_tokens: settings.allow_missing_tokens, ..Records::default() };
    let mut review = review(secp, treasury.network, treasury.descriptor, &pset, None, &records);
    if !review.mismatches.is_empty() {
        let (mismatch, replaces) = (review.mismatches.swap_remove(0), settings.replace.is_some());
        return Err(PrepareError::Review { mismatch, replaces });
    }
    let cold_side_only = [WarningCode::NoPolicy, WarningCode::NoJournal];
    review.warnings.retain(|warning| !cold_side_only.contains(&warning.code));
    Ok(review.warnings)
}
