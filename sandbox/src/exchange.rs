//! One request and its answer, as both HTTP APIs see them: without sockets, so that each API is a plain function.

use serde_json::Value;

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The HTTP method, in capitals.
    pub method: String,
    /// The path below `/api/`, without a leading slash and without the query.
    pub path: String,
    /// What stands behind the question mark; empty without one.
    pub query: String,
    /// The header of that name, as sent.
    pub authorization: Option<String>,
    /// The body, at most 8 MiB.
    pub body: Vec<u8>,
}

/// What is answered.
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
    /// Words.
    pub fn text(status: u16, text: impl Into<String>) -> Self {
        Answer { status, content_type: "text/plain", body: text.into().into_bytes() }
    }

    /// JSON, on one line.
    pub fn json(status: u16, value: &Value) -> Self {
        Answer { status, content_type: "application/json", body: value.to_string().into_bytes() }
    }

    /// Nothing at all: what AMP answers to some requests it took.
    pub fn empty(status: u16) -> Self {
        Answer { status, content_type: "application/json", body: Vec::new() }
    }
}
