//! What AMP answered, checked: ids are ids, uuids are the ones asked for, no output and no assignment is listed twice.
//! The unchecked answers are in [`super::wire`].

use std::collections::BTreeSet;
use std::str::FromStr;

use coldamp_core::amp::request::Uuid;
use coldamp_core::elements::confidential::{AssetBlindingFactor, ValueBlindingFactor};
use coldamp_core::elements::{AssetId, OutPoint, Txid};
use coldamp_core::listed::CoinName;
use coldamp_core::units::AssetAmount;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::wire::{self, Object};

/// What one holder is to get (`assets/UUID/assignments`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// AMP's number of the assignment.
    pub id: u64,
    /// The amount, in base units.
    pub amount: AssetAmount,
    /// The address that receives it. AMP may choose it only when the distribution is made.
    pub receiving_address: Option<String>,
    /// The distribution that it is part of.
    pub distribution_uuid: Option<Uuid>,
    /// Whether a distribution takes it.
    pub ready_for_distribution: bool,
    /// Whether its vesting time has passed.
    pub has_vested: bool,
    /// Whether it was paid and reported.
    pub is_distributed: bool,
    /// Whether it is locked; none where AMP does not say. No public answer of AMP's has this field: AMP's lock is known from its
    /// changelog alone, where it replaces an `edit` of `ready_for_distribution`.
    pub is_locked: Option<bool>,
    /// AMP's number of the registered user who holds it. Only for display.
    pub user: Option<String>,
    /// The account of that user. Only for display.
    pub gaid: Option<String>,
}

impl Assignment {
    /// Whether the next distribution would pay it.
    pub fn is_ready(&self) -> bool {
        self.is_payable() && !self.shows_locked()
    }

    /// Whether a distribution could pay it once it is ready.
    pub fn is_payable(&self) -> bool {
        self.has_vested && !self.is_taken()
    }

    /// Whether a distribution has it, or has paid it.
    pub fn is_taken(&self) -> bool {
        self.is_distributed || self.distribution_uuid.is_some()
    }

    /// Whether AMP shows that no distribution takes it now, although none has it. It is so while it is locked. Its vesting does not
    /// count: another login can change that.
    pub fn shows_locked(&self) -> bool {
        !self.is_taken() && (!self.ready_for_distribution || self.is_locked == Some(true))
    }

    /// The distribution that it is part of and that has not paid it yet.
    pub fn open_in(&self) -> Option<&Uuid> {
        self.distribution_uuid.as_ref().filter(|_| !self.is_distributed)
    }
}

/// A transaction as AMP recorded it (`assets/UUID/txs/TXID`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmpTransaction {
    /// The transaction.
    pub txid: Txid,
    /// Whether it issued the asset.
    pub is_issuance: bool,
    /// Its outputs of the asset and its token.
    pub outputs: Vec<AmpOutput>,
}

/// An output as AMP recorded it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmpOutput {
    /// Output index.
    pub vout: u32,
    /// The amount; none where AMP could not open the output.
    pub amount: Option<AssetAmount>,
    /// The asset blinding factor; none where AMP lacks it, or the output is explicit.
    pub asset_blinder: Option<AssetBlindingFactor>,
    /// The value blinding factor; none in the same cases.
    pub amount_blinder: Option<ValueBlindingFactor>,
    /// Whether it is the issuer's; none where AMP does not say.
    pub is_treasury: Option<bool>,
}

impl AmpOutput {
    /// Whether AMP lacks one of its blinders. True of every explicit output too.
    pub fn lacks_blinders(&self) -> bool {
        self.asset_blinder.is_none() || self.amount_blinder.is_none()
    }
}

/// What AMP says of an asset (`assets/UUID`). AMP's word alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetFacts {
    /// The name.
    pub name: String,
    /// Decimals.
    pub precision: u8,
    /// The ticker; none where AMP has none.
    pub ticker: Option<String>,
    /// The issuer's domain; none where AMP has none.
    pub domain: Option<String>,
    /// The issuer's public key, hexadecimal; none where AMP has none.
    pub pubkey: Option<String>,
    /// The reissuance token; none where the asset cannot be reissued.
    pub token: Option<AssetId>,
}

/// What AMP says of the treasury's balance (`assets/UUID/balance`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmpBalance {
    /// The confirmed amount of the row that names nobody, which is the treasury's. None where AMP has no such row.
    pub treasury: Option<AssetAmount>,
    /// Outputs of the asset that AMP no longer tracks.
    pub lost: Vec<OutPoint>,
    /// Outputs of the token that AMP no longer tracks.
    pub lost_tokens: Vec<OutPoint>,
}

/// An output with all that AMP's record says of it (`assets/UUID/txs`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedOutput {
    /// The transaction and the index of the output.
    pub outpoint: OutPoint,
    /// The asset that AMP counts it as.
    pub asset: AssetId,
    /// Amount and blinders.
    pub output: AmpOutput,
    /// Whether AMP counts it as spent.
    pub is_spent: bool,
    /// Whether AMP counts it as destroyed.
    pub is_burnt: bool,
}

/// A reissuance that AMP was told of (`assets/UUID/reissuances`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reissuance {
    /// The transaction.
    pub txid: Txid,
    /// How much it made.
    pub amount: AssetAmount,
}

/// AMP's answer that accepts the report of a reissue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reissued {
    /// The transaction.
    pub(crate) txid: Txid,
    /// The input that reissued.
    pub(crate) vin: u64,
    /// How much it made.
    pub(crate) amount: AssetAmount,
}

/// A blinding factor that AMP lacks, as its answers write it (AMP's script looks for it before `update-blinders`).
const MISSING_BLINDER: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Reads JSON.
pub(super) fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    serde_json::from_slice(body).map_err(|error| error.to_string())
}

/// Reads one object.
fn object<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    json::<Object<T>>(body).map(|Object(object)| object)
}

/// Reads a list of objects.
fn rows<T: DeserializeOwned>(body: &[u8]) -> Result<Vec<T>, String> {
    Ok(json::<Vec<Object<T>>>(body)?.into_iter().map(|Object(row)| row).collect())
}

/// Reads an id: 64 hexadecimal digits.
pub(super) fn id<T: FromStr>(field: &str, text: &str) -> Result<T, String> {
    let digits = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let parsed = if digits { text.parse().ok() } else { None };
    parsed.ok_or_else(|| format!("{field}: found {}, expected 64 hexadecimal digits", quoted(text)))
}

/// Reads a uuid, in capitals too.
pub(super) fn uuid(field: &str, text: &str) -> Result<Uuid, String> {
    Uuid::parse(&text.to_ascii_lowercase())
        .ok_or_else(|| format!("{field}: found {}, expected a uuid", quoted(text)))
}

/// AMP's text, for an error. It is not cut here: a cut could leave a part of a credential, which would not be recognised and
/// removed.
pub(super) fn quoted(text: &str) -> String {
    format!("{text:?}")
}

/// Refuses a list that has an item twice.
fn once<T: Ord + std::fmt::Display>(what: &str, all: impl Iterator<Item = T>) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    for one in all {
        if seen.contains(&one) {
            return Err(format!("found {what} {one} twice"));
        }
        seen.insert(one);
    }
    Ok(())
}

fn outpoint(place: &wire::Place) -> Result<OutPoint, String> {
    Ok(OutPoint::new(id("txid", &place.txid)?, place.vout))
}

/// `user/obtain_token`; its error quotes nothing, since that could be the token.
pub(super) fn token(body: &[u8]) -> Option<String> {
    object::<wire::Token>(body).ok().map(|answer| answer.token)
}

/// `assets/UUID`: the asset's id.
pub(super) fn asset(body: &[u8], asked: &Uuid) -> Result<AssetId, String> {
    let asset: wire::Asset = object(body)?;
    let found = uuid("asset_uuid", &asset.asset_uuid)?;
    if found != *asked {
        return Err(format!("found the asset {found}, asked for was {asked}"));
    }
    id("asset_id", &asset.asset_id)
}

/// `assets/UUID/balance`: the outputs that AMP no longer tracks, those of the token too, which AMP's script does not look at.
pub(super) fn lost_outputs(body: &[u8]) -> Result<Vec<OutPoint>, String> {
    let balance: wire::Balance = object(body)?;
    let all = balance.lost_outputs.iter().chain(&balance.reissuance_lost_outputs);
    all.map(|Object(place)| outpoint(place)).collect()
}

/// `assets/UUID`: what the asset's contract is made of.
pub(super) fn facts(body: &[u8]) -> Result<AssetFacts, String> {
    let facts: wire::Facts = object(body)?;
    let token = facts.reissuance_token_id.as_deref().map(|text| id("reissuance_token_id", text));
    Ok(AssetFacts {
        name: facts.name,
        precision: facts.precision,
        ticker: facts.ticker,
        domain: facts.domain,
        pubkey: facts.pubkey,
        token: token.transpose()?,
    })
}

/// `assets/UUID/balance`: the treasury's amount, and the outputs that AMP no longer tracks.
pub(super) fn balance(body: &[u8]) -> Result<AmpBalance, String> {
    let told: wire::Holders = object(body)?;
    let mut treasury = None;
    for Object(row) in told.confirmed_balance {
        if row.owner.is_none() && row.gaid.is_none() {
            let amount = AssetAmount::from_base_units(row.amount);
            let sum = treasury.unwrap_or(AssetAmount::ZERO).checked_add(amount);
            treasury = Some(sum.ok_or("confirmed_balance adds up to more than 2^64 base units")?);
        }
    }
    let places = |rows: &[Object<wire::Place>]| -> Result<Vec<OutPoint>, String> {
        rows.iter().map(|Object(place)| outpoint(place)).collect()
    };
    let (lost, lost_tokens) = (places(&told.lost_outputs)?, places(&told.reissuance_lost_outputs)?);
    once("lost output", lost.iter().chain(&lost_tokens).map(|lost| CoinName(*lost).to_string()))?;
    Ok(AmpBalance { treasury, lost, lost_tokens })
}

/// `assets/UUID/treasury-addresses`: the texts as they were registered.
pub(super) fn treasury_addresses(body: &[u8]) -> Result<Vec<String>, String> {
    json(body)
}

/// `assets/UUID/txs`: every output that AMP's record has.
pub(super) fn records(body: &[u8]) -> Result<Vec<RecordedOutput>, String> {
    let mut all = Vec::new();
    for row in rows::<wire::Record>(body)? {
        let txid = id("txid", &row.txid)?;
        for Object(row) in row.outputs {
            all.push(RecordedOutput {
                outpoint: OutPoint::new(txid, row.output.vout),
                asset: id("asset_id", &row.asset_id)?,
                output: output_of(&row.output)?,
                is_spent: row.is_spent,
                is_burnt: row.is_burnt,
            });
        }
    }
    once("output", all.iter().map(|recorded| CoinName(recorded.outpoint).to_string()))?;
    Ok(all)
}

/// `assets/UUID/assignments`
pub(super) fn assignments(body: &[u8]) -> Result<Vec<Assignment>, String> {
    let rows: Vec<wire::Assignment> = rows(body)?;
    let rows: Result<Vec<Assignment>, String> = rows.into_iter().map(assignment).collect();
    let rows = rows?;
    once("assignment", rows.iter().map(|row| row.id))?;
    Ok(rows)
}

/// The answer to `assets/UUID/assignments/ID/lock` and `/unlock`. Its form is not on record, so another one is no failure.
pub(super) fn one_assignment(body: &[u8], asked: u64) -> Option<Assignment> {
    let row = assignment(object(body).ok()?).ok()?;
    (row.id == asked).then_some(row)
}

fn assignment(row: wire::Assignment) -> Result<Assignment, String> {
    let distribution_uuid = row.distribution_uuid.as_deref().map(|text| uuid("distribution_uuid", text));
    Ok(Assignment {
        id: row.id,
        amount: AssetAmount::from_base_units(row.amount),
        receiving_address: row.receiving_address,
        distribution_uuid: distribution_uuid.transpose()?,
        // Null does not mean ready: a distribution pays only what AMP says is ready.
        ready_for_distribution: row.ready_for_distribution.unwrap_or(false),
        // Null where the assignment has no vesting time. With a vesting time, null does not mean that it has passed.
        has_vested: row.has_vested.unwrap_or(row.vesting_timestamp == Some(Value::Null)),
        is_distributed: row.is_distributed,
        is_locked: row.is_locked,
        user: row.registered_user,
        gaid: row.gaid,
    })
}

/// `assets/UUID/utxos`: the outputs that AMP tracks, whoever holds them.
pub(super) fn utxos(body: &[u8]) -> Result<Vec<OutPoint>, String> {
    rows(body)?.iter().map(outpoint).collect()
}

/// `assets/UUID/txs`
pub(super) fn transactions(body: &[u8]) -> Result<Vec<AmpTransaction>, String> {
    let rows: Result<Vec<AmpTransaction>, String> = rows(body)?.into_iter().map(transaction_of).collect();
    let rows = rows?;
    once("transaction", rows.iter().map(|row| row.txid))?;
    Ok(rows)
}

/// `assets/UUID/txs/TXID`
pub(super) fn transaction(body: &[u8], asked: Txid) -> Result<AmpTransaction, String> {
    let found = transaction_of(object(body)?)?;
    match found.txid == asked {
        true => Ok(found),
        false => Err(format!("found transaction {}, asked for was {asked}", found.txid)),
    }
}

fn transaction_of(row: wire::Transaction) -> Result<AmpTransaction, String> {
    let outputs: Result<Vec<AmpOutput>, String> =
        row.outputs.into_iter().map(|Object(output)| output_of(&output)).collect();
    let outputs = outputs?;
    once("output", outputs.iter().map(|output| output.vout))?;
    Ok(AmpTransaction { txid: id("txid", &row.txid)?, is_issuance: row.is_issuance, outputs })
}

fn output_of(row: &wire::Output) -> Result<AmpOutput, String> {
    Ok(AmpOutput {
        vout: row.vout,
        amount: row.amount.map(AssetAmount::from_base_units),
        asset_blinder: blinder("asset_blinder", row.asset_blinder.as_deref())?,
        amount_blinder: blinder("amount_blinder", row.amount_blinder.as_deref())?,
        is_treasury: row.is_treasury,
    })
}

/// None where AMP lacks it. An error does not quote it: a blinder is secret.
fn blinder<T: FromStr>(field: &str, text: Option<&str>) -> Result<Option<T>, String> {
    match text {
        None | Some(MISSING_BLINDER) => Ok(None),
        Some(text) => id(field, text)
            .map(Some)
            .map_err(|_| format!("{field}: found no blinding factor, expected 64 hexadecimal digits")),
    }
}

/// `assets/UUID/reissuances`
pub(super) fn reissuances(body: &[u8]) -> Result<Vec<Reissuance>, String> {
    let rows: Vec<wire::Reissuance> = rows(body)?;
    let reissuance = |row: wire::Reissuance| {
        let amount = AssetAmount::from_base_units(row.reissuance_amount);
        id("txid", &row.txid).map(|txid| Reissuance { txid, amount })
    };
    rows.into_iter().map(reissuance).collect()
}

/// The answer to `assets/UUID/reissue-confirm`
pub(crate) fn reissued(body: &[u8]) -> Result<Reissued, String> {
    let told: wire::Reissued = object(body)?;
    let (txid, vin) = (id("txid", &told.txid)?, told.vin);
    Ok(Reissued { txid, vin, amount: AssetAmount::from_base_units(told.reissuance_amount) })
}

#[cfg(test)]
mod forms;
#[cfg(test)]
mod tests;
