use coldamp_core::elements::confidential::Value;
use coldamp_core::elements::{AssetId, OutPoint};
use coldamp_core::treasury::{IssuanceKind, ProvenContract, ScriptType, Utxo, first_prevout_in, issuance_in};
use coldamp_core::units::Satoshi;

use super::TreasuryError;
use crate::chain::Chain;
use crate::fixture::{descriptor, external, issue_settings};
use crate::secp::SECP;

fn open(chain: &Chain, script_type: ScriptType, outpoint: OutPoint, index: u32) -> Utxo {
    let descriptor = descriptor(script_type);
    let own = descriptor.script_at(&SECP, external(index)).unwrap();
    let output = chain.output(outpoint).unwrap();
    assert_eq!(output.script_pubkey, own.script_pubkey, "{outpoint}");
    Utxo::open(&SECP, &descriptor, outpoint, output, own).unwrap()
}

#[test]
fn coins_are_paid_in_order_and_open_with_the_view_key() {
    for script_type in [ScriptType::Wpkh, ScriptType::ShWpkh] {
        let mut chain = Chain::new();
        let amounts = [1_000, 2_000, 3_000].map(Satoshi::from_sat);
        let coins = chain.fund(&SECP, &descriptor(script_type), 7, &amounts).unwrap();
        for ((outpoint, amount), index) in coins.iter().zip(amounts).zip(7..) {
            let utxo = open(&chain, script_type, *outpoint, index);
            assert!(utxo.is_blinded());
            assert_eq!(utxo.amount(), amount.as_asset_amount());
            assert_eq!(utxo.asset(), chain.network().policy_asset());
            assert_eq!(chain.confirmations(outpoint.txid), Some(1));
        }
        assert_eq!(coins.len(), 3);
    }
}

#[test]
fn more_coins_than_one_transaction_holds_come_in_their_order_too() {
    let mut chain = Chain::new();
    let descriptor = descriptor(ScriptType::Wpkh);
    let coins = chain.fund_many(&SECP, &descriptor, 0, 130, Satoshi::from_sat(5_000), true).unwrap();
    assert_eq!(coins.len(), 130);
    let transactions: std::collections::BTreeSet<_> = coins.iter().map(|coin| coin.txid).collect();
    assert_eq!(transactions.len(), 3);
    for index in [0, 59, 60, 119, 120, 129] {
        let utxo = open(&chain, ScriptType::Wpkh, coins[usize::try_from(index).unwrap()], index);
        assert_eq!(utxo.amount(), Satoshi::from_sat(5_000).as_asset_amount());
    }
}

#[test]
fn ten_thousand_explicit_coins_are_a_matter_of_a_moment() {
    let mut chain = Chain::new();
    let descriptor = descriptor(ScriptType::Wpkh);
    let coins = chain.fund_many(&SECP, &descriptor, 0, 10_000, Satoshi::from_sat(1_000), false).unwrap();
    assert_eq!(coins.len(), 10_000);
    let utxo = open(&chain, ScriptType::Wpkh, coins[9_999], 9_999);
    assert!(!utxo.is_blinded());
}

#[test]
fn the_same_calls_make_the_same_chain() {
    let make = || {
        let mut chain = Chain::new();
        chain.fund(&SECP, &descriptor(ScriptType::Wpkh), 0, &[Satoshi::from_sat(1_000)]).unwrap();
        chain.issue(&SECP, &descriptor(ScriptType::Wpkh), issue_settings(IssuanceKind::Blinded)).unwrap();
        chain.tip_hash()
    };
    assert_eq!(make(), make());
}

#[test]
fn assets_of_both_kinds_open_prove_their_contract_and_are_what_their_transaction_says() {
    for kind in [IssuanceKind::Explicit, IssuanceKind::Blinded] {
        let mut chain = Chain::new();
        let descriptor = descriptor(ScriptType::Wpkh);
        let issued = chain.issue(&SECP, &descriptor, issue_settings(kind)).unwrap();
        let txid = issued.txid;

        let asset = open(&chain, ScriptType::Wpkh, OutPoint { txid, vout: issued.asset_vout }, 3);
        assert_eq!((asset.asset(), asset.amount()), (issued.asset, issued.amount));
        assert_eq!(asset.secrets, issued.asset_secrets);
        let token = open(&chain, ScriptType::Wpkh, OutPoint { txid, vout: issued.token_vout }, 4);
        assert_eq!((token.asset(), token.amount()), (issued.token, issued.token_amount));
        assert_eq!(token.secrets, issued.token_secrets);
        assert!(asset.is_blinded() && token.is_blinded());

        let tx = chain.transaction(txid).unwrap();
        let (ids, found) = issuance_in(tx, issued.asset).unwrap();
        assert_eq!((ids.entropy, found, ids.token(kind)), (issued.entropy, kind, issued.token));
        let prevout = first_prevout_in(tx, issued.asset).unwrap();
        assert_eq!(prevout, issued.issuance_prevout);
        let proven = ProvenContract::prove(issued.contract.as_bytes(), prevout, issued.asset).unwrap();
        assert_eq!((proven.ticker(), proven.domain()), (Some("COLD"), "example.com"));
        assert_eq!(proven.precision(), issued.precision);

        let issuance = &tx.input[0].asset_issuance;
        let generator = |asset: AssetId| {
            coldamp_core::elements::secp256k1_zkp::Generator::new_unblinded(&SECP, asset.into_tag())
        };
        let expected = |amount: u64, asset, blinds| match kind {
            IssuanceKind::Explicit => Value::Explicit(amount),
            IssuanceKind::Blinded => Value::new_confidential(&SECP, amount, generator(asset), blinds),
        };
        let (amount, tokens) = (issued.amount.base_units(), issued.token_amount.base_units());
        assert_eq!(issuance.amount, expected(amount, issued.asset, issued.asset_blinds));
        assert_eq!(issuance.inflation_keys, expected(tokens, issued.token, issued.token_blinds));
        assert_eq!(chain.issued(issued.asset), Some(&issued));
        assert_eq!(chain.issuances(issued.asset), [(txid, 0)]);
    }
}

#[test]
fn a_contract_that_could_not_be_proven_is_not_issued() {
    let mut chain = Chain::new();
    let settings =
        super::IssueSettings { ticker: "C OLD".to_owned(), ..issue_settings(IssuanceKind::Explicit) };
    let tip = chain.tip();
    let error = chain.issue(&SECP, &descriptor(ScriptType::Wpkh), settings).unwrap_err();
    assert!(matches!(error, TreasuryError::Contract(_)), "{error}");
    assert_eq!(chain.tip(), tip);
}

#[test]
fn a_reorganisation_past_an_issuance_and_its_eviction_forget_the_asset() {
    let mut chain = Chain::new();
    let descriptor = descriptor(ScriptType::Wpkh);
    let issued = chain.issue(&SECP, &descriptor, issue_settings(IssuanceKind::Explicit)).unwrap();
    chain.reorganise(1);
    assert_eq!(chain.confirmations(issued.txid), Some(0));
    assert!(chain.issued(issued.asset).is_some());
    assert_eq!(chain.forget(issued.txid), 1);
    assert!(chain.issued(issued.asset).is_none());
}
