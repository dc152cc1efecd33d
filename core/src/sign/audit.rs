//! A second machine with the same words looks at what the first one signed: it recomputes the whole file and compares
//! it byte for byte. It gives out no signature, and so cannot pay a second time (security.md 5).

use super::review::CheckedPset;
use super::signer::{SignError, SigningKey, recompute};
use crate::Secp;
use crate::signed::{ReadError, SignedFields};

/// Why a signed file is not the one that this PSET must become.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuditError {
    /// It is no signed.json.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Nothing could be recomputed to compare it with.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// What it says is not what these keys make of this PSET.
    #[error("{} of the signed file: found another value than this PSET and these keys make", .fields.join(", "))]
    Differs {
        /// The fields that differ.
        fields: Vec<&'static str>,
    },
}

/// Recomputes what `given`, a signed.json, must be, and compares everything but the journal's place in it.
///
/// # Errors
/// When it is no signed.json, or differs anywhere.
pub fn audit(secp: &Secp, checked: &CheckedPset, key: &SigningKey, given: &[u8]) -> Result<(), AuditError> {
    let found = SignedFields::split(given)?;
    let expected = recompute(secp, checked, key)?;
    let fields = found.differences(&expected);
    if fields.is_empty() { Ok(()) } else { Err(AuditError::Differs { fields }) }
}
