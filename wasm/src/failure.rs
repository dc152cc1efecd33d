//! The one shape of all failures that the page gets.

use coldamp_core::amp::RequestError;
use coldamp_core::code::Code;
use coldamp_core::network::{PolicyAssetFixed, UnknownNetwork};
use coldamp_core::pset::ParseError;
use coldamp_core::sign::PartReadError;
use coldamp_core::signed::ReadError;
use coldamp_core::transport::bbqr::BbqrError;
use coldamp_core::transport::kind::KindError;
use coldamp_core::treasury::DescriptorError;
use coldamp_online::amp::{AmpError, RootError};
use coldamp_online::audit::NotAudited;
use coldamp_online::broadcast::BroadcastError;
use coldamp_online::combine::NotCombined;
use coldamp_online::http::HttpError;
use coldamp_online::prepare::NotPrepared;
use coldamp_online::prepare::replaced::OtherNetwork;
use coldamp_online::report::ReportError;
use coldamp_online::request::answer::AnswerError;
use coldamp_online::request::asset::AssetError;
use coldamp_online::request::distribution::{DistributionError, RebuildError};
use coldamp_online::request::planned::NotPossible;
use coldamp_online::source::esplora::EsploraError;
use coldamp_online::source::file::FileError;
use coldamp_online::state::log::LogError;
use coldamp_online::state::reservations::ReservationsError;
use coldamp_online::sync::{ContractFileError, SyncError};
use serde::Serialize;
use tsify::Tsify;
use wasm_bindgen::JsValue;

use crate::hints::HINTS;

/// Why something was not done. Every function and method throws it, as a plain object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Tsify)]
pub struct Failure {
    /// The stable name: `docs/codes.md` says what each means.
    pub code: String,
    /// What was found and what was expected.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

impl Failure {
    /// A failure with the hint of its code.
    pub(crate) fn new(code: Code, message: impl ToString) -> Self {
        Failure { code: code.to_string(), message: message.to_string(), hint: HINTS.text(code).to_owned() }
    }

    /// A failure that no input can cause.
    pub(crate) fn internal(message: impl ToString) -> Self {
        Self::new(Code::Internal, message)
    }

    /// Bytes that cannot be parsed.
    pub(crate) fn unreadable(message: impl ToString) -> Self {
        Self::new(Code::Parse, message)
    }

    /// An argument that does not have the form of its type.
    pub(crate) fn argument(message: impl ToString) -> Self {
        Self::new(Code::Argument, message)
    }
}

/// Errors that name their own code.
macro_rules! with_own_code {
    ($($error:ty),+ $(,)?) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Failure::new(error.code(), error)
            }
        })+
    };
}

with_own_code!(
    AmpError,
    AnswerError,
    AssetError,
    BbqrError,
    ContractFileError,
    DescriptorError,
    DistributionError,
    EsploraError,
    FileError,
    KindError,
    NotAudited,
    NotCombined,
    NotPossible,
    NotPrepared,
    PartReadError,
    ReadError,
    RebuildError,
    ReservationsError,
    RequestError,
);

impl From<ParseError> for Failure {
    fn from(error: ParseError) -> Self {
        Failure::unreadable(error)
    }
}

impl From<RootError> for Failure {
    fn from(error: RootError) -> Self {
        Failure::new(Code::Host, error)
    }
}

impl From<OtherNetwork> for Failure {
    fn from(error: OtherNetwork) -> Self {
        Failure::new(Code::Network, error)
    }
}

impl From<LogError> for Failure {
    fn from(error: LogError) -> Self {
        Failure::new(Code::Log, error)
    }
}

impl From<HttpError> for Failure {
    fn from(error: HttpError) -> Self {
        Failure::internal(error)
    }
}

/// The error of a chain source, with its code: the error that it causes has the same code.
pub(crate) trait Coded: std::error::Error + Into<Failure> + 'static {
    fn code_of(&self) -> Code;
}

impl Coded for EsploraError {
    fn code_of(&self) -> Code {
        self.code()
    }
}

impl Coded for DescriptorError {
    fn code_of(&self) -> Code {
        self.code()
    }
}

impl<E: Coded> From<SyncError<E>> for Failure {
    fn from(error: SyncError<E>) -> Self {
        match error {
            SyncError::Source(source) => source.into(),
            other => Failure::new(other.code(), other),
        }
    }
}

impl<E: Coded> From<BroadcastError<E>> for Failure {
    fn from(error: BroadcastError<E>) -> Self {
        Failure::new(error.code(E::code_of), error)
    }
}

impl<E: Coded> From<ReportError<E>> for Failure {
    fn from(error: ReportError<E>) -> Self {
        Failure::new(error.code(E::code_of), error)
    }
}

impl From<Failure> for JsValue {
    fn from(failure: Failure) -> Self {
        // Three strings can be serialized. If not, the message alone is thrown.
        failure.into_js().map_or_else(|_| JsValue::from_str(&failure.message), JsValue::from)
    }
}

impl From<tsify::Error> for Failure {
    fn from(error: tsify::Error) -> Self {
        Failure::internal(error)
    }
}

impl From<UnknownNetwork> for Failure {
    fn from(error: UnknownNetwork) -> Self {
        Failure::new(Code::Network, error)
    }
}

impl From<PolicyAssetFixed> for Failure {
    fn from(error: PolicyAssetFixed) -> Self {
        Failure::new(Code::Network, error)
    }
}
