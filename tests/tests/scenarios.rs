//! The recordings agree with themselves, so that a test built on them fails for its own reason.

use std::collections::BTreeSet;

use coldamp_tests::{RequestKind, Scenario};
use serde_json::Value;

#[test]
fn every_folder_is_a_scenario_that_is_loaded() {
    let here = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios");
    let folders: BTreeSet<String> = std::fs::read_dir(here)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    let loaded: BTreeSet<String> =
        Scenario::all_with_quorum().iter().map(|scenario| scenario.name().to_owned()).collect();
    assert_eq!(folders, loaded);
}

#[test]
fn keys_and_descriptor_belong_together() {
    for scenario in Scenario::all_with_quorum() {
        let name = scenario.name();
        let view_key = format!("ct(slip77({}),", scenario.master_blinding_key());
        assert!(scenario.ct_descriptor().starts_with(&view_key), "{name}");
        for mnemonic in scenario.mnemonics() {
            assert_eq!(mnemonic.split(' ').count(), 12, "{name}");
            assert_ne!(mnemonic, scenario.investors_mnemonic(), "{name}");
        }
        assert_ne!(scenario.master_blinding_key(), scenario.investors_master_blinding_key(), "{name}");
        for keys in [scenario.treasury_node_keys(), scenario.investors_node_keys()] {
            assert!(!keys.descriptors.is_empty(), "{name}");
            for descriptor in &keys.descriptors {
                assert!(descriptor.contains("/*)"), "{name}: {descriptor} has no range");
            }
        }
    }
}

#[test]
fn coins_and_issuances_lie_in_the_recorded_transactions() {
    for scenario in Scenario::all_with_quorum() {
        let name = scenario.name();
        let rows: Vec<Value> = serde_json::from_slice(&scenario.transactions()).unwrap();
        let txids: BTreeSet<&str> = rows.iter().map(|row| row["txid"].as_str().unwrap()).collect();
        for coin in scenario.listunspent() {
            assert!(txids.contains(coin.txid.as_str()), "{name}: {:?} has no transaction", coin.outpoint());
            assert!(coin.base_units() > 0, "{name}: {:?} is worth nothing", coin.outpoint());
            assert_eq!(coin.asset_commitment.is_some(), coin.amount_commitment.is_some(), "{name}");
        }
        for issuance in [&scenario.info().issuance, &scenario.info().other_issuance] {
            assert!(txids.contains(issuance.txid.as_str()), "{name}: {} has no issuance", issuance.asset);
        }
    }
}

#[test]
fn the_blocks_end_at_the_tip_and_hold_every_recorded_transaction() {
    for scenario in Scenario::all_with_quorum() {
        let blocks = scenario.blocks();
        assert_eq!(blocks.len(), usize::try_from(scenario.info().height).unwrap(), "{}", scenario.name());
        let rows: Vec<Value> = serde_json::from_slice(&scenario.transactions()).unwrap();
        for row in rows {
            let height = usize::try_from(row["height"].as_u64().unwrap()).unwrap();
            let block = &blocks[height - 1];
            assert!(block.contains(row["hex"].as_str().unwrap()), "{}: {}", scenario.name(), row["txid"]);
        }
    }
}

#[test]
fn a_treasury_holds_lbtc_two_assets_and_their_tokens() {
    for scenario in Scenario::all_with_quorum() {
        let info = scenario.info();
        let held: BTreeSet<String> = scenario.listunspent().into_iter().map(|coin| coin.asset).collect();
        let expected: BTreeSet<String> = [
            &info.policy_asset,
            &info.issuance.asset,
            &info.issuance.reissuance_token,
            &info.other_issuance.asset,
            &info.other_issuance.reissuance_token,
        ]
        .into_iter()
        .cloned()
        .collect();
        assert_eq!(held, expected, "{}", scenario.name());
        assert_eq!(info.asset, info.issuance.asset, "{}", scenario.name());
    }
}

#[test]
fn a_request_names_its_command_and_coins_the_treasury_has() {
    for scenario in Scenario::all_with_quorum() {
        let coins: BTreeSet<_> = scenario.listunspent().iter().map(|coin| coin.outpoint()).collect();
        for kind in RequestKind::ALL {
            let place = format!("{} {}", scenario.name(), kind.name());
            let request: Value = serde_json::from_slice(&scenario.request(kind)).unwrap();
            assert_eq!(request["command"], kind.name(), "{place}");
            assert_eq!(request["asset_id"], scenario.info().asset, "{place}");
            let listed = match kind {
                RequestKind::Distribute => continue,
                RequestKind::Reissue => &request["reissuance_utxos"],
                RequestKind::Burn => &request["utxos"],
            };
            let listed: Vec<coldamp_tests::Outpoint> = serde_json::from_value(listed.clone()).unwrap();
            assert!(!listed.is_empty(), "{place} lists no coin");
            for outpoint in listed {
                assert!(coins.contains(&outpoint), "{place} lists {outpoint:?}, which the treasury lacks");
            }
        }
    }
}

#[test]
fn the_hot_node_answered_every_request_but_one() {
    for scenario in Scenario::all_with_quorum() {
        for kind in RequestKind::ALL {
            let place = format!("{} {}", scenario.name(), kind.name());
            let refused = scenario.name() == "sh-wpkh" && kind == RequestKind::Reissue;
            let confirm = scenario.confirm(kind);
            assert_eq!(confirm.is_none(), refused, "{place}");
            let Some(confirm) = confirm else { continue };
            let request: Value = serde_json::from_slice(&scenario.request(kind)).unwrap();
            let asset = request["asset_uuid"].as_str().unwrap();
            assert!(confirm.endpoint.starts_with(&format!("/api/assets/{asset}/")), "{place}");
            assert!(confirm.payload.is_object(), "{place}");
        }
    }
}
