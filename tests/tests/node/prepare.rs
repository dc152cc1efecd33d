//! A node as chain source: without a wallet on it, the same PSET as from the transactions file, but for the field that
//! names the chain.

use coldamp_core::elements::encode::serialize;
use coldamp_core::elements::pset::PartiallySignedTransaction;
use coldamp_core::pset::genesis_key;
use coldamp_tests::node::{Elementsd, Node};
use coldamp_tests::{Desk, Ordered, RequestKind, Run, Scenario, Treasury};
use serde_json::json;

use crate::job::of_scenario;

/// An online machine with the files of a job, and the node's cookie.
fn desk(scenario: &Scenario, kind: RequestKind, node: &Node) -> Desk {
    let desk = Desk::default();
    desk.write("treasury.descriptor", scenario.ct_descriptor());
    desk.write("request.json", scenario.request(kind));
    desk.write("cookie", node.address_and_cookie().1);
    desk
}

fn prepare(desk: &Desk, address: &str, more: &str) -> Run {
    let arguments =
        "prepare request.json --descriptor treasury.descriptor --network regtest --node-cookie cookie";
    desk.run("coldamp-online", &format!("{arguments} --node {address} -o unsigned.pset {more}"))
}

#[test]
fn a_pset_prepared_over_rpc_equals_the_one_from_the_file_but_for_the_genesis() {
    let Some(elementsd) = Elementsd::named_or_skipped() else { return };
    for scenario in Scenario::all() {
        let node = elementsd.replay(&scenario);
        let (address, _) = node.address_and_cookie();
        let treasury = Treasury::of(&scenario);
        for signed in of_scenario(&scenario) {
            let desk = desk(&scenario, signed.kind, &node);
            // Where the token has moved on, no coin of the treasury lies in a transaction that issued the asset: without
            // its name a distribution or burn is prepared as well, its asset unproven.
            let issuance = format!("--issuance-tx {}", scenario.info().issuance.txid);
            prepare(&desk, &address, &issuance).done();
            let made = desk.read("unsigned.pset");
            let analyzed = node.call("analyzepsbt", json!([made.trim_end()]));
            assert_eq!(analyzed.get("next").text(), "blinder", "{}", signed.name);
            let file = treasury.job(&scenario, signed.kind).sign(made.as_bytes()).to_json().unwrap();
            assert_eq!(Ordered::parse(&file), signed.file, "{}: what the node took", signed.name);
            let mut pset: PartiallySignedTransaction = desk.read("unsigned.pset").trim_end().parse().unwrap();
            let genesis = pset.global.proprietary.remove(&genesis_key()).unwrap();
            let named: coldamp_core::elements::BlockHash = scenario.info().genesis_hash.parse().unwrap();
            assert_eq!(genesis, serialize(&named), "{}", signed.name);
            assert_eq!(pset.to_string(), signed.pset, "{}", signed.name);
        }
        let wallets = node.call("listwallets", json!([]));
        assert!(wallets.items().is_empty(), "{}: the node needs no wallet", scenario.name());
    }
}

#[test]
fn promised_change_addresses_are_not_given_out_again_and_a_request_keeps_its_own() {
    let Some(elementsd) = Elementsd::named_or_skipped() else { return };
    let scenario = Scenario::load("wpkh");
    let node = elementsd.replay(&scenario);
    let (address, _) = node.address_and_cookie();
    let desk = desk(&scenario, RequestKind::Distribute, &node);
    // Where the change goes, of a run's words.
    let paths = |run: &coldamp_tests::Run| -> Vec<String> {
        let change = run.stderr.lines().filter(|line| line.starts_with("change "));
        change.filter_map(|line| Some(line.rsplit_once(" at ")?.1.to_owned())).collect()
    };
    let taken = paths(&prepare(&desk, &address, "--state promises").done());
    let first = desk.read("unsigned.pset");
    std::fs::remove_file(desk.path("unsigned.pset")).unwrap();
    desk.write("request.json", scenario.request(RequestKind::Burn));
    // AMP's list for the burn names a coin that the distribution reserved.
    let reserved = prepare(&desk, &address, "--state promises");
    assert!(reserved.code == 3 && reserved.stderr.contains("error[COINS_RESERVED]: "), "{}", reserved.stderr);
    let other = prepare(&desk, &address, "--state promises --allow-missing-coins").done();
    let others = paths(&other);
    assert!(taken.len() == 2 && others.len() == 2, "{taken:?} {others:?}");
    assert!(others.iter().all(|path| !taken.contains(path)), "{taken:?} {others:?}");
    std::fs::remove_file(desk.path("unsigned.pset")).unwrap();
    desk.write("request.json", scenario.request(RequestKind::Distribute));
    prepare(&desk, &address, "--state promises").done();
    assert_eq!(desk.read("unsigned.pset"), first);
}

#[test]
fn a_node_that_cannot_be_used_is_told_by_name_with_exit_11_and_without_a_file() {
    let Some(elementsd) = Elementsd::named_or_skipped() else { return };
    let scenario = Scenario::load("wpkh-split-token");
    let node = elementsd.replay(&scenario);
    let (address, _) = node.address_and_cookie();
    let desk = desk(&scenario, RequestKind::Reissue, &node);
    let refused = |address: &str, more: &str, code: i32, words: &str| {
        let run = prepare(&desk, address, more);
        assert_eq!(run.code, code, "{}", run.stderr);
        assert!(run.stderr.contains(words) && run.stderr.contains("hint: "), "{}", run.stderr);
        assert!(!desk.has("unsigned.pset"));
    };
    refused(&address, "", 3, "NO_ISSUANCE");
    refused(&address, &format!("--issuance-tx {}", scenario.info().other_issuance.txid), 3, "ISSUANCE_ASSET");
    refused(&address, &format!("--issuance-tx {}", "00".repeat(32)), 3, "ISSUANCE_NOT_FOUND");
    refused("http://127.0.0.1:1", "", 11, "NODE_UNREACHABLE");
    refused(&address.replace("http", "ftp"), "", 2, "NODE_ADDRESS");
    desk.write("cookie", "__cookie__:wrong");
    refused(&address, "", 11, "NODE_CREDENTIALS");
}
