//! From an unsigned PSET to a signed transaction and its report, on the air-gapped machine.
//!
//! [`review`] says what the PSET does, from the PSET and the descriptor alone, holds that against AMP's request, and
//! gives a [`review::CheckedPset`] only when nothing disagrees. Policy, history and one approval make it an
//! [`review::ApprovedPset`]. Then the roles make it final: Blinder, Signer, Finalizer, Extractor. The Extractor decodes
//! the finished bytes afresh and trusts nothing it was handed; only from what passed there is the report made. What was
//! signed is given out only once a journal has it on the disk.
//!
//! An audit is the same road on another machine, up to a comparison instead of a signature. It needs no private key, and
//! so is no part of feature `signer`: only what touches one is.

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
