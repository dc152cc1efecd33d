//! From an unsigned PSET to a signed transaction and its report, on the air-gapped machine.
//!
//! [`review`] says what the PSET does, from the PSET and the descriptor alone, holds that against AMP's request, and
//! gives a [`review::CheckedPset`] only when nothing disagrees. Policy, history and one approval make it an
//! [`review::ApprovedPset`] (docs/rules.md#order-of-a-signing). Then Blinder, Signer, Finalizer and Extractor make it
//! final. The Extractor decodes the finished bytes again and trusts no value from the steps before it; the report is made
//! from what it accepted. A signed file is given out only after its journal entry is on the disk.
//!
//! An audit takes the same steps on another machine and ends with a comparison instead of a signature. It needs no private
//! key, so it is not part of feature `signer`.

pub mod blinder;
pub mod review;

mod audit;
mod extractor;
mod finalizer;
mod finish;
mod report;
#[cfg(feature = "signer")]
mod signer;

pub use audit::{AuditError, audit_without_keys};
pub use blinder::BlindError;
pub use extractor::ExtractError;
pub use finish::FinishError;
pub use report::ReportError;
#[cfg(feature = "signer")]
pub use {
    audit::audit,
    signer::{Recorded, SignError, SigningKey, Unrecorded, sign},
};
