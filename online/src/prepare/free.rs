//! Which coins a request may take: its own, if it was prepared before; else whatever no other request was promised.
//!
//! Two PSETs for one request are harmless where both spend a coin in common, and the cold side signs no second one that
//! does not. So a request prepared again is planned from its own coins as long as they do. The coins of a transaction to
//! be replaced are this request's as well: only one of the two can confirm, whoever was promised them.

use std::collections::BTreeSet;

use coldamp_core::Secp;
use coldamp_core::amp::Request;
use coldamp_core::elements::{BlockHash, OutPoint};
use coldamp_core::prepare::{PlanError, PrepareError, Prepared, Settings, Treasury, prepare as prepare_from};
use coldamp_core::treasury::Utxo;

use super::Notice;
use crate::state::reservations::Reservations;

/// The first coin that the request took when it was prepared before and that is there no more: most likely its own
/// transaction spent it, and one made from other coins would pay a second time wherever no journal stands in the way. What
/// a transaction to be replaced gives back is among the coins while that one waits.
pub(super) fn spent(request: &Request, coins: &[Utxo], record: &Reservations) -> Option<OutPoint> {
    let mut gone = record.coins_of(request);
    gone.retain(|own| !coins.iter().any(|coin| coin.outpoint == *own));
    gone.first().copied()
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
    record: &Reservations,
    told: &mut dyn FnMut(Notice),
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
            Err(PrepareError::Plan(PlanError::MissingCoins(_))) => told(Notice::OtherCoins),
            done => return done,
        }
    }
    let coins = there(&others);
    if coins > 0 {
        told(Notice::Reserved { coins });
    }
    from(pick(&|coin| own.contains(coin) || !others.contains(coin)))
}
