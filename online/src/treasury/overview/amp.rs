//! What AMP says of the treasury, read with four questions.

use coldamp_core::amp::request::Uuid;
use coldamp_core::elements::AssetId;

use crate::amp::{Amp, AmpBalance, AmpError, AssetFacts, RecordedOutput};

/// AMP's answers about an asset and its treasury.
#[derive(Debug, Clone)]
pub struct AmpAnswers {
    /// The root of its API.
    pub root: String,
    /// Its name for the asset.
    pub uuid: Uuid,
    /// The asset.
    pub asset: AssetId,
    /// What it says of the asset beside its id.
    pub facts: AssetFacts,
    /// The balance, and the outputs that it no longer tracks.
    pub balance: AmpBalance,
    /// Every output of its record.
    pub records: Vec<RecordedOutput>,
    /// The addresses that are registered as the treasury's.
    pub addresses: Vec<String>,
}

impl AmpAnswers {
    /// Asks AMP. It is only asked, and nothing changes there.
    ///
    /// # Errors
    /// When AMP is not reached or refuses, or one of its answers lacks a field that is read. Such an answer never counts as
    /// "nothing lost".
    pub async fn ask(amp: &Amp, uuid: &Uuid) -> Result<Self, AmpError> {
        Ok(AmpAnswers {
            root: amp.root().to_string(),
            uuid: uuid.clone(),
            asset: amp.asset(uuid).await?,
            facts: amp.facts(uuid).await?,
            balance: amp.balance(uuid).await?,
            records: amp.records(uuid).await?,
            addresses: amp.treasury_addresses(uuid).await?,
        })
    }
}
