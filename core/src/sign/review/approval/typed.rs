//! Approval at a terminal: the operator types what is about to happen instead of "yes". Nobody can type an amount without
//! reading it.

use super::super::checked::CheckedPset;
use crate::amp::request::Uuid;
use crate::units::{AssetAmount, Precision, ungrouped_digits};

/// Characters of the asset id that are typed.
const ASSET_CHARACTERS: usize = 8;

/// A question that a person answers by typing, with its right answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The text of the question, without a colon.
    pub text: String,
    answer: Answer,
    wrong: &'static str,
}

/// The right answer.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Answer {
    /// This text.
    Text(String),
    /// This amount at this precision, with or without zeros at the end.
    Amount(AssetAmount, Precision),
}

/// The questions for the amount and the asset.
///
/// The amount is typed at the precision that a contract proves, or else in base units. A proven ticker is only the name that
/// the issuer of this id chose: anybody can issue a "USDt". So the ticker is asked for only where a policy pins the id
/// (`pinned_ticker`). In all other cases the end of the id is typed (docs/rules.md#typed-approval).
pub(super) fn questions(checked: &CheckedPset, pinned_ticker: Option<&str>) -> Vec<Question> {
    let request = checked.request();
    let (precision, unit) = match checked.asset().contract() {
        Some(contract) => (contract.precision(), contract.unit().to_owned()),
        None => (Precision::ZERO, "base units".to_owned()),
    };
    let text = match precision {
        Precision::ZERO => format!("Type the amount in {unit}"),
        _ => format!("Type the amount in {unit} (zeros at the end may be left out)"),
    };
    let answer = Answer::Amount(request.total(), precision);
    let mut questions = vec![Question { text, answer, wrong: "That is not the amount of this job." }];
    questions.push(match pinned_ticker {
        Some(ticker) => Question {
            text: "Type the ticker".to_owned(),
            answer: Answer::Text(ticker.to_owned()),
            wrong: "That is not the ticker.",
        },
        None => {
            let id = request.asset.to_string();
            let last = id.get(id.len().saturating_sub(ASSET_CHARACTERS)..).unwrap_or(&id).to_owned();
            let text = format!("Type the last {ASSET_CHARACTERS} characters of the asset id");
            Question { text, answer: Answer::Text(last), wrong: "That is not the end of the asset id." }
        }
    });
    questions
}

/// One question for each open distribution to the same holders: its uuid.
pub(super) fn twin_questions(twins: &[Uuid]) -> Vec<Question> {
    let text = "An earlier distribution to the same holders can still confirm, and both would pay. Type its uuid (OPEN_TWIN above) only if both are meant";
    let answer = |uuid: &Uuid| Answer::Text(uuid.to_string());
    let wrong = "That is not the uuid of the open distribution.";
    twins.iter().map(|uuid| Question { text: text.to_owned(), answer: answer(uuid), wrong }).collect()
}

impl Question {
    /// What to say after a wrong answer.
    pub fn wrong_answer(&self) -> &'static str {
        self.wrong
    }

    /// Whether this text is the right answer. Blanks around it do not matter. An amount may have blanks or underscores between
    /// its digits: the review shows it with blanks.
    pub fn is_answered_by(&self, text: &str) -> bool {
        let text = text.trim();
        match &self.answer {
            Answer::Text(answer) => text == answer,
            Answer::Amount(amount, precision) => {
                AssetAmount::from_decimal(&ungrouped_digits(text), *precision) == Some(*amount)
            }
        }
    }
}

/// The first question whose answer is missing or wrong.
pub(super) fn first_wrong<'a>(questions: &'a [Question], answers: &[String]) -> Option<&'a Question> {
    let mut answers = answers.iter();
    questions.iter().find(|question| !answers.next().is_some_and(|answer| question.is_answered_by(answer)))
}
