//! What is answered: JSON, and refusals in the form of Django REST.

use serde::Serialize;
use serde_json::{Value, json};

use crate::exchange::Answer;

/// Why a request is not carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    /// No such path, or nothing of that name under it.
    #[error("Not found.")]
    NotFound,
    /// The request has no token, or a token that was not given out.
    #[error("{reason}")]
    Unauthorized {
        /// AMP's message for either case.
        reason: &'static str,
    },
    /// The path is known, the method is not.
    #[error("Method \"{found}\" not allowed.")]
    Method {
        /// The method of the request.
        found: String,
    },
    /// The request cannot be carried out, or a statement in it is false.
    #[error("{0}")]
    Detail(String),
    /// The same, about the request as a whole.
    #[error("{0}")]
    NonField(String),
    /// The same, about one field.
    #[error("{field}: {reason}")]
    Field {
        /// The name of the field.
        field: &'static str,
        /// Why the field is refused.
        reason: String,
    },
    /// The answer could not be written.
    #[error("{0}")]
    Unwritable(String),
}

impl Refusal {
    /// A refusal as a whole.
    pub(super) fn detail(text: impl Into<String>) -> Self {
        Refusal::Detail(text.into())
    }

    /// A refusal of one field.
    pub(super) fn field(field: &'static str, reason: impl Into<String>) -> Self {
        Refusal::Field { field, reason: reason.into() }
    }

    fn status(&self) -> u16 {
        match self {
            Refusal::NotFound => 404,
            Refusal::Unauthorized { .. } => 401,
            Refusal::Method { .. } => 405,
            Refusal::Detail(_) | Refusal::NonField(_) | Refusal::Field { .. } => 400,
            Refusal::Unwritable(_) => 500,
        }
    }

    fn body(&self) -> Value {
        match self {
            Refusal::NonField(text) => json!({ "non_field_errors": [text] }),
            Refusal::Field { field, reason } => json!({ *field: [reason] }),
            other => json!({ "detail": other.to_string() }),
        }
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        Answer::json(refusal.status(), &refusal.body())
    }
}

/// 200 with a value that holds numbers in a notation of their own, which [`Value`] would not keep.
pub(super) fn written(value: &impl Serialize) -> Result<Answer, Refusal> {
    let body = serde_json::to_vec(value).map_err(|error| Refusal::Unwritable(error.to_string()))?;
    Ok(Answer { status: 200, content_type: "application/json", body })
}
