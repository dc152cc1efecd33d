//! From an unsigned PSET to a signed transaction and its report, on the air-gapped machine.
//!
//! [`review`] derives what the PSET does from the PSET and the descriptor alone, and compares that with AMP's request. Only
//! when both agree is there a [`review::CheckedPset`], and with the verdict of policy and history a [`review::JudgedPset`].
//! One approval makes it an [`review::ApprovedPset`] (docs/rules.md#order-of-a-signing). Then Blinder, Signer, Finalizer and
//! Extractor finish the transaction. The Extractor decodes the finished bytes again and trusts no value from the steps before
//! it. The report is made from what it accepted. A signed file is given out only after its journal entry is on the disk.
//!
//! An audit takes the same steps on another machine and ends with a comparison instead of a signature. Without private keys it
//! takes the signatures from the signed file, so it is not part of feature `signer`.
//!
//! Of a treasury of several keys, each signer gives back the signatures of one key. [`combine()`] makes the signed file of them, with
//! the view key alone.

pub mod blinder;
pub mod review;

mod audit;
#[cfg(feature = "signer")]
mod audit_part;
mod combine;
mod extractor;
mod finalizer;
mod finish;
#[cfg(feature = "signer")]
mod part;
mod parts;
#[cfg(test)]
#[cfg(feature = "signer")]
mod quorum_tests;
mod report;
mod signature_set;
mod signatures;
#[cfg(feature = "signer")]
mod signer;

pub use audit::{AuditError, audit_without_keys};
pub use blinder::{BlindError, BlindedPsetError, blinded_pset};
pub use combine::{CombineError, PartProblem, combine};
pub use extractor::ExtractError;
pub use finish::FinishError;
pub use parts::{Part, PartReadError};
pub use report::ReportError;
pub use signature_set::SignatureSet;
pub use signatures::{InputSignature, Signatures, SignedTwice};
#[cfg(feature = "signer")]
pub use {
    audit::audit,
    audit_part::{PartAudit, PartAuditError, audit_part},
    signer::{Recordable, Recorded, SignError, SigningKey, Unrecorded, sign, sign_part},
};
