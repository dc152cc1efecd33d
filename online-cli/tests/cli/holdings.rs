//! `treasury`, `treasury address` and `contract` without AMP and without a network.

use coldamp_core::Secp;
use coldamp_core::network::{Chain, Network};
use coldamp_core::treasury::{Branch, KeyPath};
use serde_json::Value;

use crate::desk::{Desk, PREPARE, lbtc};

const TREASURY: &str = "--descriptor descriptor --network regtest --transactions transactions.json";

/// What the recorded treasury `wpkh` holds, word by word.
const SHOWN: &str = "\
network        regtest
searched       scanned indices 0 to 209 of both branches

asset          c827f4a9f08a0eb9372c163621585f3d795c68b6a577505b457ff1c6ebb71015
  confirmed    469 410 398 235 base units in 3 coins

token          4e9b6a610e146571d66c707194eddfc6edf63776172667977c2db90c245e6c2e
  confirmed    100 000 000 base units in 1 coin

L-BTC          5ac9f65c0efcc4775e0baec4ec03abdde22473cd3cf33c0419ca290e0751b225
  confirmed    290 482 sat in 3 coins

other asset    aff1ef607377afb2683ff388e8c118c0d598785815edf3b962be1b1cd0f8d93f
  confirmed    1 762 228 base units in 1 coin

other asset    74569673518290e759c6aade5814d9ed8d9c8420656956ecf07a2634cc33afb0
  confirmed    100 000 000 base units in 1 coin

L-BTC pays     at 100 sat/kvB, one job after the other, from the coins that no job reserves
               distribute to 1 recipient: at least 7 261 jobs, fee 40 sat each
               distribute to 10 recipients: at least 2 874 jobs, fee 101 sat each
               distribute to 81 recipients: at least 499 jobs, fee 580 sat each
               reissue: at least 6 179 jobs, fee 47 sat each
               burn: at least 7 643 jobs, fee 38 sat each

AMP            was not asked. Whether it has lost outputs is not known
";

fn asset(desk: &Desk) -> String {
    desk.info()["asset"].as_str().unwrap().to_owned()
}

#[test]
fn what_a_treasury_holds_is_shown_word_by_word() {
    let desk = Desk::of("wpkh", "distribute");
    let run = desk.run(&format!("treasury --without-amp --asset-id {} {TREASURY}", asset(&desk)));
    assert_eq!((run.code, run.stdout.as_str()), (0, SHOWN), "{}", run.stderr);
}

#[test]
fn a_jobs_fee_is_what_the_planner_takes_for_it() {
    let desk = Desk::of("wpkh", "distribute");
    let fee_of = |command: &str| {
        let run = desk.run(&format!("treasury --without-amp --json --asset-id {} {TREASURY}", asset(&desk)));
        let document: Value = serde_json::from_str(&run.stdout).unwrap();
        let kinds = document["jobs"]["kinds"].as_array().unwrap().clone();
        kinds.iter().find(|kind| kind["command"] == command).unwrap()["fee"].as_str().unwrap().to_owned()
    };
    // The recorded reissue moves the one token and pays from one L-BTC coin.
    let reissue = Desk::of("wpkh", "reissue");
    let prepared = reissue.run(PREPARE);
    let fee = format!("fee            {} sat", fee_of("reissue"));
    assert!(prepared.stderr.contains(&fee), "no {fee:?} in {}", prepared.stderr);
}

#[test]
fn without_an_asset_everything_is_shown_by_id() {
    let desk = Desk::of("wpkh", "distribute");
    let run = desk.run(&format!("treasury --without-amp {TREASURY}"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.stdout.matches("other asset").count(), 4, "{}", run.stdout);
    assert!(!run.stdout.contains("L-BTC pays"), "{}", run.stdout);
    desk.fails(&format!("treasury {TREASURY}"), 2, &["the following is not named: ASSET"]);
    desk.fails(
        &format!("treasury --without-amp --json --csv {TREASURY}"),
        2,
        &["'--json' cannot be used with '--csv'"],
    );
}

#[test]
fn an_empty_treasury_is_shown_as_one_with_how_far_the_search_looked() {
    let desk = Desk::of("wpkh", "distribute");
    desk.write("transactions.json", "[]");
    let run = desk.run(&format!("treasury --without-amp {TREASURY}"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stdout.contains("searched       scanned indices 0 to 200 of both branches"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains(&format!("L-BTC          {}\n  confirmed    0 sat in 0 coins", lbtc())));
    let far = desk.run(&format!("treasury --without-amp --json --from-index 5000 {TREASURY}"));
    let document: Value = serde_json::from_str(&far.stdout).unwrap();
    assert_eq!(document["searched"]["far"], serde_json::json!({ "from": 5000, "to": 5200 }));
}

#[test]
fn what_waits_for_a_block_is_counted_apart() {
    let desk = Desk::of("wpkh", "distribute");
    let before = desk.run(&format!("treasury --without-amp --csv {TREASURY}")).stdout;
    let mut entries = desk.entries();
    // The newest transaction of the file waits.
    let newest = entries.iter_mut().max_by_key(|entry| entry["height"].as_u64()).unwrap();
    newest["height"] = Value::Null;
    let txid = newest["txid"].as_str().unwrap().to_owned();
    desk.write_entries(&entries);
    let after = desk.run(&format!("treasury --without-amp --csv {TREASURY}")).stdout;
    let waiting: Vec<&str> = after.lines().filter(|row| row.contains(",waiting,")).collect();
    assert!(!waiting.is_empty() && waiting.iter().all(|row| row.starts_with(&txid)), "{after}");
    assert_eq!(after.replace(",waiting,", ",confirmed,"), before, "nothing else changes");
}

#[test]
fn the_next_address_is_the_descriptors_and_needs_a_source_and_another_needs_none() {
    let desk = Desk::of("wpkh", "distribute");
    let address = |index| {
        let path = KeyPath { branch: Branch::External, index };
        desk.descriptor().address_at(&Secp::new(), path, &Network::new(Chain::Regtest)).unwrap().to_string()
    };
    let run = desk.run(&format!("treasury address {TREASURY}"));
    assert_eq!((run.code, run.stdout.trim()), (0, address(9).as_str()), "{}", run.stderr);
    assert!(run.stderr.contains("index          9 (path 0/9)"), "{}", run.stderr);
    let run = desk.run("treasury address --index 2 --descriptor descriptor --network regtest");
    assert_eq!((run.code, run.stdout.trim()), (0, address(2).as_str()), "{}", run.stderr);
    desk.fails(
        "treasury address --descriptor descriptor --network regtest",
        2,
        &["the following is not named: --esplora URL or --node URL"],
    );
    desk.fails(
        "treasury address --next --index 2 --descriptor descriptor --network regtest",
        2,
        &["'--next' cannot be used with '--index <N>'"],
    );
}

#[test]
fn missing_lbtc_comes_with_an_address_that_it_can_be_paid_to() {
    let desk = Desk::of("wpkh", "distribute");
    let mut entries = desk.entries();
    let lbtc: Vec<String> = desk.coins_of(lbtc()).iter().map(|coin| coin.txid.to_string()).collect();
    for entry in entries.iter_mut().filter(|entry| lbtc.iter().any(|txid| entry["txid"] == txid.as_str())) {
        entry["height"] = Value::Null;
    }
    desk.write_entries(&entries);
    let stderr = desk.refused("MISSING_COINS", &["missing coins: "]);
    let hint = stderr.lines().find(|line| line.starts_with("hint: ")).unwrap();
    assert!(hint.contains(" To have more, pay ") && hint.contains("L-BTC"), "{hint}");
    assert!(hint.contains("the treasury's receiving address of index 9."), "{hint}");
    assert!(hint.contains("`coldamp key address --index 9`"), "{hint}");
}

#[test]
fn a_contract_is_proven_from_a_file_and_the_issuance_in_the_transactions() {
    let desk = Desk::of("wpkh", "distribute");
    let contract = desk.info()["contract"].clone();
    desk.write("given.json", serde_json::to_string_pretty(&contract).unwrap());
    let asset = asset(&desk);
    let issuance = desk.info()["issuance"]["txid"].as_str().unwrap().to_owned();
    let arguments = format!(
        "contract --asset-id {asset} --from given.json --network regtest --transactions transactions.json"
    );
    desk.fails(
        &format!("{arguments} -o contract.json"),
        3,
        &["error[NO_ISSUANCE]: the coin that the first issuance of asset ", &asset, " spent is not known"],
    );
    let run = desk.run(&format!("{arguments} --issuance-tx {issuance} -o contract.json"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(desk.read("contract.json"), contract.to_string());
    for words in [
        "ticker         DTST",
        "precision      2",
        "proven         contract and coin lead to the asset's id. The contract is from the file",
        &format!("--issuance-prevout {}`", run.stdout.trim()),
    ] {
        assert!(run.stderr.contains(words), "no {words:?} in {}", run.stderr);
    }
    // It is taken by `prepare`, and never overwritten.
    assert_eq!(desk.run(&format!("{PREPARE} --contract contract.json")).code, 0);
    desk.fails(
        &format!("{arguments} --issuance-tx {issuance} -o contract.json"),
        7,
        &["contract.json exists already"],
    );
    desk.fails(
        "contract --asset-id 07 --from given.json --network regtest -o other.json",
        2,
        &["invalid value '07' for '--asset-id <HEX>'"],
    );
    desk.fails(
        &format!(
            "contract --asset-id {asset} --network regtest --transactions transactions.json -o other.json"
        ),
        3,
        &["error[CONTRACT]: no contract of asset ", "is found"],
    );
}
