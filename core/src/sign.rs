//! From an unsigned PSET to a signed transaction and its report, on the air-gapped machine.
//!
//! [`review`] says what the PSET does, from the PSET and the descriptor alone, holds that against AMP's request, and
//! gives a [`review::CheckedPset`] only when nothing disagrees. Policy, history and one approval make it an
//! [`review::ApprovedPset`]. Then the roles make it final: Blinder, Signer, Finalizer, Extractor. The Extractor decodes
//! the finished bytes afresh and trusts nothing it was handed; only from what passed there is the report made. What was
//! signed is given out only once a journal has it on the disk.
//!
//! `audit` is the same road on a second machine, up to a comparison instead of a signature.

#[cfg(feature = "signer")]
pub mod blinder;
pub mod review;

#[cfg(feature = "signer")]
mod audit;
#[cfg(feature = "signer")]
mod extractor;
#[cfg(feature = "signer")]
mod finalizer;
#[cfg(feature = "signer")]
mod report;
#[cfg(feature = "signer")]
mod signer;

#[cfg(feature = "signer")]
pub use {
    audit::{AuditError, audit},
    extractor::ExtractError,
    report::ReportError,
    signer::{Recorded, SignError, SigningKey, Unrecorded, sign},
};
