//! A signing that is declared void stays dead: nothing is signed that would make its coin, however many transactions lie
//! between, and it is declared void only by somebody who knows what killed it.

use coldamp_core::elements::Transaction;
use coldamp_core::treasury::Utxo;
use coldamp_tests::{Desk, Job, KEYS, RequestKind, Run, Scenario, Treasury};
use serde_json::{Value, json};

use super::desk::{not_signed, only, refused, signed, transaction};

const OLD: &str = "afbd67f9-6196-49cf-a198-8ad9f06c144a";

/// The transactions of the story. Y spends X's change, V spends Y's change; V2 is for the request of V, from other coins.
struct Story {
    desk: Desk,
    x: String,
    y: String,
    v: String,
    v2: String,
    /// Of X, which the online machine knows before it is signed.
    x_txid: String,
}

/// A distribution under another uuid, to the same holders and so much like the first that both are asked about.
fn distribution<'a>(treasury: &'a Treasury, scenario: &Scenario, digit: char) -> Job<'a> {
    let text = String::from_utf8(scenario.request(RequestKind::Distribute)).unwrap();
    Job { treasury, request: text.replace(OLD, &format!("{digit}{}", &OLD[1..])).into_bytes() }
}

/// The burn of a job, with another transaction's outputs on AMP's list.
fn burn_of<'a>(treasury: &'a Treasury, burn: &Job<'_>, from: &Transaction) -> Job<'a> {
    let mut value: Value = serde_json::from_slice(&burn.request).unwrap();
    let listed = (0..from.output.len()).map(|vout| json!({ "txid": from.txid().to_string(), "vout": vout }));
    value["utxos"] = listed.collect();
    Job { treasury, request: serde_json::to_vec(&value).unwrap() }
}

/// What signing a PSET makes, which needs no key but the view key: witnesses are no part of what its outputs are.
fn made(job: &Job<'_>, pset: &str) -> Transaction {
    let file = job.sign_with_all_keys(pset.as_bytes()).to_json().unwrap();
    transaction(&serde_json::from_str(&file).unwrap())
}

impl Story {
    fn told() -> Self {
        let scenario = Scenario::load("wpkh");
        let treasury = Treasury::of(&scenario);
        let burn = treasury.job(&scenario, RequestKind::Burn);
        let distribute = distribution(&treasury, &scenario, 'b');
        // X is an ordinary burn, Y another one from its change, and V distributes from that of Y.
        let x = burn.prepare_from(&[], only(&["8cbb31:2", "8cbb31:0"])).pset;
        let x_made = made(&burn, &x);
        let of = |coin: &Utxo, one: &Transaction| coin.outpoint.txid == one.txid();
        let second = burn_of(&treasury, &burn, &x_made);
        let y = second.prepare_from(&[&x_made], |coin| of(coin, &x_made)).pset;
        let y_made = made(&second, &y);
        let v = distribute.prepare_from(&[&x_made, &y_made], |coin| of(coin, &y_made)).pset;
        let v2 = distribute.prepare_from(&[], only(&["8cbb31:1", "6d35d7:1"])).pset;
        assert!(made(&distribute, &v).input.iter().all(|input| input.previous_output.txid == y_made.txid()));
        Story { desk: Desk::cold(&scenario), x_txid: x_made.txid().to_string(), x, y, v, v2 }
    }

    /// Declares an entry void, answering the question for what killed it where one is given.
    fn void(&self, entry: u32, file: &Value, killer: Option<&str>) -> Run {
        let end: String = file["txid"].as_str().unwrap().chars().skip(56).collect();
        let mut answers = Vec::from_iter(killer.map(|killer| ("confirmed transaction that spends", killer)));
        answers.push(("last 8 characters", &end));
        self.desk.run_typing("coldamp", &format!("journal declare-void {KEYS} {entry}"), &answers)
    }

    /// Tries to, and is stopped at the question for what killed it.
    fn not_void(&self, entry: u32, killer: &str, code: i32) -> Run {
        let void = format!("journal declare-void {KEYS} {entry}");
        let before = self.desk.read("keystore.journal");
        let run = self.desk.run_typing("coldamp", &void, &[("confirmed transaction that spends", killer)]);
        assert_eq!(run.code, code, "{}", run.stderr);
        assert_eq!(self.desk.read("keystore.journal"), before);
        run
    }
}

#[test]
fn no_ancestor_of_a_void_signing_is_signed_however_far_up() {
    let story = Story::told();
    let desk = &story.desk;
    signed(desk, "y", &story.y);
    let v = signed(desk, "v", &story.v);
    not_signed(desk, "v2", &story.v2, &["ALREADY_SIGNED"]);
    // Its coin comes from Y, which was signed here: that no explorer knows it is no reason to call it dead.
    assert_eq!(desk.run("coldamp", &format!("journal declare-void {KEYS} 2")).code, 4);
    let y_txid = story.desk.read("y.json");
    let y_txid: Value = serde_json::from_str(&y_txid).unwrap();
    for (killer, code) in [
        ("", 4),
        ("the second one", 4),
        (y_txid["txid"].as_str().unwrap(), 3),
        (v["txid"].as_str().unwrap(), 3),
        (story.x_txid.as_str(), 3),
    ] {
        let run = story.not_void(2, killer, code);
        assert!(run.stderr.contains("were signed here: entry 1. "), "{}", run.stderr);
    }
    // An operator who was shown a transaction that does not exist goes on; then X is the last guard.
    let run = story.void(2, &v, Some(&"77".repeat(32)));
    assert_eq!(run.code, 0, "{}", run.stderr);
    signed(desk, "v2-now", &story.v2);
    not_signed(desk, "x", &story.x, &["VOID_REVIVED"]);
    not_signed(desk, "y-again", &story.y, &["VOID_REVIVED"]);
    not_signed(desk, "v-again", &story.v, &["VOID_REVIVED"]);
}

#[test]
fn a_void_signing_keeps_its_ancestors_out_before_its_parent_is_signed_too() {
    let story = Story::told();
    let desk = &story.desk;
    let v = signed(desk, "v", &story.v);
    // Nothing that it descends from was signed here.
    let run = story.void(1, &v, None);
    assert_eq!(run.code, 0, "{}", run.stderr);
    signed(desk, "v2", &story.v2);
    not_signed(desk, "y", &story.y, &["VOID_REVIVED"]);
    // X makes no coin of V by itself; with Y refused it is a burn like any other.
    signed(desk, "x", &story.x);
    not_signed(desk, "y-after-x", &story.y, &["VOID_REVIVED"]);
}

#[test]
fn what_descends_from_signed_transactions_is_not_void_because_these_are_not_seen() {
    let story = Story::told();
    let desk = &story.desk;
    signed(desk, "x", &story.x);
    signed(desk, "y", &story.y);
    let v = signed(desk, "v", &story.v);
    for killer in [story.x_txid.as_str(), v["txid"].as_str().unwrap()] {
        let run = story.not_void(3, killer, 3);
        assert!(run.stderr.contains("were signed here: entry 1, entry 2. "), "{}", run.stderr);
        assert!(run.stderr.contains("error[VOID_REVIVED]: transaction"), "{}", run.stderr);
    }
    not_signed(desk, "v2", &story.v2, &["ALREADY_SIGNED"]);
    // Once what it descends from is void, each by the operator's word, it may be.
    let entry = |name: &str| serde_json::from_str::<Value>(&desk.read(name)).unwrap();
    let run = story.void(1, &entry("x.json"), None);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("spend its outputs: entry 2, entry 3. "), "{}", run.stderr);
    assert_eq!(story.void(2, &entry("y.json"), None).code, 0);
    assert_eq!(story.void(3, &v, None).code, 0);
    signed(desk, "v2-now", &story.v2);
    for (name, pset) in [("x-again", &story.x), ("y-again", &story.y), ("v-again", &story.v)] {
        not_signed(desk, name, pset, &["VOID_REVIVED"]);
    }
}

#[test]
fn the_review_refuses_what_would_bring_a_void_signing_back_before_anything_is_asked() {
    let story = Story::told();
    let desk = &story.desk;
    signed(desk, "y", &story.y);
    let v = signed(desk, "v", &story.v);
    assert_eq!(story.void(2, &v, Some(&"77".repeat(32))).code, 0);
    desk.write("x.pset", &story.x);
    let run = refused(desk, &format!("review x.pset {KEYS}"), &["VOID_REVIVED"]);
    assert!(
        run.stdout
            .contains(&format!("transaction {}, which entry 2, declared void, descends from", story.x_txid))
    );
    assert!(run.stdout.contains("NOT TO BE SIGNED"), "{}", run.stdout);
    // Typed: refused without a question.
    let run = desk.run_typing("coldamp", &format!("sign x.pset {KEYS} -o x.json"), &[]);
    assert!(run.code == 3 && run.names("VOID_REVIVED"), "{}", run.stderr);
}

/// X is not signed yet, and V spends its change. What others sign is in no journal of this machine: they can sign X, and then V and a
/// second one for its request can both confirm.
#[test]
fn of_several_signers_nothing_is_void_because_its_coin_does_not_exist() {
    let scenario = Scenario::load(Scenario::QUORUM);
    let treasury = Treasury::of(&scenario);
    let desk = Desk::cosigner(&scenario, 0);
    let burn = treasury.job(&scenario, RequestKind::Burn);
    let x = made(&burn, &burn.prepare().pset);
    let v = burn_of(&treasury, &burn, &x).prepare_from(&[&x], |coin| coin.outpoint.txid == x.txid()).pset;
    let file = signed(&desk, "v", &v);
    let entry = desk.read("keystore.journal").lines().count() - 1;
    let void = format!("journal declare-void {KEYS} {entry}");
    let question = "confirmed transaction that spends";
    let before = desk.read("keystore.journal");
    let run = desk.run_typing("coldamp", &void, &[(question, &x.txid().to_string())]);
    assert!(run.code == 3 && run.names("VOID_REVIVED"), "{}", run.stderr);
    assert!(run.stderr.contains("The treasury has several signers. Others can sign"), "{}", run.stderr);
    assert_eq!(desk.read("keystore.journal"), before);
    let end: String = file["txid"].as_str().unwrap().chars().skip(56).collect();
    desk.run_typing("coldamp", &void, &[(question, &"77".repeat(32)), ("last 8 characters", &end)]).done();
}
