//! `signed.json`: the one file that goes back across the gap.
//!
//! [`SignedFile`] is its text, which the signer writes; [`Signed`] is what the online side reads out of it, and
//! [`SignedFields`] what an audit compares.

mod parsed;
mod read;

use elements::hex::DisplayHex as _;
use elements::{Transaction, Txid, Wtxid};
use serde::Serialize;

use crate::amp::Request;
use crate::amp::confirm::Payload;
use crate::network::Network;

pub use parsed::Signed;
pub use read::{ReadError, SignedFields};

/// Version of the file's shape.
pub const SIGNED_VERSION: u32 = 1;

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
    signer: JournalPosition,
}

/// The entry of the signing machine's journal that records this signing. A gap in the numbers that the online machine has
/// seen means that a signed file may be missing. Two heads for one number mean that the journal was rolled back
/// (docs/rules.md#journal-positions).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct JournalPosition {
    /// The chain's random id.
    #[serde(serialize_with = "hexadecimal")]
    pub id: [u8; 16],
    /// The entry's number, counted from 0.
    pub number: u32,
    /// The entry's MAC, which the next entry continues.
    #[serde(serialize_with = "hexadecimal")]
    pub head: [u8; 32],
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
            signer: JournalPosition::default(),
        };
        signed.file()
    }

    /// The same with its place in the journal.
    #[cfg(feature = "signer")]
    pub(crate) fn with_signer(self, signer: JournalPosition) -> Self {
        SignedFile { signer, ..self }
    }

    /// Its place in the journal.
    pub fn signer(&self) -> &JournalPosition {
        &self.signer
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

fn hexadecimal<const N: usize, S: serde::Serializer>(
    bytes: &[u8; N],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&bytes.to_lower_hex_string())
}
