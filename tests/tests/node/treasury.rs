//! `treasury` over a node: the coins that it shows are those that the node's own wallet of the same keys shows, and AMP, which
//! knows the same outputs, differs in nothing.

use std::collections::BTreeSet;

use coldamp_sandbox::server::{PASSWORD, Sandbox, USERNAME};
use coldamp_tests::node::Elementsd;
use coldamp_tests::{Desk, RequestKind, Scenario, Treasury};
use serde_json::{Value, json};

use crate::job::number;
use crate::online::set_up;

/// A coin: transaction, output, asset, base units.
type Coin = (String, u64, String, u64);

#[test]
fn the_treasury_is_what_the_nodes_wallet_and_amp_say() {
    let Some(elementsd) = Elementsd::named_or_skipped() else { return };
    for scenario in Scenario::all() {
        let node = elementsd.replay(&scenario);
        let treasury = Treasury::of(&scenario);
        let request = treasury.job(&scenario, RequestKind::Burn).request();
        let sandbox = Sandbox::amp_over(Box::new(node.ledger()), 0).unwrap();
        sandbox.with(|_, amp| set_up(amp, &treasury, &request));
        let desk = Desk::default();
        let (address, cookie) = node.address_and_cookie();
        desk.write("treasury.descriptor", scenario.ct_descriptor());
        desk.write("cookie", cookie);
        desk.write("credentials", format!("{USERNAME}\n{PASSWORD}\n"));
        let arguments = format!(
            "treasury {} --asset-id {} --issuance-tx {} --descriptor treasury.descriptor --network regtest --node {address} --node-cookie cookie --amp {} --amp-credentials credentials --json",
            request.asset_uuid,
            request.asset,
            scenario.info().issuance.txid,
            sandbox.amp_url()
        );
        let shown = desk.run("coldamp-online", &arguments).done();
        let document: Value = serde_json::from_str(&shown.stdout).unwrap();
        assert_eq!(document["token"]["is_proven"], true, "{}", scenario.name());

        let hot = node.wallet("hot", scenario.treasury_node_keys());
        let unspent = hot.call("listunspent", json!([]));
        let by_wallet: BTreeSet<Coin> = unspent
            .items()
            .iter()
            .map(|coin| {
                let units = u64::try_from(coin.get("amount").signed_base_units()).unwrap();
                let vout = u64::try_from(number(coin.get("vout"))).unwrap();
                (coin.get("txid").text().to_owned(), vout, coin.get("asset").text().to_owned(), units)
            })
            .collect();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let coins = document["coins"].as_array().unwrap();
        let ours: BTreeSet<Coin> = coins
            .iter()
            .map(|coin| {
                assert_eq!(coin["state"], "confirmed", "{}", scenario.name());
                let units = text(&coin["amount"]).parse().unwrap();
                (text(&coin["txid"]), coin["vout"].as_u64().unwrap(), text(&coin["asset"]), units)
            })
            .collect();
        assert_eq!(ours, by_wallet, "{}", scenario.name());

        for asset in document["assets"].as_array().unwrap() {
            let of_asset = by_wallet.iter().filter(|(_, _, id, _)| *id == text(&asset["id"]));
            let sum: u64 = of_asset.map(|(.., units)| units).sum();
            assert_eq!(text(&asset["confirmed"]["amount"]), sum.to_string(), "{}: {asset}", scenario.name());
        }
    }
}
