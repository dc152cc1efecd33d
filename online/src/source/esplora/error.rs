//! Why an Esplora server could not be read.

use coldamp_core::code::Code;
use coldamp_core::treasury::DescriptorError;

use crate::http::HttpError;

/// Why an Esplora server could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EsploraError {
    /// No address of a server.
    #[error(
        "found no address of an Esplora server: {reason}; expected https://HOST/PATH or http://HOST:PORT/PATH"
    )]
    Address {
        /// What is wrong.
        reason: &'static str,
    },
    /// No answer.
    #[error("no answer from Esplora to {path}: {source}")]
    Http {
        /// What was asked.
        path: String,
        /// Why.
        source: HttpError,
    },
    /// It refuses to be asked so often, and goes on refusing.
    #[error("Esplora refuses more requests (status {status} to {path}){}", waits(*.retry_after))]
    Limited {
        /// What was asked.
        path: String,
        /// 429, or 503.
        status: u16,
        /// Seconds that the server asks to wait for, if it said so.
        retry_after: Option<u64>,
    },
    /// The server refuses the credentials, they are for another server, or the token server gives no token for them.
    #[error("the credentials for Esplora: {reason}")]
    Credentials {
        /// What was said.
        reason: String,
    },
    /// An answer that says no.
    #[error("Esplora answers {path} with status {status}: {words}")]
    Status {
        /// What was asked.
        path: String,
        /// The status.
        status: u16,
        /// The server's words.
        words: String,
    },
    /// An answer that is not what was asked for.
    #[error("Esplora's answer to {path} is not what it should be: {reason}")]
    Answer {
        /// What was asked.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// An index that cannot be derived.
    #[error(transparent)]
    Descriptor(#[from] DescriptorError),
}

impl EsploraError {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            EsploraError::Address { .. } => Code::EsploraAddress,
            EsploraError::Http { .. } => Code::EsploraUnreachable,
            EsploraError::Limited { .. } => Code::EsploraLimited,
            EsploraError::Credentials { .. } => Code::EsploraCredentials,
            EsploraError::Status { .. } => Code::EsploraRefused,
            EsploraError::Answer { .. } => Code::EsploraAnswer,
            EsploraError::Descriptor(error) => error.code(),
        }
    }
}

fn waits(retry_after: Option<u64>) -> String {
    retry_after.map(|seconds| format!("; it asks to wait {seconds} seconds")).unwrap_or_default()
}
