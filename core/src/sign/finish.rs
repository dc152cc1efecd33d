//! From signatures to the signed file: Finalizer, Extractor and report, whoever made the signatures. Signing, combining and both
//! audits use this code, so all apply the same checks.

use elements::encode::serialize;

use super::blinder::Blinded;
use super::extractor::{ExtractError, extract};
use super::finalizer::{NoWitness, finalize};
use super::report::{ReportError, report};
use super::review::CheckedPset;
use super::signatures::Signatures;
use crate::Secp;
use crate::signed::SignedFile;

/// Why a blinded transaction and its signatures do not make a signed file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FinishError {
    /// An input is not one of the treasury's.
    #[error("input {input}: its script is not the treasury's")]
    Foreign {
        /// The index of the input.
        input: usize,
    },
    /// Too few keys signed an input.
    #[error("input {input}: {found} keys signed, {needed} must")]
    TooFew {
        /// The index of the input.
        input: usize,
        /// How many of its keys signed.
        found: usize,
        /// How many must.
        needed: usize,
    },
    /// The finished transaction differs from the PSET that was checked.
    #[error("the finished transaction was refused: {0}")]
    Extract(#[from] ExtractError),
    /// The report does not open the transaction.
    #[error("the report was refused: {0}")]
    Report(#[from] ReportError),
}

impl From<NoWitness> for FinishError {
    fn from(reason: NoWitness) -> Self {
        match reason {
            NoWitness::Foreign { input } => FinishError::Foreign { input },
            NoWitness::TooFew { input, found, needed } => FinishError::TooFew { input, found, needed },
        }
    }
}

/// Finalizes, extracts and reports. Extracting verifies every signature. The position in the journal is filled in later.
pub(super) fn finish(
    secp: &Secp,
    checked: &CheckedPset,
    blinded: Blinded,
    signatures: &Signatures,
) -> Result<SignedFile, FinishError> {
    let finished = finalize(blinded.transaction, checked, signatures)?;
    let extracted = extract(secp, checked, blinded.openings, &serialize(&finished))?;
    let reported = report(secp, &extracted)?;
    Ok(SignedFile::new(checked.network(), checked.request(), extracted.transaction(), reported))
}
