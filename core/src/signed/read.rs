//! Reading `signed.json`: strictly, and no further than to the text of its fields. Whoever audits compares that text
//! with what must stand there; parsing it first would let two texts pass for one value.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{SIGNED_VERSION, SignedFile};
use crate::amp::confirm::NotAPayload;
use crate::code::Code;
use crate::limits::MAX_SIGNED_BYTES;

/// Why bytes are no signed.json. It quotes nothing of them: the file holds every blinder.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// Larger than any.
    #[error("found {found} bytes, expected at most {MAX_SIGNED_BYTES}")]
    TooLarge {
        /// How many.
        found: usize,
    },
    /// Not the JSON of a signed file: no text, other fields, a field twice, or more behind it.
    #[error("expected the fields of a signed.json, each once: line {line}, column {column}")]
    Shape {
        /// Where the parser stopped.
        line: usize,
        /// And in which column.
        column: usize,
    },
    /// A field that is not what the signer writes, or that does not go with the others.
    #[error("{field}: expected {expected}")]
    Field {
        /// Which.
        field: &'static str,
        /// What must stand there.
        expected: &'static str,
    },
    /// A host that is not AMP's: report and password would go there.
    #[error("amp.base_url: expected https://HOST/api with HOST one of {expected}")]
    Host {
        /// The built-in hosts of the network.
        expected: String,
    },
    /// A report of another shape than the command's.
    #[error("amp.payload: {0}")]
    Payload(#[from] NotAPayload),
    /// Another version of the format.
    #[error("found version {found}, expected {SIGNED_VERSION}")]
    Version {
        /// Which.
        found: u32,
    },
}

impl ReadError {
    /// Its code.
    pub fn code(&self) -> Code {
        match self {
            ReadError::TooLarge { .. } | ReadError::Shape { .. } => Code::Parse,
            ReadError::Version { .. } => Code::Version,
            ReadError::Field { .. } => Code::SignedField,
            ReadError::Host { .. } => Code::Host,
            ReadError::Payload(_) => Code::Payload,
        }
    }
}

/// The text of a signed.json's fields. No Debug: they hold every blinder.
#[derive(Clone, Copy)]
pub struct SignedFields<'a> {
    pub(super) fields: Wire<'a>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wire<'a> {
    version: u32,
    #[serde(borrow)]
    pub(super) network: &'a RawValue,
    #[serde(borrow)]
    pub(super) command: &'a RawValue,
    #[serde(borrow)]
    pub(super) txid: &'a RawValue,
    #[serde(borrow)]
    pub(super) wtxid: &'a RawValue,
    #[serde(borrow)]
    pub(super) transaction: &'a RawValue,
    #[serde(borrow)]
    pub(super) amp: &'a RawValue,
    #[serde(borrow)]
    pub(super) signer: &'a RawValue,
}

impl<'a> SignedFields<'a> {
    /// Splits a file into its fields.
    ///
    /// # Errors
    /// When it is no signed.json.
    pub fn split(bytes: &'a [u8]) -> Result<Self, ReadError> {
        if bytes.len() > MAX_SIGNED_BYTES {
            return Err(ReadError::TooLarge { found: bytes.len() });
        }
        let fields: Wire<'a> = serde_json::from_slice(bytes)
            .map_err(|error| ReadError::Shape { line: error.line(), column: error.column() })?;
        if fields.version != SIGNED_VERSION {
            return Err(ReadError::Version { found: fields.version });
        }
        Ok(SignedFields { fields })
    }

    /// The transaction in hexadecimal; none where it is no plain text.
    pub(crate) fn transaction(&self) -> Option<&'a str> {
        serde_json::from_str(self.fields.transaction.get()).ok()
    }

    /// The names of the fields whose text is not that of `expected`.
    pub fn differences(&self, expected: &SignedFile) -> Vec<&'static str> {
        let Ok(text) = expected.to_json() else { return vec!["everything"] };
        let Ok(SignedFields { fields: expected }) = SignedFields::split(text.as_bytes()) else {
            return vec!["everything"];
        };
        let Wire { network, command, txid, wtxid, transaction, amp, signer, .. } = self.fields;
        let pairs = [
            ("network", network, expected.network),
            ("command", command, expected.command),
            ("txid", txid, expected.txid),
            ("wtxid", wtxid, expected.wtxid),
            ("transaction", transaction, expected.transaction),
            ("amp", amp, expected.amp),
            ("signer", signer, expected.signer),
        ];
        pairs
            .into_iter()
            .filter(|(_, one, other)| one.get() != other.get())
            .map(|(name, _, _)| name)
            .collect()
    }
}
