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

/// The amount, the asset, and each open distribution to the same holders.
pub(super) fn questions(checked: &CheckedPset, _records: &Records, twins: &[Uuid]) -> Vec<Question> {
    let request = checked.request();
    let id = request.asset.to_string();
    let last = id.get(id.len().saturating_sub(ASSET_CHARACTERS)..).unwrap_or(&id).to_owned();
    let mut questions = vec![
        Question {
            text: format!("type the amount to {}, in base units", request.command()),
            answer: request.total().to_string(),
        },
        Question {
            text: format!("type the last {ASSET_CHARACTERS} characters of the asset id"),
            answer: last,
        },
    ];
    questions.extend(twins.iter().map(|uuid| Question {
        text: "an earlier distribution to the same holders can still confirm, and both would pay; if that is meant, type its uuid as it stands above".to_owned(),
        answer: uuid.to_string(),
    }));
    questions
}

/// Whether every question has its answer.
///
/// # Errors
/// With the first that has not.
pub(super) fn answered(questions: &[Question], answers: &[String]) -> Result<(), NotApproved> {
    let mut answers = answers.iter();
    for question in questions {
        if answers.next().is_none_or(|answer| answer.trim() != question.answer) {
            return Err(NotApproved::Declined { question: question.text.clone() });
        }
    }
    Ok(())
}
