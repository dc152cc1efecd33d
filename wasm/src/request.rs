//! AMP's request.

use coldamp_core::amp::{self, Job};
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::network::Network;
use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{Failure, read};

/// A request that was parsed.
#[wasm_bindgen]
pub struct Request {
    pub(crate) request: amp::Request,
}

/// What can be shown of a request.
#[derive(Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct RequestView {
    /// The job.
    #[tsify(type = "\"distribute\" | \"reissue\" | \"burn\"")]
    pub command: String,
    /// The asset.
    pub asset: String,
    /// AMP's uuid of it.
    pub asset_uuid: String,
    /// AMP's uuid of the distribution, if it is one.
    pub distribution_uuid: Option<String>,
    /// SHA-256 of the bytes of the request, hexadecimal.
    pub sha256: String,
    /// The root of AMP's API that it names.
    pub amp: String,
    /// The total, base units.
    pub total: String,
    /// The recipients, if it is a distribution.
    pub recipients: Vec<RecipientView>,
    /// The outputs it lists, `txid:vout`: the tokens of a reissue, the coins of a burn.
    pub coins: Vec<String>,
    /// Top-level fields of unknown name.
    pub not_understood: Vec<String>,
    /// The client version that it names. 2 is the known one; the page warns of older ones.
    pub client_version: u32,
}

/// A recipient of a distribution.
#[derive(Debug, Serialize, Tsify)]
pub struct RecipientView {
    /// The address.
    pub address: String,
    /// The amount, base units.
    pub amount: String,
    /// Whether the amount will be hidden.
    pub confidential: bool,
}

impl Request {
    pub(crate) fn read(bytes: &[u8], network: &Network) -> Result<Self, Failure> {
        Ok(Request { request: amp::Request::parse(read::plain(bytes)?, network)? })
    }
}

#[wasm_bindgen]
impl Request {
    /// What can be shown of it.
    ///
    /// # Errors
    /// Throws a Failure only if the serializer fails.
    pub fn view(&self) -> Result<Ts<RequestView>, Failure> {
        let request = &self.request;
        let (recipients, coins): (&[_], &[_]) = match &request.job {
            Job::Distribute { recipients, .. } => (recipients, &[]),
            Job::Reissue { tokens: coins, .. } | Job::Burn { coins, .. } => (&[], coins),
        };
        let recipient = |recipient: &amp::Recipient| RecipientView {
            address: recipient.address.to_string(),
            amount: recipient.amount.to_string(),
            confidential: recipient.address.is_blinded(),
        };
        let view = RequestView {
            command: request.command().name().to_owned(),
            asset: request.asset.to_string(),
            asset_uuid: request.asset_uuid.to_string(),
            distribution_uuid: request.distribution_uuid().map(ToString::to_string),
            sha256: request.sha256().to_lower_hex_string(),
            amp: request.api.to_string(),
            total: request.total().to_string(),
            recipients: recipients.iter().map(recipient).collect(),
            coins: coins.iter().map(|coin| read::place(*coin)).collect(),
            not_understood: request.not_understood.clone(),
            client_version: u32::try_from(request.client_version).unwrap_or(u32::MAX),
        };
        Ok(view.into_ts()?)
    }

    /// The bytes as they were read.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.request.bytes().to_vec()
    }
}
