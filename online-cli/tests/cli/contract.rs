//! `prepare --contract`: the asset's contract in any layout, and nothing but that.

use coldamp_core::elements::confidential::Value;
use coldamp_core::elements::pset::PartiallySignedTransaction;
use coldamp_core::elements::{
    AssetBlindingNonce, AssetEntropy, AssetIssuance, LockTime, OutPoint, Sequence, Transaction, TxIn, Txid,
};
use coldamp_core::pset::entropy_key;
use serde_json::{Value as Json, json};

use crate::desk::{Desk, JOBS, PREPARE};

/// What prepares with a contract.
fn with_contract() -> String {
    format!("{PREPARE} --contract contract.json")
}

fn desk(scenario: &'static str, job: &str, contract: impl Fn(&Json) -> String) -> Desk {
    let desk = Desk::of(scenario, job);
    desk.write("contract.json", contract(&desk.info()["contract"]));
    desk
}

fn pset(desk: &Desk) -> PartiallySignedTransaction {
    desk.read("unsigned.pset").trim_end().parse().unwrap()
}

fn entropy(desk: &Desk) -> [u8; 32] {
    let text = desk.info()["issuance"]["entropy"].as_str().unwrap().to_owned();
    let mut bytes: [u8; 32] = coldamp_core::elements::hex::decode_to_vec(&text).unwrap().try_into().unwrap();
    // The node prints an entropy in reverse.
    bytes.reverse();
    bytes
}

#[test]
fn a_contract_in_any_layout_is_written_into_the_pset_as_its_issuer_hashed_it() {
    let layouts: [fn(&Json) -> String; 3] = [
        Json::to_string,
        |contract| format!("\n{}\n", serde_json::to_string_pretty(contract).unwrap()),
        |contract| {
            let members = contract.as_object().unwrap().iter().rev();
            let members: Vec<String> = members.map(|(key, value)| format!("\"{key}\" :\t{value}")).collect();
            format!("{{ {} }}\r\n", members.join(" ,\r\n"))
        },
    ];
    for scenario in ["wpkh", "sh-wpkh"] {
        for job in JOBS {
            let mut made = Vec::new();
            for layout in layouts {
                let desk = desk(scenario, job, layout);
                let run = desk.run(&with_contract());
                assert_eq!(run.code, 0, "{}", run.stderr);
                assert!(!run.stderr.contains("not proven"), "{}", run.stderr);
                made.push(desk.read("unsigned.pset"));
                let asset = desk.info()["asset"].as_str().unwrap().parse().unwrap();
                let written = pset(&desk).get_asset_metadata(asset).unwrap().unwrap();
                assert_eq!(written.contract(), desk.info()["contract"].to_string());
            }
            assert!(made.windows(2).all(|pair| pair[0] == pair[1]), "{scenario} {job}");
        }
    }
}

#[test]
fn without_a_contract_every_job_carries_the_entropy() {
    for job in JOBS {
        for scenario in ["wpkh", "wpkh-blinded-issuance"] {
            let desk = Desk::of(scenario, job);
            let run = desk.run(PREPARE);
            assert_eq!(run.code, 0, "{}", run.stderr);
            assert!(run.stderr.contains("ticker not proven"), "{}", run.stderr);
            assert!(!run.stderr.contains("REISSUANCE TOKEN"), "{}", run.stderr);
            let written = pset(&desk).global.proprietary.remove(&entropy_key());
            assert_eq!(written, Some(entropy(&desk).to_vec()), "{scenario} {job}");
        }
    }
}

#[test]
fn a_job_whose_issuance_is_nowhere_carries_no_entropy_and_says_so() {
    let desk = Desk::of("wpkh-split-token", "distribute");
    forget_issuance(&desk);
    let run = desk.run(PREPARE);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("REISSUANCE TOKEN"), "{}", run.stderr);
    assert!(!pset(&desk).global.proprietary.contains_key(&entropy_key()));
}

#[test]
fn another_contract_is_refused() {
    let hint = "hint: Get the asset's contract from AMP, or from the asset registry";
    for (contract, words) in [
        (altered as fn(&Json) -> String, "lead to asset"),
        (|_| "{}".to_owned(), "lead to asset"),
        (|contract| format!("[{contract}]"), "lead to asset"),
        (|contract| contract.to_string().replace("DTST", "DT\u{202e}ST"), "text outside ASCII"),
        (|contract| contract.to_string().replacen('{', "{\"precision\":8,", 1), "duplicate key"),
        (|_| String::new(), "not JSON"),
        (|_| "hello".to_owned(), "not JSON"),
    ] {
        for job in JOBS {
            let desk = desk("wpkh", job, contract);
            let stderr =
                desk.fails(&with_contract(), 3, &["error[CONTRACT]: the contract contract.json: ", words]);
            assert!(stderr.contains(hint), "{stderr}");
        }
    }
}

#[test]
fn the_registrys_whole_answer_is_named_and_its_contract_member_is_taken() {
    let vector = |name: &str| {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/contract");
        std::fs::read_to_string(format!("{folder}/{name}")).unwrap()
    };
    let answer = vector("whole_registry_answer.json");
    let parsed: Json = serde_json::from_str(&answer).unwrap();
    for job in JOBS {
        for file in [answer.clone(), serde_json::to_string_pretty(&parsed).unwrap()] {
            let desk = desk("wpkh", job, |_| file.clone());
            let says =
                ["error[CONTRACT]: the contract contract.json: ", "expected its `contract` member alone"];
            let stderr = desk.fails(&with_contract(), 3, &says);
            assert!(stderr.contains("save the member `contract` alone"), "{stderr}");
            desk.write("contract.json", parsed["contract"].to_string());
            let run = desk.run(&with_contract());
            assert_eq!(run.code, 0, "{}", run.stderr);
        }
    }
    // Any layout of the contract is taken, and held to the request's asset.
    let mut made = Vec::new();
    for name in ["contract_right.json", "contract_with_blanks.json", "contract_unsorted.json"] {
        let desk = desk("wpkh", "burn", |_| vector(name));
        let run = desk.run(&with_contract());
        assert_eq!(run.code, 0, "{name}: {}", run.stderr);
        made.push(desk.read("unsigned.pset"));
    }
    assert!(made.windows(2).all(|pair| pair[0] == pair[1]));
    for name in ["no_ticker.json", "null_ticker.json"] {
        let desk = desk("wpkh", "burn", |_| vector(name));
        desk.fails(&with_contract(), 3, &["error[CONTRACT]: ", "lead to asset"]);
    }
}

fn altered(contract: &Json) -> String {
    let mut contract = contract.clone();
    contract["precision"] = json!(8);
    contract.to_string()
}

#[test]
fn a_contract_file_that_cannot_be_read_is_named() {
    let desk = Desk::of("wpkh", "burn");
    desk.fails(&with_contract(), 6, &["cannot read the contract file contract.json", "No such file"]);
    desk.write("contract.json", " ".repeat(64 * 1024 + 1));
    desk.fails(
        &with_contract(),
        6,
        &["cannot read the contract file contract.json", "more than 65536 bytes"],
    );
}

#[test]
fn a_contract_is_proven_by_the_first_issuance_alone() {
    let desk = desk("wpkh-split-token", "burn", Json::to_string);
    let issuance = desk.info()["issuance"]["txid"].as_str().unwrap().to_owned();
    let named = desk.run(&format!("{} --issuance-tx {issuance}", with_contract()));
    assert_eq!(named.code, 0, "{}", named.stderr);
    std::fs::remove_file(desk.path("unsigned.pset")).unwrap();

    forget_issuance(&desk);
    desk.fails(&with_contract(), 3, &["error[CONTRACT]: asset ", "found no issuance"]);
    let reissue = reissuance(entropy(&desk));
    desk.add_transaction(&reissue);
    let says = ["error[CONTRACT]: ", "found only a reissuance", "the transaction that issued it first"];
    desk.fails(&with_contract(), 3, &says);
    let stderr = desk.fails(&format!("{} --issuance-tx {}", with_contract(), reissue.txid()), 3, &says);
    assert!(
        stderr.contains("hint: Name the transaction that issued the asset first with --issuance-tx"),
        "{stderr}"
    );

    // The entropy is in a reissuance too.
    let run = desk.run(PREPARE);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(pset(&desk).global.proprietary.contains_key(&entropy_key()));
}

/// Takes the issuance out of the file; the treasury's coins have moved on since.
fn forget_issuance(desk: &Desk) {
    let issuance = desk.info()["issuance"]["txid"].clone();
    let mut entries = desk.entries();
    entries.retain(|entry| entry["txid"] != issuance);
    desk.write_entries(&entries);
}

/// A transaction that reissues the asset of this entropy, and does nothing else.
fn reissuance(entropy: [u8; 32]) -> Transaction {
    let input = TxIn {
        previous_output: OutPoint::new(Txid::from_byte_array([9; 32]), 0),
        sequence: Sequence::MAX,
        asset_issuance: AssetIssuance {
            asset_blinding_nonce: coldamp_core::elements::encode::deserialize::<AssetBlindingNonce>(&[1; 32])
                .unwrap(),
            asset_entropy: AssetEntropy::from_byte_array(entropy),
            amount: Value::Explicit(1),
            inflation_keys: Value::Null,
        },
        ..TxIn::default()
    };
    Transaction { version: 2, lock_time: LockTime::ZERO, input: vec![input], output: Vec::new() }
}
