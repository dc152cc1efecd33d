//! Jobs that the treasury's coins, or the network's limits, do not allow.

use coldamp_core::Secp;
use coldamp_core::elements::bitcoin::{NetworkKind, PrivateKey, PublicKey};
use coldamp_core::elements::confidential::{Asset, Nonce, Value};
use coldamp_core::elements::secp256k1_zkp::SecretKey;
use coldamp_core::elements::{
    Address, AddressParams, AssetId, LockTime, OutPoint, Sequence, Transaction, TxIn, TxOut, TxOutWitness,
};
use coldamp_core::treasury::Branch;
use serde_json::Value as Json;

use crate::desk::{Desk, PREPARE, lbtc};

/// A transaction that spends coins of the treasury, and what it pays.
fn spending(coins: &[OutPoint], output: Vec<TxOut>) -> Transaction {
    let input = coins.iter();
    Transaction {
        version: 2,
        lock_time: LockTime::ZERO,
        input: input
            .map(|coin| TxIn { previous_output: *coin, sequence: Sequence::MAX, ..TxIn::default() })
            .collect(),
        output,
    }
}

fn explicit(asset: AssetId, value: u64, script_pubkey: coldamp_core::elements::Script) -> TxOut {
    TxOut {
        asset: Asset::Explicit(asset),
        value: Value::Explicit(value),
        nonce: Nonce::Null,
        script_pubkey,
        witness: TxOutWitness::default(),
    }
}

/// An address of somebody whom no recording knows.
fn foreign_address(number: u8) -> Address {
    let secp = Secp::new();
    let key = |byte: u8| SecretKey::from_slice(&[byte; 32]).unwrap();
    let public_key = PublicKey::from_private_key(&secp, &PrivateKey::new(key(number), NetworkKind::Test));
    let blinder = key(number + 100).public_key(&secp);
    Address::p2wpkh(&public_key, Some(blinder), &AddressParams::ELEMENTS)
}

#[test]
fn a_distribution_of_more_than_there_is_says_how_much_is_missing() {
    let desk = Desk::of("wpkh", "distribute");
    desk.replace("request.json", "190.92792622", "20000000");
    let asset = desk.info()["asset"].as_str().unwrap().to_owned();
    let stderr = desk.refused(
        "MISSING_COINS",
        &[&format!(
            "asset {asset}: needed 2 000 073 469 926 892 base units, found 469 410 398 235 base units"
        )],
    );
    assert!(!stderr.contains(&lbtc().to_string()), "there is L-BTC enough: {stderr}");
}

#[test]
fn a_burn_of_more_than_the_listed_coins_hold_says_so() {
    let desk = Desk::of("wpkh", "burn");
    desk.replace("request.json", "1.775e-05", "20000000");
    let stderr = desk.refused("MISSING_COINS", &["needed 2 000 000 000 000 000 base units, found "]);
    assert!(stderr.contains("hint: A burn takes the asset only from coins that AMP lists"), "{stderr}");
}

#[test]
fn without_lbtc_nothing_pays_the_fee() {
    for job in ["distribute", "reissue", "burn"] {
        let desk = Desk::of("wpkh", job);
        desk.add_transaction(&spending(&desk.coins_of(lbtc()), Vec::new()));
        let stderr =
            desk.refused("MISSING_COINS", &[&format!("asset {}: needed ", lbtc()), ", found 0 base units"]);
        assert!(stderr.contains(&format!("hint: {} is L-BTC", lbtc())) || job == "burn", "{stderr}");
    }
    // The fee and one satoshi of change.
    let desk = Desk::of("wpkh", "reissue");
    let script = desk.script_at(Branch::Internal, 0);
    desk.add_transaction(&spending(&desk.coins_of(lbtc()), vec![explicit(lbtc(), 47, script)]));
    desk.refused("MISSING_COINS", &["needed 48 base units, found 47 base units"]);
}

#[test]
fn lbtc_that_costs_more_than_it_holds_is_named_where_the_fee_is_missing() {
    let dust = |amounts: &[u64]| {
        let desk = Desk::of("wpkh", "reissue");
        let script = desk.script_at(Branch::Internal, 0);
        let outputs = amounts.iter().map(|amount| explicit(lbtc(), *amount, script.clone())).collect();
        desk.add_transaction(&spending(&desk.coins_of(lbtc()), outputs));
        desk.refused("MISSING_COINS", &[&format!("asset {}: needed ", lbtc()), ", found 0 base units"])
    };
    let one = "found 0 base units (1 coin with 2 sat is not counted: spending it costs at least that much)";
    let stderr = dust(&[2]);
    assert!(stderr.contains(one), "{stderr}");
    let three = "found 0 base units (3 coins with 6 sat in all are not counted: spending each costs at least what it holds)";
    let stderr = dust(&[1, 2, 3]);
    assert!(stderr.contains(three), "{stderr}");
    let stderr = dust(&[]);
    assert!(!stderr.contains("not counted"), "{stderr}");
}

#[test]
fn a_shortage_of_both_is_told_at_once() {
    let desk = Desk::of("wpkh", "distribute");
    desk.replace("request.json", "190.92792622", "20000000");
    desk.add_transaction(&spending(&desk.coins_of(lbtc()), Vec::new()));
    let asset = desk.info()["asset"].as_str().unwrap().to_owned();
    desk.refused(
        "MISSING_COINS",
        &[
            &format!(
                "asset {asset}: needed 2 000 073 469 926 892 base units, found 469 410 398 235 base units"
            ),
            &format!("; asset {}: needed ", lbtc()),
        ],
    );
}

#[test]
fn another_policy_asset_is_another_fee() {
    let desk = Desk::of("wpkh", "burn");
    let other = "11".repeat(32);
    desk.fails(
        &format!("{PREPARE} --policy-asset {other}"),
        3,
        &["error[MISSING_COINS]: ", &format!("asset {other}: needed "), "found 0 base units"],
    );
}

#[test]
fn coins_that_do_not_count_are_named_with_the_reason() {
    let desk = Desk::of("wpkh", "burn");
    let coin = desk.listed("utxos").remove(0);
    let named = format!("output {}:{} is ignored: ", coin.txid, coin.vout);
    // The id of a transaction does not cover its proofs.
    desk.change_transaction(coin.txid, |transaction| {
        for output in &mut transaction.output {
            output.witness = TxOutWitness::default();
        }
    });
    let stderr = desk.refused("COINS_SPENT", &["cannot be opened with this view key"]);
    assert!(
        stderr.contains(&format!("warning: {named}it is blinded and no range proof came with it\n")),
        "{stderr}"
    );

    let unconfirmed = Desk::of("wpkh", "burn");
    let mut entries = unconfirmed.entries();
    for entry in entries.iter_mut().filter(|entry| entry["txid"] == coin.txid.to_string().as_str()) {
        entry["height"] = Json::Null;
    }
    unconfirmed.write_entries(&entries);
    let stderr = unconfirmed.refused("MISSING_COINS", &["is not confirmed yet"]);
    assert!(stderr.contains(&format!("warning: {named}it is not confirmed\n")), "{stderr}");
}

#[test]
fn a_coin_left_out_stops_no_job_that_can_do_without() {
    let desk = Desk::of("wpkh", "burn");
    let script = desk.script_at(Branch::External, 1);
    let incoming = spending(&[], vec![explicit(lbtc(), 5, script)]);
    desk.add_transaction(&incoming);
    let mut entries = desk.entries();
    let last = entries.last_mut().unwrap();
    last["height"] = Json::Null;
    desk.write_entries(&entries);
    let run = desk.run(PREPARE);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stderr.contains(&format!("output {}:0 is ignored: it is not confirmed\n", incoming.txid())),
        "{}",
        run.stderr
    );
}

#[test]
fn eighty_two_recipients_do_not_fit_and_eighty_one_do() {
    let with = |more: u8| {
        let desk = Desk::of("wpkh-80-recipients", "distribute");
        let asset = desk.info()["asset"].as_str().unwrap().to_owned();
        for number in 1..=more {
            let address = foreign_address(number);
            for (map, value) in [("amount", "1.5".to_owned()), ("asset", format!("\"{asset}\""))] {
                let opening = format!("\"map_address_{map}\": {{");
                desk.replace("request.json", &opening, &format!("{opening} \"{address}\": {value},"));
            }
        }
        desk
    };
    let run = with(1).run(PREPARE);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("recipients     81\n"), "{}", run.stderr);
    with(2).refused(
        "TOO_HEAVY",
        &["would weigh up to 401 ", "nodes relay 400 000 weight units", "81 of the 82 recipients fit"],
    );
}

#[test]
fn a_fee_rate_that_nodes_do_not_relay_is_refused() {
    let desk = Desk::of("wpkh", "burn");
    for rate in [0, 1, 99] {
        desk.fails(
            &format!("{PREPARE} --fee-rate {rate}"),
            3,
            &["error[FEE_TOO_LOW]: ", &format!("a fee rate of {rate} sat/kvB"), "the least is 100 sat/kvB"],
        );
    }
    for (rate, found) in [(10_000_001, "10 000 001"), (u64::MAX, "18 446 744 073 709 551 615")] {
        let found = format!("a fee rate of {found} sat/kvB");
        desk.fails(
            &format!("{PREPARE} --fee-rate {rate}"),
            3,
            &["error[FEE_TOO_HIGH]: ", &found, "the highest is 10 000 000 sat/kvB"],
        );
    }
}

#[test]
fn coins_that_somebody_paid_far_out_move_no_change() {
    let desk = Desk::of("wpkh", "burn");
    let nothing = AssetId::from_byte_array([5; 32]);
    let script = |index: u32| desk.script_at(Branch::Internal, index);
    desk.add_transaction(&spending(
        &[],
        vec![explicit(nothing, 1, script(150)), explicit(nothing, 1, script(300))],
    ));
    let run = desk.run(PREPARE);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("of the asset at 1/4\n"), "{}", run.stderr);
    assert!(
        run.stderr.contains("warning[FAR_INDEX]: 1 coins of the treasury are above index "),
        "{}",
        run.stderr
    );
}

#[test]
fn a_coin_far_out_on_one_branch_is_found_from_the_other() {
    // The signer's gap counts from the highest index of either branch; so must the search.
    let desk = Desk::of("wpkh", "burn");
    let nothing = AssetId::from_byte_array([5; 32]);
    desk.add_transaction(&spending(
        &[],
        vec![
            explicit(nothing, 1, desk.script_at(Branch::Internal, 190)),
            explicit(lbtc(), 100, desk.script_at(Branch::External, 380)),
        ],
    ));
    let run = desk.run(PREPARE);
    assert_eq!(run.code, 0, "{}", run.stderr);
    // The smallest coin that pays the fee, so it is taken if it is seen.
    assert!(run.stderr.contains("100 base units (0.00000100) of L-BTC"), "{}", run.stderr);
}
