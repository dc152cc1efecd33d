//! Each call of AMP's API that the three jobs and their reports need.

use coldamp_core::amp::request::Uuid;
use coldamp_core::elements::{AssetId, OutPoint, Txid};
use serde_json::{Value, json};

use super::answers::{self, AmpBalance, AmpTransaction, AssetFacts, Assignment, RecordedOutput, Reissuance};
use super::client::Amp;
use super::distribution::Distribution;
use super::error::AmpError;

/// What is done with an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// The next distribution does not take it.
    On,
    /// The next distribution takes it.
    Off,
}

impl Lock {
    fn name(self) -> &'static str {
        match self {
            Lock::On => "lock",
            Lock::Off => "unlock",
        }
    }
}

/// # Errors
/// Every call fails with an [`AmpError`].
impl Amp {
    /// The asset's id.
    pub async fn asset(&self, asset: &Uuid) -> Result<AssetId, AmpError> {
        self.get(&format!("assets/{asset}"), |body| answers::asset(body, asset)).await
    }

    /// What AMP says of the asset beside its id.
    pub async fn facts(&self, asset: &Uuid) -> Result<AssetFacts, AmpError> {
        self.get(&format!("assets/{asset}"), answers::facts).await
    }

    /// The treasury's balance by AMP, with the outputs that AMP no longer tracks.
    pub async fn balance(&self, asset: &Uuid) -> Result<AmpBalance, AmpError> {
        self.get(&format!("assets/{asset}/balance"), answers::balance).await
    }

    /// Every output of the asset's transactions, with all that AMP's record says of it.
    pub async fn records(&self, asset: &Uuid) -> Result<Vec<RecordedOutput>, AmpError> {
        self.get(&format!("assets/{asset}/txs"), answers::records).await
    }

    /// The outputs of the asset and of its token that AMP no longer tracks.
    pub async fn lost_outputs(&self, asset: &Uuid) -> Result<Vec<OutPoint>, AmpError> {
        self.get(&format!("assets/{asset}/balance"), answers::lost_outputs).await
    }

    /// All assignments.
    pub async fn assignments(&self, asset: &Uuid) -> Result<Vec<Assignment>, AmpError> {
        self.get(&format!("assets/{asset}/assignments"), answers::assignments).await
    }

    /// Locks an assignment, or unlocks it. AMP's answer is the assignment; where it has another form, `None`: then only the
    /// list of assignments tells whether it was done.
    pub async fn lock_assignment(
        &self,
        asset: &Uuid,
        assignment: u64,
        lock: Lock,
    ) -> Result<Option<Assignment>, AmpError> {
        let path = format!("assets/{asset}/assignments/{assignment}/{}", lock.name());
        Ok(answers::one_assignment(&self.put(&path).await?.body, assignment))
    }

    /// The outputs of the asset that AMP tracks, whoever holds them.
    pub async fn utxos(&self, asset: &Uuid) -> Result<Vec<OutPoint>, AmpError> {
        self.get(&format!("assets/{asset}/utxos"), answers::utxos).await
    }

    /// The asset's transactions.
    pub async fn transactions(&self, asset: &Uuid) -> Result<Vec<AmpTransaction>, AmpError> {
        self.get(&format!("assets/{asset}/txs"), answers::transactions).await
    }

    /// One of the asset's transactions.
    /// [`AmpError::is_absent`] where AMP has no record of it.
    pub async fn transaction(&self, asset: &Uuid, txid: Txid) -> Result<AmpTransaction, AmpError> {
        self.get(&format!("assets/{asset}/txs/{txid}"), |body| answers::transaction(body, txid)).await
    }

    /// The asset's reissuances that AMP was told of.
    pub async fn reissuances(&self, asset: &Uuid) -> Result<Vec<Reissuance>, AmpError> {
        self.get(&format!("assets/{asset}/reissuances"), answers::reissuances).await
    }

    /// One distribution.
    /// [`AmpError::is_absent`] where AMP knows no such distribution.
    pub async fn distribution(&self, asset: &Uuid, distribution: &Uuid) -> Result<Distribution, AmpError> {
        let path = format!("assets/{asset}/distributions/{distribution}");
        match self.get(&path, |body| Distribution::read(body, distribution)).await? {
            Distribution::Untold { reason } => {
                Ok(Distribution::Untold { reason: self.reason_without_credentials(&reason, b"") })
            }
            other => Ok(other),
        }
    }

    /// The addresses that were registered as the treasury's, as they were given.
    pub async fn treasury_addresses(&self, asset: &Uuid) -> Result<Vec<String>, AmpError> {
        self.get(&format!("assets/{asset}/treasury-addresses"), answers::treasury_addresses).await
    }

    /// Registers addresses as the treasury's, where holders may pay units back. AMP's list shows whether it took them.
    pub async fn add_treasury_addresses(&self, asset: &Uuid, addresses: &[String]) -> Result<(), AmpError> {
        let path = format!("assets/{asset}/treasury-addresses/add");
        self.ask(&path, Some(json!(addresses).to_string().as_bytes())).await.map(|_| ())
    }

    /// Asks for a reissue; AMP's answer byte for byte. AMP does not record the request, so asking again is harmless.
    pub async fn request_reissue(&self, asset: &Uuid, base_units: u64) -> Result<Vec<u8>, AmpError> {
        let body = json!({ "amount_to_reissue": base_units }).to_string();
        Ok(self.ask(&format!("assets/{asset}/reissue-request"), Some(body.as_bytes())).await?.body)
    }

    /// Asks for a burn; AMP's answer byte for byte.
    pub async fn request_burn(&self, asset: &Uuid, base_units: u64) -> Result<Vec<u8>, AmpError> {
        let body = json!({ "amount": base_units }).to_string();
        Ok(self.ask(&format!("assets/{asset}/burn-request"), Some(body.as_bytes())).await?.body)
    }

    /// Makes a distribution of everything that is ready; AMP's answer byte for byte. It is a GET, and it cannot be taken
    /// back: the assignments are bound to it from then on.
    /// After an error that may have acted the distribution may exist although its answer is lost.
    pub async fn create_distribution(&self, asset: &Uuid) -> Result<Vec<u8>, AmpError> {
        Ok(self.ask(&format!("assets/{asset}/distributions/create/"), None).await?.body)
    }

    /// Sends a report. Returns AMP's answer to it; the caller checks whether that answer accepts the report.
    pub async fn confirm(&self, path: &str, payload: &[u8]) -> Result<Vec<u8>, AmpError> {
        Ok(self.ask(path, Some(payload)).await?.body)
    }

    /// Tells AMP the blinding factors of an output. AMP's record shows whether it stored them.
    pub async fn update_blinders(&self, asset: &Uuid, output: &Value) -> Result<(), AmpError> {
        let path = format!("assets/{asset}/update-blinders");
        self.ask(&path, Some(output.to_string().as_bytes())).await.map(|_| ())
    }
}
