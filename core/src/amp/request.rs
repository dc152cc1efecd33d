//! AMP's `distribute`, `reissue` or `burn` JSON, parsed exactly or refused.
//!
//! The bytes themselves go into the PSET and into the hash that keys blinding. This module says what they mean.
//! The request is untrusted: it comes from the same online machine as the PSET (docs/rules.md#request-form).

mod endpoint;
mod fields;
mod identity;

use elements::hashes::sha256;
use elements::{Address, AssetId, OutPoint};

pub(crate) use endpoint::confirm_path;
pub use endpoint::{ApiRoot, Uuid};
pub use identity::{Command, RequestIdentity};

use crate::code::Code;
use crate::json::shown;
use crate::limits::MAX_REQUEST_BYTES;
use crate::network::Network;
use crate::units::{AmountSyntax, AssetAmount};
use fields::Fields;

/// A request of AMP's, parsed. Amounts are base units, ids are checked, addresses are of the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    bytes: Vec<u8>,
    /// The API that the request names; its host is one of the network's built-in ones.
    pub api: ApiRoot,
    /// AMP's name for the asset.
    pub asset_uuid: Uuid,
    /// The asset.
    pub asset: AssetId,
    /// `min_supported_client_script_version`; 2 is known, 1 and 0 are warned of.
    pub client_version: u64,
    /// Top-level fields that nothing here understands, by name. Shown, never used.
    pub not_understood: Vec<String>,
    /// What is to be done.
    pub job: Job,
}

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Job {
    /// Pay holders from the treasury.
    Distribute {
        /// AMP's name for the distribution.
        uuid: Uuid,
        /// Who gets how much; one script appears once.
        recipients: Vec<Recipient>,
    },
    /// Make more of the asset, using its reissuance token.
    Reissue {
        /// How much more.
        amount: AssetAmount,
        /// The token outputs AMP tracks: all are spent and merged.
        tokens: Vec<OutPoint>,
    },
    /// Destroy some of the asset.
    Burn {
        /// How much.
        amount: AssetAmount,
        /// The asset outputs it may be taken from.
        coins: Vec<OutPoint>,
    },
}

/// One holder of a distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Where to; confidential, unless AMP itself names an unconfidential address.
    pub address: Address,
    /// How much.
    pub amount: AssetAmount,
}

/// Why a file is not a request to act on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// No JSON at all.
    #[error("the request is no JSON: {reason}")]
    Unreadable {
        /// What the parser said.
        reason: String,
    },
    /// JSON of another shape than AMP's: duplicates, unknown nested fields, wrong types, trailing data.
    #[error("{place}: found {found}, expected {expected}")]
    Shape {
        /// Which field.
        place: String,
        /// What stands there.
        found: String,
        /// What must.
        expected: &'static str,
    },
    /// A name or a string, at any depth, with characters that a person does not see: controls, characters that change
    /// the direction of writing, characters of no width (docs/rules.md#request-text).
    #[error("{place}: found {found}, expected text without control and format characters")]
    TextUnsafe {
        /// Which field.
        place: String,
        /// The character and the text, escaped.
        found: String,
    },
    /// `command` is none of the three.
    #[error("command: found {found}, expected \"distribute\", \"reissue\" or \"burn\"")]
    Command {
        /// What stands there.
        found: String,
    },
    /// An amount that is not a whole number of base units in range.
    #[error("{place}: {source}")]
    Amount {
        /// Which field.
        place: String,
        /// Why.
        source: AmountSyntax,
    },
    /// An address that is none, or of another network.
    #[error("{place}: found {found}, expected an address of {network}")]
    Address {
        /// Which field.
        place: String,
        /// What stands there, or which network's it is.
        found: String,
        /// The network in use.
        network: &'static str,
    },
    /// A host that is not AMP's: the report and the issuer's password would go there.
    #[error("base_url: found {found}, expected https://HOST/api with HOST one of {expected}")]
    Host {
        /// What stands there.
        found: String,
        /// The built-in hosts of the network.
        expected: String,
    },
    /// AMP wants a newer client: its rules may have changed in ways nothing here knows.
    #[error("min_supported_client_script_version: found {found}, expected at most 2")]
    ClientVersion {
        /// What stands there.
        found: u64,
    },
    /// The asset is L-BTC itself.
    #[error("asset_id: found the policy asset {found} (L-BTC), expected an issued asset")]
    PolicyAsset {
        /// The asset.
        found: AssetId,
    },
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
    /// Whenever a byte of it is not understood exactly, top-level fields of unknown name excepted.
    pub fn parse(bytes: &[u8], network: &Network) -> Result<Self, RequestError> {
        if bytes.len() > MAX_REQUEST_BYTES {
            return Err(RequestError::Shape {
                place: "the file".to_owned(),
                found: format!("{} bytes", bytes.len()),
                expected: "at most 262144 bytes",
            });
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
        if asset == network.policy_asset() {
            return Err(RequestError::PolicyAsset { found: asset });
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

    /// The bytes as they came, which the PSET carries and the content hash covers.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// SHA-256 of the bytes: what a second person compares who looked at AMP independently.
    pub fn sha256(&self) -> [u8; 32] {
        sha256::Hash::hash(&self.bytes).to_byte_array()
    }

    /// What is to be done.
    pub fn command(&self) -> Command {
        match self.job {
            Job::Distribute { .. } => Command::Distribute,
            Job::Reissue { .. } => Command::Reissue,
            Job::Burn { .. } => Command::Burn,
        }
    }

    /// How much of the asset moves in all: what holders are paid, what is made, or what is destroyed. A sum that does
    /// not fit counts as the largest there is, which no limit allows.
    pub fn total(&self) -> AssetAmount {
        match &self.job {
            Job::Distribute { recipients, .. } => {
                let amounts = recipients.iter().map(|recipient| recipient.amount);
                AssetAmount::checked_sum(amounts).unwrap_or(AssetAmount::from_base_units(u64::MAX))
            }
            Job::Reissue { amount, .. } | Job::Burn { amount, .. } => *amount,
        }
    }

    /// The distribution's uuid, if it is one.
    pub fn distribution_uuid(&self) -> Option<&Uuid> {
        match &self.job {
            Job::Distribute { uuid, .. } => Some(uuid),
            Job::Reissue { .. } | Job::Burn { .. } => None,
        }
    }

    /// Where the report goes, below the API's root.
    pub fn confirm_path(&self) -> String {
        endpoint::confirm_path(&self.asset_uuid, self.command(), self.distribution_uuid())
    }
}

#[cfg(test)]
mod tests;
