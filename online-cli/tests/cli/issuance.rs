//! Reissues that cannot be: without the issuance, without the token, with a token that cannot reissue.

use coldamp_core::elements::confidential::{Asset, Nonce, Value};
use coldamp_core::elements::{LockTime, Sequence, Transaction, TxIn, TxOut, TxOutWitness};
use coldamp_core::treasury::Branch;

use crate::desk::{Desk, PREPARE, lbtc};

fn text(value: &serde_json::Value) -> String {
    value.as_str().unwrap().to_owned()
}

#[test]
fn an_issuance_transaction_of_another_asset_is_refused() {
    let desk = Desk::of("wpkh", "reissue");
    let info = desk.info();
    let txid = text(&info["other_issuance"]["txid"]);
    let (asset, other) = (text(&info["asset"]), text(&info["other_issuance"]["asset"]));
    desk.fails(
        &format!("{PREPARE} --issuance-tx {txid}"),
        3,
        &[
            "error[ISSUANCE_ASSET]: ",
            &format!("{txid} does not issue asset {asset}"),
            &format!("it issues {other}"),
        ],
    );
    let spends = desk.listed("reissuance_utxos").remove(0).txid;
    assert_eq!(spends.to_string(), text(&info["issuance"]["txid"]), "the token is where it was issued");
    let plain = desk.coins_of(lbtc()).remove(0).txid;
    desk.fails(
        &format!("{PREPARE} --issuance-tx {plain}"),
        3,
        &["error[ISSUANCE_ASSET]: ", "it issues none"],
    );
}

#[test]
fn a_request_that_names_the_token_as_its_asset_is_refused_for_every_job() {
    for job in ["distribute", "reissue", "burn"] {
        let desk = Desk::of("wpkh", job);
        let info = desk.info();
        let (asset, token) = (text(&info["asset"]), text(&info["issuance"]["reissuance_token"]));
        desk.replace("request.json", &asset, &token);
        desk.refused("TOKEN_UNEXPECTED", &[&token, &format!("is the reissuance token of {asset}")]);
    }
}

#[test]
fn an_issuance_that_is_not_in_the_file_is_refused() {
    let desk = Desk::of("wpkh-split-token", "reissue");
    let missing = "ab".repeat(32);
    desk.fails(&format!("{PREPARE} --issuance-tx {missing}"), 3, &["error[ISSUANCE_NOT_FOUND]: ", &missing]);
    // Its token has moved on, so the treasury's coins are all there.
    let info = desk.info();
    let mut entries = desk.entries();
    entries.retain(|entry| entry["txid"] != info["issuance"]["txid"]);
    desk.write_entries(&entries);
    desk.refused("NO_ISSUANCE", &[&text(&info["asset"]), "is not among the transactions"]);
}

#[test]
fn a_reissue_without_the_token_is_refused() {
    let desk = Desk::of("wpkh-split-token", "reissue");
    let tokens = desk.listed("reissuance_utxos");
    let missing = "cd".repeat(32);
    desk.replace("request.json", &tokens[1].txid.to_string(), &missing);
    desk.refused(
        "TOKEN_MISSING",
        &["not found among the confirmed, unspent coins", &format!("{missing}:1, {missing}:2")],
    );

    let unconfirmed = Desk::of("wpkh-split-token", "reissue");
    let mut entries = unconfirmed.entries();
    for entry in entries.iter_mut().filter(|entry| entry["txid"] == tokens[0].txid.to_string().as_str()) {
        entry["height"] = serde_json::Value::Null;
    }
    unconfirmed.write_entries(&entries);
    let outpoint = format!("{}:{}", tokens[0].txid, tokens[0].vout);
    let stderr = unconfirmed.refused("TOKEN_MISSING", &[&outpoint]);
    assert!(
        stderr.contains(&format!("warning: output {outpoint} is ignored: it is not confirmed\n")),
        "{stderr}"
    );
}

#[test]
fn an_output_that_is_no_token_is_refused() {
    let desk = Desk::of("wpkh", "reissue");
    let token = desk.listed("reissuance_utxos").remove(0);
    let coin = desk.coins_of(lbtc()).remove(0);
    desk.replace("request.json", &token.txid.to_string(), &coin.txid.to_string());
    desk.replace("request.json", &format!("\"vout\": {}", token.vout), &format!("\"vout\": {}", coin.vout));
    let expected = text(&desk.info()["issuance"]["reissuance_token"]);
    let found = format!("{}:{} holds asset {}", coin.txid, coin.vout, lbtc());
    desk.refused("NOT_THE_TOKEN", &[&found, &format!("expected the reissuance token {expected}")]);
}

#[test]
fn a_token_in_an_unblinded_output_is_refused() {
    let desk = Desk::of("wpkh", "reissue");
    let token = desk.listed("reissuance_utxos").remove(0);
    let asset = text(&desk.info()["issuance"]["reissuance_token"]).parse().unwrap();
    // Somebody has moved the token to an unconfidential address of the treasury.
    let moved = Transaction {
        version: 2,
        lock_time: LockTime::ZERO,
        input: vec![TxIn { previous_output: token, sequence: Sequence::MAX, ..TxIn::default() }],
        output: vec![TxOut {
            asset: Asset::Explicit(asset),
            value: Value::Explicit(100_000_000),
            nonce: Nonce::Null,
            script_pubkey: desk.script_at(Branch::External, 3),
            witness: TxOutWitness::default(),
        }],
    };
    desk.add_transaction(&moved);
    desk.replace("request.json", &token.txid.to_string(), &moved.txid().to_string());
    desk.replace("request.json", &format!("\"vout\": {}", token.vout), "\"vout\": 0");
    let stderr = desk.refused(
        "TOKEN_UNBLINDED",
        &[&format!("{}:0 is not blinded", moved.txid()), "only a token in a blinded output can reissue"],
    );
    assert!(stderr.contains("hint: Send the token to a confidential address"), "{stderr}");
}
