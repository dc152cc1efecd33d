//! A contract proves something for the asset id that it is held against, and nothing without one. The inputs and where
//! they come from: `tests/vectors/contract/README.md`.

use std::path::PathBuf;

use coldamp_core::elements::{AssetId, OutPoint};
use coldamp_core::treasury::{ContractError, OfferedContract, ProvenContract, canonical, contract_ids};

const ASSET: &str = "c827f4a9f08a0eb9372c163621585f3d795c68b6a577505b457ff1c6ebb71015";
const SPENT: &str = "ec9d5af095cb74f86c156c17cfd5fd5f95828aa814453def598dc7de9ae8dfc2:0";
/// An output of the transaction that issued the asset, which people take for the outpoint that the issuance spent.
const OF_ISSUANCE: &str = "b9b0aa70184e082938b1209b484495ef9085ce10fd10fb8e3422f3185d766aa8:0";

fn file(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors/contract").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn spent() -> OutPoint {
    SPENT.parse().unwrap()
}

fn asset() -> AssetId {
    ASSET.parse().unwrap()
}

fn refused(contract: &[u8], prevout: &str, asset: AssetId) -> ContractError {
    ProvenContract::prove(contract, prevout.parse().unwrap(), asset).unwrap_err()
}

/// What is offered in place of every other layout: the bytes that were hashed, with the outpoint that was spent.
fn right() -> OfferedContract {
    OfferedContract { contract: String::from_utf8(file("contract_right.json")).unwrap(), prevout: spent() }
}

#[test]
fn the_bytes_that_were_hashed_prove_ticker_and_precision() {
    let proven = ProvenContract::prove(&file("contract_right.json"), spent(), asset()).unwrap();
    assert_eq!((proven.ticker(), proven.unit(), proven.precision().decimals()), (Some("DTST"), "DTST", 2));
}

#[test]
fn another_layout_is_refused_and_the_bytes_that_were_hashed_are_offered() {
    for name in ["contract_with_blanks.json", "contract_unsorted.json"] {
        let error = refused(&file(name), SPENT, asset());
        assert!(matches!(error, ContractError::NotCanonical { .. }), "{name}: {error}");
        assert_eq!(error.offered(), Some(&right()), "{name}");
        assert!(error.to_string().contains(ASSET), "{error}");
        // What is offered proves the asset, once it is given.
        let offered = &error.offered().unwrap().contract;
        assert!(ProvenContract::prove(offered.as_bytes(), spent(), asset()).is_ok(), "{name}");
    }
}

#[test]
fn another_layout_with_another_outpoint_or_for_another_asset_is_offered_nothing() {
    for name in ["contract_right.json", "contract_with_blanks.json", "contract_unsorted.json"] {
        let error = refused(&file(name), OF_ISSUANCE, asset());
        assert!(matches!(error, ContractError::OtherAsset { .. }), "{name}: {error}");
        assert_eq!(error.offered(), None, "{name}");
        let other = AssetId::from_byte_array([7; 32]);
        assert!(matches!(refused(&file(name), SPENT, other), ContractError::OtherAsset { .. }), "{name}");
    }
}

#[test]
fn the_registrys_whole_answer_is_said_to_be_one() {
    let answer = file("whole_registry_answer.json");
    let pretty: serde_json::Value = serde_json::from_slice(&answer).unwrap();
    let pretty = serde_json::to_vec_pretty(&pretty).unwrap();
    let minified = canonical(&answer).unwrap().into_bytes();
    for answer in [answer, pretty, minified] {
        // The whole answer has every field of a contract and hashes to something: without an id it proves an asset
        // that nobody issued.
        let invented = contract_ids(&answer, spent()).asset;
        assert_ne!(invented, asset());
        let error = refused(&answer, SPENT, asset());
        assert_eq!(error.offered(), Some(&right()));
        assert!(error.to_string().contains("expected its `contract` member alone"), "{error}");
        assert!(!error.to_string().contains("issuance transaction"), "{error}");

        // The answer names the issuance, so that its id in place of what it spent is told apart.
        let error = refused(&answer, OF_ISSUANCE, asset());
        assert_eq!(error.offered(), Some(&right()));
        let says = format!(
            "belongs to the issuance transaction itself; expected the outpoint that the issuance spent, {SPENT}"
        );
        assert!(error.to_string().contains(&says), "{error}");

        let other = AssetId::from_byte_array([7; 32]);
        let error = refused(&answer, SPENT, other);
        assert_eq!(error.offered(), None);
        assert!(error.to_string().contains(&format!("does not lead to asset {other}")), "{error}");
    }
}

#[test]
fn an_answer_longer_than_any_contract_is_still_said_to_be_one() {
    let answer = String::from_utf8(file("whole_registry_answer.json")).unwrap();
    let long = |blanks: usize| answer.replacen('{', &format!("{{{}", " ".repeat(blanks)), 1).into_bytes();
    let error = refused(&long(8 * 1024), SPENT, asset());
    assert_eq!(error.offered(), Some(&right()));
    // Beyond what a file may have nothing is looked at.
    let error = refused(&long(64 * 1024), SPENT, asset());
    assert!(matches!(error, ContractError::TooLong { .. }), "{error}");
}

#[test]
fn what_only_resembles_an_answer_is_none() {
    let contract = String::from_utf8(file("contract_right.json")).unwrap();
    for text in [
        format!("{{\"contract\":{contract}}}"),
        format!("{{\"asset_id\":\"{ASSET}\",\"contract\":\"{{}}\"}}"),
        format!("[{contract}]"),
        "{}".to_owned(),
    ] {
        let error = refused(text.as_bytes(), SPENT, asset());
        assert!(matches!(error, ContractError::OtherAsset { .. }), "{text}: {error}");
    }
    // An answer without the outpoints: the contract in it is still found, by the outpoint given.
    let bare = format!("{{\"asset_id\":\"{ASSET}\",\"contract\":{contract}}}");
    assert_eq!(refused(bare.as_bytes(), SPENT, asset()).offered(), Some(&right()));
    assert_eq!(refused(bare.as_bytes(), OF_ISSUANCE, asset()).offered(), None);
}

#[test]
fn a_contract_without_a_ticker_proves_precision_and_ids() {
    for (name, asset) in [
        ("no_ticker.json", "7cef9564ccefd0a43eb8d540eb43bbc0818c0f39bc422d8bc2bf6f2a33eb25b2"),
        ("null_ticker.json", "ae6e2a8961a391d56bd4b777fdece810d26258ea6c6f2454e4dc1e417ba6dd04"),
    ] {
        let proven = ProvenContract::prove(&file(name), spent(), asset.parse().unwrap()).unwrap();
        assert_eq!((proven.ticker(), proven.unit()), (None, "units of the asset"), "{name}");
        assert_eq!((proven.precision().decimals(), proven.name()), (2, "Treasury Share"), "{name}");
        assert_eq!(proven.ids().asset.to_string(), asset, "{name}");
    }
}
