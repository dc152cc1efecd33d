//! Why AMP did not do what it was asked, and which answers mean success.

use coldamp_core::code::Code;

use super::root::AmpRoot;
use crate::http::{Answer, HttpError};
use crate::secrets::Secrets;

/// Why AMP did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AmpError {
    /// No answer came.
    #[error("no answer from AMP at {root} to {path}: {source}")]
    Http {
        /// The root of AMP's API.
        root: String,
        /// The path of the request.
        path: String,
        /// The error of the connection.
        source: HttpError,
    },
    /// AMP failed. It may have done what was asked before it failed.
    #[error("AMP at {root} answers {path} with status {status}: {words}")]
    Failed {
        /// The root of AMP's API.
        root: String,
        /// The path of the request.
        path: String,
        /// 500 to 599, or a status that is not expected here.
        status: u16,
        /// AMP's message, cut.
        words: String,
    },
    /// The name, the password or the token is wrong.
    #[error("AMP at {root} refuses the credentials: {words}")]
    Credentials {
        /// The root of AMP's API.
        root: String,
        /// AMP's message, cut.
        words: String,
    },
    /// AMP refuses the request.
    #[error("AMP at {root} refuses {path} with status {status}: {words}")]
    Refused {
        /// The root of AMP's API.
        root: String,
        /// The path of the request.
        path: String,
        /// 400 to 499.
        status: u16,
        /// AMP's message, cut.
        words: String,
    },
    /// The status says success, but the answer is not of the expected form.
    #[error("AMP's answer to {path} is not what it should be: {reason}")]
    Answer {
        /// The path of the request.
        path: String,
        /// What is wrong with the answer.
        reason: String,
    },
    /// The token holds characters that no header may hold.
    #[error("the token holds characters that no token has")]
    Token,
}

impl AmpError {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            AmpError::Http { .. } => Code::AmpUnreachable,
            AmpError::Failed { .. } => Code::AmpFailed,
            AmpError::Credentials { .. } | AmpError::Token => Code::AmpCredentials,
            AmpError::Refused { .. } => Code::AmpRefused,
            AmpError::Answer { .. } => Code::AmpAnswer,
        }
    }

    /// Whether AMP may have done what it was asked, although it did not say so.
    pub fn may_have_acted(&self) -> bool {
        match self {
            AmpError::Http { source, .. } => source.may_have_acted(),
            AmpError::Failed { .. } | AmpError::Answer { .. } => true,
            AmpError::Credentials { .. } | AmpError::Refused { .. } | AmpError::Token => false,
        }
    }

    /// Whether there is nothing at this endpoint: AMP has no such record, or does not have the endpoint.
    pub fn is_absent(&self) -> bool {
        matches!(self, AmpError::Refused { status: 404 | 405, .. })
    }

    /// Whether this endpoint shows nothing that could be read: it does not exist, is closed to this login, or answers in
    /// another form. An endpoint that is only looked at must not stop a report.
    pub fn shows_nothing(&self) -> bool {
        matches!(self, AmpError::Refused { status: 403..=405, .. } | AmpError::Answer { .. })
    }
}

/// Success is status 200 and nothing else, as AMP's own script has it.
pub(super) fn judged(
    root: &AmpRoot,
    path: &str,
    secrets: &Secrets,
    answer: Result<Answer, HttpError>,
) -> Result<Answer, AmpError> {
    let (root, path) = (root.to_string(), path.to_owned());
    let answer = match answer {
        Ok(answer) => answer,
        Err(source) => return Err(AmpError::Http { root, path, source }),
    };
    let status = answer.status;
    let words = || answer.words_without(secrets);
    match status {
        200 => Ok(answer),
        401 => Err(AmpError::Credentials { root, words: words() }),
        // From a proxy that stopped waiting. AMP may carry the request out all the same.
        408 | 499 => Err(AmpError::Failed { root, path, status, words: words() }),
        400..=499 => Err(AmpError::Refused { root, path, status, words: words() }),
        _ => Err(AmpError::Failed { root, path, status, words: words() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(status: u16) -> Result<Answer, AmpError> {
        told(status, "")
    }

    fn told(status: u16, secret: &str) -> Result<Answer, AmpError> {
        let root = AmpRoot::parse("https://amp.example.org/api").unwrap();
        let answer = Answer { status, retry_after: None, body: b"{\"detail\":\"x\"}".to_vec() };
        let mut secrets = Secrets::default();
        secrets.add(secret);
        judged(&root, "assets", &secrets, Ok(answer))
    }

    #[test]
    fn words_that_quote_what_was_sent_are_not_passed_on() {
        for code in [400, 401, 500] {
            assert!(told(code, "y").err().unwrap().to_string().contains("detail"));
            let error = told(code, "{\"detail\":\"x").err().unwrap();
            assert!(!error.to_string().contains("detail"), "{error}");
        }
    }

    #[test]
    fn only_200_is_success_and_only_a_clear_no_is_known_not_to_have_acted() {
        assert!(status(200).is_ok());
        for (code, acted) in [
            (201, true),
            (302, true),
            (408, true),
            (500, true),
            (503, true),
            (400, false),
            (401, false),
            (404, false),
        ] {
            let error = status(code).err().unwrap();
            assert_eq!(error.may_have_acted(), acted, "{code}: {error}");
        }
        assert!(status(404).err().unwrap().is_absent() && !status(400).err().unwrap().is_absent());
    }
}
