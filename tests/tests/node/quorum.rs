//! A treasury of several keys before the node's mempool: any two of three keys make a transaction that it takes.

use coldamp_core::amp::Job as Asked;
use coldamp_core::elements::encode::deserialize;
use coldamp_core::elements::hex::decode_to_vec;
use coldamp_core::elements::{AssetId, Transaction};
use coldamp_core::sign::{Part, SigningKey, combine};
use coldamp_core::treasury::{Branch, KeyPath};
use coldamp_tests::node::{Elementsd, Node, Wallet};
use coldamp_tests::{Job, Ordered, RequestKind, Scenario, Treasury};
use serde_json::json;

use crate::job::yes;

#[test]
fn any_two_of_three_keys_make_a_transaction_that_the_node_takes() {
    let Some(elementsd) = Elementsd::named_or_skipped() else { return };
    let scenario = Scenario::load(Scenario::QUORUM);
    let node = elementsd.replay(&scenario);
    let treasury = Treasury::of(&scenario);
    let keys = treasury.signing_keys();
    for kind in RequestKind::ALL {
        let job = treasury.job(&scenario, kind);
        let pset = job.prepare().pset;
        let checked = job.review(pset.as_bytes()).checked().unwrap().clone();
        let part = |(number, key)| Part::Signatures(job.part(pset.as_bytes(), key, number));
        let parts: Vec<Part> = (1..).zip(&keys).map(part).collect();
        for pair in [[0, 1], [0, 2], [1, 2]] {
            let name = format!("{} with {pair:?}", kind.name());
            let file = combine(&treasury.secp, &checked, &pair.map(|index| parts[index].clone())).unwrap();
            let file = Ordered::parse(&file.to_json().unwrap());
            let verdict = node.judge(file.get("transaction").text());
            assert_eq!(verdict.get("allowed"), &yes(), "{name}: {verdict:?}");
            assert_eq!(verdict.get("txid"), file.get("txid"), "{name}");
            assert_eq!(verdict.get("wtxid"), file.get("wtxid"), "{name}");
        }
    }
}

/// Lets a wallet of the node take its change from the second descriptor that it has.
fn allow_change(node: &Node, wallet: &Wallet<'_>, scenario: &Scenario) {
    let change = &scenario.treasury_node_keys().descriptors[1];
    let checksum = node.call("getdescriptorinfo", json!([change])).get("checksum").text().to_owned();
    let desc = format!("{change}#{checksum}");
    let import =
        json!({ "desc": desc, "range": [0, 2000], "timestamp": 0, "active": true, "internal": true });
    let answer = wallet.call("importdescriptors", json!([[import]])).items()[0].clone();
    assert_eq!(answer.get("success"), &yes(), "{answer:?}");
}

/// Pays a treasury from a wallet of the node, and gives back the transaction.
fn pay(
    node: &Node,
    from: &Wallet<'_>,
    treasury: &Treasury,
    index: u32,
    base_units: u64,
    asset: AssetId,
) -> Transaction {
    let path = KeyPath { branch: Branch::External, index };
    let address =
        treasury.descriptor.address_at(&treasury.secp, path, &treasury.network).unwrap().to_string();
    let amount = format!("{}.{:08}", base_units / 100_000_000, base_units % 100_000_000);
    let (amounts, assets) =
        (json!({ address.as_str(): amount }), json!({ address.as_str(): asset.to_string() }));
    let sent = from.call("sendmany", json!(["", amounts, 0, "", [], false, 1, "UNSET", assets]));
    node.mine();
    let hex = from.call("gettransaction", json!([sent.text()])).get("hex").text().to_owned();
    deserialize(&decode_to_vec(&hex).unwrap()).unwrap()
}

/// The units that a distribution pays, all recipients together.
fn total(job: &Job<'_>) -> u64 {
    let Asked::Distribute { recipients, .. } = job.request().job else { panic!("a distribution") };
    recipients.iter().map(|recipient| recipient.amount.base_units()).sum()
}

#[test]
fn a_distribution_of_many_keys_is_mined_and_as_heavy_as_was_said() {
    let Some(elementsd) = Elementsd::named_or_skipped() else { return };
    let scenario = Scenario::load("wpkh");
    for (threshold, count, is_nested) in [(3, 5, false), (3, 5, true), (15, 15, false), (15, 15, true)] {
        let name = format!("{threshold} of {count}, nested: {is_nested}");
        let node = elementsd.replay(&scenario);
        let hot = node.wallet("hot", scenario.treasury_node_keys());
        allow_change(&node, &hot, &scenario);
        let treasury = Treasury::of_quorum(&scenario, threshold, count, is_nested);
        let job = treasury.job(&scenario, RequestKind::Distribute);
        let request = job.request();
        let paid = [
            pay(&node, &hot, &treasury, 0, total(&job) + 1_000, request.asset),
            pay(&node, &hot, &treasury, 1, 100_000, treasury.network.policy_asset()),
        ];
        let pset = job.prepare_from(&paid.each_ref(), |_| true).pset;
        let checked = job.review(pset.as_bytes()).checked().unwrap().clone();
        // The last keys of the descriptor, and the last of them first.
        let keys = treasury.signing_keys();
        let signers: Vec<_> = (1..).zip(&keys).collect();
        let part =
            |(number, key): &(u8, &SigningKey)| Part::Signatures(job.part(pset.as_bytes(), key, *number));
        let parts: Vec<Part> = signers.iter().rev().take(threshold).map(part).collect();
        let missing = combine(&treasury.secp, &checked, &parts[1..]).unwrap_err();
        assert_eq!(missing.code().as_str(), "PARTS_MISSING", "{name}");
        let file = combine(&treasury.secp, &checked, &parts).unwrap();
        let transaction = Ordered::parse(&file.to_json().unwrap()).get("transaction").text().to_owned();
        let verdict = node.judge(&transaction);
        assert_eq!(verdict.get("allowed"), &yes(), "{name}: {verdict:?}");
        node.confirm(&transaction);

        // The bound counts each signature with 72 bytes. Ours have 71, or one or two less.
        let signatures = u64::try_from(threshold * checked.effects().inputs.len()).unwrap();
        let real = u64::try_from(file.transaction().weight()).unwrap();
        let bound = checked.effects().bound.full.units();
        assert!((real..=real + 3 * signatures).contains(&bound), "{name}: {real} of at most {bound}");
        assert!(bound - real >= signatures, "{name}: {real} of at most {bound}");
    }
}
