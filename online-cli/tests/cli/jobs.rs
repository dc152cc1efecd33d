//! Jobs that can be prepared, and what is said of them.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use coldamp_core::pset::UnsignedPset;

use crate::desk::{Desk, JOBS, PREPARE, SCENARIOS};

#[test]
fn every_job_of_every_scenario_is_prepared_and_twice_the_same() {
    for scenario in SCENARIOS {
        for job in JOBS {
            let desk = Desk::of(scenario, job);
            let run = desk.run(PREPARE);
            assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{scenario} {job}: {}", run.stderr);
            let pset = desk.read("unsigned.pset");
            assert!(pset.ends_with('\n') && pset.lines().count() == 1, "{scenario} {job}");
            let read = UnsignedPset::read(pset.as_bytes()).unwrap();
            assert!(read.problems.is_empty(), "{scenario} {job}");
            let mode = fs::metadata(desk.path("unsigned.pset")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "who gets how much is the desk's business alone");
            assert_eq!(desk.files(), ["descriptor", "request.json", "transactions.json", "unsigned.pset"]);

            // Another folder, the entries the other way round, the descriptor with its checksum.
            let again = Desk::of(scenario, job);
            let mut entries = again.entries();
            entries.reverse();
            again.write_entries(&entries);
            again.write("descriptor", desk.descriptor().with_checksum());
            let second = again.run(&PREPARE.replace("unsigned.pset", "again"));
            assert_eq!(again.read("again"), pset, "{scenario} {job}: {}", second.stderr);
        }
    }
}

#[test]
fn a_distribution_is_told_in_amps_words() {
    let stderr = Desk::of("wpkh", "distribute").run(PREPARE).stderr;
    for line in [
        "command        distribute on regtest",
        "asset          c827f4a9f08a0eb9372c163621585f3d795c68b6a577505b457ff1c6ebb71015",
        "asset uuid     025b413f-8a9a-421e-a648-a7dd06839eb9",
        "distribution   afbd67f9-6196-49cf-a198-8ad9f06c144a",
        "recipients     5",
        "in total       92 562 719 514 base units",
        "inputs         2",
        "               8cbb31b4cadecbbba76fb9992dfcd49a0093835652f41d24ef38a52d233b452c:2 140 800 000 001 base units of the asset",
        "change         48 237 280 487 base units of the asset at 1/4",
        "change         45 980 base units (0.00045980) of L-BTC at 1/5",
        "fee            67 sat: 100 sat/kvB of the discounted size, 661 vB",
        "weight         at most 34 137 weight units; nodes relay up to 400 000 weight units",
        "unsigned PSET  unsigned.pset",
    ] {
        assert!(stderr.lines().any(|said| said == line), "{line:?} is not in:\n{stderr}");
    }
    assert!(!stderr.contains("left out") && !stderr.contains("unconfidential"), "{stderr}");
}

#[test]
fn a_reissue_says_what_is_made_and_where_the_token_goes() {
    let desk = Desk::of("wpkh-blinded-issuance", "reissue");
    let token = desk.info()["issuance"]["reissuance_token"].as_str().unwrap().to_owned();
    let stderr = desk.run(PREPARE).stderr;
    for line in [
        "reissued       63 967 402 675 base units",
        "on the chain   blinded, as the asset was issued",
        "to ourselves   63 967 402 675 base units of the asset at 0/9",
        &format!("to ourselves   100 000 000 base units of its reissuance token {token} at 0/10"),
    ] {
        assert!(stderr.lines().any(|said| said == line), "{line:?} is not in:\n{stderr}");
    }
}

#[test]
fn a_burn_says_what_is_destroyed() {
    let stderr = Desk::of("wpkh", "burn").run(PREPARE).stderr;
    assert!(stderr.contains("\ndestroyed      1 775 base units\n"), "{stderr}");
}

#[test]
fn the_fee_is_paid_for_the_size_that_was_asked_for() {
    let fee = |flags: &str| {
        let stderr = Desk::of("wpkh-80-recipients", "distribute").run(&format!("{PREPARE} {flags}")).stderr;
        stderr.lines().find_map(|line| line.strip_prefix("fee            ").map(str::to_owned)).unwrap()
    };
    assert_eq!(fee(""), "569 sat: 100 sat/kvB of the discounted size, 5 686 vB");
    assert_eq!(fee("--fee-basis full"), "9 792 sat: 100 sat/kvB of the full size, 97 915 vB");
    assert_eq!(fee("--fee-rate 250"), "1 422 sat: 250 sat/kvB of the discounted size, 5 686 vB");
}

#[test]
fn what_the_desk_should_look_into_is_a_warning() {
    let warnings = |desk: &Desk, flags: &str| {
        let run = desk.run(&format!("{PREPARE} {flags}"));
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stderr
            .lines()
            .filter_map(|line| line.strip_prefix("warning")?.split_once(": "))
            .map(|(_, said)| said.to_owned())
            .collect::<Vec<_>>()
    };
    let unconfidential = warnings(&Desk::of("wpkh-blinded-issuance", "distribute"), "");
    let mut named =
        unconfidential.iter().filter(|line| line.starts_with("ert1q") && line.contains("is unconfidential"));
    assert_eq!(named.clone().count(), 5, "{unconfidential:?}");
    assert!(named.next_back().unwrap().ends_with("(and 1 more like this)"), "{unconfidential:?}");

    let unknown = Desk::of("wpkh", "burn");
    unknown.replace("request.json", "\"command\"", "\"memo\\u00e9\": \"x\", \"command\"");
    let said = warnings(&unknown, "");
    assert!(said.iter().any(|line| line.contains(r#"not understood: "memo\u{e9}""#)), "{said:?}");

    let older = Desk::of("wpkh", "burn");
    older.replace("request.json", "version\": 2", "version\": 1");
    let said = warnings(&older, "");
    assert!(said.iter().any(|line| line.contains("client version 1; 2 is known")), "{said:?}");
}

#[test]
fn a_fee_that_the_cold_side_refuses_is_refused_here() {
    Desk::of("wpkh", "burn").fails(
        &format!("{PREPARE} --fee-rate 10000"),
        3,
        &["error[FEE_TOO_HIGH]: ", "at most 1 000 sat"],
    );
}

#[test]
fn the_issuance_may_be_named() {
    let desk = Desk::of("wpkh-split-token", "reissue");
    let unnamed = desk.run(PREPARE);
    let txid = desk.info()["issuance"]["txid"].as_str().unwrap().to_owned();
    let named = desk.run(&format!("{} --issuance-tx {txid}", PREPARE.replace("unsigned.pset", "named")));
    assert_eq!((unnamed.code, named.code), (0, 0), "{}", named.stderr);
    assert_eq!(desk.read("named"), desk.read("unsigned.pset"));
}
