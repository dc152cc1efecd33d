//! Parts: what the signers of a quorum give back, to be combined with the PSET that they signed.

mod error;
mod signatures_file;

pub use error::PartReadError;

use super::signature_set::SignatureSet;
use crate::json::schema_of;
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
    /// Whether a file says that it is the signatures of one key alone, whatever the version and whether or not it is well formed.
    pub fn is_signatures(file: &[u8]) -> bool {
        schema_of(file).is_some_and(|schema| schema.starts_with(b"coldamp.signatures/"))
    }

    /// Reads the file of a part. What [says so](Part::is_signatures) is read as signatures alone, everything else as a PSET.
    ///
    /// # Errors
    /// When the file is neither.
    pub fn read(file: &[u8]) -> Result<Self, PartReadError> {
        if Part::is_signatures(file) {
            return SignatureSet::read(file).map(Part::Signatures);
        }
        Ok(Part::Pset(SignedPset::read(file)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_by_its_schema_that_it_is_signatures_alone() {
        for (file, is_signatures) in [
            ("{\"schema\":\"coldamp.signatures/1\",\"network\":\"regtest\"}", true),
            (" \n{ \"schema\" : \"coldamp.signatures/2\"", true),
            ("{\"schema\":\"coldamp.approval/1\"}", false),
            ("{\"network\":\"regtest\",\"schema\":\"coldamp.signatures/1\"}", false),
            ("{\"version\":1,\"transaction\":\"00\"}", false),
            ("{", false),
            ("cHNldP8=", false),
            ("", false),
        ] {
            assert_eq!(Part::is_signatures(file.as_bytes()), is_signatures, "{file}");
            let error = Part::read(file.as_bytes()).unwrap_err();
            assert_eq!(matches!(error, PartReadError::Pset(_)), !is_signatures, "{file}");
        }
    }
}
