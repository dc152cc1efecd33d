//! Which coins a request may take: its own, if it was prepared before; else whatever no other request was promised.
//!
//! Two PSETs for one request are harmless where both spend a coin in common, and the cold side signs no second one that
//! does not. So a request prepared again is planned from its own coins as long as they do. The coins of a transaction to
//! be replaced are this request's as well: only one of the two can confirm, whoever was promised them.

use std::collections::BTreeSet;

use coldamp_core::Secp;
use coldamp_core::amp::Request;
use coldamp_core::amp::request::RequestIdentity;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::elements::{BlockHash, OutPoint};
use coldamp_core::prepare::{PlanError, PrepareError, Prepared, Settings, Treasury, prepare as prepare_from};
use coldamp_core::treasury::Utxo;

use crate::error::{Exit, Failure};
use crate::screen;
use crate::state::State;

/// Refuses a request that took coins when it was prepared before and whose coins are spent: most likely its own transaction
/// spent them, and one made from other coins would pay a second time wherever no journal stands in the way.
///
/// # Errors
/// When any of them is not there, nor one that a transaction to be replaced gives back.
pub(super) fn not_spent(
    request: &Request,
    coins: &[Utxo],
    settings: &Settings,
    state: &State,
) -> Result<(), Failure> {
    let mut gone = state.coins_of(request);
    gone.retain(|own| !coins.iter().any(|coin| coin.outpoint == *own));
    if let Some(replaced) = &settings.replace {
        gone.retain(|own| !replaced.inputs().contains(own));
    }
    let Some(gone) = gone.first() else { return Ok(()) };
    let message = format!(
        "this request was prepared before, and its coin {}:{} is no confirmed coin of the treasury any more",
        gone.txid, gone.vout
    );
    let hint = format!(
        "look up what spent it: if it was this request's transaction, it is paid, go on with `coldamp-online report`; while that waits, --replace takes its place; if it was another one, `coldamp-online status --release {}` gives back what this request took",
        RequestIdentity::of(request).0.to_lower_hex_string()
    );
    Err(Failure::new(Exit::Refused, message, hint).with_code("COINS_SPENT"))
}

/// Prepares from the coins that are this request's to take.
///
/// # Errors
/// As core's own, with the coins that are left.
pub(super) fn prepare(
    secp: &Secp,
    request: &Request,
    treasury: &Treasury<'_>,
    settings: &Settings,
    genesis: Option<BlockHash>,
    state: &State,
) -> Result<Prepared, PrepareError> {
    let own = state.coins_of(request);
    let mut others = state.coins_of_others(request);
    let replaced = settings.replace.as_ref().map(|replaced| replaced.inputs().clone()).unwrap_or_default();
    others.retain(|coin| !replaced.contains(coin));
    let there = |coins: &BTreeSet<OutPoint>| {
        treasury.coins.iter().filter(|coin| coins.contains(&coin.outpoint)).count()
    };
    let from = |coins: Vec<Utxo>| {
        let treasury = Treasury { coins: &coins, ..*treasury };
        prepare_from(secp, request, &treasury, settings, genesis)
    };
    let pick = |wanted: &dyn Fn(&OutPoint) -> bool| -> Vec<Utxo> {
        treasury.coins.iter().filter(|coin| wanted(&coin.outpoint)).cloned().collect()
    };
    if there(&own) > 0 {
        match from(pick(&|coin| own.contains(coin) || replaced.contains(coin))) {
            Err(PrepareError::Plan(PlanError::MissingCoins(_))) => screen::warn(
                "the coins that this request took when it was prepared before do not do any more: others are taken as well",
            ),
            done => return done,
        }
    }
    let promised = there(&others);
    if promised > 0 {
        screen::warn(&format!(
            "{promised} coins are left alone: other prepared requests were promised them; `coldamp-online status` lists these"
        ));
    }
    from(pick(&|coin| own.contains(coin) || !others.contains(coin)))
}
