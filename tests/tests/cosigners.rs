//! Three people, three machines, one descriptor: from the keys to the signed file, through both binaries.

use coldamp_core::sign::{SignatureSet, audit_without_keys};
use coldamp_core::signed::{JournalPosition, SignedFile};
use coldamp_tests::{
    Desk, KEYS, RequestKind, Run, Scenario, Treasury, policy_file, sha256_of, signed_pset, weakening,
};

/// The machines of the three signers, each with the treasury registered.
fn machines(scenario: &Scenario) -> [Desk; 3] {
    [0, 1, 2].map(|position| Desk::cosigner(scenario, position))
}

/// Any two of three.
const PAIRS: [[usize; 2]; 3] = [[0, 1], [0, 2], [1, 2]];

fn code_of(desk: &Desk, pset: &str) -> String {
    let run = desk.run("coldamp", &format!("review {pset} {KEYS} --json")).done();
    let review: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    review["approval"].as_str().unwrap().to_owned()
}

/// Reviews and signs a PSET of the desk under the code of its review.
fn sign(desk: &Desk, name: &str) -> Run {
    let code = code_of(desk, &format!("{name}.pset"));
    desk.run("coldamp", &format!("sign {name}.pset {KEYS} --approve {code} -o {name}.signatures.json")).done()
}

fn entries(desk: &Desk) -> usize {
    desk.read("keystore.journal").lines().count()
}

fn refused(desk: &Desk, arguments: &str, code: &str) -> Run {
    let before = desk.files();
    let journal = desk.read("keystore.journal");
    let run = desk.run("coldamp", arguments);
    assert!(run.code == 3 && run.names(code), "{arguments}: no {code}: {}", run.stderr);
    assert_eq!((desk.files(), desk.read("keystore.journal")), (before, journal), "{arguments}");
    run
}

#[test]
fn the_keys_of_three_keystores_make_the_descriptor_that_each_registers() {
    let scenario = Scenario::load(Scenario::QUORUM);
    let desks = [0, 1, 2].map(|position| Desk::signer(&scenario, position));
    let key = |desk: &Desk| desk.run("coldamp", &format!("key account {KEYS}")).done().stdout;
    let keys = desks.each_ref().map(|desk| key(desk).trim_end().to_owned());
    let online = Desk::default();
    online.write("view.key", scenario.master_blinding_key());
    let multi = "descriptor multi -k 2 --unsorted --view-key view.key --network regtest -o treasury";
    online.run("coldamp-online", &format!("{multi} {}", keys.join(" "))).done();
    let text = online.read("treasury");
    let (descriptor, checksum) = text.trim_end().split_once('#').unwrap();
    assert_eq!(descriptor, scenario.ct_descriptor());
    let psets = RequestKind::ALL.map(|kind| Treasury::of(&scenario).job(&scenario, kind).prepare().pset);
    let mut watched = Vec::new();
    for (position, desk) in (1..).zip(&desks) {
        // Before it is registered, a PSET of the treasury is a stranger's, and the way out is named.
        desk.write("job.pset", &psets[0]);
        let run = refused(desk, &format!("sign job.pset {KEYS} --approve 0"), "INPUT_FOREIGN");
        assert!(run.stderr.contains("Register the descriptor with `coldamp key register`"), "{}", run.stderr);
        let run = desk.register(descriptor).done();
        let line = format!("checksum       {checksum} (of the descriptor)\n");
        assert!(run.stderr.contains(&line), "{line}: {}", run.stderr);
        assert!(run.stderr.contains(&format!("key {position}          [")), "{}", run.stderr);
        assert_eq!(run.stderr.matches("  this keystore\n").count(), 1, "{}", run.stderr);
        // The words were restored: what they signed before is not known.
        assert!(run.stderr.contains("warning: this keystore was restored"), "{}", run.stderr);
        let address = desk.run("coldamp", &format!("key address {KEYS} --index 0")).done().stdout;
        watched.push((desk.run("coldamp", &format!("key watch {KEYS}")).done().stdout, address));
        let code = code_of(desk, "job.pset");
        assert_eq!(code, code_of(&desks[0], "job.pset"), "all signers see the same code");
    }
    assert!(watched.iter().all(|found| *found == watched[0]), "{watched:?}");
    assert_eq!(entries(&desks[0]), 2);
}

#[test]
fn any_two_of_three_machines_make_the_same_transaction_in_any_order() {
    let scenario = Scenario::load(Scenario::QUORUM);
    let treasury = Treasury::of(&scenario);
    let desks = machines(&scenario);
    let online = Desk::default();
    online.write("treasury.descriptor", scenario.ct_descriptor());
    for kind in RequestKind::ALL {
        let name = kind.name();
        let job = treasury.job(&scenario, kind);
        let pset = job.prepare().pset;
        let checked = job.review(pset.as_bytes()).checked().unwrap().clone();
        online.write(&format!("{name}.pset"), &pset);
        // In parallel: each signs the same unsigned file.
        let mut sets = Vec::new();
        for (position, desk) in desks.iter().enumerate() {
            desk.write(&format!("{name}.pset"), &pset);
            let before = entries(desk);
            let run = sign(desk, name);
            assert!(
                run.stderr.contains("asks for 2 signers of this same PSET, you among them"),
                "{}",
                run.stderr
            );
            let file = desk.read(&format!("{name}.signatures.json"));
            assert_eq!(desk.mode(&format!("{name}.signatures.json")), 0o600);
            assert!(file.len() <= 1_000 || pset_inputs(&pset) > 2, "{name}: {} bytes", file.len());
            assert_eq!(entries(desk), before + 1, "{name}: the part is recorded");
            let set = SignatureSet::read(file.as_bytes()).unwrap();
            assert_eq!(usize::try_from(set.signer.unwrap().number).unwrap(), before);
            assert_eq!(set.txid, checked.txid());
            // The same again, under the same entry.
            let code = checked.approval_code();
            desk.run("coldamp", &format!("sign {name}.pset {KEYS} --approve {code} -o again-{name}")).done();
            assert_eq!((desk.read(&format!("again-{name}")), entries(desk)), (file.clone(), before + 1));
            for other in desks.iter().chain([&online]) {
                other.write(&format!("{name}.{position}"), &file);
            }
            sets.push(set);
        }
        for [one, other] in PAIRS {
            let case = format!("{name}: {one} and {other}");
            let out = format!("{name}.{one}{other}.json");
            // On any cold machine, also of one that did not sign.
            let cold = &desks[(one + other) % 3];
            let parts = format!("{name}.{one} {name}.{other}");
            let run = cold.run("coldamp", &format!("combine {name}.pset {parts} {KEYS} -o {out}")).done();
            assert!(run.stderr.contains("The journal has no new entry"), "{}", run.stderr);
            let parts = format!("{name}.{other} {name}.{one}");
            let combine = format!("combine {name}.pset {parts} --descriptor treasury.descriptor -o {out}");
            online.run("coldamp-online", &combine).done();
            let text = online.read(&out);
            assert_eq!(cold.read(&out), text, "{case}");
            let signed = SignedFile::read(text.as_bytes()).unwrap();
            assert_eq!(signed.opens(&treasury.secp), Ok(()), "{case}");
            assert_eq!(audit_without_keys(&treasury.secp, &checked, text.as_bytes()), Ok(()), "{case}");
            let mut positions = [one, other].map(|index| sets[index].signer.unwrap()).to_vec();
            positions.sort_by_key(|position| position.id);
            let mut named: Vec<_> =
                signed.signers().positions_by_signer().into_iter().map(|(_, position)| *position).collect();
            named.sort_by_key(|position| position.id);
            assert_eq!(named, positions, "{case}");

            // One after the other: the second signature is added to a PSET that has the first.
            online.write("both.pset", signed_pset(&pset, &[&sets[one], &sets[other]]));
            online.write("first.pset", signed_pset(&pset, &[&sets[one]]));
            for (number, parts) in
                ["both.pset".to_owned(), format!("{name}.{other} first.pset")].iter().enumerate()
            {
                let out = format!("after-{number}-{out}");
                let combine = format!(
                    "combine {name}.pset {parts} --descriptor treasury.descriptor --network regtest -o {out}"
                );
                online.run("coldamp-online", &combine).done();
                let after = SignedFile::read(online.read(&out).as_bytes()).unwrap();
                assert_eq!(after.transaction(), signed.transaction(), "{case}");
                assert_eq!(after.payload(), signed.payload(), "{case}");
            }
        }
    }
}

fn pset_inputs(pset: &str) -> usize {
    let pset: coldamp_core::elements::pset::PartiallySignedTransaction = pset.parse().unwrap();
    pset.inputs().len()
}

/// A PSET with the fields that blinding adds, for signers that do not blind, gets the same signatures.
#[test]
fn a_blinded_pset_is_signed_as_the_one_that_it_was_made_of() {
    let scenario = Scenario::load(Scenario::QUORUM);
    let treasury = Treasury::of(&scenario);
    let job = treasury.job(&scenario, RequestKind::Burn);
    let pset = job.prepare().pset;
    let desk = Desk::cosigner(&scenario, 0);
    desk.write("plain.pset", &pset);
    desk.write("blinded.pset", job.blinded(&pset));
    for name in ["plain", "blinded"] {
        sign(&desk, name);
    }
    assert_eq!(desk.read("plain.signatures.json"), desk.read("blinded.signatures.json"));
    assert_eq!(entries(&desk), 3);
}

#[test]
fn without_its_journal_a_signers_keystore_signs_nothing() {
    let scenario = Scenario::load(Scenario::QUORUM);
    let desk = Desk::cosigner(&scenario, 0);
    desk.write("burn.pset", Treasury::of(&scenario).job(&scenario, RequestKind::Burn).prepare().pset);
    std::fs::remove_file(desk.path("keystore.journal")).unwrap();
    let before = desk.files();
    let run = desk.run("coldamp", &format!("sign burn.pset {KEYS} --approve 0"));
    assert!(run.code == 3 && run.names("JOURNAL"), "{}", run.stderr);
    assert!(run.stderr.contains("The journal cannot be read, and it alone says"), "{}", run.stderr);
    assert_eq!(desk.files(), before);
}

#[test]
fn a_keystore_that_has_signed_for_a_treasury_keeps_to_it() {
    let scenario = Scenario::load(Scenario::QUORUM);
    let desk = Desk::cosigner(&scenario, 0);
    desk.write("burn.pset", Treasury::of(&scenario).job(&scenario, RequestKind::Burn).prepare().pset);
    sign(&desk, "burn");
    desk.write("other", scenario.ct_descriptor().replace("multi(2", "multi(3"));
    for flag in ["", "--replace"] {
        let run = refused(&desk, &format!("key register other {KEYS} {flag}"), "OTHER_TREASURY");
        assert!(
            run.stderr.contains("entry 2 of the journal is a signing for another treasury"),
            "{}",
            run.stderr
        );
    }
    // Nor after a signing with its own key alone.
    let single = Scenario::load("wpkh");
    let desk = Desk::cold(&single);
    desk.write("burn.pset", Treasury::of(&single).job(&single, RequestKind::Burn).prepare().pset);
    sign(&desk, "burn");
    desk.write("other", scenario.ct_descriptor());
    refused(&desk, &format!("key register other {KEYS} --replace"), "OTHER_TREASURY");
}

#[test]
fn a_registered_keystore_signs_for_no_treasury_of_its_own_key() {
    let (scenario, single) = (Scenario::load(Scenario::QUORUM), Scenario::load("wpkh"));
    let desk = Desk::cosigner(&scenario, 0);
    desk.write("burn.pset", Treasury::of(&single).job(&single, RequestKind::Burn).prepare().pset);
    let run = refused(&desk, &format!("sign burn.pset {KEYS} --approve 0"), "INPUT_FOREIGN");
    assert!(run.stderr.contains("of another treasury: --keystore names the wrong file"), "{}", run.stderr);
}

#[test]
fn a_part_obeys_policy_and_budget_of_its_own_machine() {
    let scenario = Scenario::load(Scenario::QUORUM);
    let treasury = Treasury::of(&scenario);
    let [strict, counted, _] = machines(&scenario);
    let asset = &scenario.info().asset;
    strict.set_policy(&policy_file(asset, "burn.max=1"));
    counted.set_policy(&policy_file(asset, "distribute.budget_count=0"));
    for desk in [&strict, &counted] {
        for kind in [RequestKind::Burn, RequestKind::Distribute] {
            let pset = treasury.job(&scenario, kind).prepare().pset;
            desk.write(&format!("{}.pset", kind.name()), pset);
        }
    }
    // A policy is of the treasury that is registered: approvers sign for it.
    let export = strict.run("coldamp", &format!("policy export {KEYS}")).done().stdout;
    let hash = sha256_of(scenario.ct_descriptor());
    assert!(export.contains(&hash), "{hash}: {export}");
    refused(&strict, &format!("sign burn.pset {KEYS} --approve 0"), "POLICY_MAX");
    refused(&counted, &format!("sign distribute.pset {KEYS} --approve 0"), "POLICY_BUDGET");
    sign(&counted, "burn");
}

#[test]
fn an_approver_is_nobody_who_signs() {
    let scenario = Scenario::load(Scenario::QUORUM);
    let job_pset = Treasury::of(&scenario).job(&scenario, RequestKind::Burn).prepare().pset;
    let digest = sha256_of(scenario.request(RequestKind::Burn));
    let approve = format!("approve burn.pset {KEYS} --descriptor treasury --request-sha256 {digest}");
    let prepared = |desk: &Desk| {
        desk.write("burn.pset", &job_pset);
        desk.write("treasury", scenario.ct_descriptor());
    };
    let signer = Desk::cosigner(&scenario, 0);
    prepared(&signer);
    refused(&signer, &approve, "APPROVAL_SIGNATURE");
    // Whether or not it is registered.
    let signer = Desk::signer(&scenario, 1);
    prepared(&signer);
    refused(&signer, &approve, "APPROVAL_SIGNATURE");
    let approver = Desk::approver();
    prepared(&approver);
    let key = approver.run("coldamp", &format!("key approver {KEYS}")).done().stdout;
    let signer = Desk::cosigner(&scenario, 2);
    signer.set_policy(&policy_file(&scenario.info().asset, &format!("approvers=[\"{}\"]", key.trim())));
    prepared(&signer);
    let code = code_of(&signer, "burn.pset");
    refused(&signer, &format!("sign burn.pset {KEYS} --approve {code}"), "APPROVAL_MISSING");
    approver.run("coldamp", &approve).done();
    signer.write("approval.json", approver.read("approval.json"));
    signer.run("coldamp", &format!("sign burn.pset {KEYS} --approval approval.json")).done();
    assert!(signer.has("signatures.json") && !signer.has("signed.json"));
}

/// An approval of a weaker policy is for the treasury that is registered on the signer's machine, and for no other.
#[test]
fn a_weaker_policy_is_approved_for_the_registered_treasury() {
    let scenario = Scenario::load(Scenario::QUORUM);
    let (signer, approver) = (Desk::cosigner(&scenario, 1), Desk::approver());
    let key = approver.run("coldamp", &format!("key approver {KEYS}")).done().stdout;
    let file = |max: u64| {
        policy_file(&scenario.info().asset, &format!("approvers=[\"{}\"] burn.max={max}", key.trim()))
    };
    signer.set_policy(&file(1));
    let export = signer.run("coldamp", &format!("policy export {KEYS}")).done().stdout;
    for desk in [&signer, &approver] {
        desk.write("new.toml", file(2));
        desk.write("export.toml", &export);
    }
    approver.write("other.descriptor", scenario.ct_descriptor().replace("multi(2", "multi(3"));
    approver.write("treasury.descriptor", scenario.ct_descriptor());
    let approved = |descriptor: &str| {
        let approve = format!(
            "approve --policy new.toml --in-force export.toml --descriptor {descriptor} {KEYS} -o {descriptor}.json"
        );
        let words = weakening(&approver.run("coldamp", &approve).stderr).unwrap();
        approver.run_typing("coldamp", &approve, &[("type weaken", &words)]).done();
        signer.write("approval.json", approver.read(&format!("{descriptor}.json")));
    };
    let apply = format!("policy apply new.toml --approval approval.json {KEYS}");
    approved("other.descriptor");
    refused(&signer, &apply, "APPROVAL_SIGNATURE");
    approved("treasury.descriptor");
    let words = weakening(&signer.run("coldamp", &apply).stderr).unwrap();
    signer.run_typing("coldamp", &apply, &[("type weaken", &words)]).done();
}

#[test]
fn where_parts_are_combined_the_journal_is_read() {
    let scenario = Scenario::load(Scenario::QUORUM);
    let treasury = Treasury::of(&scenario);
    let [first, second, third] = machines(&scenario);
    let job = treasury.job(&scenario, RequestKind::Distribute);
    let honest = job.prepare().pset;
    let spent: Vec<_> = coins(&honest);
    // The same request from other coins: the second set of signers would pay it again.
    let twin = job.prepare_from(&[], |coin| !spent.contains(&coin.outpoint)).pset;
    assert!(coins(&twin).iter().all(|coin| !spent.contains(coin)));
    first.write("d.pset", &honest);
    sign(&first, "d");
    for (number, desk) in [&second, &third].iter().enumerate() {
        desk.write("twin.pset", &twin);
        sign(desk, "twin");
        first.write(&format!("part-{number}"), desk.read("twin.signatures.json"));
    }
    first.write("twin.pset", &twin);
    let combine = format!("combine twin.pset part-0 part-1 {KEYS} -o out.json");
    refused(&first, &combine, "ALREADY_SIGNED");
    // Where nothing of the request was signed it is said that this journal does not record it.
    let witness = Desk::cosigner(&scenario, 0);
    for name in ["twin.pset", "part-0", "part-1"] {
        witness.write(name, first.read(name));
    }
    let run = witness.run("coldamp", &combine).done();
    assert!(run.stderr.contains("this keystore did not sign this transaction"), "{}", run.stderr);
    // A part of this keystore names the entry that recorded it, and no other.
    let second_part = second.read("twin.signatures.json");
    let number = SignatureSet::read(second_part.as_bytes()).unwrap().signer.unwrap().number;
    let moved = second_part.replace(&format!("\"number\":{number}"), "\"number\":7");
    assert_ne!(moved, second_part);
    second.write("own", moved);
    second.write("other", third.read("twin.signatures.json"));
    let combine = |own: &str, out: &str| format!("combine twin.pset {own} other {KEYS} -o {out}");
    refused(&second, &combine("own", "out.json"), "PART_FIELD");
    // Nor another chain, where the journal has the entry.
    let mut set = SignatureSet::read(second_part.as_bytes()).unwrap();
    set.signer.as_mut().unwrap().id = [7; 16];
    second.write("own", set.to_json().unwrap());
    refused(&second, &combine("own", "out.json"), "PART_FIELD");
    // A part that names none, and a PSET, get the entry of the journal.
    second.write("own", &second_part);
    second.run("coldamp", &combine("own", "honest.json")).done();
    set.signer = None;
    second.write("unnamed", set.to_json().unwrap());
    second.write("signed.pset", signed_pset(&twin, &[&set]));
    for part in ["unnamed", "signed.pset"] {
        let out = format!("{part}.json");
        let run = second.run("coldamp", &combine(part, &out)).done();
        assert_eq!(second.read(&out), second.read("honest.json"), "{part}");
        assert!(!run.stderr.contains("its journal does not record it"), "{}", run.stderr);
    }
    // Another signer's part names this journal and its next number, so that the next honest file would be a fork. Also where this
    // keystore's own part, which names it too, is not among the parts.
    let mut stranger = SignatureSet::read(third.read("twin.signatures.json").as_bytes()).unwrap();
    let own = SignatureSet::read(second_part.as_bytes()).unwrap().signer.unwrap();
    stranger.signer = Some(JournalPosition { number: own.number + 1, head: [7; 32], ..own });
    second.write("stranger", stranger.to_json().unwrap());
    for parts in ["signed.pset stranger", "stranger signed.pset", "own stranger", "stranger"] {
        let run = refused(&second, &format!("combine twin.pset {parts} {KEYS} -o out.json"), "PART_TWICE");
        assert!(run.stderr.contains("names the journal of this keystore"), "{parts}: {}", run.stderr);
    }
    // Where the journal of these words has no entry, they pass and are warned of.
    let sibling = Desk::cosigner(&scenario, 1);
    for name in ["twin.pset", "own", "unnamed", "other"] {
        sibling.write(name, second.read(name));
    }
    sibling.write("signed.pset", signed_pset(&twin, &[&set]));
    for part in ["own", "unnamed", "signed.pset"] {
        let run = sibling.run("coldamp", &combine(part, &format!("{part}.json"))).done();
        assert!(run.stderr.contains("have a signature of this keystore's key"), "{part}: {}", run.stderr);
    }
}

fn coins(pset: &str) -> Vec<coldamp_core::elements::OutPoint> {
    let pset: coldamp_core::elements::pset::PartiallySignedTransaction = pset.parse().unwrap();
    pset.inputs().iter().map(|input| input.previous_outpoint()).collect()
}

#[test]
fn a_backup_brings_the_registration_back_and_the_words_do_not() {
    let scenario = Scenario::load(Scenario::QUORUM);
    let desk = Desk::signer(&scenario, 1);
    let backup = |name: &str| desk.run("coldamp", &format!("backup {KEYS} -o {name}")).done();
    backup("before.age");
    desk.register(scenario.ct_descriptor()).done();
    backup("after.age");
    let restored = |name: &str| {
        let copy = Desk::default();
        copy.write("passphrase", desk.read("passphrase"));
        copy.write("backup.age", std::fs::read(desk.path(name)).unwrap());
        let run = copy.run("coldamp", &format!("restore --backup backup.age {KEYS}")).done();
        copy.opens_at_once();
        (copy, run.stderr)
    };
    let watch = |desk: &Desk| desk.run("coldamp", &format!("key watch {KEYS}")).done().stdout;
    let (copy, said) = restored("after.age");
    assert!(said.contains("treasury       registered by entry 1\n"), "{said}");
    assert!(!said.contains("register the descriptor again"), "{said}");
    assert_eq!(watch(&copy), watch(&desk));
    let (copy, said) = restored("before.age");
    assert!(said.contains("register the descriptor again with `coldamp key register`"), "{said}");
    assert_ne!(watch(&copy), watch(&desk));
    copy.register(scenario.ct_descriptor()).done();
    assert_eq!(watch(&copy), watch(&desk));
}

/// What one key signed, looked at before it is combined.
#[test]
fn signatures_alone_are_audited_on_every_signers_machine() {
    let scenario = Scenario::load(Scenario::QUORUM);
    let [first, second, _] = machines(&scenario);
    let pset = Treasury::of(&scenario).job(&scenario, RequestKind::Burn).prepare().pset;
    let sibling = Desk::cosigner(&scenario, 0);
    for desk in [&first, &second, &sibling] {
        desk.write("burn.pset", &pset);
    }
    sign(&first, "burn");
    let part = first.read("burn.signatures.json");
    let audit = format!("review burn.pset {KEYS} --signed part");
    let said = "These are another signer's signatures. Each verifies.";
    for (desk, is_foreign) in [(&sibling, false), (&second, true)] {
        desk.write("part", &part);
        let journal = entries(desk);
        let run = desk.run("coldamp", &audit).done();
        assert_eq!(run.stderr.contains(said), is_foreign, "{}", run.stderr);
        let found = match is_foreign {
            true => {
                "signed file  agrees: signatures of another signer for this PSET. They verify, and were not recomputed"
            }
            false => "signed file  agrees: this keystore's key makes these signatures, byte for byte",
        };
        assert!(run.stdout.contains(found), "{}", run.stdout);
        assert_eq!(entries(desk), journal);
    }
    let set = SignatureSet::read(part.as_bytes()).unwrap();
    let mut wrong = set.clone();
    wrong.signatures[0].signature = wrong.signatures[1].signature.clone();
    let other = SignatureSet { content: coldamp_core::pset::ContentHash([7; 32]), ..set.clone() };
    let foreign = SignatureSet { descriptor: [7; 32], ..set.clone() };
    let mut fewer = set;
    fewer.signatures.pop();
    for (attack, code) in [
        (wrong, "PART_SIGNATURE"),
        (other, "PART_CONTENT"),
        (foreign, "PART_DESCRIPTOR"),
        (fewer, "SIGNED_DIFFERS"),
    ] {
        for desk in [&sibling, &second] {
            desk.write("part", attack.to_json().unwrap());
            refused(desk, &audit, code);
        }
    }
    for blanks in [part.replace("\"fingerprint\"", " \"fingerprint\""), format!(" {part}")] {
        second.write("part", blanks);
        let run = second.run("coldamp", &audit);
        assert!(run.code == 3 && run.stderr.contains("error[PART_FIELD]: "), "{}", run.stderr);
    }
}
