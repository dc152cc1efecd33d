//! The one shape that everything throws.

use coldamp_core::amp::RequestError;
use coldamp_core::network::{PolicyAssetFixed, UnknownNetwork};
use coldamp_core::treasury::DescriptorError;
use serde::Serialize;
use tsify::Tsify;
use wasm_bindgen::JsValue;

use crate::hint;

/// Why something was not done: what every function and method throws, a plain object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Tsify)]
pub struct Failure {
    /// The stable name of the rule that failed.
    pub code: String,
    /// What was found and what was expected.
    pub message: String,
    /// What to do about it; may be empty.
    pub hint: String,
}

impl Failure {
    /// A failure with the hint of its code.
    pub(crate) fn new(code: &str, message: impl ToString) -> Self {
        Failure { code: code.to_owned(), message: message.to_string(), hint: hint::of(code).to_owned() }
    }

    /// A failure that no input can bring about.
    pub(crate) fn internal(message: impl ToString) -> Self {
        Self::new("INTERNAL", message)
    }

    /// An argument that is not what its type says.
    pub(crate) fn argument(message: impl ToString) -> Self {
        Self::new("ARGUMENT", message)
    }
}

/// Errors that name their own code.
macro_rules! told {
    ($($error:ty),+ $(,)?) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Failure::new(error.code(), error)
            }
        })+
    };
}

told!(DescriptorError, RequestError);

impl From<Failure> for JsValue {
    fn from(failure: Failure) -> Self {
        // Three strings serialize; were it not so, the message alone would still be thrown.
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
        Failure::new("NETWORK", error)
    }
}

impl From<PolicyAssetFixed> for Failure {
    fn from(error: PolicyAssetFixed) -> Self {
        Failure::new("NETWORK", error)
    }
}
