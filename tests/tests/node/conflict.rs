//! Two signed transactions for the same coins: what is said of the one that loses, over a node as over Esplora.

use coldamp_tests::node::Elementsd;
use coldamp_tests::{Desk, RequestKind, Scenario, Treasury};

#[test]
fn a_coin_that_another_transaction_spends_is_told_over_a_node_whether_that_one_waits_or_is_in_a_block() {
    let Some(elementsd) = Elementsd::named_or_skipped() else { return };
    let scenario = Scenario::load("wpkh");
    let treasury = Treasury::of(&scenario);
    let node = elementsd.replay(&scenario);
    let (address, cookie) = node.address_and_cookie();
    let desk = Desk::default();
    desk.write("cookie", cookie);
    let chain = format!("--node {address} --node-cookie cookie");
    for kind in [RequestKind::Distribute, RequestKind::Burn] {
        let job = treasury.job(&scenario, kind);
        let text = job.sign(job.prepare().pset.as_bytes()).to_json().unwrap();
        desk.write(&format!("{}.json", kind.name()), &text);
    }
    let online = |arguments: &str| desk.run("coldamp-online", arguments);
    let told = |command: &str, words: &str| {
        let run = online(&format!("{command} burn.json {chain}"));
        assert_eq!(run.code, 13, "{command}: {}", run.stderr);
        assert!(run.stderr.contains("error[INPUT_SPENT]: "), "{command}: {}", run.stderr);
        assert!(run.stderr.contains(words), "{command}: {}", run.stderr);
    };
    let sent = online(&format!("broadcast distribute.json {chain} --without-amp")).done();
    let txid = sent.stderr.lines().find_map(|line| line.strip_prefix("sent ")).unwrap().trim().to_owned();
    for command in ["broadcast --without-amp", "status", "report --no-wait"] {
        told(command, &format!("is spent by {txid}"));
    }
    node.mine();
    for command in ["broadcast --without-amp", "status", "report --no-wait"] {
        told(command, "is spent by another transaction, which the source does not name");
    }
}
