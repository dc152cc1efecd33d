//! `signed.json`: the signed transaction with its report, which is sent and reported online.
//!
//! [`SignedFile`] is its text as it is written. [`Signed`] is what the online side reads out of it. [`SignedFields`] is what an
//! audit compares. [`Signers`] says who signed.

mod parsed;
mod read;
mod signers;

use elements::{Transaction, Txid, Wtxid};
use serde::Serialize;

use crate::amp::Request;
use crate::amp::confirm::Payload;
use crate::network::Network;

pub use parsed::Signed;
pub(crate) use read::SIGNERS;
pub use read::{ReadError, SignedFields};
pub use signers::{JournalPosition, Signers};

/// The signed transaction and what AMP is to be told about it (docs/formats.md).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignedFile {
    version: u32,
    network: &'static str,
    command: &'static str,
    #[serde(serialize_with = "displayed")]
    txid: Txid,
    #[serde(serialize_with = "displayed")]
    wtxid: Wtxid,
    transaction: String,
    amp: Report,
    #[serde(flatten)]
    signers: Signers,
}

/// Where the report goes and what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Report {
    base_url: String,
    asset_uuid: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    distribution_uuid: Option<String>,
    path: String,
    payload: Payload,
}

impl SignedFile {
    /// Puts a finished transaction and its payload under the request they answer.
    pub fn new(network: &Network, request: &Request, tx: &Transaction, payload: Payload) -> Self {
        let signed = Signed {
            chain: network.chain(),
            command: request.command(),
            transaction: tx.clone(),
            api: request.api.clone(),
            asset_uuid: request.asset_uuid.clone(),
            distribution_uuid: request.distribution_uuid().cloned(),
            payload,
            signers: Signers::One(JournalPosition::default()),
        };
        signed.file()
    }

    /// The same with those who signed it.
    #[cfg(feature = "signer")]
    pub(crate) fn with_signers(self, signers: Signers) -> Self {
        SignedFile { version: signers.version(), signers, ..self }
    }

    /// Who signed it.
    pub fn signers(&self) -> &Signers {
        &self.signers
    }

    /// The transaction's id.
    pub fn txid(&self) -> Txid {
        self.txid
    }

    /// The file's text: indented JSON with a newline at its end.
    ///
    /// # Errors
    /// Never for the values this type can hold; the writer's error is passed on all the same.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(text)
    }
}

fn displayed<T: std::fmt::Display, S: serde::Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}
