//! A treasury that has used more addresses than a journal knows: after `key restore`, on a second machine, at an
//! approver's.

use coldamp_core::prepare::{Settings, Treasury as Known, prepare};
use coldamp_core::treasury::{Branch, FreeIndices, KeyPath, UsedIndices};
use coldamp_tests::{Desk, Job, KEYS, RequestKind, Scenario, Treasury};

use super::desk::{not_signed, refused, reviewed, signed, warnings};

/// Prepares a job from some of the coins, where change has used every index up to this one.
fn prepared(job: &Job<'_>, used_up_to: u32, coins: &[&str]) -> String {
    let Treasury { secp, network, descriptor, .. } = job.treasury;
    let mut holdings = job.treasury.holdings(&job.request());
    holdings.coins.retain(|coin| {
        let name = format!("{}:{}", &coin.outpoint.txid.to_string()[..6], coin.outpoint.vout);
        coins.contains(&name.as_str())
    });
    let mut used = UsedIndices::default();
    (0..=used_up_to).for_each(|index| used.mark(KeyPath { branch: Branch::Internal, index }));
    let free = FreeIndices::besides(used);
    let known = Known { free: &free, ..holdings.treasury(network, descriptor) };
    prepare(secp, &job.request(), &known, &Settings::default(), None).unwrap().pset
}

#[test]
fn a_restored_keystore_is_told_how_far_addresses_were_used_and_then_knows_by_itself() {
    let scenario = Scenario::load("wpkh");
    let treasury = Treasury::of(&scenario);
    let (distribute, burn) =
        (treasury.job(&scenario, RequestKind::Distribute), treasury.job(&scenario, RequestKind::Burn));
    let first = prepared(&distribute, 450, &["8cbb31:2", "8cbb31:0"]);
    let second = prepared(&burn, 640, &["8cbb31:1", "6d35d7:1"]);
    let desk = Desk::cold(&scenario);
    not_signed(&desk, "far", &first, &["CHANGE_PATH", "CHANGE_PATH"]);
    // At a terminal, typed again, and no further than anything is signed for.
    let used = |index: u32| format!("journal used {KEYS} --index {index}");
    assert_eq!(desk.run("coldamp", &used(450)).code, 4);
    assert_eq!(desk.run_typing("coldamp", &used(450), &[("index again", "451")]).code, 4);
    assert_eq!(desk.run("coldamp", &used(20_001)).code, 2);
    not_signed(&desk, "still-far", &first, &["CHANGE_PATH", "CHANGE_PATH"]);
    let run = desk.run_typing("coldamp", &used(450), &[("index again", "450")]);
    assert!(
        run.code == 0 && run.stderr.contains("Change may then be at indices up to 650"),
        "{}",
        run.stderr
    );
    let list = desk.run("coldamp", &format!("journal list {KEYS}")).done().stdout;
    assert!(list.contains("used         addresses up to index 450"), "{list}");
    let file = signed(&desk, "near", &first);
    // From its own change on, this journal knows. What was told once can be taken back.
    assert!(desk.read("keystore.journal").contains("\"own_index\":452"));
    assert_eq!(desk.run_typing("coldamp", &used(0), &[("index again", "0")]).code, 0);
    signed(&desk, "next", &second);
    // It spends nothing of the first one, and nothing else shows that the first one was ever sent.
    assert!(warnings(&desk, &second).contains(&"FAR_INDEX".to_owned()));
    assert_eq!(desk.run_typing("coldamp", &used(450), &[("index again", "450")]).code, 0);
    assert!(!warnings(&desk, &second).contains(&"FAR_INDEX".to_owned()));

    // A second machine of the same words audits what the first one signed, without being told.
    let auditor = Desk::cold(&scenario);
    auditor.write("first.pset", &first);
    auditor.write("first.json", file.to_string());
    auditor.write("first.json", desk.read("near.json"));
    let audit = auditor.run("coldamp", &format!("review first.pset {KEYS} --signed first.json")).done();
    assert!(audit.stdout.contains("WARNING FAR_INDEX: output "), "{}", audit.stdout);
    assert!(audit.stdout.contains("\nsigned file  agrees"), "{}", audit.stdout);
    assert_eq!(reviewed(&auditor, &first).0, ["CHANGE_PATH", "CHANGE_PATH"], "it would not sign that itself");
}

#[test]
fn an_approver_is_told_of_change_far_out_and_approves_what_the_signers_journal_allows() {
    let scenario = Scenario::load("wpkh");
    let treasury = Treasury::of(&scenario);
    let job = treasury.job(&scenario, RequestKind::Distribute);
    let pset = prepared(&job, 450, &["8cbb31:2", "8cbb31:0"]);
    let (signer, approver) = (Desk::cold(&scenario), Desk::default());
    approver.write("passphrase", "staple battery 7 horse\n");
    approver.write("words", "legal winner thank year wave sausage worth useful legal winner thank yellow\n");
    approver
        .run("coldamp", &format!("key restore {KEYS} --network regtest --mnemonic-file words --no-policy"))
        .done();
    approver.opens_at_once();
    approver.write("t.pset", &pset);
    approver.write("watch", scenario.ct_descriptor());
    let digest: String = job.request().sha256().iter().map(|byte| format!("{byte:02x}")).collect();
    let approve = format!("approve t.pset {KEYS} --descriptor watch --request-sha256 {digest}");
    let run = approver.run("coldamp", &approve).done();
    assert!(run.stdout.contains("WARNING FAR_INDEX: output "), "{}", run.stdout);
    // It lifts no rule: the machine that signs goes by its own journal.
    signer.write("t.pset", &pset);
    signer.write("approval.json", approver.read("approval.json"));
    refused(&signer, &format!("sign t.pset {KEYS} --approval approval.json -o t.json"), &["CHANGE_PATH"]);
}
