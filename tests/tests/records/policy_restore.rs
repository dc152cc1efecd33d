//! A keystore that is made of words has the policy of a file, or says by name that it has none.

use coldamp_tests::{Desk, KEYS, RequestKind, Scenario, Treasury, policy_file, sha256_of};

use super::approver::{ZOO, stranger};
use super::desk::{refused, reviewed, warnings};

const RESTORE: &str =
    "key restore --keystore again --passphrase-file passphrase --network regtest --mnemonic-file words";
const AGAIN: &str = "--keystore again --passphrase-file passphrase";

#[test]
fn words_alone_make_no_keystore_without_a_word_about_its_policy() {
    let desk = Desk::cold(&Scenario::load("wpkh"));
    let before = desk.files();
    let run = desk.run("coldamp", RESTORE);
    assert_eq!(run.code, 2, "{}", run.stderr);
    for words in ["--policy FILE", "--no-policy", "any amount", "nobody else has to approve"] {
        assert!(run.stderr.contains(words), "{words}: {}", run.stderr);
    }
    assert_eq!(desk.run("coldamp", &format!("{RESTORE} --no-policy --policy x.toml")).code, 2);
    assert_eq!(desk.run("coldamp", &format!("{RESTORE} --policy x.toml")).code, 6);
    desk.write("x.toml", "schema = \"coldamp.policy/1\"\nremove = []\n");
    assert_eq!(desk.run("coldamp", &format!("{RESTORE} --policy x.toml")).code, 6);
    desk.write("x.toml", format!("schema = \"coldamp.policy/1\"\nremove = [\"{}\"]\n", "11".repeat(32)));
    assert_eq!(desk.run("coldamp", &format!("{RESTORE} --policy x.toml")).code, 6);
    std::fs::remove_file(desk.path("x.toml")).unwrap();
    assert_eq!(desk.files(), before);
    let run = desk.run("coldamp", &format!("{RESTORE} --no-policy")).done();
    assert!(run.stderr.contains("NO POLICY is set"), "{}", run.stderr);
}

#[test]
fn a_lost_machine_comes_back_with_limits_and_approvers() {
    let scenario = Scenario::load("wpkh");
    let (desk, approver) = (Desk::cold(&scenario), stranger(ZOO));
    let key = approver.run("coldamp", &format!("key approver {KEYS}")).done().stdout;
    let asset = &scenario.info().asset;
    let other = &scenario.info().other_issuance.asset;
    let rules = format!("approvers=[\"{}\"] burn.max=1774 distribute.budget=92562719514", key.trim());
    let two =
        policy_file(asset, &rules) + policy_file(other, "burn.max=0").split_once("remove = []\n").unwrap().1;
    desk.set_policy(&two);
    desk.run("coldamp", &format!("policy export {KEYS} -o export.toml")).done();

    // A file on a stick may be another one: without a yes to what is shown, nothing is made.
    let before = desk.files();
    let restore = format!("{RESTORE} --policy export.toml");
    assert_eq!(desk.run("coldamp", &restore).code, 4);
    assert_eq!(desk.run_typing("coldamp", &restore, &[("type yes", "no")]).code, 4);
    refused(&desk, &format!("{restore} --approve-sha256 {}", "11".repeat(32)), &["POLICY_FILE"]);
    assert_eq!(desk.files(), before);
    let run = desk.run_typing("coldamp", &restore, &[("type yes", "yes")]).done();
    assert!(run.stderr.contains("burn.max") && !run.stderr.contains("NO POLICY"), "{}", run.stderr);
    let shown = desk.run("coldamp", &format!("policy show {AGAIN}")).done().stdout;
    for words in [key.trim(), "1 774 base units", "0 base units of 92 562 719 514 base units", other] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let list = desk.run("coldamp", &format!("journal list {AGAIN}")).done().stdout;
    assert_eq!(list.matches("approved when the keystore was restored").count(), 2, "{list}");
    for name in ["", ".journal", ".head"] {
        std::fs::rename(desk.path(&format!("again{name}")), desk.path(&format!("keystore{name}"))).unwrap();
    }
    desk.opens_at_once();
    let treasury = Treasury::of(&scenario);
    let burn = treasury.job(&scenario, RequestKind::Burn).prepare().pset;
    assert_eq!(reviewed(&desk, &burn).0, ["POLICY_MAX"]);
    let distribution = treasury.job(&scenario, RequestKind::Distribute).prepare().pset;
    assert!(!warnings(&desk, &distribution).contains(&"NO_POLICY".to_owned()));
    let code = reviewed(&desk, &distribution).1.unwrap();
    desk.write("d.pset", &distribution);
    refused(&desk, &format!("sign d.pset {KEYS} --approve {code} -o d.json"), &["APPROVAL_MISSING"]);
}

#[test]
fn a_keystore_is_not_restored_with_its_own_words_as_approver() {
    let scenario = Scenario::load("wpkh");
    let desk = Desk::cold(&scenario);
    let own = desk.run("coldamp", &format!("key approver {KEYS}")).done().stdout;
    desk.write("own.toml", policy_file(&scenario.info().asset, &format!("approvers=[\"{}\"]", own.trim())));
    let restore =
        format!("{RESTORE} --policy own.toml --approve-sha256 {}", sha256_of(desk.read("own.toml")));
    refused(&desk, &restore, &["APPROVAL_SIGNATURE"]);
}
