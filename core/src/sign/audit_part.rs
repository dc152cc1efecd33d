//! Checks the signatures that one key gave back, before they are combined: on a second machine with the same words they are recomputed,
//! on another signer's they are verified (docs/rules.md#audit).

use std::slice;

use super::blinder::{BlindError, Blinder};
use super::combine::{Collected, CombineError};
use super::parts::{Part, PartReadError};
use super::review::CheckedPset;
use super::signature_set::SignatureSet;
use super::signer::{SignError, SigningKey, own_signatures};
use crate::Secp;

/// What an audit of one key's signatures could show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartAudit {
    /// They are those that this seed's key makes, byte for byte.
    Recomputed,
    /// They are another signer's, and they verify. Only that signer's words show whether a nonce hides something.
    Verified,
}

/// Why signatures are not those of this PSET.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PartAuditError {
    /// The file is no `coldamp.signatures/1`.
    #[error(transparent)]
    Read(#[from] PartReadError),
    /// They belong to something else, or one does not verify.
    #[error(transparent)]
    Part(#[from] CombineError),
    /// An input has no signature.
    #[error("input {input} has no signature")]
    Missing {
        /// The index of the input.
        input: usize,
    },
    /// This seed's key makes another signature.
    #[error("input {input}: this key makes another signature of this PSET")]
    Differs {
        /// The index of the input.
        input: usize,
    },
    /// The PSET could not be blinded again.
    #[error("blinding: {0}")]
    Blind(#[from] BlindError),
    /// The signatures could not be made again.
    #[error(transparent)]
    Sign(#[from] SignError),
}

/// Checks the file of one key's signatures. It gives out no signature.
///
/// # Errors
/// When the file is none, belongs to something else, lacks an input, or a signature is not the one that it must be.
pub fn audit_part(
    secp: &Secp,
    checked: &CheckedPset,
    key: &SigningKey,
    given: &[u8],
) -> Result<PartAudit, PartAuditError> {
    let set = SignatureSet::read(given)?;
    let part = Part::Signatures(set.clone());
    let collected = Collected::of(checked, slice::from_ref(&part))?;
    let has_signature = |input: usize| set.signatures.iter().any(|signature| signature.input == input);
    if let Some(input) = (0..checked.effects().inputs.len()).find(|input| !has_signature(*input)) {
        return Err(PartAuditError::Missing { input });
    }
    let blinded = Blinder::new(secp, checked)?.blind()?;
    collected.verify(secp, &blinded.transaction)?;
    if key.own_key(secp, checked.descriptor())?.fingerprint() != set.fingerprint {
        return Ok(PartAudit::Verified);
    }
    let own = own_signatures(secp, checked, &blinded.transaction, key)?;
    match own.iter().find(|own| !set.signatures.contains(own)) {
        Some(own) => Err(PartAuditError::Differs { input: own.input }),
        None => Ok(PartAudit::Recomputed),
    }
}
