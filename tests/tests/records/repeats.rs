//! One request, many transactions: at most one of them can ever confirm.

use coldamp_core::treasury::Utxo;
use coldamp_tests::{Desk, Job, RequestKind, Scenario, Treasury};

use super::desk::{not_signed, only, reviewed, signed, transaction, warnings};

fn with_request<'a>(treasury: &'a Treasury, request: &str) -> Job<'a> {
    Job { treasury, request: request.as_bytes().to_vec() }
}

#[test]
fn a_third_transaction_must_exclude_the_second_as_well_as_the_first() {
    let scenario = Scenario::load("wpkh");
    let treasury = Treasury::of(&scenario);
    let job = treasury.job(&scenario, RequestKind::Distribute);
    let desk = Desk::cold(&scenario);
    // A{1,2}, B{1,3}, C{2,4}: C and A exclude each other, C and B do not.
    let a = job.prepare_from(&[], only(&["8cbb31:2", "8cbb31:0"])).pset;
    let b = job.prepare_from(&[], only(&["8cbb31:2", "6d35d7:1"])).pset;
    let c = job.prepare_from(&[], only(&["8cbb31:1", "8cbb31:0"])).pset;
    let numbers: Vec<_> = [("a", &a), ("b", &b)]
        .map(|(name, pset)| signed(&desk, name, pset)["signer"]["number"].clone())
        .into();
    assert_eq!(numbers, [1, 2]);
    not_signed(&desk, "c", &c, &["ALREADY_SIGNED"]);
    // One that excludes both is signed.
    let d = job.prepare_from(&[], only(&["8cbb31:2", "dc4e20:0"])).pset;
    assert_ne!(d, a);
    assert_eq!(signed(&desk, "d", &d)["signer"]["number"], 3);
    // And what was signed is given out again, its entry with it.
    assert_eq!(signed(&desk, "a-again", &a)["signer"]["number"], 1);
    assert_eq!(desk.read("a.json"), desk.read("a-again.json"));
    assert!(warnings(&desk, &a).contains(&"SIGNED_BEFORE".to_owned()));
}

#[test]
fn a_distribution_written_otherwise_is_the_same_distribution() {
    let scenario = Scenario::load("wpkh");
    let treasury = Treasury::of(&scenario);
    let desk = Desk::cold(&scenario);
    let text = String::from_utf8(scenario.request(RequestKind::Distribute)).unwrap();
    let job = treasury.job(&scenario, RequestKind::Distribute);
    signed(&desk, "first", &job.prepare_from(&[], only(&["8cbb31:2", "8cbb31:0"])).pset);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    for (name, other) in [
        ("one-blank-more", format!("{text} ")),
        ("keys-in-another-order", serde_json::to_string(&value).unwrap()),
        ("a-field-nobody-knows", text.replacen('{', "{\"note\": 1,", 1)),
        // AMP's uuid names the distribution, whatever is said of its holders.
        ("other-amounts", text.replace("190.92792622", "190.92792623")),
    ] {
        assert_ne!(other, text, "{name}");
        let job = with_request(&treasury, &other);
        let pset = job.prepare_from(&[], only(&["8cbb31:1", "6d35d7:1"])).pset;
        not_signed(&desk, name, &pset, &["ALREADY_SIGNED"]);
    }
}

#[test]
fn a_burn_is_the_same_for_another_number_form_and_another_order_of_its_coins() {
    let scenario = Scenario::load("wpkh");
    let treasury = Treasury::of(&scenario);
    let text = String::from_utf8(scenario.request(RequestKind::Burn)).unwrap();
    let desk = Desk::cold(&scenario);
    let job = treasury.job(&scenario, RequestKind::Burn);
    signed(&desk, "first", &job.prepare_from(&[], only(&["8cbb31:2", "8cbb31:0"])).pset);
    let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
    value["utxos"].as_array_mut().unwrap().reverse();
    for (name, other) in [
        ("another-number-form", text.replace("1.775e-05", "0.00001775")),
        ("another-order", serde_json::to_string(&value).unwrap()),
    ] {
        assert_ne!(other, text, "{name}");
        let job = with_request(&treasury, &other);
        let pset = job.prepare_from(&[], only(&["8cbb31:1", "6d35d7:1"])).pset;
        not_signed(&desk, name, &pset, &["ALREADY_SIGNED"]);
    }
    // Another amount is another request.
    let other = with_request(&treasury, &text.replace("1.775e-05", "1.776e-05"));
    signed(&desk, "other", &other.prepare_from(&[], only(&["8cbb31:1", "6d35d7:1"])).pset);
}

#[test]
fn after_another_job_has_spent_the_first_ones_coins_a_request_is_signed_from_its_change() {
    let scenario = Scenario::load("wpkh");
    let treasury = Treasury::of(&scenario);
    let desk = Desk::cold(&scenario);
    let distribute = treasury.job(&scenario, RequestKind::Distribute);
    let burn = treasury.job(&scenario, RequestKind::Burn);
    signed(&desk, "a", &distribute.prepare_from(&[], only(&["8cbb31:2", "8cbb31:0"])).pset);
    // The burn spends both coins of the distribution, and confirms.
    let other = signed(&desk, "t", &burn.prepare_from(&[], only(&["8cbb31:2", "8cbb31:0"])).pset);
    let other = transaction(&other);
    // Coins that have nothing to do with it would leave the first transaction alive, were it not for the burn: what the
    // signer knows is the burn's own signing, not the chain.
    let elsewhere = distribute.prepare_from(&[&other], only(&["8cbb31:1", "6d35d7:1"])).pset;
    not_signed(&desk, "elsewhere", &elsewhere, &["ALREADY_SIGNED"]);
    let change = distribute.prepare_from(&[&other], |coin| coin.outpoint.txid == other.txid()).pset;
    signed(&desk, "change", &change);
}

#[test]
fn a_second_distribution_to_the_same_holders_is_refused_while_the_first_is_open() {
    let scenario = Scenario::load("wpkh");
    let treasury = Treasury::of(&scenario);
    let desk = Desk::cold(&scenario);
    let text = String::from_utf8(scenario.request(RequestKind::Distribute)).unwrap();
    let old = "afbd67f9-6196-49cf-a198-8ad9f06c144a";
    let new = text.replace(old, "afbd67f9-6196-49cf-a198-8ad9f06c144b");
    assert_ne!(new, text);
    let (first, second) = (treasury.job(&scenario, RequestKind::Distribute), with_request(&treasury, &new));
    let a = signed(&desk, "a", &first.prepare_from(&[], only(&["8cbb31:2", "8cbb31:0"])).pset);
    let twin = second.prepare_from(&[], only(&["8cbb31:1", "6d35d7:1"])).pset;
    not_signed(&desk, "twin", &twin, &["OPEN_TWIN"]);
    let screen = desk.run("coldamp", &format!("review twin.pset {}", coldamp_tests::KEYS)).stdout;
    assert!(screen.contains(old) && screen.contains(a["txid"].as_str().unwrap()), "{screen}");
    // One that excludes it pays once.
    let instead = second.prepare_from(&[], only(&["8cbb31:2", "6d35d7:1"])).pset;
    assert_eq!(reviewed(&desk, &instead).0, [""; 0]);
    // So does one that spends its change, once it has confirmed: that is the next month.
    let confirmed = transaction(&a);
    let usable = |coin: &Utxo| only(&["8cbb31:1"])(coin) || coin.outpoint.txid == confirmed.txid();
    let after = second.prepare_from(&[&confirmed], usable).pset;
    signed(&desk, "after", &after);
}
