//! A weaker policy takes the signature of an approver in force: for this file, this state, this treasury.

use coldamp_tests::{Desk, KEYS, RequestKind, Scenario, Treasury, policy_file, weakening};
use serde_json::Value;

use super::approver::{LEGAL, ZOO, stranger};
use super::desk::{refused, reviewed};

const NEW: &str = "new.toml";

/// A signing desk whose policy names the approver, and a weaker file on both desks.
struct Two {
    scenario: Scenario,
    signer: Desk,
    approver: Desk,
    key: String,
}

fn key(desk: &Desk) -> String {
    desk.run("coldamp", &format!("key approver {KEYS}")).done().stdout.trim().to_owned()
}

fn two() -> Two {
    let scenario = Scenario::load("wpkh");
    let (signer, approver) = (Desk::cold(&scenario), stranger(ZOO));
    let key = key(&approver);
    let two = Two { scenario, signer, approver, key };
    two.signer.set_policy(&two.file(1));
    two.bring(&two.file(2));
    two
}

impl Two {
    /// A policy with the approver and a maximum for burns.
    fn file(&self, max: u64) -> String {
        policy_file(&self.scenario.info().asset, &format!("approvers=[\"{}\"] burn.max={max}", self.key))
    }

    /// What the signing machine's operator takes to the approver.
    fn bring(&self, file: &str) {
        self.signer.write(NEW, file);
        let export = self.signer.run("coldamp", &format!("policy export {KEYS}")).done().stdout;
        self.lay_out(&self.approver, file, &export);
    }

    fn lay_out(&self, desk: &Desk, file: &str, export: &str) {
        desk.write(NEW, file);
        desk.write("export.toml", export);
        desk.write("treasury.descriptor", self.scenario.ct_descriptor());
    }

    /// The approver's word for what lies on the desk, as the file that it is.
    fn approved_by(&self, desk: &Desk) -> String {
        let run = desk.run("coldamp", APPROVE);
        let words = weakening(&run.stderr).unwrap_or_else(|| panic!("{}", run.stderr));
        desk.run_typing("coldamp", APPROVE, &[("type weaken", &words)]).done();
        let approval = desk.read("policy.approval.json");
        std::fs::remove_file(desk.path("policy.approval.json")).unwrap();
        approval
    }

    /// Refused before anybody is asked, even at a terminal.
    fn refuses(&self, approval: &str, words: &str) {
        self.signer.write("approval.json", approval);
        let before = self.signer.read("keystore.journal");
        let run = refused(&self.signer, APPLY, &["APPROVAL_SIGNATURE"]);
        assert!(run.stderr.contains(words), "{words}: {}", run.stderr);
        assert_eq!(self.signer.run_typing("coldamp", APPLY, &[]).code, 3);
        assert_eq!(self.signer.read("keystore.journal"), before);
    }

    fn applies(&self, approval: &str) -> String {
        self.signer.write("approval.json", approval);
        let run = self.signer.run("coldamp", APPLY);
        assert_eq!(run.code, 4, "{}", run.stderr);
        let words = weakening(&run.stderr).unwrap();
        self.signer.run_typing("coldamp", APPLY, &[("type weaken", &words)]).done().stderr
    }
}

const APPROVE: &str = "approve --policy new.toml --in-force export.toml --descriptor treasury.descriptor --keystore keystore --passphrase-file passphrase";
const APPLY: &str =
    "policy apply new.toml --approval approval.json --keystore keystore --passphrase-file passphrase";
const BARE: &str = "policy apply new.toml --keystore keystore --passphrase-file passphrase";

#[test]
fn an_approver_in_force_has_to_sign_what_makes_a_rule_weaker() {
    let two = two();
    refused(&two.signer, BARE, &["APPROVAL_MISSING"]);
    assert_eq!(two.signer.run_typing("coldamp", BARE, &[]).code, 3);
    let approval = two.approved_by(&two.approver);
    two.applies(&approval);
    let list = two.signer.run("coldamp", &format!("journal list {KEYS}")).done().stdout;
    assert!(
        list.lines()
            .last()
            .unwrap()
            .ends_with(&format!("approved at the terminal and by approver {}", two.key)),
        "{list}"
    );
    let list = two.approver.run("coldamp", &format!("journal list {KEYS}")).done().stdout;
    assert!(list.lines().last().unwrap().contains("a change of policy, SHA-256 of the new file "), "{list}");
    // Stricter takes nobody else.
    two.signer.set_policy(&two.file(0));
}

#[test]
fn an_approver_is_asked_to_type_and_signs_nothing_by_itself() {
    let two = two();
    assert_eq!(two.approver.run("coldamp", APPROVE).code, 4);
    for answer in ["yes", "weaken 2 ebb71015"] {
        assert_eq!(
            two.approver.run_typing("coldamp", APPROVE, &[("type weaken", answer); 3]).code,
            4,
            "{answer}"
        );
    }
    assert!(!two.approver.has("policy.approval.json"));
    // Nobody who is not named, and nothing that needs no approver.
    let other = stranger(LEGAL);
    two.lay_out(&other, &two.file(2), &two.approver.read("export.toml"));
    refused(&other, APPROVE, &["APPROVAL_SIGNATURE"]);
    two.lay_out(&two.approver, &two.file(0), &two.approver.read("export.toml"));
    refused(&two.approver, APPROVE, &["APPROVAL_SIGNATURE"]);
    two.lay_out(&two.signer, &two.file(2), &two.approver.read("export.toml"));
    refused(&two.signer, APPROVE, &["APPROVAL_SIGNATURE"]);
}

#[test]
fn a_forged_approval_approves_nothing() {
    let two = two();
    let good = two.approved_by(&two.approver);
    let value: Value = serde_json::from_str(&good).unwrap();
    let signature = value["signature"].as_str().unwrap();
    let flipped = if signature.starts_with('0') { '1' } else { '0' };
    two.refuses(&good.replace(signature, &format!("{flipped}{}", &signature[1..])), "does not name");
    // Of another key, and of another key under the approver's name.
    let other = stranger(LEGAL);
    let own = policy_file(&two.scenario.info().asset, &format!("approvers=[\"{}\"] burn.max=1", key(&other)));
    let before = two.approver.read("export.toml").replace(&two.key, &key(&other));
    two.lay_out(&other, &two.file(2), &before);
    let strange = two.approved_by(&other);
    two.refuses(&strange, "other policies");
    two.refuses(&strange.replace(&key(&other), &two.key), "other policies");
    assert_ne!(own, two.file(1));
    for text in [&good[..good.len() / 2], "{}", &good.replace("approval/1", "approval/2")] {
        two.signer.write("approval.json", text);
        assert_eq!(two.signer.run("coldamp", APPLY).code, 6, "{text}");
    }
    // An approval of a transaction does not approve a policy.
    two.signer.write("approval.json", good.replace("policy-approval", "approval"));
    assert_eq!(two.signer.run("coldamp", APPLY).code, 6);
}

#[test]
fn an_approval_of_another_file_or_of_what_was_not_in_force_approves_nothing() {
    let two = two();
    let approval = two.approved_by(&two.approver);
    two.signer.write(NEW, two.file(3));
    two.refuses(&approval, "another file");
    // The same rules in other bytes are another file.
    two.signer.write(NEW, format!("{}\n", two.file(2)));
    two.refuses(&approval, "another file");
    // Shown a policy that is not in force, an approver signs for a change that does not exist.
    let export = two.approver.read("export.toml");
    two.lay_out(&two.approver, &two.file(1_000), &export.replace("max = 1\n", "max = 999\n"));
    let misled = two.approved_by(&two.approver);
    two.signer.write(NEW, two.file(1_000));
    two.refuses(&misled, "other policies");
}

#[test]
fn an_approval_cannot_be_used_again_to_roll_back_what_came_after() {
    let two = two();
    let approval = two.approved_by(&two.approver);
    two.applies(&approval);
    // Back to the stricter one, which is, rule by rule, what the approval was given for a change from.
    two.signer.set_policy(&two.file(1));
    two.signer.write(NEW, two.file(2));
    two.refuses(&approval, "other policies");
}

#[test]
fn an_approval_for_another_treasury_approves_nothing() {
    let two = two();
    let other = Scenario::load("sh-wpkh");
    let file = two.file(2);
    two.approver.write("treasury.descriptor", other.ct_descriptor());
    let approval = two.approved_by(&two.approver);
    two.signer.write(NEW, &file);
    two.refuses(&approval, "another treasury");
    // Nor on another machine of the same words, which has a chain of its own.
    let second = Desk::cold(&two.scenario);
    second.set_policy(&two.file(1));
    let approval = {
        two.bring(&file);
        two.approved_by(&two.approver)
    };
    second.write(NEW, &file);
    second.write("approval.json", &approval);
    refused(&second, APPLY, &["APPROVAL_SIGNATURE"]);
}

#[test]
fn a_policy_that_drops_or_exchanges_its_approver_takes_that_approver() {
    let two = two();
    let asset = &two.scenario.info().asset;
    let other = stranger(LEGAL);
    let new = key(&other);
    let with = |keys: &str| policy_file(asset, &format!("approvers={keys} burn.max=1"));
    for keys in ["none", &format!("[\"{new}\"]"), &format!("[\"{}\",\"{new}\"]", two.key)] {
        let file = with(keys);
        two.bring(&file);
        let run = refused(&two.signer, BARE, &["APPROVAL_MISSING"]);
        assert!(run.stderr.contains("! approvers: "), "{}", run.stderr);
        // Not the one who is to come.
        two.lay_out(&other, &file, &two.approver.read("export.toml"));
        refused(&other, APPROVE, &["APPROVAL_SIGNATURE"]);
    }
    let removal = format!("schema = \"coldamp.policy/1\"\nremove = [\"{asset}\"]\n");
    two.bring(&removal);
    refused(&two.signer, BARE, &["APPROVAL_MISSING"]);
    refused(&two.signer, &format!("policy remove {KEYS} --asset {asset}"), &["APPROVAL_MISSING"]);
    // One more asset would be a way around: it could be the token.
    two.bring(&policy_file(&two.scenario.info().other_issuance.asset, ""));
    refused(&two.signer, BARE, &["APPROVAL_MISSING"]);
    // With the approver's word it goes.
    two.bring(&removal);
    let approval = two.approved_by(&two.approver);
    two.applies(&approval);
    let pset = Treasury::of(&two.scenario).job(&two.scenario, RequestKind::Burn).prepare().pset;
    assert_eq!(reviewed(&two.signer, &pset).0, [""; 0]);
}
