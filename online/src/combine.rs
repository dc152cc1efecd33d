//! Combines what several signers gave back, with the PSET that was handed over.

use coldamp_core::Secp;
use coldamp_core::code::Code;
use coldamp_core::network::Network;
use coldamp_core::pset::UnsignedPset;
use coldamp_core::sign::review::{Mismatch, recheck};
use coldamp_core::sign::{CombineError, Part};
use coldamp_core::signed::SignedFile;
use coldamp_core::treasury::CtDescriptor;

/// Why parts are not combined.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotCombined {
    /// The PSET fails the review: it is not the one that was handed over, or not this treasury's.
    #[error("{0}")]
    Review(Mismatch),
    /// A part is refused, or too few keys signed.
    #[error(transparent)]
    Parts(#[from] CombineError),
}

impl NotCombined {
    /// Its code.
    pub fn code(&self) -> Code {
        match self {
            NotCombined::Review(mismatch) => mismatch.code,
            NotCombined::Parts(error) => error.code(),
        }
    }
}

/// Makes the signed file of a PSET and its parts, with the view key alone.
///
/// # Errors
/// When the PSET fails the review, a part is refused, or too few keys signed.
pub fn combine(
    secp: &Secp,
    network: &Network,
    descriptor: &CtDescriptor,
    pset: &UnsignedPset,
    allow_missing_tokens: bool,
    parts: &[Part],
) -> Result<SignedFile, NotCombined> {
    let checked = recheck(secp, network, descriptor, pset, None, allow_missing_tokens)
        .map_err(|refused| NotCombined::Review(refused.first))?;
    Ok(coldamp_core::sign::combine(secp, &checked, parts)?)
}
