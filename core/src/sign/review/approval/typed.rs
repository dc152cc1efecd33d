//! Approval at a terminal: the operator types what is about to happen instead of a yes. Fingers that answer "y" to
//! everything cannot type an amount they have not read.

use super::super::check::CheckedPset;
use super::super::policy::Records;
use super::NotApproved;
use crate::amp::request::Uuid;

/// Characters of the asset id that are typed.
const ASSET_CHARACTERS: usize = 8;

/// Something to be typed, and what the right answer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What to ask, without a colon.
    pub text: String,
    answer: String,
}

/// The amount and the asset.
///
/// Amounts are typed at the precision that a contract proves, else in base units. A proven ticker says what the issuer
/// of *this id* calls it, and anybody can issue a "USDt": only where a policy pins the id is the ticker enough; without
/// one, or where the contract has no ticker, it is the end of the id (security.md 15).
pub(super) fn questions(checked: &CheckedPset, records: &Records) -> Vec<Question> {
    let request = checked.request();
    let (amount, unit) = match checked.asset().contract() {
        Some(contract) => {
            (request.total().to_decimal(contract.precision()), format!("in {}", contract.unit()))
        }
        None => (request.total().to_string(), "in base units".to_owned()),
    };
    let mut questions =
        vec![Question { text: format!("type the amount to {}, {unit}", request.command()), answer: amount }];
    let pinned = records.policy(request.asset).and_then(|policy| policy.proof.contract());
    questions.push(match pinned.and_then(|contract| contract.ticker()) {
        Some(ticker) => Question { text: "type the ticker".to_owned(), answer: ticker.to_owned() },
        None => {
            let id = request.asset.to_string();
            let last = id.get(id.len().saturating_sub(ASSET_CHARACTERS)..).unwrap_or(&id).to_owned();
            let text = format!("type the last {ASSET_CHARACTERS} characters of the asset id");
            Question { text, answer: last }
        }
    });
    questions
}

/// Each open distribution to the same holders, by its uuid.
pub(super) fn twin_questions(twins: &[Uuid]) -> Vec<Question> {
    let text = "an earlier distribution to the same holders can still confirm, and both would pay; if that is meant, type its uuid as it stands above";
    twins.iter().map(|uuid| Question { text: text.to_owned(), answer: uuid.to_string() }).collect()
}

impl Question {
    /// Whether this is the answer, blanks around it aside.
    pub fn is_answered_by(&self, text: &str) -> bool {
        text.trim() == self.answer
    }
}

/// Whether every question has its answer.
///
/// # Errors
/// With the first that has not.
pub(super) fn answered(questions: &[Question], answers: &[String]) -> Result<(), NotApproved> {
    let mut answers = answers.iter();
    for question in questions {
        if !answers.next().is_some_and(|answer| question.is_answered_by(answer)) {
            return Err(NotApproved::Declined { question: question.text.clone() });
        }
    }
    Ok(())
}
