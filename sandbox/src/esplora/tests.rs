use coldamp_core::elements::encode::serialize;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::elements::{ContractHash, OutPoint};
use coldamp_core::treasury::{IssuanceKind, ScriptType};
use coldamp_core::units::Satoshi;
use serde_json::{Value, json};

use super::*;
use crate::chain::script_hash;
use crate::fixture::{chain_with_coin, descriptor, external, issue_settings, signed};
use crate::secp::SECP;

fn get(chain: &mut Chain, path: &str) -> (u16, String) {
    let answer = answer(chain, "GET", path, b"");
    (answer.status, String::from_utf8(answer.body).unwrap())
}

fn get_json(chain: &mut Chain, path: &str) -> Value {
    let answer = answer(chain, "GET", path, b"");
    assert_eq!((answer.status, answer.content_type), (200, "application/json"), "{path}");
    serde_json::from_slice(&answer.body).unwrap()
}

fn post(chain: &mut Chain, body: &str) -> (u16, String) {
    let answer = answer(chain, "POST", "/tx", body.as_bytes());
    (answer.status, String::from_utf8(answer.body).unwrap())
}

#[test]
fn tip_and_blocks_are_text() {
    let mut chain = Chain::new();
    chain.mine(2);
    assert_eq!(get(&mut chain, "/blocks/tip/height"), (200, "2".to_owned()));
    let tip = chain.tip_hash();
    assert_eq!(get(&mut chain, "blocks/tip/hash"), (200, tip.to_string()));
    assert_eq!(get(&mut chain, "/block-height/2"), (200, tip.to_string()));
    assert_eq!(get(&mut chain, "/block-height/3"), (404, "Block not found".to_owned()));
    assert_eq!(get(&mut chain, "/block-height/x"), (400, "Invalid number".to_owned()));
    assert_eq!(get(&mut chain, "/nothing").0, 404);
    chain.reorganise(1);
    let status = get_json(&mut chain, &format!("/block/{tip}/status"));
    assert_eq!(status, json!({ "in_best_chain": false, "height": null, "next_best": null }));
}

#[test]
fn a_transaction_is_taken_shown_and_confirmed() {
    let (mut chain, coin) = chain_with_coin(ScriptType::Wpkh);
    let tx = signed(&chain, coin, 100);
    let txid = tx.txid();
    let hex = serialize(&tx).to_lower_hex_string();
    assert_eq!(get(&mut chain, &format!("/tx/{txid}")), (404, "Transaction not found".to_owned()));
    assert_eq!(get_json(&mut chain, &format!("/tx/{txid}/status")), json!({ "confirmed": false }));
    assert_eq!(post(&mut chain, &hex), (200, txid.to_string()));
    assert_eq!(post(&mut chain, &hex), (200, txid.to_string()), "the node says yes to what it has");
    assert_eq!(get(&mut chain, &format!("/tx/{txid}/hex")), (200, hex.clone()));
    assert_eq!(answer(&mut chain, "GET", &format!("/tx/{txid}/raw"), b"").body, serialize(&tx));
    let spent = get_json(&mut chain, &format!("/tx/{}/outspend/{}", coin.txid, coin.vout));
    assert_eq!(
        spent,
        json!({ "spent": true, "txid": txid.to_string(), "vin": 0, "status": { "confirmed": false } })
    );
    let outspends = get_json(&mut chain, &format!("/tx/{txid}/outspends"));
    assert_eq!(outspends, json!([{ "spent": false }, { "spent": false }]));

    chain.mine(1);
    let status = get_json(&mut chain, &format!("/tx/{txid}/status"));
    assert_eq!((&status["confirmed"], &status["block_height"]), (&json!(true), &json!(chain.tip())));
    assert_eq!(status["block_hash"], json!(chain.tip_hash().to_string()));
    assert!(status["block_time"].is_u64());
    let shown = get_json(&mut chain, &format!("/tx/{txid}"));
    assert_eq!(shown["txid"], json!(txid.to_string()));
    assert_eq!((&shown["fee"], &shown["weight"]), (&json!(100), &json!(tx.weight())));
    assert_eq!(shown["status"], status);
    assert_eq!(shown["vin"][0]["txid"], json!(coin.txid.to_string()));
    assert_eq!(shown["vin"][0]["prevout"]["value"], json!(100_000));
    assert_eq!(shown["vin"][0]["witness"].as_array().unwrap().len(), 2);
    assert_eq!(shown["vout"][0]["scriptpubkey_type"], json!("v0_p2wpkh"));
    assert_eq!(shown["vout"][0]["asset"], json!(chain.network().policy_asset().to_string()));
    assert_eq!(shown["vout"][1]["scriptpubkey_type"], json!("fee"));
    assert_eq!(
        post(&mut chain, &hex),
        (
            400,
            r#"sendrawtransaction RPC error: {"code":-27,"message":"Transaction already in block chain"}"#
                .to_owned()
        )
    );
}

#[test]
fn a_refusal_is_one_line_of_the_nodes_words() {
    let (mut chain, coin) = chain_with_coin(ScriptType::Wpkh);
    let mut refused = |body: &str| {
        let (status, text) = post(&mut chain, body);
        assert_eq!(status, 400);
        let text = text.strip_prefix("sendrawtransaction RPC error: ").unwrap().to_owned();
        serde_json::from_str::<Value>(&text).unwrap()
    };
    assert_eq!(refused("00")["code"], json!(-22));
    assert_eq!(refused("zz")["code"], json!(-22));
    let (chain, _) = chain_with_coin(ScriptType::Wpkh);
    let hex = |tx: &Transaction| serialize(tx).to_lower_hex_string();
    let cheap = signed(&chain, coin, 1);
    let least = cheap.discount_vsize().div_ceil(10);
    assert_eq!(refused(&hex(&cheap))["message"], json!(format!("min relay fee not met, 1 < {least}")));
    let mut nowhere = signed(&chain, coin, 100);
    nowhere.input[0].previous_output.vout = 9;
    assert_eq!(refused(&hex(&nowhere)), json!({ "code": -25, "message": "bad-txns-inputs-missingorspent" }));
}

#[test]
fn a_script_is_asked_for_by_address_and_by_its_hash_as_it_stands() {
    let mut chain = Chain::new();
    let treasury = descriptor(ScriptType::Wpkh);
    let coin = chain.fund(&SECP, &treasury, 0, &[Satoshi::from_sat(7_000)]).unwrap()[0];
    let address = treasury.address_at(&SECP, external(0), &chain.network()).unwrap();
    let hash = script_hash(&address.script_pubkey()).to_lower_hex_string();
    let counts = |tx: u32, funded: u32, spent: u32| json!({ "tx_count": tx, "funded_txo_count": funded, "spent_txo_count": spent });
    assert_eq!(
        get_json(&mut chain, &format!("/scripthash/{hash}")),
        json!({ "scripthash": hash, "chain_stats": counts(1, 1, 0), "mempool_stats": counts(0, 0, 0) })
    );
    let by_address = get_json(&mut chain, &format!("/address/{address}"));
    assert_eq!(by_address["address"], json!(address.to_string()));
    assert_eq!(by_address["chain_stats"], counts(1, 1, 0));
    let plain = address.to_unconfidential();
    let utxos = get_json(&mut chain, &format!("/address/{plain}/utxo"));
    assert_eq!(utxos, get_json(&mut chain, &format!("/scripthash/{hash}/utxo")));
    let utxo = &utxos.as_array().unwrap()[0];
    let output = chain.output(coin).unwrap();
    assert_eq!((&utxo["txid"], &utxo["vout"]), (&json!(coin.txid.to_string()), &json!(coin.vout)));
    assert_eq!(utxo["valuecommitment"], json!(serialize(&output.value).to_lower_hex_string()));
    assert_eq!(utxo["assetcommitment"], json!(serialize(&output.asset).to_lower_hex_string()));
    assert_eq!(utxo["noncecommitment"], json!(serialize(&output.nonce).to_lower_hex_string()));
    assert_eq!(utxo["status"]["confirmed"], json!(true));
    assert_eq!(utxo.get("value"), None);
    let txs = get_json(&mut chain, &format!("/scripthash/{hash}/txs"));
    assert_eq!(txs[0]["txid"], json!(coin.txid.to_string()));
    assert_eq!(get(&mut chain, "/scripthash/00").0, 400);
    assert_eq!(get(&mut chain, "/address/el1qqv8pmj").0, 400);
    let nobody = get_json(&mut chain, &format!("/scripthash/{}", "00".repeat(32)));
    assert_eq!(nobody["chain_stats"], counts(0, 0, 0));
}

#[test]
fn the_mempool_counts_for_itself_and_spends_from_blocks() {
    let (mut chain, coin) = chain_with_coin(ScriptType::Wpkh);
    let tx = signed(&chain, coin, 100);
    let hash = script_hash(&chain.output(coin).unwrap().script_pubkey).to_lower_hex_string();
    let txid = chain.submit(tx).unwrap();
    let stats = get_json(&mut chain, &format!("/scripthash/{hash}"));
    assert_eq!(stats["chain_stats"]["spent_txo_count"], json!(0));
    assert_eq!(stats["mempool_stats"], json!({ "tx_count": 1, "funded_txo_count": 0, "spent_txo_count": 1 }));
    assert_eq!(get_json(&mut chain, &format!("/scripthash/{hash}/utxo")), json!([]));
    let ids = |value: Value| -> Vec<String> {
        value.as_array().unwrap().iter().map(|tx| tx["txid"].as_str().unwrap().to_owned()).collect()
    };
    let txid = txid.to_string();
    assert_eq!(ids(get_json(&mut chain, &format!("/scripthash/{hash}/txs/mempool"))), [txid.as_str()]);
    assert_eq!(ids(get_json(&mut chain, &format!("/scripthash/{hash}/txs"))), [txid, coin.txid.to_string()]);
    assert_eq!(ids(get_json(&mut chain, &format!("/scripthash/{hash}/txs/chain"))), [coin.txid.to_string()]);
}

#[test]
fn histories_come_in_pages_of_twenty_five() {
    let mut chain = Chain::new();
    let treasury = descriptor(ScriptType::Wpkh);
    for _ in 0..30 {
        chain.fund_many(&SECP, &treasury, 0, 1, Satoshi::from_sat(1_000), false).unwrap();
    }
    let script = treasury.script_at(&SECP, external(0)).unwrap().script_pubkey;
    let hash = script_hash(&script).to_lower_hex_string();
    let first = get_json(&mut chain, &format!("/scripthash/{hash}/txs/chain"));
    let first = first.as_array().unwrap();
    assert_eq!(first.len(), 25);
    let heights: Vec<u64> = first.iter().map(|tx| tx["status"]["block_height"].as_u64().unwrap()).collect();
    assert_eq!(heights, (6..=30).rev().collect::<Vec<_>>());
    let last = first[24]["txid"].as_str().unwrap();
    let second = get_json(&mut chain, &format!("/scripthash/{hash}/txs/chain/{last}"));
    assert_eq!(second.as_array().unwrap().len(), 5);
    assert_eq!(second[4]["status"]["block_height"], json!(1));
    let other = get_json(&mut chain, &format!("/scripthash/{hash}/txs/chain/{}", "11".repeat(32)));
    assert_eq!(other, json!([]));
}

#[test]
fn of_a_script_with_more_than_five_hundred_coins_none_are_listed() {
    let mut chain = Chain::new();
    let treasury = descriptor(ScriptType::Wpkh);
    let own = treasury.script_at(&SECP, external(0)).unwrap();
    let path = format!("/scripthash/{}/utxo", script_hash(&own.script_pubkey).to_lower_hex_string());
    chain.fund_one(&SECP, &treasury, own.path, 500, Satoshi::from_sat(300)).unwrap();
    assert_eq!(get_json(&mut chain, &path).as_array().unwrap().len(), 500);
    chain.fund_one(&SECP, &treasury, own.path, 1, Satoshi::from_sat(300)).unwrap();
    let words = "Too many unspent transaction outputs (>500). Contact support to raise limits.";
    assert_eq!(get(&mut chain, &path), (400, words.to_owned()));
}

#[test]
fn an_asset_names_its_issuance_and_its_contract_where_it_is_registered() {
    for kind in [IssuanceKind::Explicit, IssuanceKind::Blinded] {
        let mut chain = Chain::new();
        let treasury = descriptor(ScriptType::Wpkh);
        let issued = chain.issue(&SECP, &treasury, issue_settings(kind)).unwrap();
        let path = format!("/asset/{}", issued.asset);
        let asset = get_json(&mut chain, &path);
        assert_eq!(asset["asset_id"], json!(issued.asset.to_string()));
        assert_eq!(asset["issuance_txin"], json!({ "txid": issued.txid.to_string(), "vin": 0 }));
        let OutPoint { txid, vout } = issued.issuance_prevout;
        assert_eq!(asset["issuance_prevout"], json!({ "txid": txid.to_string(), "vout": vout }));
        assert_eq!(asset["reissuance_token"], json!(issued.token.to_string()));
        let hash = ContractHash::from_byte_array(
            coldamp_core::elements::hashes::sha256::Hash::hash(issued.contract.as_bytes()).to_byte_array(),
        );
        assert_eq!(asset["contract_hash"], json!(hash.to_string()));
        assert_eq!(asset["status"]["confirmed"], json!(true));
        assert_eq!(asset["contract"].to_string(), issued.contract, "sorted keys give the canonical form");
        assert_eq!((&asset["ticker"], &asset["precision"]), (&json!("COLD"), &json!(2)));
        assert_eq!(asset["chain_stats"]["issuance_count"], json!(1));
        let blinded = kind == IssuanceKind::Blinded;
        assert_eq!(asset["chain_stats"]["has_blinded_issuances"], json!(blinded));
        let known = if blinded { 0 } else { issued.amount.base_units() };
        assert_eq!(asset["chain_stats"]["issued_amount"], json!(known));
        let tx = get_json(&mut chain, &format!("/tx/{}", issued.txid));
        let issuance = &tx["vin"][0]["issuance"];
        assert_eq!(issuance["asset_id"], json!(issued.asset.to_string()));
        assert_eq!(issuance["asset_entropy"], json!(issued.entropy.to_string()));
        assert_eq!(issuance["is_reissuance"], json!(false));
        assert_eq!(issuance["contract_hash"], asset["contract_hash"]);
        assert_eq!(issuance.get("assetamountcommitment").is_some(), blinded);
        assert_eq!(issuance.get("assetamount").is_some(), !blinded);

        chain.unregister(issued.asset);
        let bare = get_json(&mut chain, &path);
        assert_eq!((bare.get("contract"), bare.get("ticker")), (None, None));
        assert_eq!(bare["contract_hash"], asset["contract_hash"]);
        assert_eq!(
            get(&mut chain, &format!("/asset/{}", issued.token)),
            (404, "Asset id not found".to_owned())
        );
    }
}

#[test]
fn fee_estimates_are_what_liquid_relays_for() {
    let estimates = get_json(&mut Chain::new(), "/fee-estimates");
    assert_eq!(estimates["1"].to_string(), "0.1");
    assert_eq!(estimates.as_object().unwrap().len(), 28);
}
