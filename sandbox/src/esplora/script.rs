//! What pays a script and what spends from it, by address or by the script's SHA-256.

use coldamp_core::elements::bitcoin::hex::FromHex;
use coldamp_core::elements::encode::serialize;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::elements::{Address, OutPoint, Txid};
use serde_json::{Map, Value, json};

use super::{Refusal, transaction, txid_of};
use crate::chain::{Chain, ScriptHash, script_hash};
use crate::exchange::Answer;

/// Transactions of blocks that one answer holds.
const CHAIN_PAGE: usize = 25;

/// Transactions of the mempool that one answer holds.
const MEMPOOL_PAGE: usize = 50;

/// Unspent outputs of one script that are listed (`--utxos-limit`).
const UTXOS_LIMIT: usize = 500;

/// `GET /scripthash/:hash/…` and `GET /address/:address/…`. `None` where there is no such path.
pub(super) fn answer(
    chain: &Chain,
    kind: &str,
    name: &str,
    rest: &[&str],
) -> Result<Option<Answer>, Refusal> {
    let script = match kind {
        "address" => {
            let address = Address::parse_with_params(name, chain.network().address_params());
            script_hash(&address.map_err(|error| Refusal::bad(error.to_string()))?.script_pubkey())
        }
        _ => ScriptHash::from_hex(name).map_err(|_| Refusal::bad("Invalid scripthash"))?,
    };
    let value = match rest {
        [] => stats(chain, kind, name, script),
        ["utxo"] if most_unspent(chain, script) > UTXOS_LIMIT => {
            let words = "Too many unspent transaction outputs";
            let reason = format!("{words} (>{UTXOS_LIMIT}). Contact support to raise limits.");
            return Err(Refusal::bad(reason));
        }
        ["utxo"] => utxos(chain, script),
        ["txs"] => {
            let txids = waiting(chain, script).into_iter().chain(page(chain, script, None));
            transactions(chain, txids)
        }
        ["txs", "mempool"] => transactions(chain, waiting(chain, script)),
        ["txs", "chain"] => transactions(chain, page(chain, script, None)),
        ["txs", "chain", last_seen] => transactions(chain, page(chain, script, Some(txid_of(last_seen)?))),
        _ => return Ok(None),
    };
    Ok(Some(Answer::json(200, &value)))
}

fn stats(chain: &Chain, kind: &str, name: &str, script: ScriptHash) -> Value {
    let history = chain.history(script);
    let in_block = |txid: Txid| chain.height_of(txid).flatten().is_some();
    let outputs = chain.outputs_paying_hash(script);
    let count = |confirmed: bool| {
        let spent = outputs.iter().filter_map(|outpoint| chain.spender(*outpoint));
        json!({
            "tx_count": history.iter().filter(|txid| in_block(**txid) == confirmed).count(),
            "funded_txo_count": outputs.iter().filter(|outpoint| in_block(outpoint.txid) == confirmed).count(),
            "spent_txo_count": spent.filter(|(txid, _)| in_block(*txid) == confirmed).count(),
        })
    };
    json!({ kind: name, "chain_stats": count(true), "mempool_stats": count(false) })
}

/// What is unspent in blocks and mempool together. The proofs are not in it: they are in the transactions.
fn utxos(chain: &Chain, script: ScriptHash) -> Value {
    let unspent = chain.outputs_paying_hash(script).into_iter();
    let unspent = unspent.filter(|outpoint| chain.spender(*outpoint).is_none());
    unspent.filter_map(|outpoint| utxo(chain, outpoint)).collect()
}

/// The most outputs of a script that were unspent at any block. electrs reads the history from its beginning, and gives up
/// where too many are unspent, even if most of them are spent by now.
fn most_unspent(chain: &Chain, script: ScriptHash) -> usize {
    let in_block = |txid: Txid| chain.height_of(txid).flatten();
    let mut changes: Vec<(u32, isize)> = Vec::new();
    for outpoint in chain.outputs_paying_hash(script) {
        changes.extend(in_block(outpoint.txid).map(|height| (height, 1)));
        let spender = chain.spender(outpoint).and_then(|(txid, _)| in_block(txid));
        changes.extend(spender.map(|height| (height, -1)));
    }
    changes.sort_unstable_by_key(|(height, change)| (*height, -*change));
    let (mut held, mut most) = (0_isize, 0);
    for (_, change) in changes {
        held = held.saturating_add(change);
        most = most.max(held);
    }
    usize::try_from(most).unwrap_or_default()
}

fn utxo(chain: &Chain, outpoint: OutPoint) -> Option<Value> {
    let output = chain.output(outpoint)?;
    let mut fields = Map::new();
    fields.insert("txid".to_owned(), outpoint.txid.to_string().into());
    fields.insert("vout".to_owned(), outpoint.vout.into());
    fields.insert("status".to_owned(), transaction::status(chain, outpoint.txid));
    transaction::commitments(&mut fields, output);
    if output.nonce.is_confidential() {
        fields.insert("noncecommitment".to_owned(), serialize(&output.nonce).to_lower_hex_string().into());
    }
    Some(fields.into())
}

fn waiting(chain: &Chain, script: ScriptHash) -> Vec<Txid> {
    let history = chain.history(script).into_iter();
    history.filter(|txid| chain.height_of(*txid) == Some(None)).take(MEMPOOL_PAGE).collect()
}

/// The confirmed transactions after the last one seen. None if that one is not among them.
fn page(chain: &Chain, script: ScriptHash, last_seen: Option<Txid>) -> Vec<Txid> {
    let history = chain.history(script).into_iter();
    let in_blocks = history.filter(|txid| chain.height_of(*txid).flatten().is_some());
    match last_seen {
        None => in_blocks.take(CHAIN_PAGE).collect(),
        Some(last) => in_blocks.skip_while(|txid| *txid != last).skip(1).take(CHAIN_PAGE).collect(),
    }
}

fn transactions(chain: &Chain, txids: impl IntoIterator<Item = Txid>) -> Value {
    let found = txids.into_iter().filter_map(|txid| chain.transaction(txid));
    found.map(|tx| transaction::json(chain, tx)).collect()
}
