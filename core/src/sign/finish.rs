//! From signatures to the file that goes back: Finalizer, Extractor and report, whoever made the signatures. Signing and
//! both audits come through here, so what one of them refuses no other lets pass.

use elements::encode::serialize;

use super::blinder::Blinded;
use super::extractor::{ExtractError, extract};
use super::finalizer::finalize;
use super::report::{ReportError, report};
use super::review::CheckedPset;
use crate::Secp;
use crate::signed::SignedFile;

/// Why a blinded transaction and signatures make no signed file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FinishError {
    /// The finished transaction is not what was checked.
    #[error("the finished transaction was refused: {0}")]
    Extract(#[from] ExtractError),
    /// The report does not open the transaction.
    #[error("the report was refused: {0}")]
    Report(#[from] ReportError),
}

/// Finalizes, extracts, which verifies every signature, and reports. The journal's place is left open.
pub(super) fn finish(
    secp: &Secp,
    checked: &CheckedPset,
    blinded: Blinded,
    signatures: &[Vec<u8>],
) -> Result<SignedFile, FinishError> {
    let finished = finalize(blinded.transaction, checked, signatures);
    let extracted = extract(secp, checked, blinded.openings, &serialize(&finished))?;
    let reported = report(secp, &extracted)?;
    Ok(SignedFile::new(checked.network(), checked.request(), extracted.transaction(), reported))
}
