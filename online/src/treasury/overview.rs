//! What the treasury holds, and what AMP says beside it, as a document: the text, the JSON and the CSV of
//! `coldamp-online treasury` are three renderings of this one value, so none of them can say what the others do not.
//!
//! docs/formats.md describes each field. Amounts are decimal strings: a JSON number above 2^53 loses digits in many readers.
//! Where AMP was not asked, all that AMP would have said is none, the findings too: nothing counts as "not lost" or "no difference"
//! by being absent. The front end adds the hints ([`TreasuryDocument::with_hints`]).

mod amp;
mod build;
mod compare;
mod csv;
mod finding;
mod jobs;
mod text;

use coldamp_core::units::AssetAmount;
use serde::{Serialize, Serializer};

pub use amp::AmpAnswers;
pub use build::{Look, OverviewError};
pub use finding::{Finding, FindingKind};

/// The name and version of the format.
pub const FORMAT: &str = "coldamp.treasury/1";

/// The treasury, and what AMP says beside it.
#[derive(Debug, Clone, Serialize)]
pub struct TreasuryDocument {
    /// [`FORMAT`].
    pub format: &'static str,
    /// The treasury's network.
    pub network: &'static str,
    /// The id of L-BTC on this network.
    pub policy_asset: String,
    /// The asset that was named; none where none was.
    pub asset: Option<String>,
    /// Whether AMP alone says which asset it is: the operator named AMP's uuid and no id.
    pub asset_by_amp: bool,
    /// Its reissuance token; none where the issuance is not known, and AMP names no token.
    pub token: Option<TokenDocument>,
    /// How far the search looked.
    pub searched: Searched,
    /// What the amounts do not count, one line each.
    pub not_counted: Vec<String>,
    /// The amounts by asset: the asset, its token, L-BTC, then others by id.
    pub assets: Vec<AssetDocument>,
    /// Every unspent output, by asset and outpoint.
    pub coins: Vec<CoinDocument>,
    /// The prepared jobs that reserve coins.
    pub reservations: Vec<ReservationDocument>,
    /// How many jobs the L-BTC pays; none where no asset was named.
    pub jobs: Option<JobsDocument>,
    /// What AMP says; none where it was not asked.
    pub amp: Option<AmpDocument>,
    /// Each difference between AMP and the treasury, and what else is to be known. None where AMP was not asked: an empty list
    /// would read as no difference.
    pub findings: Option<Vec<Finding>>,
}

/// The reissuance token.
#[derive(Debug, Clone, Serialize)]
pub struct TokenDocument {
    /// Its id.
    pub id: String,
    /// Whether the issuance proves it. Else AMP alone names it.
    pub is_proven: bool,
}

/// How far the search for coins looked, on both branches.
#[derive(Debug, Clone, Serialize)]
pub struct Searched {
    /// The last index of the search from index 0.
    pub to: u32,
    /// The range of the search from `--from-index`.
    pub far: Option<FarRange>,
    /// The same in words, with what was not looked at again.
    pub words: String,
    /// Whether an earlier search decided a part of it.
    pub used_cache: bool,
}

/// Indices of both branches, both ends included.
#[derive(Debug, Clone, Serialize)]
pub struct FarRange {
    /// The first index.
    pub from: u32,
    /// The last index.
    pub to: u32,
}

/// What an asset is to the treasury.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The asset that was named.
    Asset,
    /// Its reissuance token.
    Token,
    /// L-BTC.
    Lbtc,
    /// Another asset.
    Other,
}

/// The amounts of an asset.
#[derive(Debug, Clone, Serialize)]
pub struct AssetDocument {
    /// Its id.
    pub id: String,
    /// What it is to the treasury.
    pub kind: Kind,
    /// In confirmed coins.
    pub confirmed: Total,
    /// In outputs that wait for a block. They cannot be spent yet.
    pub waiting: Total,
    /// In confirmed coins that prepared jobs reserve.
    pub reserved: Total,
}

/// Coins and their sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Total {
    /// The number of coins.
    pub coins: usize,
    /// Their sum in base units, of L-BTC in satoshi. None if it is more than a u64, which only an attacker's asset can be.
    #[serde(serialize_with = "optional_text")]
    pub amount: Option<AssetAmount>,
}

/// Whether an output can be spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CoinState {
    /// It is confirmed and unspent.
    Confirmed,
    /// It waits for a block.
    Waiting,
    /// The view key does not open it.
    Unopened,
}

/// What AMP's record has of a coin of the asset or its token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AtAmp {
    /// The treasury's, unspent.
    Listed,
    /// Not tracked any more.
    Lost,
    /// Anything else; the findings say what.
    Differs,
}

/// An unspent output of the treasury.
#[derive(Debug, Clone, Serialize)]
pub struct CoinDocument {
    /// The transaction.
    pub txid: String,
    /// The index of the output.
    pub vout: u32,
    /// The path of its address: branch and index.
    pub path: String,
    /// Its asset; none where it cannot be opened.
    pub asset: Option<String>,
    /// What the asset is to the treasury.
    pub kind: Option<Kind>,
    /// Its amount in base units, of L-BTC in satoshi.
    #[serde(serialize_with = "optional_text")]
    pub amount: Option<AssetAmount>,
    /// Whether it can be spent.
    pub state: CoinState,
    /// Whether asset and amount are hidden on the chain; none where it cannot be opened.
    pub is_blinded: Option<bool>,
    /// The prepared job that reserves it.
    pub reserved_by: Option<String>,
    /// What AMP has of it; none where AMP was not asked, or has nothing to do with this coin.
    pub at_amp: Option<AtAmp>,
}

/// A prepared job that reserves coins.
#[derive(Debug, Clone, Serialize)]
pub struct ReservationDocument {
    /// The id that `status --release` takes.
    pub id: String,
    /// Command, amount and asset.
    pub what: String,
    /// Its unspent coins, `TXID:VOUT`.
    pub coins: Vec<String>,
}

/// How many jobs the L-BTC that no job reserves pays.
#[derive(Debug, Clone, Serialize)]
pub struct JobsDocument {
    /// The fee rate that the planner takes, in satoshi per 1,000 virtual bytes of the discounted size.
    pub fee_rate: u64,
    /// Each kind of job.
    pub kinds: Vec<JobDocument>,
}

/// How many jobs of a kind the L-BTC pays, one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JobDocument {
    /// `reissue`, `burn` or `distribute`.
    pub command: &'static str,
    /// The number of recipients of a distribution.
    pub recipients: Option<usize>,
    /// The fee of one job with one L-BTC coin, in satoshi.
    #[serde(serialize_with = "text")]
    pub fee: AssetAmount,
    /// At least so many jobs, each from one coin. Coins that are too small for a job by themselves are not counted.
    pub at_least: u64,
}

/// What AMP says.
#[derive(Debug, Clone, Serialize)]
pub struct AmpDocument {
    /// The root of its API.
    pub root: String,
    /// Its name for the asset.
    pub asset_uuid: String,
    /// The treasury's confirmed balance of the asset, in base units. None where AMP's balance has no row without a holder.
    #[serde(serialize_with = "optional_text")]
    pub balance: Option<AssetAmount>,
    /// The outputs of the asset that its record counts as the treasury's and unspent.
    pub asset: Total,
    /// The same of the token.
    pub token: Total,
    /// Outputs of the asset that it no longer tracks, `TXID:VOUT`.
    pub lost: Vec<String>,
    /// The same of the token.
    pub lost_tokens: Vec<String>,
    /// Blinded outputs of the treasury of which it lacks blinders, `TXID:VOUT`.
    pub without_blinders: Vec<String>,
    /// The addresses that are registered as the treasury's.
    pub addresses: AddressesDocument,
}

/// The addresses that AMP lists as the treasury's.
#[derive(Debug, Clone, Serialize)]
pub struct AddressesDocument {
    /// How many of them are this treasury's.
    pub ours: usize,
    /// How many are not.
    pub others: usize,
    /// The index of the treasury's next receiving address.
    pub next_index: u32,
    /// How many addresses in a row from that one on are registered.
    pub registered_ahead: u32,
}

impl TreasuryDocument {
    /// With what to do about each finding, in the words of a front end.
    #[must_use]
    pub fn with_hints(mut self, hint: impl Fn(FindingKind) -> &'static str) -> Self {
        for finding in self.findings.iter_mut().flatten() {
            finding.hint = Some(hint(finding.kind));
        }
        self
    }

    /// The findings in which AMP and the treasury differ. There is none where AMP was not asked.
    pub fn differences(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().flatten().filter(|finding| finding.is_difference)
    }
}

impl Total {
    const NONE: Self = Total { coins: 0, amount: Some(AssetAmount::ZERO) };

    /// With one more coin.
    fn add(&mut self, amount: AssetAmount) {
        self.coins = self.coins.saturating_add(1);
        self.amount = self.amount.and_then(|sum| sum.checked_add(amount));
    }
}

fn text<S: Serializer>(amount: &AssetAmount, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&amount.base_units())
}

fn optional_text<S: Serializer>(amount: &Option<AssetAmount>, serializer: S) -> Result<S::Ok, S::Error> {
    match amount {
        Some(amount) => text(amount, serializer),
        None => serializer.serialize_none(),
    }
}
