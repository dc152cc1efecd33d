//! AMP's request.

use coldamp_core::amp::{self, Job};
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::network::Network;
use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{Failure, read};

/// A request that can be acted on.
#[wasm_bindgen]
pub struct Request {
    pub(crate) request: amp::Request,
}

/// What a request says.
#[derive(Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct RequestView {
    /// What is to be done.
    #[tsify(type = "\"distribute\" | \"reissue\" | \"burn\"")]
    pub command: String,
    /// The asset.
    pub asset: String,
    /// AMP's name for it.
    pub asset_uuid: String,
    /// AMP's name for the distribution, of a distribution.
    pub distribution_uuid: Option<String>,
    /// SHA-256 of the bytes, hexadecimal.
    pub sha256: String,
    /// The API that it names.
    pub amp: String,
    /// What moves in all, base units.
    pub total: String,
    /// Who is paid, of a distribution.
    pub recipients: Vec<RecipientView>,
    /// The outputs it lists, `txid:vout`: the tokens of a reissue, the coins of a burn.
    pub coins: Vec<String>,
    /// Top-level fields that nothing here understands.
    pub not_understood: Vec<String>,
    /// The client version that AMP expects; 2 is known, older ones are worth a word.
    pub client_version: u32,
}

/// One holder of a distribution.
#[derive(Debug, Serialize, Tsify)]
pub struct RecipientView {
    /// Where to.
    pub address: String,
    /// How much, base units.
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
    /// What it says.
    ///
    /// # Errors
    /// Never for what a request can hold; the serializer's error is passed on all the same.
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

    /// The bytes as they came.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.request.bytes().to_vec()
    }
}
