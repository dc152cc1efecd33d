//! The three jobs, of both kinds of asset, from AMP's request to AMP's record of the report.

use coldamp_tests::{RequestKind, Run};

use crate::desk::{Issuer, fails};

#[test]
fn every_job_of_both_kinds_of_asset_goes_from_the_request_to_its_confirmation() {
    let issuer = Issuer::new();
    for asset in &issuer.assets {
        for kind in RequestKind::ALL {
            let name = format!("{} {}", asset.issued.ticker, kind.name());
            let signed = issuer.signed(kind, asset);
            assert_eq!(issuer.confirmations(signed.txid()), None, "{name}");
            let audit = format!("--pset {}.pset --descriptor treasury.descriptor", kind.name());
            let sent = issuer.broadcast(kind.name(), &audit).done();
            assert!(
                sent.stderr.contains("\nsent           ") && sent.stderr.contains("audited"),
                "{}",
                sent.stderr
            );
            assert_eq!(issuer.confirmations(signed.txid()), Some(0), "{name}");
            fails(issuer.report(kind.name(), ""), 10, "NOT_YET");
            issuer.mine(2);
            let report = issuer.report(kind.name(), "").done();
            assert!(report.stderr.contains("AMP took the report of"), "{name}: {}", report.stderr);
            let agrees = "AMP's record of the transaction agrees with the report";
            assert!(report.stderr.contains(agrees), "{name}: {}", report.stderr);
            assert_eq!(issuer.reported(signed.txid()), 1, "{name}");
            for file in issuer.desk.files().iter().filter(|file| file.starts_with(kind.name())) {
                std::fs::remove_file(issuer.desk.path(file)).unwrap();
            }
        }
    }
}

#[test]
fn what_is_done_is_not_done_again() {
    let issuer = Issuer::new();
    let signed = issuer.signed(RequestKind::Distribute, &issuer.assets[0]);
    issuer.broadcast("distribute", "").done();
    let again = issuer.broadcast("distribute", "").done();
    assert!(again.stderr.contains("was sent"), "{}", again.stderr);
    issuer.mine(2);
    let again = issuer.broadcast("distribute", "").done();
    assert!(again.stderr.contains("in block"), "{}", again.stderr);
    issuer.report("distribute", "").done();
    let again = issuer.report("distribute", "").done();
    assert!(again.stderr.contains("AMP has the report of"), "{}", again.stderr);
    assert_eq!(issuer.reported(signed.txid()), 1);
    // From another desk, without the log, AMP's own record says so.
    std::fs::remove_file(issuer.desk.path("distribute.signed.json.log")).unwrap();
    issuer.report("distribute", "--state another").done();
    assert_eq!(issuer.reported(signed.txid()), 1);
    let status = |code: i32| -> Run {
        let arguments = format!("status distribute.signed.json --state another {}", issuer.chain());
        let run = issuer.desk.run("coldamp-online", &arguments);
        assert_eq!(run.code, code, "{}", run.stderr);
        run
    };
    assert!(status(0).stdout.contains("report         AMP's record has it, by the log"));
}

#[test]
fn status_of_a_signed_file_takes_a_state_folder_and_holds_the_file_against_it() {
    let issuer = Issuer::new();
    let signed = issuer.signed(RequestKind::Burn, &issuer.assets[0]);
    issuer.broadcast("burn", "--state own").done();
    let status = |state: &str| {
        let arguments = format!("status burn.signed.json {} {state}", issuer.chain());
        issuer.desk.run("coldamp-online", &arguments)
    };
    for state in ["--state own", "--state another", ""] {
        let words = fails(status(state), 10, "NOT_YET");
        assert!(words.contains("coldamp-online report"), "{words}");
    }
    // The report on the stick is not the one that was broadcast from this folder.
    let kept = issuer.desk.path(&format!("own/signed/{}.json", signed.txid()));
    let text = issuer.desk.read("burn.signed.json");
    let changed = text.replace(&issuer.uuid().to_string(), "00000000-0000-4000-8000-000000000000");
    assert_ne!(changed, text);
    std::fs::write(&kept, changed).unwrap();
    fails(status("--state own"), 13, "REPORT_DIFFERS");
    fails(status("--state another"), 10, "NOT_YET");
}

#[test]
fn a_transaction_that_a_reorganisation_took_back_is_waited_for_anew() {
    let issuer = Issuer::new();
    issuer.signed(RequestKind::Burn, &issuer.assets[0]);
    issuer.broadcast("burn", "").done();
    issuer.mine(2);
    issuer.sandbox.with(|chain, _| chain.reorganise(2));
    fails(issuer.report("burn", ""), 10, "NOT_YET");
    issuer.mine(1);
    fails(issuer.report("burn", ""), 10, "NOT_YET");
    issuer.mine(1);
    issuer.report("burn", "").done();
}

#[test]
fn a_reported_transaction_that_is_not_on_the_chain_any_more_is_told_and_can_be_sent_again() {
    let issuer = Issuer::new();
    let signed = issuer.signed(RequestKind::Burn, &issuer.assets[0]);
    issuer.broadcast("burn", "").done();
    issuer.mine(2);
    issuer.report("burn", "").done();
    let status =
        |chain: String| issuer.desk.run("coldamp-online", &format!("status burn.signed.json {chain}"));
    status(issuer.chain()).done();
    issuer.sandbox.with(|chain, _| {
        chain.reorganise(2);
        chain.forget(signed.txid());
    });
    for chain in [issuer.chain(), issuer.network()] {
        let words = fails(status(chain), 10, "NOT_SENT");
        assert!(words.contains("was reported") && words.contains("coldamp-online broadcast"), "{words}");
    }
    issuer.broadcast("burn", "").done();
    issuer.mine(2);
    status(issuer.chain()).done();
}

#[test]
fn two_jobs_prepared_in_one_morning_share_no_coin_and_both_are_sent() {
    let issuer = Issuer::new();
    let [plain, veiled] = issuer.assets.as_slice() else { panic!("two assets") };
    issuer.ask(RequestKind::Burn, plain).done();
    issuer.prepare("burn", "").done();
    issuer.ask(RequestKind::Reissue, veiled).done();
    let second = issuer.prepare("reissue", "").done();
    assert!(second.stderr.contains("coins skipped"), "{}", second.stderr);
    let (first, second) = (issuer.sign("burn"), issuer.sign("reissue"));
    let inputs = |signed: &coldamp_core::signed::SignedFile| {
        signed.transaction().input.iter().map(|input| input.previous_output).collect::<Vec<_>>()
    };
    assert!(inputs(&first).iter().all(|coin| !inputs(&second).contains(coin)));
    let open = issuer.desk.run(
        "coldamp-online",
        &format!("status --descriptor treasury.descriptor --network regtest {}", issuer.chain()),
    );
    assert!(
        open.stdout.contains("burn 5 000 000 001 ") && open.stdout.contains("reissue 123 456 789 "),
        "{}",
        open.stdout
    );
    issuer.broadcast("burn", "").done();
    issuer.broadcast("reissue", "").done();
    issuer.mine(2);
    issuer.report("burn", "").done();
    issuer.report("reissue", "").done();
    // A request prepared again keeps its coins, and so its bytes: here they are spent, which is told.
    std::fs::remove_file(issuer.desk.path("burn.pset")).unwrap();
    fails(issuer.prepare("burn", ""), 3, "COINS_SPENT");
}

#[test]
fn a_distribution_that_is_on_its_way_is_not_prepared_from_other_coins() {
    let issuer = Issuer::new();
    issuer.signed(RequestKind::Distribute, &issuer.assets[0]);
    issuer.broadcast("distribute", "").done();
    std::fs::remove_file(issuer.desk.path("distribute.pset")).unwrap();
    fails(issuer.prepare("distribute", ""), 3, "COINS_SPENT");
    issuer.mine(2);
    let words = fails(issuer.prepare("distribute", ""), 3, "COINS_SPENT");
    assert!(!issuer.desk.path("distribute.pset").exists());
    // Whoever knows better gives its coins back by the id that the hint names.
    let id = words.split_once("--release ").unwrap().1.split('`').next().unwrap();
    let status = "status --descriptor treasury.descriptor --network regtest";
    issuer.desk.run("coldamp-online", &format!("{status} {} --release {id}", issuer.chain())).done();
    issuer.prepare("distribute", "").done();
}
