//! Asking AMP: what speaks against a request is found before it is asked for, and what AMP answers is saved before anybody
//! looks.

use coldamp_core::units::AssetAmount;
use coldamp_tests::RequestKind;

use crate::desk::{Issuer, fails};

/// How many distributions AMP has made.
fn made(issuer: &Issuer) -> u64 {
    issuer.sandbox.with(|_, amp| amp.distributions_created())
}

#[test]
fn a_distribution_that_no_transaction_can_carry_is_not_made() {
    let issuer = Issuer::new();
    let asset = issuer.assets[0].clone();
    issuer.sandbox.with(|_, amp| {
        for number in 0..80 {
            let user = amp.add_user(&format!("One more holder {number}"));
            amp.assign(&asset.uuid, user, AssetAmount::from_base_units(1)).unwrap();
        }
    });
    let words =
        fails(issuer.request(RequestKind::Distribute, &asset, "--expect-total 18750000080"), 3, "TOO_HEAVY");
    assert!(words.contains("85 recipients") && words.contains("81"), "{words}");
    assert_eq!(made(&issuer), 0);
    assert!(!issuer.desk.has("distribute.json"));
}

#[test]
fn a_distribution_of_more_than_the_treasury_holds_is_not_made() {
    let issuer = Issuer::new();
    let asset = issuer.assets[0].clone();
    issuer.sandbox.with(|_, amp| {
        let user = amp.add_user("A holder of more than there is");
        amp.assign(&asset.uuid, user, AssetAmount::from_base_units(2_000_000_000_000)).unwrap();
    });
    let asked = issuer.request(RequestKind::Distribute, &asset, "--expect-total 2018750000000");
    fails(asked, 3, "MISSING_COINS");
    assert_eq!(made(&issuer), 0);
}

#[test]
fn coins_that_are_promised_or_unconfirmed_do_not_count() {
    let issuer = Issuer::new();
    let asset = issuer.assets[0].clone();
    // The one coin of the asset is reserved by a burn.
    issuer.ask(RequestKind::Burn, &asset).done();
    issuer.prepare("burn", "").done();
    fails(issuer.ask(RequestKind::Distribute, &asset), 3, "MISSING_COINS");
    // Sent, its change is on its way.
    issuer.sign("burn");
    issuer.broadcast("burn", "").done();
    fails(issuer.ask(RequestKind::Distribute, &asset), 3, "MISSING_COINS");
    assert_eq!(made(&issuer), 0);
    issuer.mine(2);
    issuer.report("burn", "").done();
    issuer.ask(RequestKind::Distribute, &asset).done();
    assert_eq!(made(&issuer), 1);
}

#[test]
fn a_distribution_is_made_only_of_the_sum_that_somebody_confirmed() {
    let issuer = Issuer::new();
    let asset = issuer.assets[0].clone();
    fails(issuer.request(RequestKind::Distribute, &asset, "--expect-total 18750000001"), 3, "TOTAL_DIFFERS");
    let nobody = issuer.request(RequestKind::Distribute, &asset, "");
    assert_eq!(nobody.code, 4, "{}", nobody.stderr);
    assert_eq!(made(&issuer), 0);
}

#[test]
fn a_distribution_beside_an_open_one_is_not_made() {
    let issuer = Issuer::new();
    let asset = issuer.assets[0].clone();
    issuer.ask(RequestKind::Distribute, &asset).done();
    issuer.sandbox.with(|_, amp| {
        let user = amp.add_user("A late holder");
        amp.assign(&asset.uuid, user, AssetAmount::from_base_units(1)).unwrap();
    });
    std::fs::rename(issuer.desk.path("distribute.json"), issuer.desk.path("first.json")).unwrap();
    fails(issuer.request(RequestKind::Distribute, &asset, "--expect-total 1"), 13, "DISTRIBUTION_OPEN");
    assert_eq!(made(&issuer), 1);
}

#[test]
fn nothing_is_asked_for_while_amp_has_lost_sight_of_outputs() {
    let issuer = Issuer::new();
    let asset = issuer.assets[0].clone();
    let coin = coldamp_core::elements::OutPoint::new(asset.issued.txid, asset.issued.asset_vout);
    issuer.sandbox.with(|_, amp| assert!(amp.lose(coin)));
    for kind in RequestKind::ALL {
        fails(issuer.ask(kind, &asset), 3, "LOST_OUTPUTS");
    }
    let asked = issuer.sandbox.faults().log();
    assert!(
        !asked.iter().any(|asked| asked.path.contains("-request") || asked.path.contains("create")),
        "{asked:?}"
    );
}

#[test]
fn a_request_is_never_written_over() {
    let issuer = Issuer::new();
    issuer.ask(RequestKind::Burn, &issuer.assets[0]).done();
    let before = (issuer.desk.read("burn.json"), issuer.sandbox.faults().count());
    assert_eq!(issuer.ask(RequestKind::Burn, &issuer.assets[0]).code, 7);
    assert_eq!((issuer.desk.read("burn.json"), issuer.sandbox.faults().count()), before, "AMP was not asked");
}

#[test]
fn amp_is_not_asked_where_its_answer_could_not_be_saved() {
    let issuer = Issuer::new();
    let asset = &issuer.assets[0];
    for (kind, what) in [
        (RequestKind::Distribute, "--expect-total 18750000000"),
        (RequestKind::Reissue, "--amount 1"),
        (RequestKind::Burn, "--amount 1"),
    ] {
        // Folders that are there, under names that are free, where no file can be made.
        for output in ["/proc/request.json".to_owned(), format!("{}.json", "x".repeat(260))] {
            let arguments = format!(
                "request {} --asset {} {what} --descriptor treasury.descriptor --network regtest {} -o {output}",
                kind.name(),
                asset.uuid,
                issuer.network()
            );
            let before = issuer.desk.files();
            let run = issuer.desk.run("coldamp-online", &arguments);
            assert_eq!(run.code, 7, "{}", run.stderr);
            assert!(
                run.stderr.contains("error: cannot write ") && run.stderr.contains("\nhint: "),
                "{}",
                run.stderr
            );
            assert_eq!(issuer.desk.files(), before);
        }
    }
    assert_eq!((made(&issuer), issuer.sandbox.faults().count()), (0, 0), "AMP was asked");
}

#[test]
fn an_amount_above_the_money_range_is_named_and_nobody_is_asked() {
    let issuer = Issuer::new();
    for kind in [RequestKind::Reissue, RequestKind::Burn] {
        for (amount, grouped) in [
            ("2100000000000001", "2 100 000 000 000 001"),
            ("18446744073709551615", "18 446 744 073 709 551 615"),
        ] {
            let run = issuer.request(kind, &issuer.assets[0], &format!("--amount {amount}"));
            assert_eq!(run.code, 2, "{}", run.stderr);
            let words = format!(
                "--amount is {grouped} base units, but one request can ask for at most 2 100 000 000 000 000 base units"
            );
            assert!(run.stderr.contains(&words), "{}", run.stderr);
        }
    }
    assert_eq!(issuer.sandbox.faults().count(), 0, "AMP was asked");
    // The most that there can be is asked for: what stops it is the treasury.
    let run = issuer.request(RequestKind::Burn, &issuer.assets[0], "--amount 2100000000000000");
    fails(run, 3, "MISSING_COINS");
}

#[test]
fn an_assignment_above_the_money_range_is_amps_to_correct() {
    let issuer = Issuer::new();
    let asset = issuer.assets[0].clone();
    issuer.sandbox.with(|_, amp| {
        let user = amp.add_user("A holder of more than money");
        amp.assign(&asset.uuid, user, AssetAmount::from_base_units(2_100_000_000_000_001)).unwrap();
    });
    let asked = issuer.request(RequestKind::Distribute, &asset, "--expect-total 2118750000000001");
    let words = fails(asked, 3, "AMOUNT_SYNTAX");
    assert!(words.contains("correct them at AMP") && !words.contains("report the line above"), "{words}");
    assert_eq!(made(&issuer), 0);
}
