//! What keeps a signed transaction from being sent.

use coldamp_core::elements::hashes::sha256;
use coldamp_core::elements::{OutPoint, Txid};
use coldamp_sandbox::faults::{Fault, Rule};
use coldamp_tests::RequestKind;
use serde_json::json;

use crate::desk::{Issuer, fails};

/// The chain source says that a transaction is in the first block.
fn lie_that_it_has_confirmed(issuer: &Issuer, txid: Txid) {
    let body = r#"{"confirmed":true,"block_height":1}"#.to_owned();
    let path = format!("/esplora/tx/{txid}/status$");
    let fault = Fault::Answers { status: 200, body };
    issuer.sandbox.faults().set(vec![Rule { method: None, path, skip: 0, count: None, fault }]);
}

#[test]
fn nothing_is_sent_while_amp_has_lost_sight_of_outputs() {
    let issuer = Issuer::new();
    let signed = issuer.signed(RequestKind::Reissue, &issuer.assets[0]);
    let token = OutPoint::new(issuer.assets[0].issued.txid, issuer.assets[0].issued.token_vout);
    issuer.sandbox.with(|_, amp| assert!(amp.lose(token)));
    let words = fails(issuer.broadcast("reissue", ""), 3, "LOST_OUTPUTS");
    assert!(words.contains(&format!("{}:{}", token.txid, token.vout)), "{words}");
    assert_eq!(issuer.confirmations(signed.txid()), None);
    // Asked not to ask AMP, it does not.
    let before = issuer.sandbox.faults().count();
    let arguments = format!("broadcast reissue.signed.json {} --without-amp", issuer.chain());
    issuer.desk.run("coldamp-online", &arguments).done();
    let log = issuer.sandbox.faults().log();
    assert!(log[before..].iter().all(|asked| asked.path.starts_with("/esplora/")), "{:?}", &log[before..]);
    issuer.mine(2);
    // The report is never held up by lost outputs: an unconfirmed report shows up there itself.
    issuer.report("reissue", "").done();
    assert_eq!(issuer.reported(signed.txid()), 1);
}

#[test]
fn a_transaction_that_fell_out_of_the_mempool_is_sent_again_whatever_amp_has_lost() {
    let issuer = Issuer::new();
    let signed = issuer.signed(RequestKind::Burn, &issuer.assets[0]);
    issuer.broadcast("burn", "").done();
    let coin = signed.transaction().input[0].previous_output;
    issuer.sandbox.with(|chain, amp| {
        chain.forget(signed.txid());
        amp.lose(coin)
    });
    fails(issuer.report("burn", ""), 10, "NOT_SENT");
    issuer.broadcast("burn", "").done();
    assert_eq!(issuer.confirmations(signed.txid()), Some(0));
}

#[test]
fn a_cancelled_distribution_is_not_sent() {
    let issuer = Issuer::new();
    let signed = issuer.signed(RequestKind::Distribute, &issuer.assets[0]);
    let (asset, uuid) = (issuer.uuid().clone(), signed.distribution_uuid().unwrap().clone());
    issuer.cancel(&asset, &uuid);
    fails(issuer.broadcast("distribute", ""), 3, "NO_ASSIGNMENTS");
    assert_eq!(issuer.confirmations(signed.txid()), None);
}

#[test]
fn a_distribution_that_was_sent_and_forgotten_and_cancelled_is_not_sent_again() {
    let issuer = Issuer::new();
    let signed = issuer.signed(RequestKind::Distribute, &issuer.assets[0]);
    issuer.broadcast("distribute", "").done();
    issuer.sandbox.with(|chain, _| chain.forget(signed.txid()));
    let (asset, uuid) = (issuer.uuid().clone(), signed.distribution_uuid().unwrap().clone());
    issuer.cancel(&asset, &uuid);
    fails(issuer.broadcast("distribute", ""), 3, "NO_ASSIGNMENTS");
    assert_eq!(issuer.confirmations(signed.txid()), None);
}

/// Writes the log beside a signed file, as if these steps had been taken.
fn write_log(issuer: &Issuer, name: &str, steps: &[serde_json::Value]) {
    let file = format!("{name}.signed.json");
    let sha256 = sha256::Hash::hash(issuer.desk.read(&file).as_bytes()).to_string();
    let of = json!({ "step": "of", "sha256": sha256 });
    let lines: String = std::iter::once(&of).chain(steps).map(|step| format!("{step}\n")).collect();
    issuer.desk.write(&format!("{file}.log"), lines);
}

#[test]
fn a_report_that_amp_refused_lifts_no_guard() {
    let issuer = Issuer::new();
    let signed = issuer.signed(RequestKind::Distribute, &issuer.assets[0]);
    let txid = signed.txid().to_string();
    let (asset, uuid) = (issuer.uuid().clone(), signed.distribution_uuid().unwrap().clone());
    issuer.cancel(&asset, &uuid);
    let sent = [json!({ "step": "sending", "txid": txid }), json!({ "step": "sent", "txid": txid })];
    let posting = json!({ "step": "posting", "sha256": "00".repeat(32) });
    let refused = json!({ "step": "refused", "status": 400 });
    let accepted = json!({ "step": "accepted", "by": "answer" });
    for reported in [vec![posting.clone(), refused], vec![posting.clone()], vec![posting, accepted]] {
        write_log(&issuer, "distribute", &[&sent[..], &reported].concat());
        fails(issuer.broadcast("distribute", ""), 3, "NO_ASSIGNMENTS");
        assert_eq!(issuer.confirmations(signed.txid()), None);
    }
}

#[test]
fn a_chain_sources_word_that_a_transaction_was_sent_lifts_no_guard() {
    let issuer = Issuer::new();
    let signed = issuer.signed(RequestKind::Burn, &issuer.assets[0]);
    let txid = signed.txid().to_string();
    let coin = signed.transaction().input[0].previous_output;
    issuer.sandbox.with(|_, amp| assert!(amp.lose(coin)));
    let (sending, sent) =
        (json!({ "step": "sending", "txid": txid }), json!({ "step": "sent", "txid": txid }));
    for before in [vec![sent.clone()], vec![sending.clone()], vec![]] {
        write_log(&issuer, "burn", &before);
        fails(issuer.broadcast("burn", ""), 3, "LOST_OUTPUTS");
        assert_eq!(issuer.confirmations(signed.txid()), None);
    }
    write_log(&issuer, "burn", &[sending, sent]);
    issuer.broadcast("burn", "").done();
    assert_eq!(issuer.confirmations(signed.txid()), Some(0));
}

#[test]
fn a_chain_source_that_invents_a_transaction_does_not_have_a_cancelled_distribution_paid() {
    let issuer = Issuer::new();
    let signed = issuer.signed(RequestKind::Distribute, &issuer.assets[0]);
    issuer.mine(2);
    lie_that_it_has_confirmed(&issuer, signed.txid());
    let words = issuer.broadcast("distribute", "").done().stderr;
    assert!(words.contains("was sent"), "{words}");
    fails(issuer.report("distribute", ""), 12, "AMP_REFUSED");
    issuer.sandbox.faults().clear();
    let log = issuer.desk.read("distribute.signed.json.log");
    assert!(["\"sent\"", "\"posting\"", "\"refused\""].iter().all(|step| log.contains(step)), "{log}");
    assert!(!log.contains("\"sending\""), "{log}");
    issuer.cancel(issuer.uuid(), signed.distribution_uuid().unwrap());
    fails(issuer.broadcast("distribute", ""), 3, "NO_ASSIGNMENTS");
    assert_eq!(issuer.confirmations(signed.txid()), None);
}

#[test]
fn a_chain_source_that_invents_a_transaction_does_not_lift_the_guard_of_lost_outputs() {
    let issuer = Issuer::new();
    let signed = issuer.signed(RequestKind::Burn, &issuer.assets[0]);
    issuer.mine(2);
    lie_that_it_has_confirmed(&issuer, signed.txid());
    issuer.broadcast("burn", "").done();
    issuer.sandbox.faults().clear();
    let coin = signed.transaction().input[0].previous_output;
    issuer.sandbox.with(|_, amp| assert!(amp.lose(coin)));
    fails(issuer.broadcast("burn", ""), 3, "LOST_OUTPUTS");
    assert_eq!(issuer.confirmations(signed.txid()), None);
}

#[test]
fn a_coin_that_another_transaction_has_spent_is_named_with_it() {
    let issuer = Issuer::new();
    let first = issuer.signed(RequestKind::Burn, &issuer.assets[0]);
    // The same treasury without its memory: another job on the same coins.
    let elsewhere = "--expect-total 18750000000 --state elsewhere";
    issuer.request(RequestKind::Distribute, &issuer.assets[0], elsewhere).done();
    issuer.prepare("distribute", "--state elsewhere").done();
    let second = issuer.sign("distribute");
    issuer.broadcast("distribute", "").done();
    let words = fails(issuer.broadcast("burn", ""), 13, "INPUT_SPENT");
    assert!(words.contains(&second.txid().to_string()), "{words}");
    fails(issuer.report("burn", ""), 13, "INPUT_SPENT");
    assert_eq!(issuer.confirmations(first.txid()), None);
}

#[test]
fn a_changed_stick_shows_before_anything_is_sent() {
    let issuer = Issuer::new();
    issuer.signed(RequestKind::Burn, &issuer.assets[0]);
    let burn = issuer.desk.read("burn.signed.json");
    // Another honest job's file under this one's name: whole in itself, and not what this PSET becomes.
    let elsewhere = "--expect-total 18750000000 --state elsewhere";
    issuer.request(RequestKind::Distribute, &issuer.assets[0], elsewhere).done();
    issuer.prepare("distribute", "--state elsewhere").done();
    issuer.sign("distribute");
    issuer.desk.write("burn.signed.json", issuer.desk.read("distribute.signed.json"));
    let before = issuer.sandbox.faults().count();
    let audit = "--pset burn.pset --descriptor treasury.descriptor";
    fails(issuer.broadcast("burn", audit), 3, "SIGNED_DIFFERS");
    issuer.desk.write("burn.signed.json", burn.replacen("\"confirmations\": 0", "\"confirmations\": 2", 1));
    let run = issuer.broadcast("burn", audit);
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert_eq!(issuer.sandbox.faults().count(), before, "nobody was asked anything");
}

#[test]
fn a_report_that_was_exchanged_after_the_transaction_was_sent_is_not_posted() {
    let issuer = Issuer::new();
    let signed = issuer.signed(RequestKind::Distribute, &issuer.assets[0]);
    issuer.broadcast("distribute", "").done();
    issuer.mine(2);
    let honest = issuer.desk.read("distribute.signed.json");
    let uuid = signed.distribution_uuid().unwrap().to_string();
    let other = format!("00000000{}", &uuid[8..]);
    issuer.desk.write("distribute.signed.json", honest.replace(&uuid, &other));
    std::fs::remove_file(issuer.desk.path("distribute.signed.json.log")).unwrap();
    fails(issuer.report("distribute", ""), 13, "REPORT_DIFFERS");
    fails(issuer.broadcast("distribute", ""), 13, "REPORT_DIFFERS");
    assert_eq!(issuer.reported(signed.txid()), 0);
    issuer.desk.write("distribute.signed.json", honest);
    issuer.report("distribute", "").done();
    assert_eq!(issuer.reported(signed.txid()), 1);
}

#[test]
fn a_kept_signed_file_that_is_damaged_is_named_and_nothing_is_reported() {
    let issuer = Issuer::new();
    let signed = issuer.signed(RequestKind::Burn, &issuer.assets[0]);
    issuer.broadcast("burn", "--state own").done();
    issuer.mine(2);
    let kept = format!("own/signed/{}.json", signed.txid());
    let whole = issuer.desk.read(&kept);
    let status = format!("status burn.signed.json {} --state own", issuer.chain());
    for damaged in ["", "{", &whole[..whole.len() / 2]] {
        issuer.desk.write(&kept, damaged);
        let runs = [
            issuer.broadcast("burn", "--state own"),
            issuer.report("burn", "--state own"),
            issuer.desk.run("coldamp-online", &status),
        ];
        for run in runs {
            let words = fails(run, 6, "RECORD");
            assert!(words.contains(&kept) && words.contains("--pset"), "{words}");
        }
    }
    assert_eq!(issuer.reported(signed.txid()), 0);
    // What the hint names keeps it anew.
    let audit = "--state own --pset burn.pset --descriptor treasury.descriptor";
    issuer.broadcast("burn", audit).done();
    assert_eq!(issuer.desk.read(&kept), whole);
    issuer.report("burn", "--state own").done();
    assert_eq!(issuer.reported(signed.txid()), 1);
}

#[test]
fn a_damaged_coin_in_the_record_of_reservations_is_refused() {
    let issuer = Issuer::new();
    issuer.ask(RequestKind::Burn, &issuer.assets[0]).done();
    issuer.prepare("burn", "--state own").done();
    let folder = std::fs::read_dir(issuer.desk.path("own")).unwrap();
    let names = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let record = format!("own/{}", names.into_iter().find(|name| name.ends_with(".json")).unwrap());
    let text = issuer.desk.read(&record);
    let coin = text.split_once("\"coins\": [").unwrap().1.split('"').nth(1).unwrap();
    // One digit of the outpoint is a letter.
    issuer.desk.write(&record, text.replace(coin, &format!("g{}", &coin[1..])));
    std::fs::remove_file(issuer.desk.path("burn.pset")).unwrap();
    let words = fails(issuer.prepare("burn", "--state own"), 6, "RECORD");
    assert!(words.contains(&record) && words.contains("expected a coin as TXID:VOUT"), "{words}");
    issuer.desk.write(&record, text);
    issuer.prepare("burn", "--state own").done();
}

#[test]
fn a_gap_in_the_journal_is_told_and_a_number_that_was_used_is_not_sent() {
    let issuer = Issuer::new();
    let burn = issuer.signed(RequestKind::Burn, &issuer.assets[0]);
    let file = issuer.desk.read("burn.signed.json");
    let at = |number: u32, head: char| {
        let head = head.to_string().repeat(64);
        let zeros = "0".repeat(64);
        let moved = file.replace("\"number\": 0", &format!("\"number\": {number}"));
        moved.replace(&format!("\"head\": \"{zeros}\""), &format!("\"head\": \"{head}\""))
    };
    let send = |content: String, more: &str| {
        issuer.desk.write("burn.signed.json", content);
        let _ = std::fs::remove_file(issuer.desk.path("burn.signed.json.log"));
        issuer.broadcast("burn", more)
    };
    let first = send(at(3, 'a'), "").done().stderr;
    assert!(!first.contains("journal"), "{first}");
    let gap = send(at(6, 'b'), "").done().stderr;
    assert!(gap.contains("entries 4 to 5 of the signing machine's journal were not broadcast from"), "{gap}");
    // The same transaction under an earlier number with another MAC: the journal was put back.
    issuer.sandbox.with(|chain, _| chain.forget(burn.txid()));
    let before = issuer.sandbox.faults().count();
    let words = fails(send(at(3, 'c'), ""), 13, "JOURNAL_FORK");
    assert!(words.contains("entry 3 of the signing machine's journal was transaction"), "{words}");
    assert!(words.contains("--journal-restored"), "{words}");
    assert_eq!(issuer.sandbox.faults().count(), before, "nobody was asked anything");
    assert_eq!(issuer.confirmations(burn.txid()), None);
    // The operator restored a backup, says so once, and hears no more of it.
    send(at(3, 'c'), "--journal-restored").done();
    for number in 4..=6 {
        let later = send(at(number, 'd'), "").done().stderr;
        assert!(!later.contains("journal"), "{later}");
    }
    // What was sent last is what may be sent again; a number that was used before the restore is refused again.
    send(at(6, 'd'), "").done();
    fails(send(at(3, 'a'), ""), 13, "JOURNAL_FORK");
}

/// What one signer's restored journal explains is an alarm for every other signer.
#[test]
fn a_restored_journal_forgives_the_signer_who_is_named_and_nobody_else() {
    let issuer = Issuer::new();
    let burn = issuer.signed(RequestKind::Burn, &issuer.assets[0]);
    let file = issuer.desk.read("burn.signed.json");
    let (before, _) = file.split_once("  \"signer\": ").unwrap();
    let before = before.replacen("\"version\": 1", "\"version\": 2", 1);
    let signer = |byte: &str, head: char| {
        let (id, head) = (byte.repeat(16), head.to_string().repeat(64));
        format!(
            "    {{\n      \"fingerprint\": \"{}\",\n      \"id\": \"{id}\",\n      \"number\": 3,\n      \"head\": \"{head}\"\n    }}",
            byte.repeat(4)
        )
    };
    let send = |first: char, second: char, more: &str| {
        let signers = [signer("11", first), signer("22", second)].join(",\n");
        issuer.desk.write("burn.signed.json", format!("{before}  \"signers\": [\n{signers}\n  ]\n}}\n"));
        let _ = std::fs::remove_file(issuer.desk.path("burn.signed.json.log"));
        issuer.broadcast("burn", more)
    };
    send('a', 'a', "").done();
    issuer.sandbox.with(|chain, _| chain.forget(burn.txid()));
    let words = fails(send('b', 'a', ""), 13, "JOURNAL_FORK");
    assert!(words.contains("signer 11111111: entry 3 "), "{words}");
    for named in ["--journal-restored", "--journal-restored=22222222", "--journal-restored=01020304"] {
        fails(send('b', 'a', named), 13, "JOURNAL_FORK");
    }
    let words = fails(send('b', 'b', "--journal-restored=11111111"), 13, "JOURNAL_FORK");
    assert!(words.contains("signer 22222222: entry 3 "), "{words}");
    send('b', 'a', "--journal-restored=11111111").done();
    issuer.sandbox.with(|chain, _| chain.forget(burn.txid()));
    let both = "--journal-restored=11111111 --journal-restored=22222222";
    send('c', 'c', both).done();
}

/// One signer writes the journal of another one into his part, with its next number. The other's next file would be the fork.
#[test]
fn a_journal_that_another_signer_used_before_is_not_recorded_for_a_second_one() {
    let issuer = Issuer::new();
    let burn = issuer.signed(RequestKind::Burn, &issuer.assets[0]);
    let file = issuer.desk.read("burn.signed.json");
    let (before, _) = file.split_once("  \"signer\": ").unwrap();
    let before = before.replacen("\"version\": 1", "\"version\": 2", 1);
    let send = |fingerprint: &str, number: u32, more: &str| {
        let (id, head) = ("11".repeat(16), "a".repeat(64));
        let signer = format!(
            "    {{\n      \"fingerprint\": \"{fingerprint}\",\n      \"id\": \"{id}\",\n      \"number\": {number},\n      \"head\": \"{head}\"\n    }},\n    {{\n      \"fingerprint\": \"eeeeeeee\"\n    }}"
        );
        issuer.desk.write("burn.signed.json", format!("{before}  \"signers\": [\n{signer}\n  ]\n}}\n"));
        let _ = std::fs::remove_file(issuer.desk.path("burn.signed.json.log"));
        issuer.sandbox.with(|chain, _| chain.forget(burn.txid()));
        issuer.broadcast("burn", more)
    };
    send("11111111", 3, "").done();
    for (number, more) in [(3, ""), (4, ""), (4, "--journal-restored"), (4, "--journal-restored=11111111")] {
        let words = fails(send("22222222", number, more), 13, "JOURNAL_FORK");
        let said =
            format!("signer 22222222: the part names journal {}, which signer 11111111", "11".repeat(16));
        assert!(words.contains(&said), "{words}");
    }
    // Nothing of it was written: the signer's own next file is none.
    send("11111111", 4, "").done();
    // Whose journal it is, the operator says.
    send("22222222", 5, "--journal-restored=22222222").done();
    fails(send("11111111", 6, ""), 13, "JOURNAL_FORK");
}
