//! AMP's `distribute`, `reissue` or `burn` JSON, parsed exactly or refused.
//!
//! The bytes themselves go into the PSET and into the hash that keys blinding. This module parses their meaning.
//! The request is untrusted: it comes from the same online machine as the PSET (docs/rules.md#request-form).

mod endpoint;
mod fields;
mod identity;
mod job;

use elements::AssetId;
use elements::hashes::sha256;

pub(crate) use endpoint::confirm_path;
pub use endpoint::{ApiRoot, Uuid};
pub use identity::{Command, RequestIdentity};
pub use job::{Job, Recipient};

use crate::code::Code;
use crate::json::shown;
use crate::limits::MAX_REQUEST_BYTES;
use crate::network::Network;
use crate::units::{AmountSyntax, AssetAmount};
use fields::Fields;

/// AMP's request, parsed. Amounts are base units, ids are checked, addresses belong to the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    bytes: Vec<u8>,
    /// The API that the request names. Its host is one of the network's built-in hosts.
    pub api: ApiRoot,
    /// AMP's name for the asset.
    pub asset_uuid: Uuid,
    /// The asset's id.
    pub asset: AssetId,
    /// `min_supported_client_script_version`. Version 2 is known; the review warns of 1 and 0.
    pub client_version: u64,
    /// The names of unknown top-level fields. They are shown and not used.
    pub not_understood: Vec<String>,
    /// What AMP asks to be done.
    pub job: Job,
}

/// Why a request file is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The file is not JSON.
    #[error("the request is not JSON: {reason}")]
    Unreadable {
        /// What the parser said.
        reason: String,
    },
    /// The JSON has another shape than AMP's: duplicates, unknown nested fields, wrong types, trailing data.
    #[error("{place}: found {found}, expected {expected}")]
    Shape {
        /// The field.
        place: String,
        /// What the file has there.
        found: String,
        /// What a request has there.
        expected: &'static str,
    },
    /// A name or a string, at any depth, has characters that a person does not see: controls, characters that change
    /// the direction of writing, characters of no width (docs/rules.md#request-text).
    #[error("{place}: found {found}, expected text without control and format characters")]
    TextUnsafe {
        /// The field.
        place: String,
        /// The character and the text, escaped.
        found: String,
    },
    /// `command` is not one of the three.
    #[error("command: found {found}, expected \"distribute\", \"reissue\" or \"burn\"")]
    Command {
        /// What the file has there.
        found: String,
    },
    /// An amount is not a whole number of base units in range.
    #[error("{place}: {source}")]
    Amount {
        /// The field.
        place: String,
        /// What is wrong with the amount.
        source: AmountSyntax,
    },
    /// A text is not an address, or belongs to another network.
    #[error("{place}: found {found}, expected an address of {network}")]
    Address {
        /// The field.
        place: String,
        /// The text, and its network if it belongs to another one.
        found: String,
        /// The network in use.
        network: &'static str,
    },
    /// The host is not AMP's. The report and the issuer's password would go there.
    #[error("base_url: found {found}, expected https://HOST/api with HOST one of {expected}")]
    Host {
        /// The host that the file names.
        found: String,
        /// The built-in hosts of the network.
        expected: String,
    },
    /// AMP asks for a newer client. Its rules may have changed in ways that this version does not know.
    #[error("min_supported_client_script_version: found {found}, expected at most 2")]
    ClientVersion {
        /// The version that the file names.
        found: u64,
    },
    /// The asset is L-BTC itself.
    #[error("asset_id: found the policy asset {found} (L-BTC), expected an issued asset")]
    PolicyAsset {
        /// The id of L-BTC.
        found: AssetId,
    },
}

fn shape(place: &str, found: impl Into<String>, expected: &'static str) -> RequestError {
    RequestError::Shape { place: place.to_owned(), found: found.into(), expected }
}

/// The client script version whose rules this code follows.
pub const KNOWN_CLIENT_VERSION: u64 = 2;

impl RequestError {
    /// Its code.
    pub fn code(&self) -> Code {
        match self {
            RequestError::Unreadable { .. } => Code::Parse,
            RequestError::Shape { .. } => Code::JsonShape,
            RequestError::TextUnsafe { .. } => Code::TextUnsafe,
            RequestError::Command { .. } => Code::Command,
            RequestError::Amount { .. } => Code::AmountSyntax,
            RequestError::Address { .. } => Code::Address,
            RequestError::Host { .. } => Code::Host,
            RequestError::ClientVersion { .. } => Code::ClientVersion,
            RequestError::PolicyAsset { .. } => Code::RequestAsset,
        }
    }
}

impl Request {
    /// Parses AMP's JSON for a network (docs/rules.md#request-form).
    ///
    /// # Errors
    /// When a byte of it is not understood exactly, except in top-level fields of unknown name.
    pub fn parse(bytes: &[u8], network: &Network) -> Result<Self, RequestError> {
        if bytes.len() > MAX_REQUEST_BYTES {
            return Err(shape("the file", format!("{} bytes", bytes.len()), "at most 262144 bytes"));
        }
        let text = std::str::from_utf8(bytes)
            .map_err(|error| RequestError::Unreadable { reason: error.to_string() })?;
        let mut fields = Fields::read(text)?;

        let command = fields.string("command")?;
        let api = ApiRoot::parse(&fields.string("base_url")?, network.chain())?;
        let asset_uuid = fields.uuid("asset_uuid")?;
        let asset = fields.asset("asset_id")?;
        let client_version = fields.integer("min_supported_client_script_version")?;
        if client_version > KNOWN_CLIENT_VERSION {
            return Err(RequestError::ClientVersion { found: client_version });
        }
        let job = match command.as_str() {
            "distribute" => Job::Distribute {
                uuid: fields.uuid("distribution_uuid")?,
                recipients: fields.recipients(asset, network)?,
            },
            "reissue" => Job::Reissue {
                amount: fields.amount("amount")?,
                tokens: fields.outpoints("reissuance_utxos")?,
            },
            "burn" => Job::Burn { amount: fields.amount("amount")?, coins: fields.outpoints("utxos")? },
            other => return Err(RequestError::Command { found: shown(other) }),
        };
        job.check(asset, network)?;
        Ok(Request {
            bytes: bytes.to_vec(),
            api,
            asset_uuid,
            asset,
            client_version,
            not_understood: fields.left_over(),
            job,
        })
    }

    /// The bytes of the file. The PSET carries them, and the content hash covers them.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// SHA-256 of the bytes. A second person, who asked AMP independently, compares it.
    pub fn sha256(&self) -> [u8; 32] {
        sha256::Hash::hash(&self.bytes).to_byte_array()
    }

    /// The command of the job.
    pub fn command(&self) -> Command {
        self.job.command()
    }

    /// The base units that are paid to holders, made, or destroyed. A sum that does not fit counts as `u64::MAX`, which
    /// every limit refuses.
    pub fn total(&self) -> AssetAmount {
        match &self.job {
            Job::Distribute { recipients, .. } => {
                let amounts = recipients.iter().map(|recipient| recipient.amount);
                AssetAmount::checked_sum(amounts).unwrap_or(AssetAmount::from_base_units(u64::MAX))
            }
            Job::Reissue { amount, .. } | Job::Burn { amount, .. } => *amount,
        }
    }

    /// The uuid of a distribution. `None` for a reissue or a burn.
    pub fn distribution_uuid(&self) -> Option<&Uuid> {
        match &self.job {
            Job::Distribute { uuid, .. } => Some(uuid),
            Job::Reissue { .. } | Job::Burn { .. } => None,
        }
    }

    /// The path of the report, below the API's root.
    pub fn confirm_path(&self) -> String {
        endpoint::confirm_path(&self.asset_uuid, self.command(), self.distribution_uuid())
    }
}

#[cfg(test)]
mod tests;
