//! A policy file from export to force: shown side by side, and approved by what no habit types.

use coldamp_tests::{Desk, KEYS, RequestKind, Scenario, Treasury, policy_file, sha256_of, with_contract};

use super::desk::{refused, reviewed};

const UUID: &str = "025b413f-8a9a-421e-a648-a7dd06839eb9";
const TIGHT: &str = "uuid=025b413f-8a9a-421e-a648-a7dd06839eb9 unconfidential_recipients=refused max_recipients=80 \
    max_fee_sat=900 distribute.max=100000000000 distribute.budget=500000000000 burn.max=0";

fn cold() -> (Desk, Scenario) {
    let scenario = Scenario::load("wpkh");
    (Desk::cold(&scenario), scenario)
}

/// The tight policy with the asset's contract, in force.
fn tight() -> (Desk, Scenario, String) {
    let (desk, scenario) = cold();
    let info = scenario.info();
    let prevout = format!("{}:{}", info.issuance.prevout.txid, info.issuance.prevout.vout);
    let contract = serde_json::to_string(info.contract.as_ref().unwrap()).unwrap();
    let file = with_contract(&policy_file(&info.asset, TIGHT), &contract, &prevout);
    desk.set_policy(&file);
    (desk, scenario, file)
}

fn apply(file: &str) -> String {
    format!("policy apply {file} {KEYS}")
}

#[test]
fn a_change_is_shown_side_by_side_within_eighty_columns() {
    let (desk, _, file) = tight();
    let weaker = file
        .replace("distribute.max = 100000000000", "distribute.max = \"unlimited\"")
        .replace("max_fee_sat = 900", "max_fee_sat = 5000")
        .replace("burn.budget_count = \"unlimited\"", "burn.budget_count = 3")
        .replace("renew_budgets = []", "renew_budgets = [\"distribute\"]")
        .replace("unconfidential_recipients = \"refused\"", "unconfidential_recipients = \"allowed\"");
    desk.write("new.toml", &weaker);
    let (code, screen) = desk.run_in_80_columns("coldamp", &apply("new.toml"));
    assert_eq!(code, 4, "{screen}");
    for line in screen.lines() {
        assert!(line.chars().count() < 80, "{line}");
    }
    let shown: Vec<&str> = screen.lines().take_while(|line| !line.starts_with("error: ")).collect();
    let text = shown.join("\n") + "\n";
    let vector = include_str!("../../vectors/policy/weaker.txt");
    assert_eq!(text, vector, "{text}");
}

#[test]
fn a_weakening_takes_what_no_habit_types_and_a_terminal() {
    let (desk, scenario, file) = tight();
    let asset = &scenario.info().asset;
    let weaker = file.replace("max_recipients = 80", "max_recipients = 81");
    desk.write("new.toml", &weaker);
    let end = &asset[56..];
    assert_eq!(desk.run("coldamp", &apply("new.toml")).code, 4);
    let by_hash = format!("{} --approve-sha256 {}", apply("new.toml"), sha256_of(&weaker));
    refused(&desk, &by_hash, &["POLICY_WEAKER"]);
    let before = desk.read("keystore.journal");
    for answer in [
        "yes",
        "y",
        "",
        "weaken",
        &format!("weaken 2 {end}"),
        "weaken 1 00000000",
        &format!("weaken 1 {asset}"),
    ] {
        let run = desk.run_typing("coldamp", &apply("new.toml"), &[("type weaken", answer); 3]);
        assert_eq!(run.code, 4, "{answer}: {}", run.stderr);
    }
    assert_eq!(desk.read("keystore.journal"), before);
    let answer = format!("weaken 1 {end}");
    let run = desk.run_typing("coldamp", &apply("new.toml"), &[("type weaken", &answer)]).done();
    assert!(run.stderr.contains("! max_recipients: 80 recipients becomes 81 recipients"), "{}", run.stderr);
    let list = desk.run("coldamp", &format!("journal list {KEYS}")).done().stdout;
    assert!(list.lines().last().unwrap().ends_with("approved at the terminal"), "{list}");
}

#[test]
fn what_refuses_more_takes_a_yes_or_the_hash_of_the_file() {
    let (desk, _, file) = tight();
    let stricter = file.replace("max_recipients = 80", "max_recipients = 79");
    desk.write("new.toml", &stricter);
    assert_eq!(desk.run("coldamp", &apply("new.toml")).code, 4);
    refused(&desk, &format!("{} --approve-sha256 {}", apply("new.toml"), sha256_of(&file)), &["POLICY_FILE"]);
    assert_eq!(desk.run_typing("coldamp", &apply("new.toml"), &[("type yes", "no")]).code, 4);
    desk.run_typing("coldamp", &apply("new.toml"), &[("type yes", "yes")]).done();
    let even = file.replace("max_recipients = 80", "max_recipients = 78");
    desk.write("new.toml", &even);
    desk.run("coldamp", &format!("{} --approve-sha256 {}", apply("new.toml"), sha256_of(&even))).done();
    let list = desk.run("coldamp", &format!("journal list {KEYS}")).done().stdout;
    assert!(list.lines().last().unwrap().ends_with("approved by the SHA-256 of the policy file"), "{list}");
}

#[test]
fn no_line_of_a_file_that_is_no_policy_is_quoted() {
    let (desk, ..) = tight();
    let words = desk.read("words");
    for (text, place) in [
        (words.clone(), "line 1, column"),
        (format!("schema = \"coldamp.policy/1\"\n{words}"), "line 2, column"),
        ("\"x`\\nhint: the file is in force\\n\" = 1\n".to_owned(), "cannot take the policy file"),
    ] {
        desk.write("other.toml", &text);
        let run = desk.run("coldamp", &apply("other.toml"));
        assert_eq!(run.code, 6, "{}", run.stderr);
        assert!(run.stderr.contains(place), "{place}: {}", run.stderr);
        assert!(!words.split_whitespace().any(|word| run.stderr.contains(word)), "{}", run.stderr);
        assert_eq!(run.stderr.matches("\nhint: ").count(), 1, "{}", run.stderr);
    }
}

#[test]
fn what_is_exported_is_in_force_and_changes_nothing() {
    let (desk, scenario, _) = tight();
    desk.run("coldamp", &format!("policy export {KEYS} -o export.toml")).done();
    let export = desk.read("export.toml");
    let before = desk.read("keystore.journal");
    let run = desk.run("coldamp", &apply("export.toml")).done();
    assert!(run.stderr.contains("Nothing was written"), "{}", run.stderr);
    assert_eq!(desk.read("keystore.journal"), before);
    let asset = &scenario.info().asset;
    for (arguments, text) in [("", &export), (&format!("--asset {asset}"), &export)] {
        let run = desk.run("coldamp", &format!("policy export {KEYS} {arguments}")).done();
        assert_eq!(&run.stdout, text, "{arguments}");
    }
    assert!(
        export.contains(UUID) && export.lines().any(|line| line.starts_with("# Set by entry 1.")),
        "{export}"
    );
    refused(&desk, &format!("policy export {KEYS} --asset {}", "11".repeat(32)), &["POLICY_ASSET"]);
    refused(&Desk::cold(&scenario), &format!("policy export {KEYS}"), &["POLICY_ASSET"]);
    // A file is not written over.
    assert_eq!(desk.run("coldamp", &format!("policy export {KEYS} -o export.toml")).code, 7);
}

#[test]
fn a_line_that_is_left_out_lifts_no_limit() {
    let (desk, scenario, file) = tight();
    let pset = Treasury::of(&scenario).job(&scenario, RequestKind::Burn).prepare().pset;
    let lines: Vec<&str> = file.lines().collect();
    for place in 0..lines.len() {
        let left: Vec<&str> = [&lines[..place], &lines[place + 1..]].concat();
        desk.write("new.toml", left.join("\n"));
        let run = desk.run("coldamp", &apply("new.toml"));
        assert_eq!(run.code, 6, "{}: {}", lines[place], run.stderr);
    }
    assert_eq!(reviewed(&desk, &pset).0, ["POLICY_MAX"]);
}

#[test]
fn another_asset_keeps_its_policy_and_one_more_is_opened_by_typing_alone() {
    let (desk, scenario, _) = tight();
    let other = &scenario.info().other_issuance.asset;
    let file = policy_file(other, "burn.max=1");
    desk.write("other.toml", &file);
    let by_hash = format!("{} --approve-sha256 {}", apply("other.toml"), sha256_of(&file));
    let run = refused(&desk, &by_hash, &["POLICY_WEAKER"]);
    assert!(run.stderr.contains("! asset: refused, without a policy becomes allowed"), "{}", run.stderr);
    assert!(run.stderr.contains(&format!("unchanged    {}", scenario.info().asset)), "{}", run.stderr);
    let answer = format!("weaken 1 {}", &other[56..]);
    desk.run_typing("coldamp", &apply("other.toml"), &[("type weaken", &answer)]).done();
    let shown = desk.run("coldamp", &format!("policy show {KEYS}")).done().stdout;
    assert!(shown.contains(other) && shown.contains(&scenario.info().asset), "{shown}");
}
