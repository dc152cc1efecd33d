//! The coins that AMP's request lists, compared with what the treasury has (docs/rules.md#listed-coins).
//!
//! The same request file can ask for a burn that was mined before. Where state folder and journal are lost, only the
//! request's own list shows it. AMP's script stops where a listed coin is spent; other coins in its place would burn a
//! second time. So every listed coin must be unspent.

use coldamp_core::amp::{Job, Request};
use coldamp_core::elements::{OutPoint, Script, Txid};
use coldamp_core::prepare::Settings;
use coldamp_core::treasury::Utxo;

use crate::source::Source;
use crate::state::reservations::Reservations;
use crate::sync::Holdings;

/// Why a listed coin cannot be spent, as far as the treasury's own coins tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// It is no confirmed, unspent coin of the treasury.
    NotUnspent,
    /// Another prepared request reserved it.
    Reserved,
}

/// A listed coin that cannot be spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MissingCoin {
    /// Where.
    pub outpoint: OutPoint,
    /// Why.
    pub why: Missing,
}

/// What the chain source shows of a listed coin that is not unspent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// The source does not know its transaction, or it has no such output.
    Unknown,
    /// It is an output of somebody else's script.
    NotOurs,
    /// It is ours and has no block yet.
    Unconfirmed,
    /// It is ours and nothing opens it.
    Unopened,
    /// It is ours and was spent.
    Spent,
}

impl Shown {
    /// In words, behind the coin's name.
    pub fn words(self) -> &'static str {
        match self {
            Shown::Unknown => "is not known to the chain source",
            Shown::NotOurs => "does not belong to this treasury",
            Shown::Unconfirmed => "is not confirmed yet",
            Shown::Unopened => "cannot be opened with this view key",
            Shown::Spent => "is spent",
        }
    }
}

/// The outpoints that a request lists.
pub fn listed(request: &Request) -> &[OutPoint] {
    match &request.job {
        Job::Distribute { .. } => &[],
        Job::Reissue { tokens: listed, .. } | Job::Burn { coins: listed, .. } => listed,
    }
}

/// The listed coins that cannot be spent. A coin of a transaction to be replaced may be reserved for that one; it must be
/// there all the same, as it is while that one waits ([`super::replaced::give_back`]): where another transaction has spent
/// it in a block, that was most likely the burn itself. A listed token that is not there is the plan's to refuse
/// (TOKEN_MISSING), since a reissue spends every listed token.
pub(super) fn missing(
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
    for outpoint in listed(request) {
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
pub async fn look_up<S: Source>(
    source: &S,
    holdings: &Holdings,
    outpoint: OutPoint,
) -> Result<Shown, S::Error> {
    if holdings.unconfirmed.contains(&outpoint) {
        return Ok(Shown::Unconfirmed);
    }
    if holdings.unopened.iter().any(|coin| coin.outpoint == outpoint) {
        return Ok(Shown::Unopened);
    }
    Ok(match script_of(source, outpoint.txid, outpoint.vout).await? {
        None => Shown::Unknown,
        Some(script) if holdings.owns(&script) => Shown::Spent,
        Some(_) => Shown::NotOurs,
    })
}

async fn script_of<S: Source>(source: &S, txid: Txid, vout: u32) -> Result<Option<Script>, S::Error> {
    let transaction = source.transaction(txid).await?;
    let output = transaction.and_then(|found| found.output.into_iter().nth(usize::try_from(vout).ok()?));
    Ok(output.map(|output| output.script_pubkey))
}
