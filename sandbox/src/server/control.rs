//! Requests by which another process controls the sandbox: blocks, coins, reorganisations, evictions, faults.
//!
//! ```text
//! GET  /sandbox/state
//! POST /sandbox/mine        {"blocks": 1}
//! POST /sandbox/fund        {"descriptor": "ct(…)", "from_index": 10, "count": 100, "sat": 1000, "blinded": true}
//! POST /sandbox/reorganise  {"depth": 1}
//! POST /sandbox/forget      {"txid": "…"}
//! POST /sandbox/faults      {"rules": [{"path": "/api/", "count": 1, "fault": {"kind": "drop_after"}}]}
//! ```
//!
//! Posting faults replaces all of them, and releases every request that is held. These requests are not logged, and no fault
//! happens to them.

use std::str::FromStr as _;

use coldamp_core::Secp;
use coldamp_core::elements::Txid;
use coldamp_core::treasury::CtDescriptor;
use coldamp_core::units::Satoshi;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::World;
use crate::exchange::{Answer, Question};
use crate::faults::{Faults, Rule};

/// Blocks that one request may ask for.
const MOST_BLOCKS: u32 = 10_000;

/// Coins that one request may ask for: no other request is answered while they are made.
const MOST_COINS: u32 = 1_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Mine {
    blocks: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fund {
    descriptor: String,
    from_index: u32,
    count: u32,
    sat: u64,
    blinded: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reorganise {
    depth: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Forget {
    txid: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Switch {
    rules: Vec<Rule>,
}

/// Answers one request; `path` is the part behind `/sandbox/`.
pub(super) fn answer(world: &mut World, faults: &Faults, path: &str, question: &Question) -> Answer {
    let answered = match (question.method.as_str(), path) {
        ("GET", "state") => Ok(state(world, faults)),
        ("POST", "mine") => mine(world, faults, question),
        ("POST", "fund") => fund(world, faults, question),
        ("POST", "reorganise") => reorganise(world, faults, question),
        ("POST", "forget") => forget(world, question),
        ("POST", "faults") => switch(world, faults, question),
        (_, "state" | "mine" | "fund" | "reorganise" | "forget" | "faults") => {
            Err(Answer::text(405, format!("{} is not a method of /sandbox/{path}", question.method)))
        }
        _ => Err(Answer::text(404, format!("there is no /sandbox/{path}"))),
    };
    match answered {
        Ok(value) => Answer::json(200, &value),
        Err(refusal) => refusal,
    }
}

fn state(world: &World, faults: &Faults) -> Value {
    let network = world.chain.network();
    json!({
        "network": network.chain().name(),
        "policy_asset": network.policy_asset().to_string(),
        "genesis": world.chain.genesis().to_string(),
        "height": world.chain.tip(),
        "hash": world.chain.tip_hash().to_string(),
        "mempool": world.chain.mempool().map(|txid| txid.to_string()).collect::<Vec<_>>(),
        "requests": faults.count(),
    })
}

fn body<T: DeserializeOwned>(question: &Question) -> Result<T, Answer> {
    serde_json::from_slice(&question.body).map_err(|error| Answer::text(400, error.to_string()))
}

fn mine(world: &mut World, faults: &Faults, question: &Question) -> Result<Value, Answer> {
    let Mine { blocks } = body(question)?;
    if blocks > MOST_BLOCKS {
        return Err(Answer::text(400, format!("found {blocks} blocks, expected at most {MOST_BLOCKS}")));
    }
    world.chain.mine(blocks);
    Ok(state(world, faults))
}

/// Coins of L-BTC for a treasury, in a block of their own.
fn fund(world: &mut World, faults: &Faults, question: &Question) -> Result<Value, Answer> {
    let Fund { descriptor, from_index, count, sat, blinded } = body(question)?;
    if count > MOST_COINS {
        return Err(Answer::text(400, format!("found {count} coins, expected at most {MOST_COINS}")));
    }
    let descriptor = CtDescriptor::parse(&descriptor, world.chain.network().chain())
        .map_err(|error| Answer::text(400, error.to_string()))?;
    let amount = Satoshi::from_sat(sat);
    world
        .chain
        .fund_many(&Secp::new(), &descriptor, from_index, count, amount, blinded)
        .map_err(|error| Answer::text(400, error.to_string()))?;
    Ok(state(world, faults))
}

fn reorganise(world: &mut World, faults: &Faults, question: &Question) -> Result<Value, Answer> {
    let Reorganise { depth } = body(question)?;
    world.chain.reorganise(depth);
    Ok(state(world, faults))
}

fn forget(world: &mut World, question: &Question) -> Result<Value, Answer> {
    let Forget { txid } = body(question)?;
    let txid = Txid::from_str(&txid).map_err(|error| Answer::text(400, error.to_string()))?;
    Ok(json!({ "forgotten": world.chain.forget(txid) }))
}

fn switch(world: &World, faults: &Faults, question: &Question) -> Result<Value, Answer> {
    let Switch { rules } = body(question)?;
    faults.clear();
    faults.set(rules);
    Ok(state(world, faults))
}
