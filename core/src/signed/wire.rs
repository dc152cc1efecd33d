//! The fields of `signed.json`, listed once: for reading, for writing, and for comparing their texts.

use elements::encode::serialize_hex;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{SignedFile, Signers};
use crate::amp::confirm::{NotAPayload, Payload};
use crate::code::Code;
use crate::limits::MAX_SIGNED_BYTES;

/// What [`RawFields::differences`] calls the field that names the signers, in either version.
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

pub(super) fn field(field: &'static str, expected: &'static str) -> ReadError {
    ReadError::Field { field, expected }
}

/// The fields in the signer's order.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fields<Text, Report, One, Several> {
    version: u32,
    pub(super) network: Text,
    pub(super) command: Text,
    pub(super) txid: Text,
    pub(super) wtxid: Text,
    pub(super) transaction: Text,
    pub(super) amp: Report,
    /// In version 1.
    #[serde(skip_serializing_if = "Option::is_none", default = "Option::default")]
    signer: Option<One>,
    /// In version 2.
    #[serde(skip_serializing_if = "Option::is_none", default = "Option::default")]
    signers: Option<Several>,
}

/// The text of each field. Comparing it finds what two texts for one value would hide. No Debug: they hold every blinder.
pub(crate) type RawFields<'a> = Fields<&'a RawValue, &'a RawValue, &'a RawValue, &'a RawValue>;

/// Field `amp`: where the report goes and what it says.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Amp<Text, Report> {
    pub(super) base_url: Text,
    pub(super) asset_uuid: Text,
    #[serde(skip_serializing_if = "Option::is_none", default = "Option::default")]
    pub(super) distribution_uuid: Option<Text>,
    pub(super) path: Text,
    pub(super) payload: Report,
}

impl<'a> RawFields<'a> {
    /// Splits a file into its fields.
    ///
    /// # Errors
    /// When it does not have the fields of a signed.json.
    pub(crate) fn split(bytes: &'a [u8]) -> Result<Self, ReadError> {
        if bytes.len() > MAX_SIGNED_BYTES {
            return Err(ReadError::TooLarge { found: bytes.len() });
        }
        let fields: Self = serde_json::from_slice(bytes)
            .map_err(|error| ReadError::Shape { line: error.line(), column: error.column() })?;
        if !matches!(fields.version, 1 | 2) {
            return Err(ReadError::Version { found: fields.version });
        }
        Ok(fields)
    }

    /// The text of the field `transaction`; none where it is not a string.
    pub(crate) fn transaction(&self) -> Option<String> {
        decoded_text(self.transaction)
    }

    /// Who signed.
    ///
    /// # Errors
    /// When the field of the version is missing, the other version's is there, or it is not what a signer writes.
    pub(super) fn signers(&self) -> Result<Signers, ReadError> {
        match (self.version, self.signer, self.signers) {
            (1, signer, None) => signer
                .and_then(|text| Signers::read_one(text.get()))
                .ok_or_else(|| field("signer", "id, number and head, each once")),
            (2, None, signers) => {
                signers.and_then(|text| Signers::read_several(text.get())).ok_or_else(|| {
                    field(
                        "signers",
                        "of each signer fingerprint, id, number and head, or the fingerprint alone, in the order of the fingerprints",
                    )
                })
            }
            (1, ..) => Err(field("signers", "no such field in version 1")),
            _ => Err(field("signer", "no such field in version 2")),
        }
    }

    /// The names of the fields whose text is not that of `expected`. The field that names the signers is [`SIGNERS`] in either
    /// version.
    pub(crate) fn differences(&self, expected: &SignedFile) -> Vec<&'static str> {
        let Ok(text) = expected.to_json() else { return vec!["everything"] };
        let Ok(expected) = RawFields::split(text.as_bytes()) else { return vec!["everything"] };
        let pairs = self.texts().into_iter().zip(expected.texts());
        pairs.filter(|(found, expected)| found != expected).map(|((name, _), _)| name).collect()
    }

    fn texts(self) -> [(&'static str, &'a str); 7] {
        let Fields { version: _, network, command, txid, wtxid, transaction, amp, signer, signers } = self;
        [
            ("network", network.get()),
            ("command", command.get()),
            ("txid", txid.get()),
            ("wtxid", wtxid.get()),
            ("transaction", transaction.get()),
            ("amp", amp.get()),
            (SIGNERS, signer.or(signers).map_or("", RawValue::get)),
        ]
    }
}

impl SignedFile {
    /// The file's text: indented JSON with a newline at its end.
    ///
    /// # Errors
    /// Never for the values this type can hold; the writer's error is passed on all the same.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        let amp: Amp<String, &Payload> = Amp {
            base_url: self.api.to_string(),
            asset_uuid: self.asset_uuid.to_string(),
            distribution_uuid: self.distribution_uuid.as_ref().map(ToString::to_string),
            path: self.path(),
            payload: &self.payload,
        };
        let fields = Fields {
            version: self.signers.version(),
            network: self.chain.name().to_owned(),
            command: self.command.name().to_owned(),
            txid: self.txid().to_string(),
            wtxid: self.wtxid().to_string(),
            transaction: serialize_hex(&self.transaction),
            amp,
            signer: self.signers.one(),
            signers: self.signers.several(),
        };
        let mut text = serde_json::to_string_pretty(&fields)?;
        text.push('\n');
        Ok(text)
    }
}

/// What a JSON string says; none of anything else.
pub(super) fn decoded_text(raw: &RawValue) -> Option<String> {
    serde_json::from_str(raw.get()).ok()
}
