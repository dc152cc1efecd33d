//! A login at AMP. The credentials stay in memory until the page is closed.

use coldamp_core::amp::request::{Command, Uuid};
use coldamp_core::code::Code;
use coldamp_core::elements::AssetId;
use coldamp_core::network::Network;
use coldamp_online::amp::{self, AmpRoot, Assignment, Credentials};
use coldamp_online::http::Http;
use coldamp_online::request::answer::{Asked, answered};
use coldamp_online::request::check::check;
use coldamp_online::request::outlook;
use coldamp_online::request::{asset, distribution};
use js_sys::Function;
use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::call::in_call;
use crate::log::PageLog;
use crate::{Failure, Request, network, read};

/// A login at one AMP host.
#[wasm_bindgen]
pub struct Amp {
    pub(crate) amp: amp::Amp,
    network: Network,
}

/// The next distribution, as AMP's assignments make it.
#[wasm_bindgen]
pub struct Outlook {
    pub(crate) asset_uuid: Uuid,
    pub(crate) asset: AssetId,
    pub(crate) outlook: outlook::Outlook,
    holders: Vec<Assignment>,
}

/// What can be shown of it.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct OutlookView {
    /// The asset.
    pub asset: String,
    /// AMP's uuid of it.
    pub asset_uuid: String,
    /// The total, base units.
    pub total: String,
    /// The holders who would be paid.
    pub holders: Vec<HolderView>,
    /// The uuids of distributions that were made and not reported.
    pub open: Vec<String>,
}

/// An assignment that the next distribution pays.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct HolderView {
    /// AMP's number of the assignment.
    pub assignment: String,
    /// AMP's number of the user, if AMP shows it.
    pub user: Option<String>,
    /// The user's account (GAID), if AMP shows it.
    pub gaid: Option<String>,
    /// The address; null if AMP chooses it when it makes the distribution.
    pub address: Option<String>,
    /// The amount, base units.
    pub amount: String,
}

/// The result of comparing a request with what AMP shows.
#[derive(Serialize, Tsify)]
pub struct Findings {
    /// Where AMP shows another value.
    pub differences: Vec<String>,
    /// The values that AMP shows as the request has them.
    pub agrees: Vec<String>,
    /// What AMP does not show, so that it could not be compared.
    pub unseen: Vec<String>,
}

#[wasm_bindgen]
impl Amp {
    /// Logs in at the root of AMP's API, `/api` included. Only https is allowed, or http to 127.0.0.1. The password is sent
    /// there, so the page shows the root first.
    ///
    /// # Errors
    /// Throws a Failure when the root is invalid, or AMP refuses the login.
    pub async fn log_in(
        root: &str,
        network: &str,
        username: String,
        password: String,
    ) -> Result<Amp, Failure> {
        Self::open(root, network, &Credentials::Password { username, password }).await
    }

    /// Uses a token that was obtained before.
    ///
    /// # Errors
    /// Throws a Failure when the root or the token is invalid.
    pub async fn with_token(root: &str, network: &str, token: String) -> Result<Amp, Failure> {
        Self::open(root, network, &Credentials::Token(token)).await
    }

    /// The root of the API.
    #[must_use]
    pub fn root(&self) -> String {
        self.amp.root().to_string()
    }

    /// The asset's id in AMP's record, if AMP tracks all its outputs.
    ///
    /// # Errors
    /// Throws a Failure when AMP cannot be asked, or does not track all outputs of the asset (LOST_OUTPUTS).
    pub async fn asset(&self, asset_uuid: &str) -> Result<String, Failure> {
        let asset_uuid = read::uuid(asset_uuid)?;
        Ok(in_call(asset::in_order(&self.amp, &asset_uuid)).await?.to_string())
    }

    /// The next distribution, as AMP's assignments make it.
    ///
    /// # Errors
    /// As `asset`.
    pub async fn outlook(&self, asset_uuid: &str) -> Result<Outlook, Failure> {
        let asset_uuid = read::uuid(asset_uuid)?;
        let (asset, assignments) = self.assigned(&asset_uuid).await?;
        let outlook =
            outlook::Outlook::of(&assignments).map_err(|error| Failure::new(Code::Overflow, error))?;
        let holders = assignments.into_iter().filter(Assignment::is_ready).collect();
        Ok(Outlook { asset_uuid, asset, outlook, holders })
    }

    /// Makes the distribution if AMP's assignments are still those of `outlook`. It cannot be undone. Returns AMP's answer
    /// byte for byte: it must be saved before anything reads it. `log` is the log of this asset so far. `step` receives each
    /// further line before the step is taken.
    ///
    /// # Errors
    /// Throws a Failure when another distribution is open, nothing is ready, the assignments have changed, AMP refuses, or
    /// its answer is lost.
    pub async fn create_distribution(
        &self,
        outlook: &Outlook,
        log: &str,
        #[wasm_bindgen(unchecked_param_type = "(line: string) => void")] step: Function,
    ) -> Result<Vec<u8>, Failure> {
        let mut log = PageLog::open(log, outlook.asset_uuid.to_string().as_bytes(), step)?;
        let Outlook { asset_uuid, outlook, .. } = outlook;
        Ok(in_call(distribution::make(&self.amp, asset_uuid, outlook, &mut log)).await?)
    }

    /// Writes the request of a distribution whose answer was lost again, from the assignments that belong to it.
    ///
    /// # Errors
    /// Throws a Failure when AMP has it as paid, or does not show its recipients.
    pub async fn rebuild_distribution(
        &self,
        asset_uuid: &str,
        distribution_uuid: &str,
    ) -> Result<Rebuilt, Failure> {
        let (uuid, of) = (read::uuid(asset_uuid)?, read::uuid(distribution_uuid)?);
        let (asset, assignments) = self.assigned(&uuid).await?;
        in_call(distribution::not_paid(&self.amp, &uuid, &of)).await?;
        let api = self.amp.root().named(self.network.chain());
        Ok(Rebuilt(distribution::rebuilt(&api, &uuid, asset, &of, &assignments)?))
    }

    /// Asks for a reissue of `amount` base units. Returns AMP's answer byte for byte.
    ///
    /// # Errors
    /// Throws a Failure when AMP refuses, or cannot be asked.
    pub async fn request_reissue(&self, asset_uuid: &str, amount: &str) -> Result<Vec<u8>, Failure> {
        let (uuid, amount) = (read::uuid(asset_uuid)?, read::amount(amount)?);
        Ok(in_call(self.amp.request_reissue(&uuid, amount.base_units())).await?)
    }

    /// Asks for a burn of `amount` base units. Returns AMP's answer byte for byte.
    ///
    /// # Errors
    /// Throws a Failure when AMP refuses, or cannot be asked.
    pub async fn request_burn(&self, asset_uuid: &str, amount: &str) -> Result<Vec<u8>, Failure> {
        let (uuid, amount) = (read::uuid(asset_uuid)?, read::amount(amount)?);
        Ok(in_call(self.amp.request_burn(&uuid, amount.base_units())).await?)
    }

    /// Reads AMP's answer as the request that was asked for: of this command, of `asset`, and of `total` base units.
    ///
    /// # Errors
    /// Throws a Failure when it is not a request, or another one.
    pub fn read_answer(
        &self,
        answer: &[u8],
        #[wasm_bindgen(unchecked_param_type = "\"distribute\" | \"reissue\" | \"burn\"")] command: &str,
        asset_uuid: &str,
        asset: &str,
        total: &str,
    ) -> Result<Request, Failure> {
        let command = Command::from_name(command)
            .ok_or_else(|| Failure::argument("command: expected distribute, reissue or burn"))?;
        let (asset_uuid, asset, total) =
            (&read::uuid(asset_uuid)?, read::asset(asset)?, read::amount(total)?);
        let asked = Asked { command, asset_uuid, asset, total };
        let request = answered(answer, &self.network, &asked).map_err(|error| {
            // The error may quote the answer, and the answer may repeat the credentials.
            Failure::new(error.code(), self.amp.reason_without_credentials(&error.to_string(), answer))
        })?;
        Ok(Request { request })
    }

    /// Compares the request with what AMP shows. It is meant for a second person with another login.
    ///
    /// # Errors
    /// Throws a Failure when AMP cannot be asked.
    pub async fn check(&self, request: &Request) -> Result<Ts<Findings>, Failure> {
        let found = in_call(check(&self.amp, &request.request, &self.network)).await?;
        let (differences, agrees, unseen) = (found.differences, found.agrees, found.unseen);
        Ok(Findings { differences, agrees, unseen }.into_ts()?)
    }
}

impl Amp {
    async fn open(root: &str, network: &str, credentials: &Credentials) -> Result<Self, Failure> {
        let network = network::named(network, None)?;
        let root = AmpRoot::parse(root)?;
        Ok(Amp { amp: in_call(amp::Amp::log_in(Http::new()?, root, credentials)).await?, network })
    }

    /// The asset's id and its assignments, if AMP tracks all outputs of the asset.
    async fn assigned(&self, asset_uuid: &Uuid) -> Result<(AssetId, Vec<Assignment>), Failure> {
        in_call(async {
            let asset = asset::in_order(&self.amp, asset_uuid).await?;
            Ok((asset, self.amp.assignments(asset_uuid).await?))
        })
        .await
    }
}

#[wasm_bindgen]
impl Outlook {
    /// What can be shown of it.
    ///
    /// # Errors
    /// Throws a Failure only if the serializer fails.
    pub fn view(&self) -> Result<Ts<OutlookView>, Failure> {
        let holders = self.holders.iter().map(|row| HolderView {
            assignment: row.id.to_string(),
            user: row.user.clone(),
            gaid: row.gaid.clone(),
            address: row.receiving_address.clone(),
            amount: row.amount.to_string(),
        });
        let view = OutlookView {
            asset: self.asset.to_string(),
            asset_uuid: self.asset_uuid.to_string(),
            total: self.outlook.total.to_string(),
            holders: holders.collect(),
            open: self.outlook.open.iter().cloned().collect(),
        };
        Ok(view.into_ts()?)
    }
}

/// The request of a distribution, written again.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Rebuilt(distribution::Rebuilt);

#[wasm_bindgen]
impl Rebuilt {
    /// The request in AMP's form.
    pub fn bytes(&self) -> Vec<u8> {
        self.0.text.clone()
    }

    /// Its total, base units.
    pub fn total(&self) -> String {
        self.0.total.to_string()
    }
}
