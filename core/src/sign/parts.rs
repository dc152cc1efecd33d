//! Parts: what the signers of a quorum give back, to be combined with the PSET that they signed.

mod error;
mod signatures_file;

pub use error::PartReadError;

use super::signature_set::SignatureSet;
use crate::pset::SignedPset;

/// What came back from a signer.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// The signatures of one key alone: a `coldamp.signatures/1`.
    Signatures(SignatureSet),
    /// A PSET with the signatures of one or several keys.
    Pset(SignedPset),
}

impl Part {
    /// Reads the file of a part. What begins as a JSON object is read as signatures alone, everything else as a PSET.
    ///
    /// # Errors
    /// When the file is neither.
    pub fn read(file: &[u8]) -> Result<Self, PartReadError> {
        if file.trim_ascii_start().starts_with(b"{") {
            return SignatureSet::read(file).map(Part::Signatures);
        }
        Ok(Part::Pset(SignedPset::read(file)?))
    }
}
