//! A transaction that is stuck, replaced by another one for the same request; and one that a cancelled request must never
//! see confirmed, excluded by the next.

use coldamp_core::sign::review::{FeeCap, ReviewOptions};
use coldamp_core::signed::SignedFile;
use coldamp_core::units::{FeeRate, Satoshi};
use coldamp_tests::{Job, RequestKind};

use crate::desk::{Issuer, fails};

fn share_a_coin(one: &SignedFile, other: &SignedFile) -> bool {
    let coins = |signed: &SignedFile| {
        signed.transaction().input.iter().map(|input| input.previous_output).collect::<Vec<_>>()
    };
    coins(one).iter().any(|coin| coins(other).contains(coin))
}

#[test]
fn a_transaction_that_waits_in_the_mempool_is_replaced_by_one_for_the_same_request() {
    let issuer = Issuer::new();
    let stuck = issuer.signed(RequestKind::Distribute, &issuer.assets[0]);
    issuer.broadcast("distribute", "").done();
    assert_eq!(issuer.confirmations(stuck.txid()), Some(0));
    for (from, to) in [("json", "json"), ("signed.json", "stuck")] {
        std::fs::copy(
            issuer.desk.path(&format!("distribute.{from}")),
            issuer.desk.path(&format!("again.{to}")),
        )
        .unwrap();
    }
    issuer.prepare("again", "--replace again.stuck").done();
    let next = issuer.sign("again");
    assert!(share_a_coin(&stuck, &next));
    let fee = |signed: &SignedFile| signed.transaction().output.last().unwrap().value.explicit().unwrap();
    assert!(fee(&next) > fee(&stuck));
    fails(issuer.broadcast("again", ""), 13, "INPUT_SPENT");
    issuer.broadcast("again", &format!("--replaces {}", stuck.txid())).done();
    assert_eq!(issuer.confirmations(stuck.txid()), None, "it was pushed out");
    issuer.mine(2);
    fails(issuer.report("distribute", ""), 13, "INPUT_SPENT");
    issuer.report("again", "").done();
    assert_eq!((issuer.reported(stuck.txid()), issuer.reported(next.txid())), (0, 1));
}

#[test]
fn what_nodes_no_longer_relay_is_prepared_anew_and_sent() {
    let issuer = Issuer::new();
    let first = issuer.signed(RequestKind::Burn, &issuer.assets[0]);
    issuer.sandbox.with(|chain, _| chain.set_relay_fee(FeeRate::from_sat_per_kvb(300)));
    fails(issuer.broadcast("burn", ""), 11, "FEE_TOO_LOW");
    std::fs::rename(issuer.desk.path("burn.signed.json"), issuer.desk.path("burn.first")).unwrap();
    std::fs::remove_file(issuer.desk.path("burn.signed.json.log")).unwrap();
    std::fs::remove_file(issuer.desk.path("burn.pset")).unwrap();
    issuer.prepare("burn", "--replace burn.first --fee-basis full").done();
    let next = issuer.sign("burn");
    assert!(share_a_coin(&first, &next));
    issuer.broadcast("burn", "").done();
    assert_eq!(issuer.confirmations(next.txid()), Some(0));
}

/// The number behind some words of a hint, its digits grouped or not.
fn named(hint: &str, words: &str) -> u64 {
    let (_, rest) = hint.split_once(words).unwrap_or_else(|| panic!("no {words} in {hint}"));
    let number = rest.trim_start().split(|character: char| !character.is_ascii_digit() && character != ' ');
    number.into_iter().next().unwrap().replace(' ', "").parse().unwrap()
}

#[test]
fn a_node_that_asks_more_than_the_least_rate_is_met_by_what_the_hint_names() {
    let issuer = Issuer::new();
    issuer.signed(RequestKind::Burn, &issuer.assets[0]);
    issuer.sandbox.with(|chain, _| chain.set_relay_fee(FeeRate::from_sat_per_kvb(5_000)));
    let words = fails(issuer.broadcast("burn", ""), 11, "FEE_TOO_LOW");
    let (asked, rate) = (named(&words, "asks at least"), named(&words, "--fee-rate"));
    assert!(rate > 100 && asked > 1_000, "{words}");
    std::fs::rename(issuer.desk.path("burn.signed.json"), issuer.desk.path("burn.first")).unwrap();
    std::fs::remove_file(issuer.desk.path("burn.signed.json.log")).unwrap();
    std::fs::remove_file(issuer.desk.path("burn.pset")).unwrap();
    let again = format!("--replace burn.first --fee-basis full --fee-rate {rate}");
    // Without the cold policy's cap the default one applies, and the hint says what lifts it.
    assert!(words.contains("--max-fee"), "{words}");
    let refused = fails(issuer.prepare("burn", &again), 3, "FEE_TOO_HIGH");
    assert!(refused.contains("--max-fee"), "{refused}");
    fails(issuer.prepare("burn", &format!("{again} --max-fee {}", asked - 1)), 3, "FEE_TOO_HIGH");
    issuer.prepare("burn", &format!("{again} --max-fee {}", asked * 2)).done();
    let pset = issuer.desk.read("burn.pset");
    let job = Job { treasury: &issuer.treasury, request: issuer.desk.read("burn.json").into_bytes() };
    let fee_cap = FeeCap { absolute: Some(Satoshi::from_sat(asked * 2)), rate: None };
    let options = ReviewOptions { fee_cap, ..ReviewOptions::default() };
    let text = job.sign_with(pset.as_bytes(), options).to_json().unwrap();
    issuer.desk.write("burn.signed.json", &text);
    issuer.broadcast("burn", "").done();
}

#[test]
fn the_next_distribution_excludes_one_that_was_signed_and_cancelled() {
    let issuer = Issuer::new();
    let cancelled = issuer.signed(RequestKind::Distribute, &issuer.assets[0]);
    issuer.cancel(issuer.uuid(), cancelled.distribution_uuid().unwrap());
    for file in ["json", "signed.json"] {
        let name = |stem: &str| issuer.desk.path(&format!("{stem}.{file}"));
        std::fs::rename(name("distribute"), name("cancelled")).unwrap();
    }
    for file in ["distribute.pset", "distribute.json.log"] {
        std::fs::remove_file(issuer.desk.path(file)).unwrap();
    }
    // Its coins are reserved by the cancelled request: so it is asked for with another state folder, and prepared as a replacement.
    let elsewhere = "--expect-total 18750000000 --state elsewhere";
    issuer.request(RequestKind::Distribute, &issuer.assets[0], elsewhere).done();
    issuer.prepare("distribute", "--replace cancelled.signed.json").done();
    let next = issuer.sign("distribute");
    assert_ne!(next.distribution_uuid(), cancelled.distribution_uuid());
    assert!(share_a_coin(&cancelled, &next));
    issuer.broadcast("distribute", "").done();
    issuer.mine(2);
    issuer.report("distribute", "").done();
    // The old stick pays nobody any more.
    fails(issuer.broadcast("cancelled", ""), 13, "INPUT_SPENT");
}
