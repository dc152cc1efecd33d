//! What makes a checked PSET one that may be signed: policy, history, and one approval.
//!
//! An approval answers "may I" only; it lifts no rule. There are three: the code that a review printed, answers typed at
//! the terminal, and the signature of an approver whom the policy names. Typed answers alone can say, of an earlier
//! distribution to the same holders that is still open, that the operator knows of it (security.md 5).

mod approver;
mod code;
mod typed;

pub use approver::{ApproverKey, ApproverSignature};
#[cfg(feature = "signer")]
pub use approver::{ApproverSecret, sign_approval};
pub use code::{ApprovalCode, ApprovalHash};
pub use typed::Question;

use super::check::CheckedPset;
use super::mismatch::{Code, Mismatch};
use super::policy::Records;
use super::standing::standing;
use crate::Secp;
use crate::amp::request::Uuid;

/// Who says that a checked PSET may be signed.
#[derive(Debug, Clone, Copy)]
pub enum Approval<'a> {
    /// The approval code, as a person wrote it down.
    Code(&'a str),
    /// The answers to [`CheckedPset::questions`], in order.
    Typed(&'a [String]),
    /// An approver's signature.
    Signature(&'a ApproverSignature),
}

/// How a PSET was approved, for the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApprovedBy {
    /// By code.
    Code,
    /// By typing, with the uuids of open distributions to the same holders that the operator knows of.
    Typed(Vec<Uuid>),
    /// By an approver.
    Approver(ApproverKey),
}

/// Why a checked PSET was not approved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotApproved {
    /// Rules failed: policy, history, or the approval itself.
    #[error("{} rules failed", .0.len())]
    Refused(Vec<Mismatch>),
    /// What was typed is not what was asked for.
    #[error("{question}: the answer is another")]
    Declined {
        /// What was asked for.
        question: String,
    },
}

/// A checked PSET that may be signed. Taken by value: one approval, one signing.
///
/// A check alone is no approval:
/// ```compile_fail
/// use coldamp_core::sign::review::{ApprovedPset, CheckedPset};
/// fn skip(checked: CheckedPset) -> ApprovedPset {
///     ApprovedPset { checked }
/// }
/// ```
/// Nor can it be signed:
/// ```compile_fail
/// use coldamp_core::sign::{SigningKey, sign};
/// fn skip(checked: coldamp_core::sign::review::CheckedPset, key: &SigningKey) {
///     let _ = sign(&coldamp_core::Secp::new(), checked, key);
/// }
/// ```
#[derive(Debug)]
pub struct ApprovedPset {
    checked: CheckedPset,
    by: ApprovedBy,
}

impl ApprovedPset {
    /// What was approved.
    pub fn checked(&self) -> &CheckedPset {
        &self.checked
    }

    /// How.
    pub fn by(&self) -> &ApprovedBy {
        &self.by
    }
}

impl CheckedPset {
    /// The hash that names this transaction of this treasury.
    pub fn approval_hash(&self) -> ApprovalHash {
        ApprovalHash::of(&self.content().hash(), self.descriptor())
    }

    /// Its first 160 bits, which people compare.
    pub fn approval_code(&self) -> ApprovalCode {
        self.approval_hash().code()
    }

    /// What has to be typed to approve this at a terminal, under these records.
    pub fn questions(&self, records: &Records) -> Vec<Question> {
        typed::questions(self, records, &standing(records, self).twins)
    }

    /// Approves. Policy, budget and history are judged here once more, on the records that the caller holds locked.
    ///
    /// # Errors
    /// When a rule of policy or history fails, or the approval is none.
    pub fn approve(
        self,
        secp: &Secp,
        records: &Records,
        approval: Approval<'_>,
    ) -> Result<ApprovedPset, NotApproved> {
        let standing = standing(records, &self);
        let mut mismatches = standing.mismatches;
        if matches!(approval, Approval::Typed(_)) {
            // Each one is asked for by its uuid below.
            mismatches.retain(|mismatch| mismatch.code != Code::OpenTwin);
        }
        let approvers = records.policy(self.request().asset).map(|policy| &policy.approvers);
        let approvers = approvers.filter(|approvers| !approvers.is_empty());
        let by = match approval {
            Approval::Signature(signature) => {
                let refused = signature.refusal(secp, &self.approval_hash(), approvers);
                mismatches.extend(refused);
                ApprovedBy::Approver(signature.key)
            }
            Approval::Code(_) | Approval::Typed(_) if approvers.is_some() => {
                mismatches.push(Mismatch::new(
                    Code::ApprovalMissing,
                    "the approval",
                    "none of an approver",
                    "the signature of one whom the policy names",
                ));
                ApprovedBy::Code
            }
            Approval::Code(code) => {
                if !self.approval_code().is(code) {
                    // The right code is not said: it stands on the review, where it is meant to be compared.
                    let shown = code
                        .chars()
                        .filter(|character| character.is_ascii_alphanumeric() || *character == '-');
                    let found = format!("the code {}", shown.take(48).collect::<String>());
                    let expected = "the code of this PSET under this descriptor";
                    mismatches.push(Mismatch::new(Code::ApprovalCode, "the approval", found, expected));
                }
                ApprovedBy::Code
            }
            Approval::Typed(answers) => {
                let questions = typed::questions(&self, records, &standing.twins);
                if mismatches.is_empty() {
                    typed::answered(&questions, answers)?;
                }
                ApprovedBy::Typed(standing.twins)
            }
        };
        if mismatches.is_empty() {
            Ok(ApprovedPset { checked: self, by })
        } else {
            Err(NotApproved::Refused(mismatches))
        }
    }
}
