//! An AMP that fails, breaks off after it has acted, or answers with a page; and a chain that does.

use coldamp_core::elements::Txid;
use coldamp_core::units::FeeRate;
use coldamp_sandbox::amp::Endpoint;
use coldamp_sandbox::faults::{Edit, Fault, Rule, Then, When};
use coldamp_tests::RequestKind;
use serde_json::json;

use crate::desk::{Issuer, fails};

/// Lets one request to a path go wrong.
fn once(issuer: &Issuer, method: &str, path: &str, fault: Fault) {
    let (method, path) = (Some(method.to_owned()), path.to_owned());
    issuer.sandbox.faults().set(vec![Rule { method, path, skip: 0, count: Some(1), fault }]);
}

/// A distribution that was sent and has two confirmations.
fn deep(issuer: &Issuer) -> Txid {
    let signed = issuer.signed(RequestKind::Distribute, &issuer.assets[0]);
    issuer.broadcast("distribute", "").done();
    issuer.mine(2);
    signed.txid()
}

#[test]
fn a_report_that_amp_took_without_saying_so_is_found_in_its_record_and_not_posted_again() {
    for fault in [Fault::Status { status: 500, acted: true }, Fault::DropAfter] {
        let issuer = Issuer::new();
        let txid = deep(&issuer);
        once(&issuer, "POST", "/api/assets/", fault.clone());
        let run = issuer.report("distribute", "").done();
        assert!(run.stderr.contains("AMP has the report"), "{fault:?}: {}", run.stderr);
        issuer.report("distribute", "").done();
        assert_eq!(issuer.reported(txid), 1, "{fault:?}");
    }
}

#[test]
fn a_report_that_amp_did_not_take_is_posted_when_the_command_is_run_again() {
    for fault in [
        Fault::Status { status: 500, acted: false },
        Fault::Status { status: 503, acted: false },
        Fault::DropBefore,
    ] {
        let issuer = Issuer::new();
        let txid = deep(&issuer);
        once(&issuer, "POST", "/api/assets/", fault.clone());
        fails(issuer.report("distribute", ""), 10, "UNCLEAR");
        assert_eq!(issuer.reported(txid), 0, "{fault:?}");
        issuer.report("distribute", "").done();
        assert_eq!(issuer.reported(txid), 1, "{fault:?}");
    }
}

#[test]
fn a_page_with_status_200_is_no_word_of_amps() {
    for kind in RequestKind::ALL {
        let issuer = Issuer::new();
        let signed = issuer.signed(kind, &issuer.assets[0]);
        issuer.broadcast(kind.name(), "").done();
        issuer.mine(2);
        // A proxy answers in AMP's place, and AMP hears nothing.
        let page = Fault::Answers { status: 200, body: "<html>down for maintenance</html>".to_owned() };
        once(&issuer, "POST", "/api/assets/", page);
        fails(issuer.report(kind.name(), ""), 10, "UNCLEAR");
        assert_eq!(issuer.reported(signed.txid()), 0, "{}", kind.name());
        issuer.report(kind.name(), "").done();
        assert_eq!(issuer.reported(signed.txid()), 1, "{}", kind.name());
        // AMP hears it, and its answer is lost behind a page: its record has it.
        let issuer = Issuer::new();
        let signed = issuer.signed(kind, &issuer.assets[0]);
        issuer.broadcast(kind.name(), "").done();
        issuer.mine(2);
        once(&issuer, "POST", "/api/assets/", Fault::NotJson);
        let run = issuer.report(kind.name(), "").done();
        assert!(run.stderr.contains("AMP has the report"), "{}", run.stderr);
        assert_eq!(issuer.reported(signed.txid()), 1, "{}", kind.name());
    }
    let issuer = Issuer::new();
    once(&issuer, "GET", "/api/assets/", Fault::NotJson);
    fails(issuer.ask(RequestKind::Burn, &issuer.assets[0]), 12, "AMP_ANSWER");
    once(&issuer, "POST", "/api/user/", Fault::NotJson);
    fails(issuer.ask(RequestKind::Burn, &issuer.assets[0]), 12, "AMP_ANSWER");
}

#[test]
fn a_report_that_amp_refuses_is_told_in_amps_words_and_can_be_run_again() {
    let issuer = Issuer::new();
    let txid = deep(&issuer);
    once(&issuer, "POST", "/api/assets/", Fault::Status { status: 400, acted: false });
    fails(issuer.report("distribute", ""), 12, "AMP_REFUSED");
    issuer.report("distribute", "").done();
    assert_eq!(issuer.reported(txid), 1);
}

#[test]
fn without_neighbours_to_look_at_a_lost_answer_is_for_a_person_to_decide() {
    let issuer = Issuer::new();
    let txid = deep(&issuer);
    issuer.sandbox.with(|_, amp| {
        amp.without(Endpoint::Distribution);
        amp.without(Endpoint::Tx);
    });
    once(&issuer, "POST", "/api/assets/", Fault::DropAfter);
    fails(issuer.report("distribute", ""), 10, "UNCLEAR");
    fails(issuer.report("distribute", ""), 13, "REPORT_UNKNOWN");
    assert_eq!(issuer.reported(txid), 1, "not posted a second time by itself");
    let again = issuer.report("distribute", "--again").done();
    assert!(again.stderr.contains("no record of the transaction to compare"), "{}", again.stderr);
    assert_eq!(issuer.reported(txid), 2);
}

#[test]
fn a_report_from_another_copy_of_the_file_is_not_posted_again() {
    let issuer = Issuer::new();
    let signed = issuer.signed(RequestKind::Burn, &issuer.assets[0]);
    issuer.broadcast("burn", "").done();
    issuer.mine(2);
    issuer.report("burn", "").done();
    std::fs::remove_file(issuer.desk.path("burn.signed.json.log")).unwrap();
    let again = issuer.report("burn", "").done();
    assert!(again.stderr.contains("AMP has the report"), "{}", again.stderr);
    assert_eq!(issuer.reported(signed.txid()), 1);
}

/// Another copy of a signed file: `altered` has another number of the journal, which anybody can write into it.
fn copied(issuer: &Issuer, name: &str, copy: &str, altered: bool) {
    let file = issuer.desk.read(&format!("{name}.signed.json"));
    let number = if altered { "\"number\": 7" } else { "\"number\": 0" };
    issuer.desk.write(&format!("{copy}.signed.json"), file.replace("\"number\": 0", number));
}

#[test]
fn a_report_that_amp_said_yes_to_is_not_posted_again_from_another_copy_whatever_its_record_shows() {
    let issuer = Issuer::new();
    let signed = issuer.signed(RequestKind::Distribute, &issuer.assets[0]);
    let txid = signed.txid();
    issuer.broadcast("distribute", "").done();
    issuer.mine(2);
    // AMP's record is behind.
    let (asset, uuid) = (issuer.uuid(), signed.distribution_uuid().unwrap());
    let path = format!("/api/assets/{asset}/distributions/{uuid}$");
    let set = |at: &str, value| Edit::Set { at: at.to_owned(), value };
    let edits = vec![set("/transactions", json!([])), set("/distribution_status", json!("UNCONFIRMED"))];
    let fault = Fault::Altered { status: None, edits };
    issuer.sandbox.faults().set(vec![Rule {
        method: Some("GET".to_owned()),
        path,
        skip: 0,
        count: None,
        fault,
    }]);
    fails(issuer.report("distribute", ""), 10, "REPORT_MISSING");
    for (copy, altered) in [("same", false), ("altered", true)] {
        copied(&issuer, "distribute", copy, altered);
        fails(issuer.report(copy, ""), 10, "REPORT_MISSING");
        let status =
            issuer.desk.run("coldamp-online", &format!("status {copy}.signed.json {}", issuer.chain()));
        assert!(status.stdout.contains("report         AMP took it"), "{}", status.stdout);
        assert_eq!(issuer.reported(txid), 1, "{copy}");
    }
    fails(issuer.report("same", "--again"), 10, "REPORT_MISSING");
    assert_eq!(issuer.reported(txid), 2, "a person may");
}

#[test]
fn a_report_whose_answer_was_lost_is_not_posted_again_from_another_copy() {
    let issuer = Issuer::new();
    let txid = deep(&issuer);
    issuer.sandbox.with(|_, amp| {
        amp.without(Endpoint::Distribution);
        amp.without(Endpoint::Tx);
    });
    once(&issuer, "POST", "/api/assets/", Fault::DropAfter);
    fails(issuer.report("distribute", ""), 10, "UNCLEAR");
    copied(&issuer, "distribute", "copy", true);
    fails(issuer.report("copy", ""), 13, "REPORT_UNKNOWN");
    assert_eq!(issuer.reported(txid), 1);
}

#[test]
fn two_copies_of_a_file_are_not_reported_at_once() {
    let issuer = Issuer::new();
    let txid = deep(&issuer);
    copied(&issuer, "distribute", "copy", false);
    let faults = issuer.sandbox.faults();
    let held = faults.count() + 1;
    faults.hold(held, When::Before);
    let arguments = format!("report distribute.signed.json {} --no-wait", issuer.network());
    let mut first = issuer.desk.start("coldamp-online", &arguments);
    assert!(faults.wait_held(held).is_some());
    fails(issuer.report("copy", ""), 13, "LOG_BUSY");
    faults.release(held, Then::Proceed);
    assert!(first.wait().unwrap().success());
    faults.forget_holds();
    issuer.report("copy", "").done();
    assert_eq!(issuer.reported(txid), 1);
}

#[test]
fn a_lost_answer_stays_one_when_the_transaction_is_looked_for_in_between() {
    let issuer = Issuer::new();
    let signed = issuer.signed(RequestKind::Burn, &issuer.assets[0]);
    issuer.broadcast("burn", "").done();
    // As if it had been sent from elsewhere: a broadcast then adds to the log after the post.
    std::fs::remove_file(issuer.desk.path("burn.signed.json.log")).unwrap();
    issuer.mine(2);
    issuer.sandbox.with(|_, amp| {
        amp.without(Endpoint::Txs);
        amp.without(Endpoint::Tx);
    });
    once(&issuer, "POST", "/api/assets/", Fault::DropAfter);
    fails(issuer.report("burn", ""), 10, "UNCLEAR");
    issuer.broadcast("burn", "").done();
    fails(issuer.report("burn", ""), 13, "REPORT_UNKNOWN");
    assert_eq!(issuer.reported(signed.txid()), 1);
}

#[test]
fn a_neighbour_that_cannot_be_read_keeps_no_report_back() {
    let issuer = Issuer::new();
    let txid = deep(&issuer);
    once(&issuer, "GET", "/api/assets/", Fault::NotJson);
    issuer.report("distribute", "").done();
    assert_eq!(issuer.reported(txid), 1);
}

#[test]
fn wrong_credentials_are_told_and_not_shown() {
    let issuer = Issuer::new();
    issuer.desk.write("credentials", "issuer\nhunter2\n");
    let words = fails(issuer.ask(RequestKind::Burn, &issuer.assets[0]), 12, "AMP_CREDENTIALS");
    assert!(!words.contains("hunter2"), "{words}");
    issuer.desk.write("credentials", "0123456789012345678901234567890123456789\n");
    let words = fails(issuer.ask(RequestKind::Burn, &issuer.assets[0]), 12, "AMP_CREDENTIALS");
    assert!(!words.contains("0123456789"), "{words}");
}

#[test]
fn a_transaction_whose_answer_was_lost_is_found_on_the_chain() {
    let issuer = Issuer::new();
    let signed = issuer.signed(RequestKind::Burn, &issuer.assets[0]);
    once(&issuer, "POST", "/esplora/tx", Fault::DropAfter);
    issuer.broadcast("burn", "").done();
    assert_eq!(issuer.confirmations(signed.txid()), Some(0));
    let sent = issuer.sandbox.faults().log();
    let sent = sent.iter().filter(|asked| asked.method == "POST" && asked.path == "/esplora/tx").count();
    assert_eq!(sent, 1, "nothing that sends is tried again blindly");
}

#[test]
fn a_transaction_that_did_not_arrive_is_sent_when_the_command_is_run_again() {
    let issuer = Issuer::new();
    let signed = issuer.signed(RequestKind::Burn, &issuer.assets[0]);
    once(&issuer, "POST", "/esplora/tx", Fault::DropBefore);
    fails(issuer.broadcast("burn", ""), 11, "UNCLEAR");
    assert_eq!(issuer.confirmations(signed.txid()), None);
    issuer.broadcast("burn", "").done();
    assert_eq!(issuer.confirmations(signed.txid()), Some(0));
}

#[test]
fn a_fee_that_nodes_no_longer_take_is_told_with_the_way_out() {
    let issuer = Issuer::new();
    issuer.signed(RequestKind::Burn, &issuer.assets[0]);
    issuer.sandbox.with(|chain, _| chain.set_relay_fee(FeeRate::from_sat_per_kvb(1_000)));
    let words = fails(issuer.broadcast("burn", ""), 11, "FEE_TOO_LOW");
    assert!(words.contains("--replace") && words.contains("--fee-basis full"), "{words}");
}
