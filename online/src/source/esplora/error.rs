//! The error of an Esplora server.

use coldamp_core::code::Code;
use coldamp_core::treasury::DescriptorError;

use crate::http::HttpError;

/// Why an Esplora server cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EsploraError {
    /// The address is not one of a server.
    #[error("the Esplora address: {reason}; expected https://HOST/PATH or http://HOST:PORT/PATH")]
    Address {
        /// What is wrong with the address.
        reason: &'static str,
    },
    /// No answer came.
    #[error("no answer from Esplora to {path}: {source}")]
    Http {
        /// The request's path.
        path: String,
        /// The error of the connection.
        source: HttpError,
    },
    /// The server keeps refusing because of too many requests.
    #[error("Esplora limits requests (status {status} to {path}){}", waits(*.retry_after))]
    Limited {
        /// The request's path.
        path: String,
        /// 429, or 503.
        status: u16,
        /// Seconds that the server asks to wait, if it says so.
        retry_after: Option<u64>,
    },
    /// The token server does not answer, or failed.
    #[error("no token from the token server: {reason}")]
    TokenServer {
        /// The error of the connection or of the token server.
        reason: String,
    },
    /// The server or the token server refuses the credentials, or they are for another server.
    #[error("the credentials for Esplora: {reason}")]
    Credentials {
        /// What is wrong with them.
        reason: String,
    },
    /// An answer with an error status.
    #[error("Esplora answers {path} with status {status}: {words}")]
    Status {
        /// The request's path.
        path: String,
        /// The status.
        status: u16,
        /// The server's message.
        words: String,
    },
    /// An answer of another form.
    #[error("Esplora's answer to {path} is not what it should be: {reason}")]
    Answer {
        /// The request's path.
        path: String,
        /// What is wrong with the answer.
        reason: String,
    },
    /// A script cannot be derived.
    #[error(transparent)]
    Descriptor(#[from] DescriptorError),
}

impl EsploraError {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            EsploraError::Address { .. } => Code::EsploraAddress,
            EsploraError::Http { .. } | EsploraError::TokenServer { .. } => Code::EsploraUnreachable,
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
