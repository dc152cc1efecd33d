//! Which coins a request may spend: the coins that it reserved when it was prepared before, else all that no other request has
//! reserved.
//!
//! Two PSETs for one request are harmless if both spend a coin in common, and the signer refuses a second one that does
//! not. So a request that is prepared again is planned from the coins it reserved, as long as they suffice. A request may also
//! spend the coins of the transaction that it replaces: only one of the two can confirm, whichever request reserved them.

use std::collections::BTreeSet;

use coldamp_core::Secp;
use coldamp_core::amp::Request;
use coldamp_core::elements::{BlockHash, OutPoint};
use coldamp_core::prepare::{PlanError, PrepareError, Prepared, Settings, Treasury, prepare as prepare_from};
use coldamp_core::treasury::Utxo;

use super::Notice;
use crate::state::reservations::Reservations;

/// The first coin that the request reserved and that is no longer unspent. Most likely the request's own transaction spent
/// it. A transaction made from other coins would then pay a second time, and only the signer's journal could prevent it. Coins
/// of a waiting transaction to be replaced count as unspent.
pub(super) fn spent_coin(request: &Request, coins: &[Utxo], record: &Reservations) -> Option<OutPoint> {
    let mut gone = record.coins_of(request);
    gone.retain(|own| !coins.iter().any(|coin| coin.outpoint == *own));
    gone.first().copied()
}

/// Prepares from the coins that this request may spend.
///
/// # Errors
/// As [`prepare_from`], with these coins.
pub(super) fn prepare(
    secp: &Secp,
    request: &Request,
    treasury: &Treasury<'_>,
    settings: &Settings,
    genesis: Option<BlockHash>,
    record: &Reservations,
    notify: &mut dyn FnMut(Notice),
) -> Result<Prepared, PrepareError> {
    let own = record.coins_of(request);
    let mut others = record.coins_of_others(request);
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
            Err(PrepareError::Plan(PlanError::MissingCoins(_))) => notify(Notice::OtherCoins),
            done => return done,
        }
    }
    let coins = there(&others);
    if coins > 0 {
        notify(Notice::Reserved { coins });
    }
    from(pick(&|coin| own.contains(coin) || !others.contains(coin)))
}
