//! Esplora's HTTP API of an Elements chain, as Blockstream's electrs answers it (branch new-index, src/rest.rs): paths,
//! field names, status codes, and its habits too. It says `{"confirmed":false}` of a transaction that it does not know,
//! `{"spent":false}` of an output that does not exist, gives 25 transactions a page, and wraps what the node refuses into
//! one line of text.

mod asset;
mod script;
#[cfg(test)]
mod tests;
mod transaction;

use std::str::FromStr;

use coldamp_core::elements::bitcoin::hex::FromHex;
use coldamp_core::elements::encode::{deserialize, serialize};
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::elements::{BlockHash, OutPoint, Transaction, Txid};
use serde_json::{Value, json};

use crate::chain::{Chain, Rejection};
use crate::exchange::Answer;

/// An answer that is an error.
pub(crate) struct Refusal {
    status: u16,
    text: String,
}

impl Refusal {
    fn not_found(text: &str) -> Self {
        Refusal { status: 404, text: text.to_owned() }
    }

    fn bad(text: impl Into<String>) -> Self {
        Refusal { status: 400, text: text.into() }
    }
}

/// Answers one request. `path` is relative to the API's root, with or without a slash before it.
pub fn answer(chain: &mut Chain, method: &str, path: &str, body: &[u8]) -> Answer {
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let answered = match (method, parts.as_slice()) {
        ("POST", ["tx"]) => broadcast(chain, body),
        ("GET", parts) => get(chain, path, parts),
        _ => Err(unknown(path)),
    };
    answered.unwrap_or_else(|refusal| Answer::text(refusal.status, refusal.text))
}

fn unknown(path: &str) -> Refusal {
    Refusal::not_found(&format!("endpoint does not exist \"/{}\"", path.trim_start_matches('/')))
}

fn get(chain: &Chain, path: &str, parts: &[&str]) -> Result<Answer, Refusal> {
    let text = |text: String| Ok(Answer::text(200, text));
    let json = |value: &Value| Ok(Answer::json(200, value));
    match parts {
        ["blocks", "tip", "height"] => text(chain.tip().to_string()),
        ["blocks", "tip", "hash"] => text(chain.tip_hash().to_string()),
        ["block-height", height] => {
            let height = height.parse().map_err(|_| Refusal::bad("Invalid number"))?;
            text(chain.block_hash(height).ok_or_else(|| Refusal::not_found("Block not found"))?.to_string())
        }
        ["block", hash, rest @ ..] => block(chain, path, hash, rest),
        ["tx", txid, rest @ ..] => tx(chain, path, txid_of(txid)?, rest),
        [kind @ ("scripthash" | "address"), name, rest @ ..] => {
            script::answer(chain, kind, name, rest)?.ok_or_else(|| unknown(path))
        }
        ["asset", asset] => json(&asset::answer(chain, asset)?),
        ["mempool", "txids"] => json(&chain.mempool().map(|txid| txid.to_string()).collect()),
        ["fee-estimates"] => json(&fee_estimates()),
        _ => Err(unknown(path)),
    }
}

fn block(chain: &Chain, path: &str, hash: &str, rest: &[&str]) -> Result<Answer, Refusal> {
    let hash = BlockHash::from_str(hash).map_err(|_| Refusal::bad("Invalid hex string"))?;
    let height = chain.height_of_block(hash);
    match rest {
        [] => {
            let header = height.and_then(|height| chain.block_header(height));
            let header = header.ok_or_else(|| Refusal::not_found("Block not found"))?;
            Ok(Answer::json(
                200,
                &json!({ "id": hash.to_string(), "height": header.height, "timestamp": header.time }),
            ))
        }
        ["status"] => {
            let next = height.and_then(|height| chain.block_hash(height.saturating_add(1)));
            let next = next.map(|hash| hash.to_string());
            Ok(Answer::json(
                200,
                &json!({ "in_best_chain": height.is_some(), "height": height, "next_best": next }),
            ))
        }
        ["header"] => {
            let header = height.and_then(|height| chain.block_header(height));
            let header = header.ok_or_else(|| Refusal::not_found("Block not found"))?;
            Ok(Answer::text(200, serialize(header).to_lower_hex_string()))
        }
        _ => Err(unknown(path)),
    }
}

fn tx(chain: &Chain, path: &str, txid: Txid, rest: &[&str]) -> Result<Answer, Refusal> {
    let found = || chain.transaction(txid).ok_or_else(|| Refusal::not_found("Transaction not found"));
    match rest {
        [] => Ok(Answer::json(200, &transaction::json(chain, found()?))),
        ["hex"] => Ok(Answer::text(200, serialize(found()?).to_lower_hex_string())),
        ["raw"] => {
            Ok(Answer { status: 200, content_type: "application/octet-stream", body: serialize(found()?) })
        }
        ["status"] => Ok(Answer::json(200, &transaction::status(chain, txid))),
        ["outspend", vout] => {
            let vout = vout.parse().map_err(|_| Refusal::bad("Invalid number"))?;
            Ok(Answer::json(200, &transaction::outspend(chain, OutPoint { txid, vout })))
        }
        ["outspends"] => {
            let outputs = (0_u32..).zip(&found()?.output);
            let outspends = outputs.map(|(vout, _)| transaction::outspend(chain, OutPoint { txid, vout }));
            Ok(Answer::json(200, &outspends.collect()))
        }
        _ => Err(unknown(path)),
    }
}

fn txid_of(text: &str) -> Result<Txid, Refusal> {
    Txid::from_str(text).map_err(|_| Refusal::bad("Invalid hex string"))
}

/// As the node's `sendrawtransaction`, which also succeeds for a transaction that is in its mempool already.
fn broadcast(chain: &mut Chain, body: &[u8]) -> Result<Answer, Refusal> {
    let refused = |code: i32, message: &str| {
        let error = json!({ "code": code, "message": message });
        Refusal::bad(format!("sendrawtransaction RPC error: {error}"))
    };
    let undecodable = || refused(-22, "TX decode failed. Make sure the tx has at least one input.");
    let text = std::str::from_utf8(body).map_err(|_| undecodable())?;
    let bytes = Vec::<u8>::from_hex(text.trim()).map_err(|_| undecodable())?;
    let transaction: Transaction = deserialize(&bytes).map_err(|_| undecodable())?;
    let txid = transaction.txid();
    match chain.submit(transaction) {
        Ok(_) | Err(Rejection::InMempool | Rejection::SameButWitness) => {
            Ok(Answer::text(200, txid.to_string()))
        }
        Err(error) => Err(refused(error.rpc_code(), &error.rpc_message())),
    }
}

/// Satoshi per virtual byte by blocks to wait: 0.1 for all, the least that Liquid's nodes relay.
fn fee_estimates() -> Value {
    let targets = (1..=25).chain([144, 504, 1_008]);
    targets.map(|target: u32| (target.to_string(), json!(0.1))).collect::<serde_json::Map<_, _>>().into()
}
