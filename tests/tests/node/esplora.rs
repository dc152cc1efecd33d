//! A real Esplora server in the sandbox's place: the same PSETs as over the node behind it, and every job sent and reported
//! through it. Over a server that is started beside each node, where `ELECTRS_EXEC` names its binary; and over a pair that
//! somebody started, where `ESPLORA_URL` names it.

use coldamp_tests::node::{Electrs, Elementsd, EsploraServer, Node};
use coldamp_tests::{Desk, RequestKind, Scenario};

use crate::online::carried;

/// The PSET of a job, prepared over a chain source.
fn prepared(scenario: &Scenario, kind: RequestKind, node: &Node, chain: &str) -> String {
    let desk = Desk::default();
    desk.write("treasury.descriptor", scenario.ct_descriptor());
    desk.write("request.json", scenario.request(kind));
    desk.write("cookie", node.address_and_cookie().1);
    let arguments =
        "prepare request.json --descriptor treasury.descriptor --network regtest -o unsigned.pset";
    // A node keeps no index of assets.
    let issuance = format!("--issuance-tx {}", scenario.info().issuance.txid);
    desk.run("coldamp-online", &format!("{arguments} {issuance} {chain}")).done();
    let over = desk.read("unsigned.pset");
    // A second command, which skips what was looked at, comes to the same.
    std::fs::remove_file(desk.path("unsigned.pset")).unwrap();
    desk.run("coldamp-online", &format!("{arguments} {issuance} {chain}")).done();
    assert_eq!(desk.read("unsigned.pset"), over, "{} {}", scenario.name(), kind.name());
    over
}

/// Every job of a scenario comes out as over the node.
fn equal(scenario: &Scenario, server: &EsploraServer, node: &Node) {
    let (address, _) = node.address_and_cookie();
    for kind in RequestKind::ALL {
        let over = |chain: &str| prepared(scenario, kind, node, chain);
        let node = over(&format!("--node {address} --node-cookie cookie"));
        assert_eq!(over(&format!("--esplora {}", server.url())), node, "{} {}", scenario.name(), kind.name());
    }
}

#[test]
fn esplora_gives_the_same_psets_as_the_node_behind_it() {
    let (Some(electrs), Some(elementsd)) = (Electrs::named_or_skipped(), Elementsd::named_or_skipped())
    else {
        return;
    };
    for scenario in Scenario::all() {
        let node = elementsd.replay(&scenario);
        equal(&scenario, &electrs.beside(&node), &node);
    }
}

#[test]
fn esplora_carries_every_job_to_its_report() {
    let (Some(electrs), Some(elementsd)) = (Electrs::named_or_skipped(), Elementsd::named_or_skipped())
    else {
        return;
    };
    for name in ["wpkh", "wpkh-blinded-issuance", "wpkh-split-token"] {
        let scenario = Scenario::load(name);
        for kind in RequestKind::ALL {
            let node = elementsd.replay(&scenario);
            let server = electrs.beside(&node);
            let chain = format!("--esplora {}", server.url());
            carried(&scenario, kind, &node, &chain, &|| server.wait_for(&node));
        }
    }
}

/// One chain only, and one job sent on it: the others' requests name coins that the first one spends, and the server cannot be
/// taken back to an earlier block.
#[test]
fn esplora_that_runs_already_does_the_same() {
    let scenario = Scenario::load("wpkh");
    let Some((server, node)) = EsploraServer::named_or_skipped(&scenario) else { return };
    equal(&scenario, &server, &node);
    let chain = format!("--esplora {}", server.url());
    carried(&scenario, RequestKind::Distribute, &node, &chain, &|| server.wait_for(&node));
}
