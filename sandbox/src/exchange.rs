//! One request and its answer, without sockets: each of the two HTTP APIs is a plain function from one to the other.

use serde_json::Value;

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The HTTP method, in capitals.
    pub method: String,
    /// The path below `/api/`, without a leading slash and without the query.
    pub path: String,
    /// The part behind the question mark; empty without one.
    pub query: String,
    /// The header of that name, as sent.
    pub authorization: Option<String>,
    /// The body, at most 8 MiB.
    pub body: Vec<u8>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The header of that name.
    pub content_type: &'static str,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// Plain text.
    pub fn text(status: u16, text: impl Into<String>) -> Self {
        Answer { status, content_type: "text/plain", body: text.into().into_bytes() }
    }

    /// JSON, on one line.
    pub fn json(status: u16, value: &Value) -> Self {
        Answer { status, content_type: "application/json", body: value.to_string().into_bytes() }
    }

    /// No body: AMP answers so to some requests that it accepts.
    pub fn empty(status: u16) -> Self {
        Answer { status, content_type: "application/json", body: Vec::new() }
    }
}
