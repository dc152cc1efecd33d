//! The coins that AMP's request lists, compared with what the treasury has (docs/rules.md#listed-coins).
//!
//! The same request file can ask for a burn that was mined before. If state folder and journal are lost, only the
//! request's own list shows it. AMP's script stops if a listed coin is spent. Other coins in its place would burn a second
//! time. So every listed coin must be unspent.

use coldamp_core::amp::{Job, Request};
use coldamp_core::elements::{OutPoint, Script, Txid};
use coldamp_core::prepare::Settings;
use coldamp_core::treasury::Utxo;

use crate::source::Source;
use crate::state::reservations::Reservations;
use crate::sync::Holdings;

/// Why a listed coin cannot be spent, by the treasury's own coins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// It is not a confirmed, unspent coin of the treasury.
    NotUnspent,
    /// Another prepared request has reserved it.
    Reserved,
}

/// A listed coin that cannot be spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MissingCoin {
    /// The outpoint of the coin.
    pub outpoint: OutPoint,
    /// Why it cannot be spent.
    pub why: Missing,
}

/// What became of a listed coin that is not a confirmed, unspent coin of the treasury, by the chain source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoinFate {
    /// The source does not know its transaction, or the transaction has no such output.
    Unknown,
    /// It belongs to another wallet.
    NotOurs,
    /// It belongs to the treasury and is not confirmed yet.
    Unconfirmed,
    /// It belongs to the treasury, and its amount cannot be opened.
    Unopened,
    /// It belonged to the treasury and was spent.
    Spent,
}

impl CoinFate {
    /// The end of a sentence that begins with the coin.
    pub fn words(self) -> &'static str {
        match self {
            CoinFate::Unknown => "is not known to the chain source",
            CoinFate::NotOurs => "does not belong to this treasury",
            CoinFate::Unconfirmed => "is not confirmed yet",
            CoinFate::Unopened => "cannot be opened with this view key",
            CoinFate::Spent => "is spent",
        }
    }
}

/// The outpoints that a request lists.
pub fn coins_listed_by(request: &Request) -> &[OutPoint] {
    match &request.job {
        Job::Distribute { .. } => &[],
        Job::Reissue { tokens: listed, .. } | Job::Burn { coins: listed, .. } => listed,
    }
}

/// The listed coins that cannot be spent. A coin of a transaction to be replaced may be reserved for that transaction. While
/// that transaction waits, [`super::replaced::add_coins_of_replaced`] counts the coin as unspent. If it is not, another
/// transaction has spent it in a block, most likely the burn itself. A missing token is refused by the plan (TOKEN_MISSING),
/// since a reissue spends every listed token.
pub(super) fn missing_coins(
    request: &Request,
    coins: &[Utxo],
    settings: &Settings,
    record: &Reservations,
) -> Vec<MissingCoin> {
    let is_burn = matches!(request.job, Job::Burn { .. });
    let reserved = record.coins_of_others(request);
    let is_replaced = |outpoint: &OutPoint| {
        settings.replace.as_ref().is_some_and(|replaced| replaced.inputs().contains(outpoint))
    };
    let mut missing = Vec::new();
    for outpoint in coins_listed_by(request) {
        let is_there = coins.iter().any(|coin| coin.outpoint == *outpoint);
        let is_reserved = reserved.contains(outpoint) && !is_replaced(outpoint);
        let why = match (is_there, is_reserved) {
            (true, true) => Missing::Reserved,
            (false, _) if is_burn => Missing::NotUnspent,
            (true, false) | (false, _) => continue,
        };
        missing.push(MissingCoin { outpoint: *outpoint, why });
    }
    missing
}

/// Asks the chain source what became of a listed coin.
///
/// # Errors
/// When the source cannot be read.
pub async fn coin_fate<S: Source>(
    source: &S,
    holdings: &Holdings,
    outpoint: OutPoint,
) -> Result<CoinFate, S::Error> {
    if holdings.unconfirmed.contains(&outpoint) {
        return Ok(CoinFate::Unconfirmed);
    }
    if holdings.unopened.iter().any(|coin| coin.outpoint == outpoint) {
        return Ok(CoinFate::Unopened);
    }
    Ok(match script_of(source, outpoint.txid, outpoint.vout).await? {
        None => CoinFate::Unknown,
        Some(script) if holdings.owns(&script) => CoinFate::Spent,
        Some(_) => CoinFate::NotOurs,
    })
}

async fn script_of<S: Source>(source: &S, txid: Txid, vout: u32) -> Result<Option<Script>, S::Error> {
    let transaction = source.transaction(txid).await?;
    let output = transaction.and_then(|found| found.output.into_iter().nth(usize::try_from(vout).ok()?));
    Ok(output.map(|output| output.script_pubkey))
}
