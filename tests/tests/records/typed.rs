//! Approval at a terminal: what is about to happen is typed.

use coldamp_tests::{Desk, Job, KEYS, RequestKind, Scenario, Treasury, policy_file, with_contract};

use super::desk::{only, signed};

const END: &str = "characters of the asset id: ";

#[test]
fn amount_and_end_of_the_asset_id_approve_where_nothing_pins_the_ticker() {
    let scenario = Scenario::load("wpkh");
    let treasury = Treasury::of(&scenario);
    let desk = Desk::cold(&scenario);
    desk.write("d.pset", treasury.job(&scenario, RequestKind::Distribute).prepare().pset);
    let sign = format!("sign d.pset {KEYS} -o d.json");
    for (answers, code) in [
        (
            &[("in base units", "92562719513"), ("in base units", "925.62719514"), ("in base units", "y")][..],
            4,
        ),
        (&[("in base units", "92562719514"), (END, "DTST"), (END, "bb71015"), (END, "fa05b602")], 4),
        (&[("in base units", "92_562_719_514"), (END, "ebb7101"), (END, "\u{3}")], 4),
        // A slip costs no second review.
        (
            &[
                ("in base units", "9256271951"),
                ("in base units", "92 562 719 514"),
                (END, "x"),
                (END, "ebb71015"),
            ],
            0,
        ),
    ] {
        let run = desk.run_typing("coldamp", &sign, answers);
        assert_eq!(run.code, code, "{answers:?}: {}", run.stderr);
        assert_eq!(desk.has("d.json"), code == 0, "{answers:?}");
        assert_eq!(run.stdout.matches("what comes out").count(), 1, "{answers:?}");
    }
    let list = desk.run("coldamp", &format!("journal list {KEYS}")).done().stdout;
    assert!(list.contains("approved at the terminal"), "{list}");
}

#[test]
fn under_a_contract_in_the_policy_amounts_have_its_precision_and_the_ticker_is_enough() {
    let scenario = Scenario::load("wpkh");
    let treasury = Treasury::of(&scenario);
    let desk = Desk::cold(&scenario);
    let info = scenario.info();
    let contract = serde_json::to_string(info.contract.as_ref().unwrap()).unwrap();
    let prevout = &info.issuance.prevout;
    let prevout = format!("{}:{}", prevout.txid, prevout.vout);
    desk.set_policy(&with_contract(&policy_file(&info.asset, ""), &contract, &prevout));
    desk.write("r.pset", treasury.job(&scenario, RequestKind::Reissue).prepare().pset);
    let sign = format!("sign r.pset {KEYS} -o r.json");
    let wrong = desk.run_typing("coldamp", &sign, &[("in DTST", "599.96572739"); 3]);
    assert_eq!(wrong.code, 4, "{}", wrong.stderr);
    assert!(wrong.stderr.contains("3 answers did not match"), "{}", wrong.stderr);
    let run = desk.run_typing("coldamp", &sign, &[("in DTST", "599965727.39"), ("ticker", "DTST")]);
    assert_eq!(run.code, 0, "{}", run.stderr);
}

#[test]
fn an_open_distribution_to_the_same_holders_is_lifted_by_its_uuid_alone() {
    let scenario = Scenario::load("wpkh");
    let treasury = Treasury::of(&scenario);
    let desk = Desk::cold(&scenario);
    let text = String::from_utf8(scenario.request(RequestKind::Distribute)).unwrap();
    let old = "afbd67f9-6196-49cf-a198-8ad9f06c144a";
    let new =
        Job { treasury: &treasury, request: text.replace(old, &old.replace("afbd", "bfbd")).into_bytes() };
    let first = treasury.job(&scenario, RequestKind::Distribute);
    signed(&desk, "a", &first.prepare_from(&[], only(&["8cbb31:2", "8cbb31:0"])).pset);
    desk.write("t.pset", new.prepare_from(&[], only(&["8cbb31:1", "6d35d7:1"])).pset);
    let sign = format!("sign t.pset {KEYS} -o t.json");
    let known = [("in base units", "92562719514"), ("asset id", "ebb71015")];
    let with = |uuid: &'static str, tries| [known.as_slice(), &vec![("Type its uuid", uuid); tries]].concat();
    for (answers, code) in [
        (with("bfbd67f9-6196-49cf-a198-8ad9f06c144a", 3), 4),
        (with("afbd67f9-6196-49cf-a198-8ad9f06c144a", 1), 0),
    ] {
        let run = desk.run_typing("coldamp", &sign, &answers);
        assert_eq!(run.code, code, "{}", run.stderr);
    }
    let list = desk.run("coldamp", &format!("journal list {KEYS}")).done().stdout;
    assert!(list.contains(&format!("although distribution {old} was open")), "{list}");
}

#[test]
fn a_signing_that_can_never_confirm_is_declared_void_by_its_transaction() {
    let scenario = Scenario::load("wpkh");
    let treasury = Treasury::of(&scenario);
    let desk = Desk::cold(&scenario);
    let job = treasury.job(&scenario, RequestKind::Distribute);
    let first = signed(&desk, "a", &job.prepare_from(&[], only(&["8cbb31:2", "8cbb31:0"])).pset);
    let other = job.prepare_from(&[], only(&["8cbb31:1", "6d35d7:1"])).pset;
    super::desk::not_signed(&desk, "b", &other, &["ALREADY_SIGNED"]);
    let acknowledge = |entry: u32| format!("journal declare-void {KEYS} {entry}");
    let txid = first["txid"].as_str().unwrap().to_owned();
    let end: String = txid.chars().skip(56).collect();
    assert_eq!(desk.run("coldamp", &acknowledge(1)).code, 4);
    assert_eq!(desk.run_typing("coldamp", &acknowledge(1), &[("transaction id", "00000000")]).code, 4);
    super::desk::refused(&desk, &acknowledge(0), &["JOURNAL"]);
    super::desk::refused(&desk, &acknowledge(9), &["JOURNAL"]);
    let run = desk.run_typing("coldamp", &acknowledge(1), &[("transaction id", &end)]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    signed(&desk, "b-again", &other);
}
