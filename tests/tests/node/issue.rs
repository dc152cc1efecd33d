//! What a real node issues, to addresses of a treasury that no wallet of it holds: the answer that AMP would give passes every
//! check of `treasury issue`, and the asset is set up. So the checks are judged by a node, and not by the sandbox alone.

use coldamp_sandbox::server::{PASSWORD, Sandbox, USERNAME};
use coldamp_tests::node::Elementsd;
use coldamp_tests::{Desk, Scenario};
use serde_json::Value;

#[test]
fn an_asset_of_either_kind_that_a_node_issues_is_proven_and_set_up() {
    let Some(elementsd) = Elementsd::named_or_skipped() else { return };
    let scenario = Scenario::load("wpkh");
    for (kind, tokens) in [
        ("", "--tokens 100000"),
        ("--confidential", "--tokens 100000"),
        ("", "--never-reissued"),
        ("--confidential", "--never-reissued"),
    ] {
        let node = elementsd.replay(&scenario);
        let hot = node.wallet("hot", scenario.treasury_node_keys());
        let sandbox = Sandbox::amp_over(Box::new(node.issuer(&hot)), 0).unwrap();
        let desk = Desk::default();
        // The treasury of other words than the hot wallet's.
        let other = Scenario::load("sh-wpkh");
        desk.write("treasury.descriptor", other.ct_descriptor());
        desk.write("cookie", node.address_and_cookie().1);
        desk.write("credentials", format!("{USERNAME}\n{PASSWORD}\n"));
        let (address, _) = node.address_and_cookie();
        let files = format!(
            "--descriptor treasury.descriptor --network regtest --node {address} --node-cookie cookie --amp {} --amp-credentials credentials",
            sandbox.amp_url()
        );
        let terms = "--name Demo-Share --ticker DEMO --domain example.com --pubkey 0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798 --precision 2 --units 1000000.5 --expect DEMO:100000050";
        let place = format!("{kind} {tokens}");
        let run = desk
            .run("coldamp-online", &format!("treasury issue {terms} {kind} {tokens} {files} -o issue.json"));
        assert_eq!(run.code, 0, "{place}: {}", run.stderr);
        assert!(!run.stderr.contains("not proven"), "{place}: {}", run.stderr);
        let answer: Value = serde_json::from_str(&desk.read("issue.json")).unwrap();
        let zeros = "0".repeat(64);
        assert_eq!(answer["issuance_assetblinder"] == zeros.as_str(), kind.is_empty(), "{place}: {answer}");
        node.mine();
        node.mine();
        let setup = desk.run("coldamp-online", &format!("treasury setup issue.json --no-wait {files}"));
        assert_eq!(setup.code, 0, "{place}: {}", setup.stderr);
        assert!(setup.stderr.contains("blinders       AMP has them"), "{place}: {}", setup.stderr);
        // The node derives the same asset from its own transaction.
        let txid = answer["txid"].as_str().unwrap();
        let raw = node.call("getrawtransaction", serde_json::json!([txid, true]));
        let issuances: Vec<String> = raw
            .get("vin")
            .items()
            .iter()
            .filter_map(|input| Some(input.find("issuance")?.get("asset").text().to_owned()))
            .collect();
        assert_eq!(issuances, [answer["asset_id"].as_str().unwrap()], "{place}");
    }
}
