//! Reads `signed.json` strictly, and only as far as the text of its fields. An audit compares that text with the text that it
//! must have. If the values were parsed first, two texts could pass for one value.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{SignedFile, Signers};
use crate::amp::confirm::NotAPayload;
use crate::code::Code;
use crate::limits::MAX_SIGNED_BYTES;

/// What [`SignedFields::differences`] calls the field that names the signers, in either version.
pub(crate) const SIGNERS: &str = "signer";

/// Why bytes are not a signed.json. It quotes nothing of them: the file holds every blinder.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// It is larger than any signed.json.
    #[error("found {found} bytes, expected at most {MAX_SIGNED_BYTES}")]
    TooLarge {
        /// Its bytes.
        found: usize,
    },
    /// It is not the JSON of a signed file: it is not text, has other fields or a field twice, or more follows it.
    #[error("expected the fields of a signed.json, each once: line {line}, column {column}")]
    Shape {
        /// The line in which the parser stopped.
        line: usize,
        /// The column.
        column: usize,
    },
    /// A field is not what the signer writes, or contradicts another field.
    #[error("{field}: expected {expected}")]
    Field {
        /// The field.
        field: &'static str,
        /// What it must be.
        expected: &'static str,
    },
    /// The host is not AMP's. Report and password would go there.
    #[error("amp.base_url: expected https://HOST/api with HOST one of {expected}")]
    Host {
        /// The built-in hosts of the network.
        expected: String,
    },
    /// The report has another shape than that of the command.
    #[error("amp.payload: {0}")]
    Payload(#[from] NotAPayload),
    /// It has another version of the format.
    #[error("found version {found}, expected 1 or 2")]
    Version {
        /// The version.
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
    #[serde(borrow, default)]
    signer: Option<&'a RawValue>,
    #[serde(borrow, default)]
    signers: Option<&'a RawValue>,
}

impl<'a> Wire<'a> {
    /// The text of the field that names the signers.
    fn signers_text(&self) -> &'a str {
        self.signer.or(self.signers).map_or("", RawValue::get)
    }

    /// Who signed.
    ///
    /// # Errors
    /// When the field of the version is missing, the other version's is there, or it is not what a signer writes.
    pub(super) fn signers(&self) -> Result<Signers, ReadError> {
        let refused = |field, expected| ReadError::Field { field, expected };
        match (self.version, self.signer, self.signers) {
            (1, signer, None) => signer
                .and_then(|text| Signers::read_one(text.get()))
                .ok_or_else(|| refused("signer", "id, number and head, each once")),
            (2, None, signers) => {
                signers.and_then(|text| Signers::read_several(text.get())).ok_or_else(|| {
                    refused(
                        "signers",
                        "of each signer fingerprint, id, number and head, or the fingerprint alone, in the order of the fingerprints",
                    )
                })
            }
            (1, ..) => Err(refused("signers", "no such field in version 1")),
            _ => Err(refused("signer", "no such field in version 2")),
        }
    }
}

impl<'a> SignedFields<'a> {
    /// Splits a file into its fields.
    ///
    /// # Errors
    /// When it is not a signed.json.
    pub fn split(bytes: &'a [u8]) -> Result<Self, ReadError> {
        if bytes.len() > MAX_SIGNED_BYTES {
            return Err(ReadError::TooLarge { found: bytes.len() });
        }
        let fields: Wire<'a> = serde_json::from_slice(bytes)
            .map_err(|error| ReadError::Shape { line: error.line(), column: error.column() })?;
        if !matches!(fields.version, 1 | 2) {
            return Err(ReadError::Version { found: fields.version });
        }
        Ok(SignedFields { fields })
    }

    /// The transaction in hexadecimal. `None` if it is not a plain string.
    pub(crate) fn transaction(&self) -> Option<&'a str> {
        serde_json::from_str(self.fields.transaction.get()).ok()
    }

    /// The names of the fields whose text is not that of `expected`. The field that names the signers is `signer` in either version.
    pub fn differences(&self, expected: &SignedFile) -> Vec<&'static str> {
        let Ok(text) = expected.to_json() else { return vec!["everything"] };
        let Ok(SignedFields { fields: expected }) = SignedFields::split(text.as_bytes()) else {
            return vec!["everything"];
        };
        let Wire { network, command, txid, wtxid, transaction, amp, .. } = self.fields;
        let signers_differ = self.fields.signers_text() != expected.signers_text();
        let pairs = [
            ("network", network, expected.network),
            ("command", command, expected.command),
            ("txid", txid, expected.txid),
            ("wtxid", wtxid, expected.wtxid),
            ("transaction", transaction, expected.transaction),
            ("amp", amp, expected.amp),
        ];
        let differing = pairs.into_iter().filter(|(_, one, other)| one.get() != other.get());
        differing.map(|(name, _, _)| name).chain(signers_differ.then_some(SIGNERS)).collect()
    }
}
