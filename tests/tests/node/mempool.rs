//! The signed transaction before the node's mempool: taken, and at no more than the least fee that the node relays.

use coldamp_core::elements::pset::PartiallySignedTransaction;
use coldamp_core::elements::{AssetId, Transaction};
use coldamp_core::limits::MIN_RELAY_FEE_RATE;
use coldamp_core::units::Weight;
use coldamp_tests::node::Elementsd;
use coldamp_tests::{RequestKind, Scenario};
use serde_json::json;

use crate::job::{of_scenario, signed_by_the_node, yes};

#[test]
fn every_transaction_is_taken_at_the_least_fee_under_the_ids_of_the_file() {
    let Some(elementsd) = Elementsd::named_or_skipped() else { return };
    for scenario in Scenario::all() {
        let node = elementsd.replay(&scenario);
        for signed in of_scenario(&scenario) {
            let verdict = node.judge(signed.hex());
            assert_eq!(verdict.get("allowed"), &yes(), "{}: {verdict:?}", signed.name);
            assert_eq!(verdict.get("txid"), signed.file.get("txid"), "{}", signed.name);
            assert_eq!(verdict.get("wtxid"), signed.file.get("wtxid"), "{}", signed.name);
            let fee = verdict.get("fees").get("base").signed_base_units();
            assert_eq!(fee, i128::from(signed.fee()), "{}", signed.name);
            assert_eq!(signed.fee(), least_fee(&signed.transaction), "{}", signed.name);
        }
    }
}

/// 100 sat/kvB of the discounted size.
fn least_fee(transaction: &Transaction) -> u64 {
    let weight = Weight::new(transaction.discount_weight() as u64);
    MIN_RELAY_FEE_RATE.fee(weight.virtual_size()).unwrap().sat()
}

/// The node's wallet blinds and signs our PSET as it is, and again with a satoshi less to the miner: the first is
/// taken, of the second the node names our fee as the least. (Our own signer refuses the second.)
#[test]
fn a_satoshi_less_than_our_fee_is_less_than_the_node_relays() {
    let Some(elementsd) = Elementsd::named_or_skipped() else { return };
    // Four virtual bytes from where another signature length would change the fee.
    let scenario = Scenario::load("sh-wpkh");
    let node = elementsd.replay(&scenario);
    let hot = node.wallet("hot", scenario.treasury_node_keys());
    let signed = of_scenario(&scenario).find(|signed| signed.kind == RequestKind::Distribute).unwrap();
    let verdict = node.judge(&signed_by_the_node(&hot, &signed.pset));
    assert_eq!(verdict.get("allowed"), &yes(), "{verdict:?}");

    let mut pset: PartiallySignedTransaction = signed.pset.parse().unwrap();
    let lbtc: AssetId = scenario.info().policy_asset.parse().unwrap();
    for output in pset.outputs_mut().iter_mut().filter(|output| output.asset == Some(lbtc)) {
        let amount = output.amount.unwrap();
        let is_fee = output.script_pubkey.is_empty();
        output.amount = Some(if is_fee { amount - 1 } else { amount + 1 });
    }
    let cheaper = signed_by_the_node(&hot, &pset.to_string());
    let refusal = node.try_call("sendrawtransaction", json!([cheaper])).unwrap_err();
    let fee = signed.fee();
    assert_eq!(refusal.message, format!("min relay fee not met, {} < {fee}", fee - 1));
}
