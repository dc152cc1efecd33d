//! What an attacker found who read policy, journal and approval: each of these once ended in a second payment, a lost
//! limit, or a request that nobody could sign any more.

use std::fs;

use coldamp_core::prepare::{Settings, prepare};
use coldamp_core::treasury::Utxo;
use coldamp_core::units::FeeRate;
use coldamp_tests::{Desk, Job, KEYS, RequestKind, Scenario, Treasury, policy_file};

use super::desk::{not_signed, only, refused, signed, transaction, warnings};

const OLD: &str = "afbd67f9-6196-49cf-a198-8ad9f06c144a";
const NEW: &str = "bfbd67f9-6196-49cf-a198-8ad9f06c144a";

struct Attack {
    scenario: Scenario,
    treasury: Treasury,
    desk: Desk,
}

impl Attack {
    fn new() -> Self {
        let scenario = Scenario::load("wpkh");
        Attack { treasury: Treasury::of(&scenario), desk: Desk::cold(&scenario), scenario }
    }

    fn job(&self, kind: RequestKind) -> Job<'_> {
        self.treasury.job(&self.scenario, kind)
    }

    /// The distribution under another uuid.
    fn renamed(&self) -> Job<'_> {
        let text = String::from_utf8(self.scenario.request(RequestKind::Distribute)).unwrap();
        Job { treasury: &self.treasury, request: text.replace(OLD, NEW).into_bytes() }
    }
}

#[test]
fn a_signing_declared_void_is_not_brought_to_life_by_making_its_coin() {
    let attack = Attack::new();
    let desk = &attack.desk;
    let (distribute, burn) = (attack.job(RequestKind::Distribute), attack.job(RequestKind::Burn));
    // The online machine withholds a burn whose txid it can compute, and has a distribution signed from its change.
    let withheld = burn.prepare_from(&[], only(&["8cbb31:2", "8cbb31:0"])).pset;
    let unborn: coldamp_core::elements::Transaction = {
        let file = burn.sign(withheld.as_bytes()).to_json().unwrap();
        transaction(&serde_json::from_str(&file).unwrap())
    };
    let from_change = distribute.prepare_from(&[&unborn], |coin| coin.outpoint.txid == unborn.txid()).pset;
    let first = signed(desk, "a", &from_change);
    let second = distribute.prepare_from(&[], only(&["8cbb31:1", "6d35d7:1"])).pset;
    not_signed(desk, "b", &second, &["ALREADY_SIGNED"]);
    let end: String = first["txid"].as_str().unwrap().chars().skip(56).collect();
    let void = format!("journal declare-void {KEYS} 1");
    let run = desk.run_typing("coldamp", &void, &[("transaction id", &end)]);
    assert!(run.code == 0 && run.stderr.contains("can still be created"), "{}", run.stderr);
    signed(desk, "b-again", &second);
    // Now the burn would make the coin that the first distribution spends.
    not_signed(desk, "t", &withheld, &["VOID_REVIVED"]);
    // Nor is the void one given out again, though its entry is in the journal.
    not_signed(desk, "a-again", &from_change, &["VOID_REVIVED"]);
}

#[test]
fn a_journal_cut_to_its_first_line_is_not_the_newest_because_its_head_is_gone() {
    let attack = Attack::new();
    let desk = &attack.desk;
    let distribute = attack.job(RequestKind::Distribute);
    signed(desk, "one", &distribute.prepare_from(&[], only(&["8cbb31:2", "8cbb31:0"])).pset);
    let two = distribute.prepare_from(&[], only(&["8cbb31:1", "6d35d7:1"])).pset;
    let chain = desk.read("keystore.journal");
    let first = chain.lines().next().unwrap();
    desk.write("keystore.journal", format!("{first}\n"));
    fs::remove_file(desk.path("keystore.head")).unwrap();
    not_signed(desk, "two", &two, &["JOURNAL"]);
    // Put right by who knows how many entries there were, at a terminal, and by nobody else.
    let rebuild = format!("journal rebuild-head {KEYS}");
    assert_eq!(desk.run("coldamp", &rebuild).code, 4);
    assert_eq!(desk.run_typing("coldamp", &rebuild, &[("how many", "2")]).code, 4);
    assert!(!desk.has("keystore.head"));
    desk.write("keystore.journal", &chain);
    let run = desk.run_typing("coldamp", &rebuild, &[("how many", "2")]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    not_signed(desk, "two-again", &two, &["ALREADY_SIGNED"]);
    // One that is there is not rebuilt, right or wrong.
    refused(desk, &rebuild, &["JOURNAL"]);
    desk.write("keystore.head", "");
    refused(desk, &rebuild, &["JOURNAL"]);
}

#[test]
fn a_head_that_a_crash_left_behind_is_brought_up_before_anything_is_given_out_again() {
    let attack = Attack::new();
    let desk = &attack.desk;
    let distribute = attack.job(RequestKind::Distribute);
    let one = distribute.prepare_from(&[], only(&["8cbb31:2", "8cbb31:0"])).pset;
    let two = distribute.prepare_from(&[], only(&["8cbb31:1", "6d35d7:1"])).pset;
    let (head, chain) = (desk.read("keystore.head"), desk.read("keystore.journal"));
    signed(desk, "one", &one);
    let newest = desk.read("keystore.head");
    fs::remove_file(desk.path("one.json")).unwrap();
    desk.write("keystore.head", head);
    signed(desk, "again", &one);
    assert_eq!(desk.read("keystore.head"), newest);
    desk.write("keystore.journal", chain);
    not_signed(desk, "two", &two, &["JOURNAL"]);
}

#[test]
fn a_torn_line_that_kept_its_end_locks_nobody_out() {
    let attack = Attack::new();
    let desk = &attack.desk;
    let chain = desk.read("keystore.journal");
    desk.write("keystore.journal", format!("{chain}{}\"}}}}\n", "\0".repeat(4096)));
    signed(desk, "burn", &attack.job(RequestKind::Burn).prepare().pset);
    assert!(desk.read("keystore.journal").starts_with(&chain));
    assert!(!desk.read("keystore.journal").contains('\0'));
}

#[test]
fn an_approver_lifts_no_twin_and_the_operator_beside_him_does_by_typing() {
    let attack = Attack::new();
    let desk = &attack.desk;
    let other = Desk::default();
    other.write("passphrase", "staple battery 7 horse\n");
    other.write("words", "legal winner thank year wave sausage worth useful legal winner thank yellow\n");
    other
        .run("coldamp", &format!("key restore --no-policy {KEYS} --network regtest --mnemonic-file words"))
        .done();
    let key = other.run("coldamp", &format!("key approver {KEYS}")).done().stdout;
    let (asset, renamed) = (&attack.scenario.info().asset, attack.renamed());
    signed(
        desk,
        "a",
        &attack.job(RequestKind::Distribute).prepare_from(&[], only(&["8cbb31:2", "8cbb31:0"])).pset,
    );
    desk.set_policy(&policy_file(asset, &format!("approvers=[\"{}\"]", key.trim())));
    let twin = renamed.prepare_from(&[], only(&["8cbb31:1", "6d35d7:1"])).pset;
    desk.write("t.pset", &twin);
    other.write("t.pset", &twin);
    other.write("watch", attack.scenario.ct_descriptor());
    let digest: String = renamed.request().sha256().iter().map(|byte| format!("{byte:02x}")).collect();
    other
        .run("coldamp", &format!("approve t.pset {KEYS} --descriptor watch --request-sha256 {digest}"))
        .done();
    desk.write("approval.json", other.read("approval.json"));
    let sign = format!("sign t.pset {KEYS} --approval approval.json -o t.json");
    refused(desk, &sign, &["OPEN_TWIN"]);
    assert_eq!(desk.run_typing("coldamp", &sign, &[("Type its uuid", NEW); 3]).code, 4);
    let run = desk.run_typing("coldamp", &sign, &[("Type its uuid", OLD)]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let list = desk.run("coldamp", &format!("journal list {KEYS}")).done().stdout;
    assert!(
        list.contains(&format!(
            "approved by approver {}, although distribution {OLD} was open",
            key.trim_end()
        )),
        "{list}"
    );
    // Typing alone is refused before anybody types.
    let run = desk.run_typing("coldamp", &format!("sign t.pset {KEYS} -o again.json"), &[]);
    assert!(run.code == 3 && run.stderr.contains("APPROVAL_MISSING"), "{}", run.stderr);
}

#[test]
fn what_is_much_like_an_earlier_signing_is_said_to_be_even_where_it_settles_it() {
    let attack = Attack::new();
    let desk = &attack.desk;
    let alike = "ALIKE".to_owned();
    let first = attack.job(RequestKind::Distribute);
    let first = signed(desk, "a", &first.prepare_from(&[], only(&["8cbb31:2", "8cbb31:0"])).pset);
    let first = transaction(&first);
    // Never sent, and cancelled at AMP: a second one from its change lets both be sent.
    let usable = |coin: &Utxo| coin.outpoint.txid == first.txid() || only(&["8cbb31:1"])(coin);
    let twin = attack.renamed().prepare_from(&[&first], usable).pset;
    assert!(warnings(desk, &twin).contains(&alike));
    desk.write("twin.pset", &twin);
    let screen = desk.run("coldamp", &format!("review twin.pset {KEYS}")).done().stdout;
    assert!(screen.contains("spends outputs of 1 earlier signing.") && screen.contains(OLD), "{screen}");

    // One listed coin more is another request for the same burn.
    let text = String::from_utf8(attack.scenario.request(RequestKind::Burn)).unwrap();
    let burn = attack.job(RequestKind::Burn).prepare_from(&[], only(&["8cbb31:3", "dc4e20:0"])).pset;
    assert!(!warnings(desk, &burn).contains(&alike));
    signed(desk, "burn", &burn);
    let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let made_up = serde_json::json!({ "txid": "11".repeat(32), "vout": 0 });
    value["utxos"].as_array_mut().unwrap().push(made_up);
    let request = serde_json::to_vec(&value).unwrap();
    let again = Job { treasury: &attack.treasury, request };
    let again = again.prepare_from(&[], only(&["8cbb31:1", "6d35d7:1"])).pset;
    assert!(warnings(desk, &again).contains(&alike));
}

#[test]
fn a_second_machine_is_told_the_fee_cap_that_the_first_ones_policy_has() {
    let attack = Attack::new();
    let (desk, second) = (&attack.desk, Desk::cold(&attack.scenario));
    let job = attack.job(RequestKind::Burn);
    let Treasury { secp, network, descriptor, .. } = &attack.treasury;
    let holdings = attack.treasury.holdings(&job.request());
    let settings = Settings { fee_rate: FeeRate::from_sat_per_kvb(5_000), ..Settings::default() };
    let known = holdings.treasury(network, descriptor);
    let pset = prepare(secp, &job.request(), &known, &settings, None).unwrap().pset;
    not_signed(desk, "dear", &pset, &["FEE_TOO_HIGH"]);
    let asset = &attack.scenario.info().asset;
    desk.set_policy(&policy_file(asset, "max_fee_sat=100000"));
    signed(desk, "s", &pset);
    second.write("s.pset", &pset);
    second.write("s.json", desk.read("s.json"));
    let audit = format!("review s.pset {KEYS} --signed s.json --json");
    let refused = second.run("coldamp", &audit);
    assert_eq!(refused.code, 3, "{}", refused.stderr);
    let report: serde_json::Value = serde_json::from_str(&refused.stdout).unwrap();
    assert!(report["signed_agrees"].is_null(), "nothing was compared");
    let run = second.run("coldamp", &format!("{audit} --max-fee 100000")).done();
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["signed_agrees"], true);
}
