//! The treasury's coins as the sync opens them against what the hot wallet of the same keys listed.

use coldamp_core::elements::confidential::{Asset, Nonce, Value};
use coldamp_core::elements::{Address, OutPoint, RangeProof, SurjectionProof, TxOut, TxOutWitness, Txid};
use coldamp_core::prepare::{Settings, prepare};
use coldamp_core::treasury::Utxo;
use coldamp_online::sync::Holdings;
use coldamp_tests::{RequestKind, Scenario, Treasury};

#[test]
fn every_coin_is_what_the_hot_wallet_listed_blinders_and_paths_included() {
    for scenario in Scenario::all_with_quorum() {
        let treasury = Treasury::of(&scenario);
        let holdings = treasury.holdings(&treasury.job(&scenario, RequestKind::Burn).request());
        assert!(holdings.unopened.is_empty());
        let mut listed = scenario.listunspent();
        listed.sort_by_key(|coin| (coin.txid.clone(), coin.vout));
        let mut coins = holdings.coins.clone();
        coins.sort_by_key(|coin| (coin.outpoint.txid.to_string(), coin.outpoint.vout));
        assert_eq!(coins.len(), listed.len(), "{}", scenario.name());
        for (coin, listed) in coins.iter().zip(&listed) {
            let place = format!("{} {}:{}", scenario.name(), listed.txid, listed.vout);
            assert_eq!(
                (coin.outpoint.txid.to_string(), coin.outpoint.vout),
                (listed.txid.clone(), listed.vout),
                "{place}"
            );
            assert_eq!(coin.amount().base_units(), listed.base_units(), "{place}");
            assert_eq!(coin.asset().to_string(), listed.asset, "{place}");
            assert_eq!(coin.secrets.asset_bf.to_string(), listed.asset_blinder, "{place}");
            assert_eq!(coin.secrets.value_bf.to_string(), listed.amount_blinder, "{place}");
            assert_eq!(coin.is_blinded(), listed.asset_commitment.is_some(), "{place}");
            assert_eq!(format!("{:x}", coin.own.script_pubkey), listed.script_pubkey, "{place}");
            assert_eq!(coin.own.node_descriptor(), listed.desc, "{place}");
            let address =
                Address::from_script(&coin.own.script_pubkey, None, treasury.network.address_params());
            assert_eq!(address.unwrap().to_string(), listed.address, "{place}");
        }
    }
}

#[test]
fn coins_that_cost_more_to_spend_than_they_hold_are_left_alone() {
    let scenario = Scenario::load("wpkh");
    let treasury = Treasury::of(&scenario);
    let request = treasury.job(&scenario, RequestKind::Burn).request();
    let mut holdings = treasury.holdings(&request);
    let policy_asset = treasury.network.policy_asset();
    let own = holdings.coins[0].own.clone();
    let dust = |number: u32, amount: u64| {
        let txout = TxOut {
            asset: Asset::Explicit(policy_asset),
            value: Value::Explicit(amount),
            nonce: Nonce::Null,
            script_pubkey: own.script_pubkey.clone(),
            witness: TxOutWitness { surjection_proof: SurjectionProof::EMPTY, rangeproof: RangeProof::EMPTY },
        };
        let outpoint = OutPoint::new(Txid::from_byte_array([1; 32]), number);
        Utxo::open(&treasury.secp, &treasury.descriptor, outpoint, &txout, own.clone()).unwrap()
    };
    // An input costs some 7 sat at 100 sat/kvB.
    let flood: Vec<Utxo> = (0..600).map(|number| dust(number, 5)).collect();
    let planned = |holdings: &Holdings| {
        let from = holdings.treasury(&treasury.network, &treasury.descriptor);
        prepare(&treasury.secp, &request, &from, &Settings::default(), None)
    };
    let before = planned(&holdings).unwrap();
    holdings.coins.extend(flood);
    assert_eq!(planned(&holdings).unwrap().pset, before.pset, "dust changes nothing");

    // With nothing else it is no L-BTC at all.
    holdings.coins.retain(|coin| coin.asset() != policy_asset || coin.amount().base_units() == 5);
    let error = planned(&holdings).unwrap_err();
    assert!(error.to_string().contains("found 0"), "{error}");
    // What holds more than it costs does count.
    holdings.coins.extend((600..900).map(|number| dust(number, 20)));
    let flooded = planned(&holdings).unwrap();
    assert!(flooded.plan.inputs().iter().all(|input| input.coin.amount().base_units() != 5));
}

#[test]
fn ids_and_kind_follow_from_the_issuance_transaction() {
    for scenario in Scenario::all_with_quorum() {
        let treasury = Treasury::of(&scenario);
        let request = treasury.job(&scenario, RequestKind::Reissue).request();
        let holdings = treasury.holdings(&request);
        let (ids, kind) = holdings.treasury(&treasury.network, &treasury.descriptor).issuance.unwrap();
        let issuance = &scenario.info().issuance;
        assert_eq!(ids.entropy.to_string(), issuance.entropy, "{}", scenario.name());
        assert_eq!(ids.asset.to_string(), issuance.asset, "{}", scenario.name());
        assert_eq!(ids.token(kind).to_string(), issuance.reissuance_token, "{}", scenario.name());
        assert_eq!(kind.name() == "blinded", issuance.blinded, "{}", scenario.name());
    }
}
