//! Blinds a prepared PSET, for signers that do not blind. Core's two halves never use each other, so they meet here.

use coldamp_core::Secp;
use coldamp_core::prepare::{PrepareError, Treasury};
use coldamp_core::pset::UnsignedPset;
use coldamp_core::sign::blinded_pset;
use coldamp_core::sign::review::{CheckedPset, recheck};

use super::{NotPrepared, ReviewedPset};

/// The same PSET with the fields that blinding adds. It passes the signer's review once more, in which the signer blinds too and
/// compares.
///
/// # Errors
/// When a rule fails, or a library does.
pub fn blinded(
    secp: &Secp,
    treasury: &Treasury<'_>,
    made: ReviewedPset,
    allow_missing_tokens: bool,
) -> Result<ReviewedPset, NotPrepared> {
    let checked = checked(secp, treasury, &made.unsigned, allow_missing_tokens)?;
    let pset = blinded_pset(secp, &checked, made.pset.as_bytes())?;
    let unsigned = UnsignedPset::read(pset.as_bytes()).map_err(PrepareError::ReadBack)?;
    self::checked(secp, treasury, &unsigned, allow_missing_tokens)?;
    Ok(ReviewedPset { pset, unsigned, ..made })
}

/// The fee of a PSET that was just prepared is judged already.
fn checked(
    secp: &Secp,
    treasury: &Treasury<'_>,
    pset: &UnsignedPset,
    allow_missing_tokens: bool,
) -> Result<CheckedPset, NotPrepared> {
    recheck(secp, treasury.network, treasury.descriptor, pset, None, allow_missing_tokens)
        .map_err(|refused| NotPrepared::Review { mismatch: refused.first, replaces: false })
}
