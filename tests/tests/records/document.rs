//! The document of a review: what the text, the JSON and the page are drawn from.

use std::collections::BTreeSet;

use coldamp_tests::{Desk, KEYS, RequestKind, Scenario, Treasury, policy_file};
use serde_json::Value;

use super::desk::{only, signed};

fn report(desk: &Desk, pset: &str) -> Value {
    let run = desk.run("coldamp", &format!("review {pset} {KEYS} --json"));
    serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.stderr))
}

fn text(desk: &Desk, pset: &str) -> String {
    desk.run("coldamp", &format!("review {pset} {KEYS}")).stdout
}

/// A desk that has signed a distribution under a policy, and has a second PSET of the same request that spends one of its
/// coins.
fn replacing() -> (Desk, Value) {
    let scenario = Scenario::load("wpkh");
    let treasury = Treasury::of(&scenario);
    let desk = Desk::cold(&scenario);
    let limits = "distribute.budget=200000000000 distribute.budget_count=10";
    desk.set_policy(&policy_file(&scenario.info().asset, limits));
    let job = treasury.job(&scenario, RequestKind::Distribute);
    let first = signed(&desk, "a", &job.prepare_from(&[], only(&["8cbb31:2", "8cbb31:0"])).pset);
    desk.write("b.pset", job.prepare_from(&[], only(&["8cbb31:2", "6d35d7:1"])).pset);
    (desk, first)
}

#[test]
fn a_second_transaction_of_a_request_is_said_to_replace_the_first_with_coin_and_fees() {
    let (desk, first) = replacing();
    let document = report(&desk, "b.pset");
    let replaces = document["replaces"].as_array().unwrap();
    assert_eq!(replaces.len(), 1, "{document}");
    assert_eq!(replaces[0]["signing"]["txid"], first["txid"]);
    let entry = &replaces[0]["signing"]["entry"];
    assert_eq!(*entry, first["signer"]["number"]);
    let shared = replaces[0]["shared_coins"].as_array().unwrap();
    assert!(shared.len() == 1 && shared[0].as_str().unwrap().starts_with("8cbb31"), "{shared:?}");
    let txid = &first["txid"].as_str().unwrap()[..8];
    let line = format!(
        "replaces     entry {entry} (this same request, transaction {txid}…): they share coin {}, only one can confirm\n",
        shared[0].as_str().unwrap()
    );
    let units = |money: &Value| money["base_units"].as_str().unwrap().to_owned();
    let (now, before) = (units(&document["fee"]), units(&replaces[0]["signing"]["fee"]));
    let fees = format!("             fee {now} sat instead of {before} sat\n");
    let screen = text(&desk, "b.pset");
    // In the review and in its summary.
    assert_eq!((screen.matches(&line).count(), screen.matches(&fees).count()), (2, 2), "{screen}");
    // The same transaction once more replaces nothing.
    assert_eq!(report(&desk, "a.pset")["replaces"], Value::Array(Vec::new()));
}

#[test]
fn the_policy_line_says_what_is_used_of_which_limit_and_what_it_is_with_this_signing() {
    let (desk, _) = replacing();
    let screen = text(&desk, "b.pset");
    for words in [
        "policy       entry 1. distribute used 1 of 10 signatures and 925.62719514 (92 562 719 514 base units)",
        " of 2 000.00000000 (200 000 000 000 base units), counted since entry 1; with this one 2 and ",
        "1 851.25439028 (185 125 439 028 base units)",
    ] {
        assert!(screen.contains(words), "no {words:?} in {screen}");
    }
    // Signed again, it uses nothing more.
    let policy = &report(&desk, "a.pset")["policy"];
    assert_eq!(policy["signings_with_this"], policy["signings_used"]);
    assert_eq!(policy["amount_with_this"], policy["amount_used"]);
}

#[test]
fn with_the_wrong_keystore_the_first_and_the_last_line_say_so() {
    let scenario = Scenario::load("wpkh");
    let pset = Treasury::of(&scenario).job(&scenario, RequestKind::Distribute).prepare().pset;
    let desk = Desk::cold(&Scenario::load("sh-wpkh"));
    desk.write("job.pset", pset);
    let run = desk.run("coldamp", &format!("review job.pset {KEYS}"));
    assert_eq!(run.code, 3, "{}", run.stderr);
    let document = report(&desk, "job.pset");
    assert_eq!(document["spends_own_coins"], false);
    let treasury = document["treasury"].as_str().unwrap();
    let words = format!("None of the 2 inputs belongs to this keystore (fingerprint {treasury} on regtest).");
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert!(lines.first().unwrap().starts_with(&words), "{}", run.stdout);
    let last = format!("NOT TO BE SIGNED: {words}");
    assert!(lines.last().unwrap().starts_with(&last), "{}", run.stdout);
    assert!(run.stderr.contains("\n  INPUT_FOREIGN: ") && !run.stderr.contains("hostile"), "{}", run.stderr);
    assert!(run.stderr.starts_with(&format!("error: {words}")), "{}", run.stderr);
    // Each rule that failed is named once; `review --json` has its places at length.
    for mismatch in document["mismatches"].as_array().unwrap() {
        let rule = format!("\n  {}: ", mismatch["code"].as_str().unwrap());
        assert_eq!(run.stderr.matches(&rule).count(), 1, "{rule}: {}", run.stderr);
    }
}

fn fields(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                found.insert(name.clone());
                fields(value, found);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| fields(value, found)),
        _ => {}
    }
}

#[test]
fn every_field_is_documented_and_has_a_type_on_the_page() {
    let (desk, _) = replacing();
    let mut found = BTreeSet::new();
    fields(&report(&desk, "b.pset"), &mut found);
    for (name, kind) in [("wpkh", RequestKind::Burn), ("sh-wpkh", RequestKind::Reissue)] {
        let scenario = Scenario::load(name);
        let prepared = Treasury::of(&scenario).job(&scenario, kind).prepare_with_contract(&scenario);
        let desk = Desk::cold(&scenario);
        desk.write("job.pset", prepared.pset);
        fields(&report(&desk, "job.pset"), &mut found);
    }
    assert!(found.contains("shared_coins") && found.contains("signings_limit"), "{found:?}");
    assert!(found.contains("issues") && found.contains("domain") && found.contains("hint"), "{found:?}");
    let read = |path: &str| {
        std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path))
            .unwrap()
    };
    let formats = read("docs/formats.md");
    let (_, section) = formats.split_once("\n## review --json\n").unwrap();
    let types = read("wasm/src/review.d.ts");
    for field in &found {
        let is_documented =
            section.contains(&format!("`{field}`")) || section.contains(&format!("\"{field}\""));
        assert!(is_documented, "docs/formats.md does not name {field}");
        // A finding has the page's own type of a failure.
        let is_of_a_failure = ["code", "message", "hint"].contains(&field.as_str());
        assert!(
            is_of_a_failure || types.contains(&format!("{field}: ")),
            "wasm/src/review.d.ts has no {field}"
        );
    }
}

#[test]
fn a_wrong_code_is_told_by_its_length_or_by_the_groups_that_differ() {
    let (desk, _) = replacing();
    let code = report(&desk, "b.pset")["approval"].as_str().unwrap().to_owned();
    let last = if code.ends_with('0') { "1" } else { "0" };
    let mistyped = format!("{}{last}", &code[..code.len() - 1]);
    for (given, words) in [
        (&code[..14], "of 12 characters, expected 32 characters"),
        (mistyped.as_str(), "of which group 8 differs"),
    ] {
        let run = desk.run("coldamp", &format!("sign b.pset {KEYS} --approve {given} -o b.json"));
        assert_eq!(run.code, 3, "{}", run.stderr);
        assert!(run.stderr.contains(words), "{words}: {}", run.stderr);
        let screen = format!("{}{}", run.stdout, run.stderr);
        assert!(!screen.contains(&code), "the right code is on the screen: {screen}");
        assert!(!desk.has("b.json"));
    }
}
