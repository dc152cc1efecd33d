//! Every job of every single-key scenario from AMP's bytes to the signed file, without a node.

use coldamp_core::prepare::{Settings, prepare};
use coldamp_tests::{RequestKind, Scenario, Treasury};

#[test]
fn every_job_is_prepared_reviewed_and_signed_and_twice_the_same() {
    for scenario in Scenario::all() {
        let treasury = Treasury::of(&scenario);
        let again = Treasury::of(&scenario);
        for kind in RequestKind::ALL {
            let name = format!("{} {}", scenario.name(), kind.name());
            let job = treasury.job(&scenario, kind);
            let prepared = job.prepare();
            assert_eq!(again.job(&scenario, kind).prepare().pset, prepared.pset, "{name}: preparing twice");
            // The extractor inside has verified proofs, token rule, scripts, weight and the report.
            let signed = job.sign(prepared.pset.as_bytes());
            let second = again.job(&scenario, kind).sign(prepared.pset.as_bytes());
            assert_eq!(
                second.to_json().unwrap(),
                signed.to_json().unwrap(),
                "{name}: signing on another keystore"
            );
        }
    }
}

#[test]
fn coins_are_given_in_any_order_and_the_pset_is_the_same() {
    let scenario = Scenario::load("wpkh");
    let treasury = Treasury::of(&scenario);
    for kind in RequestKind::ALL {
        let job = treasury.job(&scenario, kind);
        let request = job.request();
        let holdings = treasury.holdings(&request);
        let mut reversed = holdings.clone();
        reversed.coins.reverse();
        let pset = |holdings: &coldamp_online::sync::Holdings| {
            let state = holdings.treasury(&treasury.network, &treasury.descriptor);
            prepare(&treasury.secp, &request, &state, &Settings::default(), None).unwrap().pset
        };
        assert_eq!(pset(&holdings), pset(&reversed), "{}", kind.name());
    }
}
