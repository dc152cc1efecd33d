//! A review as a document: what `coldamp review` prints, what `coldamp review --json` writes and what the page shows are
//! three renderings of this one value, so none of them can say what the others do not.
//!
//! docs/formats.md describes each field. Amounts are decimal strings of base units, because a JSON number above 2^53 loses
//! digits in many readers. Hints are added by the front end that shows the document ([`ReviewDocument::with_hints`]).

mod build;

use serde::{Serialize, Serializer};

use super::role::Role;
use crate::amp::request::Command;
use crate::code::{Code, Hints};
use crate::units::AssetAmount;

/// The name and version of the format.
pub const FORMAT: &str = "coldamp.review/2";

/// What a PSET does, whether AMP's request asks for exactly that, and what policy and journal say of it.
#[derive(Debug, Clone, Serialize)]
pub struct ReviewDocument {
    /// [`FORMAT`].
    pub format: &'static str,
    /// The treasury's network.
    pub network: &'static str,
    /// The fingerprints of the treasury's keys: eight hexadecimal digits each, with a comma between them; none where a journal that
    /// cannot be read says which treasury it is.
    pub treasury: Option<String>,
    /// Whether at least one input belongs to this treasury.
    pub spends_own_coins: bool,
    /// The id of L-BTC on this network.
    pub policy_asset: String,
    /// What AMP asks for; none where the PSET carries no request that can be read.
    #[serde(serialize_with = "optional_text")]
    pub command: Option<Command>,
    /// How much AMP asks to distribute, reissue or burn.
    pub total: Option<Money>,
    /// How many recipients a distribution has, and how many token outputs AMP lists for a reissue.
    pub listed: Option<usize>,
    /// The id of the request's asset.
    pub asset: Option<String>,
    /// What the asset's contract says, where it is proven.
    pub contract: Option<ContractDocument>,
    /// Whether an entropy leads to the asset's id, so that it is an asset and no reissuance token.
    pub entropy_proven: bool,
    /// The id of the reissuance token that the inputs hold.
    pub token: Option<String>,
    /// AMP's name for the asset.
    pub asset_uuid: Option<String>,
    /// AMP's name for the distribution.
    pub distribution_uuid: Option<String>,
    /// The API that the request wants the report at.
    pub report_to: Option<String>,
    /// SHA-256 of the request, hexadecimal.
    pub request_sha256: Option<String>,
    /// How far the asset's policy is used; none without a policy.
    pub policy: Option<PolicyDocument>,
    /// What is to be known although no rule failed; of each code the first few.
    pub warnings: Vec<Finding>,
    /// How many warnings of each code there are, those included that are not listed.
    pub warning_counts: Vec<CodeCount>,
    /// What comes out: recipients in the order of AMP's request, then the rest, the fee last.
    pub outputs: Vec<OutputDocument>,
    /// What goes in, in the transaction's order.
    pub inputs: Vec<InputDocument>,
    /// The fee; none where no output is the fee.
    pub fee: Option<Money>,
    /// The fee for the discounted size, in satoshi per 1,000 virtual bytes.
    pub fee_rate_discounted: Option<u64>,
    /// The most that the finished transaction weighs.
    pub weight_bound: u64,
    /// The same by ELIP-200.
    pub discounted_weight_bound: u64,
    /// Earlier signings of the same request, of which at most one can confirm if this one is signed.
    pub replaces: Vec<Replaced>,
    /// Earlier signings that must confirm before this one can.
    pub after: Vec<EarlierSigning>,
    /// Earlier signings that can still confirm together with this one.
    pub open: Vec<EarlierSigning>,
    /// Open distributions to the same holders: each uuid has to be typed (OPEN_TWIN).
    pub twins: Vec<String>,
    /// Whether typing these uuids is all that this PSET needs.
    pub needs_only_twins: bool,
    /// Every rule that failed; of each code the first few.
    pub mismatches: Vec<Finding>,
    /// How many rules failed, those included that are not listed.
    pub failed: usize,
    /// The approval code; none while a rule fails.
    pub approval: Option<String>,
    /// Whether a signed file is what this PSET and these keys make; none where none was compared.
    pub signed_agrees: Option<bool>,
}

/// An amount of an asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Money {
    /// Base units.
    #[serde(serialize_with = "text")]
    pub base_units: AssetAmount,
    /// The same in whole units: of L-BTC, and of an asset whose contract proves its precision.
    pub whole_units: Option<String>,
}

/// What the contract of the request's asset says.
#[derive(Debug, Clone, Serialize)]
pub struct ContractDocument {
    /// The ticker; none where the contract has none.
    pub ticker: Option<String>,
    /// Decimals of a whole unit.
    pub precision: u8,
    /// The issuer's domain.
    pub domain: String,
    /// The asset's name.
    pub name: String,
}

/// How far the limits of a command are used.
#[derive(Debug, Clone, Serialize)]
pub struct PolicyDocument {
    /// The journal entry that set the policy.
    pub entry: u32,
    /// The journal entry since which signings are counted.
    pub counted_since: u32,
    /// How many approvers it names; where there are any, nobody else approves.
    pub approvers: usize,
    /// Signings that are counted.
    pub signings_used: u32,
    /// The same with this one.
    pub signings_with_this: u32,
    /// The most signings that may be counted.
    pub signings_limit: Option<u32>,
    /// The amount that is counted.
    pub amount_used: Money,
    /// The same with this one.
    pub amount_with_this: Money,
    /// The most that may be counted.
    pub amount_limit: Option<Money>,
}

/// A rule that failed, or a warning.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// The stable code of the rule or warning.
    #[serde(serialize_with = "text")]
    pub code: Code,
    /// What was found, and what was expected.
    pub message: String,
    /// What to do, in the words of the front end that shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<&'static str>,
}

/// How many warnings of a code there are.
#[derive(Debug, Clone, Serialize)]
pub struct CodeCount {
    /// The code.
    #[serde(serialize_with = "text")]
    pub code: Code,
    /// How many.
    pub count: usize,
}

/// What an asset is to the job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AssetKind {
    /// L-BTC.
    Policy,
    /// The request's asset.
    Asset,
    /// The reissuance token of the request's asset.
    Token,
    /// Another asset.
    Other,
}

/// An output.
#[derive(Debug, Clone, Serialize)]
pub struct OutputDocument {
    /// Of a recipient: its number in AMP's request, from 1 on.
    pub recipient: Option<usize>,
    /// What it is for.
    #[serde(serialize_with = "role")]
    pub role: Option<Role>,
    /// The asset.
    pub asset: String,
    /// What the asset is to the job.
    pub asset_kind: AssetKind,
    /// How much.
    pub amount: Money,
    /// The address that it pays; none for a fee, a burn, and scripts without an address.
    pub address: Option<String>,
    /// The script, hexadecimal; empty for a fee.
    pub script_pubkey: String,
    /// The path in the treasury; none where it does not belong to the treasury.
    pub path: Option<String>,
    /// Whether asset and amount get hidden.
    pub blinded: bool,
    /// Its place among the transaction's outputs, from 0 on.
    pub index: usize,
}

/// An input.
#[derive(Debug, Clone, Serialize)]
pub struct InputDocument {
    /// The coin: `txid:vout`.
    pub outpoint: String,
    /// The path in the treasury; none where it does not belong to the treasury.
    pub path: Option<String>,
    /// The asset; none where the coin cannot be opened.
    pub asset: Option<String>,
    /// What the asset is to the job.
    pub asset_kind: Option<AssetKind>,
    /// How much.
    pub amount: Option<Money>,
    /// Whether asset and amount are hidden on chain.
    pub blinded: bool,
    /// Whether the opening in the PSET opened the coin, and not its range proof.
    pub opening_used: bool,
    /// What it claims to issue. The claim is proven where no rule failed.
    pub issues: Option<IssuanceDocument>,
}

/// What an input claims to issue.
#[derive(Debug, Clone, Serialize)]
pub struct IssuanceDocument {
    /// The asset that the claimed entropy leads to.
    pub asset: Option<String>,
    /// How much.
    pub amount: Money,
    /// Whether the amount gets hidden.
    pub blinded: bool,
}

/// An earlier signing of this machine.
#[derive(Debug, Clone, Serialize)]
pub struct EarlierSigning {
    /// Its journal entry.
    pub entry: u32,
    /// What it did.
    #[serde(serialize_with = "text")]
    pub command: Command,
    /// AMP's name for the distribution, if it is one.
    pub distribution_uuid: Option<String>,
    /// Its transaction.
    pub txid: String,
    /// The asset.
    pub asset: String,
    /// What the asset is to the job that is reviewed.
    pub asset_kind: AssetKind,
    /// How much.
    pub amount: Money,
    /// Its fee.
    pub fee: Money,
}

/// An earlier signing of the same request.
#[derive(Debug, Clone, Serialize)]
pub struct Replaced {
    /// The signing.
    pub signing: EarlierSigning,
    /// The coins that both spend, as `txid:vout`; none where they exclude each other through earlier transactions.
    pub shared_coins: Vec<String>,
}

impl ReviewDocument {
    /// The document as indented JSON.
    ///
    /// # Errors
    /// When the writer fails, which it does not for these values.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }

    /// The document with what a front end tells people to do about each code.
    #[must_use]
    pub fn with_hints(mut self, hints: &Hints) -> Self {
        for finding in self.mismatches.iter_mut().chain(&mut self.warnings) {
            finding.hint = Some(hints.text(finding.code));
        }
        self
    }
}

fn text<S: Serializer>(value: &impl std::fmt::Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

fn optional_text<S: Serializer>(value: &Option<Command>, serializer: S) -> Result<S::Ok, S::Error> {
    value.map(Command::name).serialize(serializer)
}

fn role<S: Serializer>(value: &Option<Role>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(Role::name_of(*value))
}
