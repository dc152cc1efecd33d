//! Approval at a terminal: the operator types what is about to happen instead of a yes. Fingers that answer "y" to
//! everything cannot type an amount they have not read.

use super::super::check::CheckedPset;
use super::super::policy::Records;
use super::NotApproved;
use crate::amp::request::Uuid;
use crate::units::{AssetAmount, Precision};

/// Characters of the asset id that are typed.
const ASSET_CHARACTERS: usize = 8;

/// Something to be typed, and what the right answer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What to ask, without a colon.
    pub text: String,
    answer: Answer,
}

/// The right answer.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Answer {
    /// This text.
    Text(String),
    /// This amount at this precision, with or without zeros at the end.
    Amount(AssetAmount, Precision),
}

/// The amount and the asset.
///
/// Amounts are typed at the precision that a contract proves, else in base units. A proven ticker says what the issuer
/// of *this id* calls it, and anybody can issue a "USDt". The ticker is enough only where a policy pins the id. Without a
/// policy, or where the contract has no ticker, the end of the id is typed (docs/rules.md#typed-approval).
pub(super) fn questions(checked: &CheckedPset, records: &Records) -> Vec<Question> {
    let request = checked.request();
    let (precision, unit) = match checked.asset().contract() {
        Some(contract) => (contract.precision(), contract.unit().to_owned()),
        None => (Precision::ZERO, "base units".to_owned()),
    };
    let text = match precision {
        Precision::ZERO => format!("Type the amount in {unit}"),
        _ => format!("Type the amount in {unit} (zeros at the end may be left out)"),
    };
    let mut questions = vec![Question { text, answer: Answer::Amount(request.total(), precision) }];
    let pinned = records.policy(request.asset).and_then(|policy| policy.proof.contract());
    questions.push(match pinned.and_then(|contract| contract.ticker()) {
        Some(ticker) => {
            Question { text: "Type the ticker".to_owned(), answer: Answer::Text(ticker.to_owned()) }
        }
        None => {
            let id = request.asset.to_string();
            let last = id.get(id.len().saturating_sub(ASSET_CHARACTERS)..).unwrap_or(&id).to_owned();
            let text = format!("Type the last {ASSET_CHARACTERS} characters of the asset id");
            Question { text, answer: Answer::Text(last) }
        }
    });
    questions
}

/// Each open distribution to the same holders, by its uuid.
pub(super) fn twin_questions(twins: &[Uuid]) -> Vec<Question> {
    let text = "An earlier distribution to the same holders can still confirm, and both would pay. Type its uuid (OPEN_TWIN above) only if both are meant";
    let answer = |uuid: &Uuid| Answer::Text(uuid.to_string());
    twins.iter().map(|uuid| Question { text: text.to_owned(), answer: answer(uuid) }).collect()
}

impl Question {
    /// Whether this is the answer, blanks around it aside.
    pub fn is_answered_by(&self, text: &str) -> bool {
        let text = text.trim();
        match &self.answer {
            Answer::Text(answer) => text == answer,
            Answer::Amount(amount, precision) => AssetAmount::from_decimal(text, *precision) == Some(*amount),
        }
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
