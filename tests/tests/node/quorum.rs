//! A treasury of several keys before the node's mempool: any two of three keys make a transaction that it takes.

use coldamp_core::sign::{Part, combine};
use coldamp_tests::node::Elementsd;
use coldamp_tests::{Ordered, RequestKind, Scenario, Treasury};

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
