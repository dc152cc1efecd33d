//! An asset: where it was issued, how much of it is known, and what the registry says of it.

use std::str::FromStr;

use coldamp_core::elements::confidential::Value as Amount;
use coldamp_core::elements::{AssetId, TxIn, Txid};
use coldamp_core::treasury::IssuanceKind;
use serde_json::{Value, json};

use super::{Refusal, transaction};
use crate::chain::Chain;

/// `GET /asset/:asset`.
pub(super) fn answer(chain: &Chain, asset: &str) -> Result<Value, Refusal> {
    let asset = AssetId::from_str(asset).map_err(|_| Refusal::bad("Invalid hex string"))?;
    if asset == chain.network().policy_asset() {
        return Ok(json!({
            "asset_id": asset.to_string(),
            "chain_stats": pegged_stats(),
            "mempool_stats": pegged_stats(),
        }));
    }
    let issuances = chain.issuances(asset);
    let input = |(txid, vin): (Txid, u32)| chain.transaction(txid)?.input.get(usize::try_from(vin).ok()?);
    let first = issuances.iter().find_map(|at| {
        let input = input(*at)?;
        input.asset_issuance.asset_blinding_nonce.is_null().then_some((*at, input))
    });
    let ((txid, vin), issuing) = first.ok_or_else(|| Refusal::not_found("Asset id not found"))?;
    let (_, token) = issuing.issuance_ids();
    let prevout = issuing.previous_output;
    let mut value = json!({
        "asset_id": asset.to_string(),
        "issuance_txin": { "txid": txid.to_string(), "vin": vin },
        "issuance_prevout": { "txid": prevout.txid.to_string(), "vout": prevout.vout },
        "reissuance_token": token.to_string(),
        "contract_hash": issuing.asset_issuance.asset_entropy.into_contract_hash().to_string(),
        "status": transaction::status(chain, txid),
        "chain_stats": stats(chain, asset, token, true),
        "mempool_stats": stats(chain, asset, token, false),
    });
    if let (Some(fields), Some(registered)) = (value.as_object_mut(), registered(chain, asset)) {
        fields.extend(registered);
    }
    Ok(value)
}

/// What the registry adds to the chain's facts: the contract, and its fields once more.
fn registered(chain: &Chain, asset: AssetId) -> Option<serde_json::Map<String, Value>> {
    let contract: Value = serde_json::from_str(chain.registered(asset)?).ok()?;
    let members = ["entity", "ticker", "name", "precision"];
    let copied = members.into_iter().filter_map(|name| Some((name.to_owned(), contract.get(name)?.clone())));
    let mut fields: serde_json::Map<String, Value> = copied.collect();
    fields.insert("contract".to_owned(), contract);
    Some(fields)
}

/// Issuances and burns of one asset, in blocks or in the mempool.
fn stats(chain: &Chain, asset: AssetId, token: AssetId, confirmed: bool) -> Value {
    let here = |txid: Txid| chain.height_of(txid).is_some_and(|height| height.is_some() == confirmed);
    let issuances = chain.issuances(asset).into_iter().filter(|(txid, _)| here(*txid));
    let mut touching: std::collections::BTreeSet<Txid> = std::collections::BTreeSet::new();
    let (mut count, mut issued, mut tokens, mut blinded) = (0_u32, 0_u64, Some(0_u64), false);
    for (txid, vin) in issuances {
        let input = chain.transaction(txid).and_then(|tx| tx.input.get(usize::try_from(vin).ok()?));
        let Some(input) = input else { continue };
        touching.insert(txid);
        count = count.saturating_add(1);
        issued = issued.saturating_add(input.asset_issuance.amount.explicit().unwrap_or(0));
        blinded |= kind(input) == IssuanceKind::Blinded;
        tokens = match input.asset_issuance.inflation_keys {
            Amount::Confidential(_) => None,
            Amount::Explicit(keys) => tokens.map(|tokens| tokens.saturating_add(keys)),
            Amount::Null => tokens,
        };
    }
    let (burns, burned) = chain.burned(asset, confirmed);
    touching.extend(burns);
    json!({
        "tx_count": touching.len(),
        "issuance_count": count,
        "issued_amount": issued,
        "burned_amount": burned,
        "has_blinded_issuances": blinded,
        "reissuance_tokens": tokens,
        "burned_reissuance_tokens": chain.burned(token, confirmed).1,
    })
}

fn kind(input: &TxIn) -> IssuanceKind {
    match input.asset_issuance.amount {
        Amount::Confidential(_) => IssuanceKind::Blinded,
        Amount::Explicit(_) | Amount::Null => IssuanceKind::Explicit,
    }
}

/// The answer for L-BTC. There are no peg-ins and peg-outs here.
fn pegged_stats() -> Value {
    json!({
        "tx_count": 0,
        "peg_in_count": 0,
        "peg_in_amount": 0,
        "peg_out_count": 0,
        "peg_out_amount": 0,
        "burn_count": 0,
        "burned_amount": 0,
    })
}
