//! Why the file of a part cannot be read.

use crate::code::Code;
use crate::limits::MAX_SIGNATURES_BYTES;
use crate::pset::ParseError;

/// Why bytes are not the file of a part.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PartReadError {
    /// It is larger than any file of signatures.
    #[error("found {found} bytes, expected at most {MAX_SIGNATURES_BYTES}")]
    TooLarge {
        /// Its bytes.
        found: usize,
    },
    /// It is not the JSON of a file of signatures: other fields, a field twice, or more follows it.
    #[error("expected the fields of a coldamp.signatures/1, each once: line {line}, column {column}")]
    Shape {
        /// The line in which the parser stopped.
        line: usize,
        /// The column.
        column: usize,
    },
    /// It has another schema.
    #[error("schema: expected coldamp.signatures/1")]
    Schema,
    /// A field is not what a signer writes.
    #[error("{field}: expected {expected}")]
    Field {
        /// The field.
        field: &'static str,
        /// What it must be.
        expected: &'static str,
    },
    /// It is not a PSET, and does not begin as JSON.
    #[error("it is neither a coldamp.signatures/1 nor a signed PSET: {0}")]
    Pset(#[from] ParseError),
}

impl PartReadError {
    /// Its code.
    pub fn code(&self) -> Code {
        match self {
            PartReadError::TooLarge { .. } | PartReadError::Shape { .. } | PartReadError::Pset(_) => {
                Code::Parse
            }
            PartReadError::Schema => Code::Version,
            PartReadError::Field { .. } => Code::PartField,
        }
    }
}
