//! Compares a signed file with the PSET that was handed over, before anything of it is sent.

use coldamp_core::Secp;
use coldamp_core::code::Code;
use coldamp_core::network::Network;
use coldamp_core::pset::UnsignedPset;
use coldamp_core::sign::review::{CheckedPset, Mismatch, recheck};
use coldamp_core::sign::{AuditError, audit_without_keys};
use coldamp_core::treasury::CtDescriptor;

/// Why a signed file is not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAudited {
    /// The PSET fails the review: it is not the one that was handed over, or not this treasury's.
    #[error("{0}")]
    Review(Mismatch),
    /// The file is not what the PSET and the view key make, or its signatures do not verify.
    #[error(transparent)]
    Differs(AuditError),
}

impl NotAudited {
    /// Its code.
    pub fn code(&self) -> Code {
        match self {
            NotAudited::Review(mismatch) => mismatch.code,
            NotAudited::Differs(_) => Code::SignedDiffers,
        }
    }
}

/// Recomputes from the PSET what `signed`, the bytes of a signed.json, must be (docs/rules.md#recompute-signed-file). Gives back what
/// the PSET does: whoever exchanged both files exchanged the job.
///
/// # Errors
/// When the PSET fails the review, or the file differs anywhere.
pub fn audit(
    secp: &Secp,
    network: &Network,
    descriptor: &CtDescriptor,
    pset: &UnsignedPset,
    allow_missing_tokens: bool,
    signed: &[u8],
) -> Result<CheckedPset, NotAudited> {
    let checked = recheck(secp, network, descriptor, pset, None, allow_missing_tokens)
        .map_err(|refused| NotAudited::Review(refused.first))?;
    audit_without_keys(secp, &checked, signed).map_err(NotAudited::Differs)?;
    Ok(checked)
}
