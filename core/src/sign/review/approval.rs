//! What makes a checked PSET one that may be signed: policy, history, and one approval
//! (docs/rules.md#order-of-a-signing).
//!
//! An approval permits; it lifts no rule. There are three: the code that a review printed, answers typed at the terminal,
//! and the signature of an approver whom the policy names. Only typed answers can confirm that the operator knows of an
//! earlier distribution to the same holders that is still open (docs/rules.md#open-twin).

mod approver;
mod change;
mod code;
mod typed;

pub use approver::{ApproverKey, ApproverSignature};
#[cfg(feature = "signer")]
pub use approver::{ApproverSecret, sign_approval, sign_policy_approval};
pub use change::PolicyApprovalHash;
pub use code::{ApprovalCode, ApprovalHash};
pub use typed::Question;

use std::collections::BTreeSet;

use super::check::CheckedPset;
use super::mismatch::{Mismatch, bounded};
use super::policy::Records;
use super::standing::standing;
use crate::Secp;
use crate::amp::request::Uuid;
use crate::code::Code;

/// Who says that a checked PSET may be signed.
#[derive(Debug, Clone, Copy)]
pub enum Approval<'a> {
    /// The approval code, as a person wrote it down.
    Code(&'a str),
    /// The answers to [`CheckedPset::questions`], in order.
    Typed(&'a [String]),
    /// An approver's signature, and the answers to [`CheckedPset::twin_questions`], which no approver can know.
    Signature(&'a ApproverSignature, &'a [String]),
}

/// How a PSET was approved, for the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApprovedBy {
    /// By code.
    Code,
    /// By typing.
    Typed,
    /// By an approver.
    Approver(ApproverKey),
}

/// Why a checked PSET was not approved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotApproved {
    /// Rules failed: policy, history, or the approval itself.
    #[error("{failed} rules failed")]
    Refused {
        /// Of each code the first few.
        mismatches: Vec<Mismatch>,
        /// How many rules failed, those included that are not listed.
        failed: usize,
    },
    /// What was typed is not what was asked for.
    #[error("{question}: the answer does not match")]
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
    despite: Vec<Uuid>,
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

    /// The open distributions to the same holders that the operator has typed to know of.
    pub fn despite(&self) -> &[Uuid] {
        &self.despite
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
        let mut questions = typed::questions(self, records);
        questions.extend(self.twin_questions(records));
        questions
    }

    /// What has to be typed whoever approves: each open distribution to the same holders.
    pub fn twin_questions(&self, records: &Records) -> Vec<Question> {
        typed::twin_questions(&standing(records, self).twins)
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
        // Where somebody types, each twin is asked for by its uuid below.
        let types = match approval {
            Approval::Code(_) => false,
            Approval::Typed(_) => true,
            Approval::Signature(_, answers) => !answers.is_empty(),
        };
        if types {
            mismatches.retain(|mismatch| mismatch.code != Code::OpenTwin);
        }
        let approvers = records.policy(self.request().asset).map(|policy| &policy.approvers);
        let approvers = approvers.filter(|approvers| !approvers.is_empty());
        let (by, refused) = match approval {
            Approval::Signature(signature, _) => {
                let refused = signature.refusal(secp, &self.approval_hash(), approvers);
                (ApprovedBy::Approver(signature.key), refused)
            }
            Approval::Code(code) => {
                (ApprovedBy::Code, approvers.map(missing).or_else(|| self.wrong_code(code)))
            }
            Approval::Typed(_) => (ApprovedBy::Typed, approvers.map(missing)),
        };
        mismatches.extend(refused);
        if !mismatches.is_empty() {
            let failed = mismatches.len();
            return Err(NotApproved::Refused { mismatches: bounded(mismatches), failed });
        }
        match approval {
            Approval::Code(_) => {}
            Approval::Typed(answers) => typed::answered(&self.questions(records), answers)?,
            Approval::Signature(_, answers) => typed::answered(&self.twin_questions(records), answers)?,
        }
        Ok(ApprovedPset { checked: self, by, despite: standing.twins })
    }

    /// The right code is not said: it stands on the review, where it is meant to be compared.
    fn wrong_code(&self, code: &str) -> Option<Mismatch> {
        if self.approval_code().is(code) {
            return None;
        }
        let shown = code.chars().filter(|character| character.is_ascii_alphanumeric() || *character == '-');
        let found = format!("the code {}", shown.take(48).collect::<String>());
        let expected = "the code of this PSET under this descriptor";
        Some(Mismatch::new(Code::ApprovalCode, "the approval", found, expected))
    }
}

/// Where the policy names approvers, nothing else will do.
fn missing(_approvers: &BTreeSet<ApproverKey>) -> Mismatch {
    let expected = "the signature of one whom the policy names";
    Mismatch::new(Code::ApprovalMissing, "the approval", "none of an approver", expected)
}
