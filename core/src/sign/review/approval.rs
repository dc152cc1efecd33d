//! What makes a checked PSET one that may be signed: policy, history, and one approval
//! (docs/rules.md#order-of-a-signing).
//!
//! An approval permits; it overrides no rule. There are three kinds: the code that a review printed, answers typed at the
//! terminal, and the signature of an approver whom the policy names. Only typed answers can confirm that the operator knows
//! of an earlier distribution to the same holders that is still open (docs/rules.md#open-twin).

mod approver;
#[cfg(feature = "signer")]
mod approver_secret;
mod policy_change;
mod typed;

use std::collections::BTreeSet;

use super::approval_code::CodeDifference;
use super::approver_key::ApproverKey;
use super::checked::CheckedPset;
use super::mismatch::{Mismatch, bounded};
use crate::Secp;
use crate::amp::request::Uuid;
use crate::code::Code;

pub use approver::ApproverSignature;
#[cfg(feature = "signer")]
pub use approver_secret::{ApproverSecret, sign_approval};
#[cfg(feature = "signer")]
pub use policy_change::sign_policy_approval;
pub use policy_change::{PolicyApprovalHash, PolicyChangeDigests};
pub use typed::Question;

/// How a person approves a PSET.
#[derive(Debug, Clone, Copy)]
pub enum Approval<'a> {
    /// The approval code, as a person wrote it down.
    Code(&'a str),
    /// The answers to [`JudgedPset::questions`], in order.
    Typed(&'a [String]),
    /// An approver's signature, and the answers to [`JudgedPset::twin_questions`], which no approver can know.
    Signature(&'a ApproverSignature, &'a [String]),
}

/// How a PSET was approved, for the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApprovedBy {
    /// By its code.
    Code,
    /// By typed answers.
    Typed,
    /// By the signature of this approver.
    Approver(ApproverKey),
}

/// Why a checked PSET was not approved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotApproved {
    /// Rules failed: policy, history, or the approval itself.
    #[error("{failed} rules failed")]
    Refused {
        /// The failed rules, of each code the first few.
        mismatches: Vec<Mismatch>,
        /// How many rules failed, including those that are not listed.
        failed: usize,
    },
    /// A typed answer is wrong.
    #[error("{question}: the answer does not match")]
    Declined {
        /// The question.
        question: String,
    },
}

/// A checked PSET with the verdict of policy and history on it. The review judges once; approving takes the verdict from
/// here, so the journal must stay locked from the review to the entry of the signing.
///
/// A check alone cannot be approved:
/// ```compile_fail
/// use coldamp_core::sign::review::{Approval, ApprovedPset, CheckedPset};
/// fn skip(checked: CheckedPset) -> ApprovedPset {
///     checked.approve(&coldamp_core::Secp::new(), Approval::Code("")).unwrap()
/// }
/// ```
#[derive(Debug)]
pub struct JudgedPset {
    pub(super) checked: CheckedPset,
    /// Every rule of policy and history that failed.
    pub(super) mismatches: Vec<Mismatch>,
    /// Open distributions of other uuids that pay the same holders.
    pub(super) twins: Vec<Uuid>,
    /// The approvers whom the policy names. If there are any, nothing else approves.
    pub(super) approvers: BTreeSet<ApproverKey>,
    /// The ticker of the contract that the policy pins.
    pub(super) pinned_ticker: Option<String>,
}

/// A checked PSET that may be signed. Signing takes it by value: one approval, one signing.
///
/// A verdict alone is no approval:
/// ```compile_fail
/// use coldamp_core::sign::review::{ApprovedPset, JudgedPset};
/// fn skip(judged: JudgedPset) -> ApprovedPset {
///     ApprovedPset { checked: judged.checked }
/// }
/// ```
/// Nor can a checked PSET be signed:
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
    despite: Vec<Uuid>,
}

impl ApprovedPset {
    /// What was approved.
    pub fn checked(&self) -> &CheckedPset {
        &self.checked
    }

    /// How it was approved.
    pub fn by(&self) -> &ApprovedBy {
        &self.by
    }

    /// The open distributions to the same holders whose uuid the operator typed.
    pub fn despite(&self) -> &[Uuid] {
        &self.despite
    }
}

impl JudgedPset {
    /// The checked PSET.
    pub fn checked(&self) -> &CheckedPset {
        &self.checked
    }

    /// Whether the policy names approvers, so that only the signature of one of them approves.
    pub fn needs_approver(&self) -> bool {
        !self.approvers.is_empty()
    }

    /// What has to be typed to approve this at a terminal.
    pub fn questions(&self) -> Vec<Question> {
        let mut questions = typed::questions(&self.checked, self.pinned_ticker.as_deref());
        questions.extend(self.twin_questions());
        questions
    }

    /// What has to be typed even if an approver signed: the uuid of each open distribution to the same holders.
    pub fn twin_questions(&self) -> Vec<Question> {
        typed::twin_questions(&self.twins)
    }

    /// Approves.
    ///
    /// # Errors
    /// When a rule of policy or history failed, or the approval is not valid.
    pub fn approve(self, secp: &Secp, approval: Approval<'_>) -> Result<ApprovedPset, NotApproved> {
        let missing = self.approver_missing();
        let refused = match approval {
            Approval::Code(code) => missing.or_else(|| self.wrong_code(code)),
            Approval::Typed(_) => missing,
            Approval::Signature(signature, _) => {
                signature.refusal(secp, &self.checked.approval_hash(), &self.approvers)
            }
        };
        let questions = match approval {
            Approval::Code(_) => Vec::new(),
            Approval::Typed(_) => self.questions(),
            Approval::Signature(..) => self.twin_questions(),
        };
        let (by, answers, names_twins) = match approval {
            Approval::Code(_) => (ApprovedBy::Code, [].as_slice(), false),
            Approval::Typed(answers) => (ApprovedBy::Typed, answers, true),
            Approval::Signature(signature, answers) => {
                (ApprovedBy::Approver(signature.key), answers, !answers.is_empty())
            }
        };
        let mut mismatches = self.mismatches;
        // Typed answers name each twin by its uuid, which is checked below.
        mismatches.retain(|mismatch| !(names_twins && mismatch.code == Code::OpenTwin));
        mismatches.extend(refused);
        if !mismatches.is_empty() {
            let failed = mismatches.len();
            return Err(NotApproved::Refused { mismatches: bounded(mismatches), failed });
        }
        if let Some(question) = typed::first_wrong(&questions, answers) {
            return Err(NotApproved::Declined { question: question.text.clone() });
        }
        Ok(ApprovedPset { checked: self.checked, by, despite: self.twins })
    }

    /// The mismatch of an approval without an approver's signature, where the policy names approvers.
    fn approver_missing(&self) -> Option<Mismatch> {
        let expected = "the signature of an approver whom the policy names";
        self.needs_approver().then(|| {
            Mismatch::new(Code::ApprovalMissing, "the approval", "no approver's signature", expected)
        })
    }

    /// The mismatch of a wrong code. It does not say the right one, which is compared on the review.
    fn wrong_code(&self, code: &str) -> Option<Mismatch> {
        let difference = self.checked.approval_code().difference(code)?;
        let shown = code.chars().filter(|character| character.is_ascii_alphanumeric() || *character == '-');
        let shown: String = shown.take(48).collect();
        let (found, expected) = match difference {
            CodeDifference::Length { found, expected } => {
                (format!("the code {shown} of {found} characters"), format!("{expected} characters"))
            }
            CodeDifference::Groups(groups) => {
                let groups: Vec<String> = groups.iter().map(ToString::to_string).collect();
                let (name, verb) =
                    if groups.len() == 1 { ("group", "differs") } else { ("groups", "differ") };
                (
                    format!("the code {shown}, of which {name} {} {verb}", groups.join(", ")),
                    "the code of this PSET under this descriptor".to_owned(),
                )
            }
        };
        Some(Mismatch::new(Code::ApprovalCode, "the approval", found, expected))
    }
}
