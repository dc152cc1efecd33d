//! Assignments: what the next distribution would be, what a distribution pays, whether it waits.

use coldamp_tests::RequestKind;
use serde_json::{Value, json};

use super::row::*;
use super::stage::{Asked, Seen, Stage};

const ASSIGNMENTS: Asked<'_> = ("GET", "ASSET/assignments");
const OTHER_UUID: &str = "00000000-1111-2222-3333-444444444444";

/// What is no list of assignments; the same for everybody who reads one.
fn unreadable() -> Vec<Row> {
    let mut rows = bodies(&NO_LIST, &NO_ANSWER);
    for field in [
        "id",
        "amount",
        "receiving_address",
        "distribution_uuid",
        "ready_for_distribution",
        "has_vested",
        "is_distributed",
    ] {
        let at = format!("/0/{field}");
        rows.extend([without(&at, NO_ANSWER), renamed(&at, NO_ANSWER)]);
    }
    let wrong: [(&str, Value); 20] = [
        ("/0/id", json!(null)),
        ("/0/id", json!("1")),
        ("/0/id", json!(-1)),
        ("/1/id", json!(1)),
        ("/0/amount", json!(null)),
        ("/0/amount", json!("1250000000")),
        ("/0/amount", json!(-1)),
        ("/0/amount", json!(12.5)),
        ("/0/amount", json!(1e30)),
        ("/0/amount", json!([])),
        ("/0/receiving_address", json!(7)),
        ("/0/receiving_address", json!([])),
        ("/0/distribution_uuid", json!(7)),
        ("/0/distribution_uuid", json!("none")),
        ("/0/distribution_uuid", json!({ "uuid": OTHER_UUID })),
        ("/0/ready_for_distribution", json!("true")),
        ("/0/has_vested", json!(1)),
        ("/0/is_distributed", json!(null)),
        ("/0/is_distributed", json!("false")),
        ("/0", json!(null)),
    ];
    rows.extend(wrong.map(|(at, value)| set(at, value, NO_ANSWER)));
    rows.extend(statuses_of_a_read());
    rows.extend(nothing_to_read(&Fails(12, "AMP_REFUSED", "refuses")));
    rows
}

#[test]
fn a_distribution_is_made_of_assignments_that_say_what_they_are() {
    let stage = Stage::new(RequestKind::Distribute);
    let differs = Fails(3, "TOTAL_DIFFERS", "the assignments add up to");
    let open = Fails(13, "DISTRIBUTION_OPEN", OTHER_UUID);
    let done = Done("request        distribute.json");
    let mut rows = unreadable();
    rows.extend([
        body("[]", Fails(3, "NOTHING_TO_DISTRIBUTE", "no assignment that is ready")),
        set("/0/amount", json!(u64::MAX), Fails(3, "OVERFLOW", "more than 2^64")),
        set("/0/amount", json!(1), differs.clone()),
        set("/0/ready_for_distribution", json!(null), differs.clone()),
        set("/0/ready_for_distribution", json!(false), differs.clone()),
        set("/0/is_distributed", json!(true), differs.clone()),
        set_all(
            "it is not said whether a time to wait for has come",
            &[("/0/has_vested", json!(null)), ("/0/vesting_timestamp", json!(99))],
            differs,
        ),
        set("/0/distribution_uuid", json!(OTHER_UUID), open.clone()),
        set("/0/distribution_uuid", json!(OTHER_UUID.to_uppercase()), open),
        set("/0/receiving_address", json!("nowhere"), Fails(3, "ADDRESS", "the request that AMP would make")),
        set("/0/distribution_uuid", json!(""), done.clone()),
        set("/0/receiving_address", json!(""), done.clone()),
        set("/0/has_vested", json!(null), done.clone()),
        set("/0/added_by_a_newer_amp", json!([]), done),
    ]);
    let command = stage.issuer.ask_command(RequestKind::Distribute);
    stage.run(&command, ASSIGNMENTS, &[], &rows, &|seen| {
        let made = u64::from(matches!(seen.row.expected, Done(_)));
        assert_eq!(
            stage.issuer.sandbox.with(|_, amp| amp.distributions_created()),
            made,
            "{}",
            seen.row.name
        );
    });
}

#[test]
fn a_distribution_is_not_made_when_the_assignments_change_after_they_were_confirmed() {
    let stage = Stage::new(RequestKind::Distribute);
    let changed = |words| Fails(13, "ASSIGNMENTS_CHANGED", words);
    let open = Fails(13, "DISTRIBUTION_OPEN", OTHER_UUID);
    let done = Done("request        distribute.json");
    let mut rows = unreadable();
    rows.extend([
        body("[]", Fails(3, "NOTHING_TO_DISTRIBUTE", "no assignment that is ready")),
        set("/0/amount", json!(1), changed("found 5 recipients and 17 500 000 001 base units in all")),
        set("/0/amount", json!(u64::MAX), changed("more than 2^64")),
        set("/0/ready_for_distribution", json!(false), changed("found 4 recipients")),
        set("/0/receiving_address", json!("nowhere"), changed("found other recipients or amounts")),
        set("/0/distribution_uuid", json!(OTHER_UUID), open),
        set("/0/added_by_a_newer_amp", json!([]), done),
    ]);
    let command = stage.issuer.ask_command(RequestKind::Distribute);
    stage.run(&command, ASSIGNMENTS, &[], &from_the_second(rows), &not_made(&stage));
}

#[test]
fn a_distribution_is_not_made_when_amp_loses_outputs_after_it_was_confirmed() {
    let stage = Stage::new(RequestKind::Distribute);
    let output = json!([{ "txid": "01".repeat(32), "vout": 1 }]);
    let mut rows = bodies(&NO_OBJECT, &NO_ANSWER);
    rows.extend(statuses_of_a_read());
    for field in ["/lost_outputs", "/reissuance_lost_outputs"] {
        rows.push(set(field, output.clone(), Fails(3, "LOST_OUTPUTS", "AMP no longer tracks")));
    }
    let command = stage.issuer.ask_command(RequestKind::Distribute);
    stage.run(&command, ("GET", "ASSET/balance"), &[], &from_the_second(rows), &not_made(&stage));
}

/// Of every row that fails: AMP was not asked for the distribution, and the log does not say that it was.
fn not_made(stage: &Stage) -> impl Fn(&Seen<'_>) {
    |seen| {
        let made = u64::from(matches!(seen.row.expected, Done(_)));
        let found = stage.issuer.sandbox.with(|_, amp| amp.distributions_created());
        assert_eq!(found, made, "{}", seen.row.name);
        assert_eq!(seen.log.contains("asking"), made == 1, "{}: {}", seen.row.name, seen.log);
    }
}

#[test]
fn a_request_is_written_anew_from_assignments_that_say_what_they_are() {
    let stage = Stage::asked(RequestKind::Distribute);
    let request: Value = serde_json::from_str(&stage.issuer.desk.read("distribute.json")).unwrap();
    let uuid = request["distribution_uuid"].as_str().unwrap();
    let mut rows = unreadable();
    rows.extend([
        body("[]", Fails(3, "NO_ASSIGNMENTS", "AMP has no assignments of distribution")),
        set("/0/receiving_address", json!(null), Fails(3, "NO_ADDRESS", "AMP shows no address for it")),
        set("/0/receiving_address", json!(""), Fails(3, "NO_ADDRESS", "AMP shows no address for it")),
        set("/0/receiving_address", json!("nowhere"), Fails(3, "ADDRESS", "")),
        set("/0/is_distributed", json!(true), Fails(3, "ALREADY_DISTRIBUTED", "as distributed already")),
        set("/0/amount", json!(u64::MAX), Fails(3, "OVERFLOW", "more than 2^64")),
        set("/0/distribution_uuid", json!(uuid.to_uppercase()), Done("request        again.json")),
    ]);
    let command = format!(
        "{} --distribution {uuid} -o again.json",
        stage
            .issuer
            .ask_command(RequestKind::Distribute)
            .replace(" --expect-total 18750000000", "")
            .replace(" -o distribute.json", "")
    );
    stage.run(&command, ASSIGNMENTS, &[], &rows, &|_| {});
}

#[test]
fn a_second_person_is_told_what_amp_does_not_show_and_what_it_shows_otherwise() {
    let stage = Stage::asked(RequestKind::Distribute);
    let differs = |words| Fails(3, "AMP_DIFFERS", words);
    let nowhere = ADDRESSES.map(|at| (at, json!(null)));
    let mut rows = unreadable();
    rows.extend([
        body("[]", differs("AMP has no assignments of distribution")),
        set("/0/receiving_address", json!(null), Done("AMP does not show an address of assignment 1")),
        set("/0/receiving_address", json!(""), Done("AMP does not show an address of assignment 1")),
        set_all("no assignment has an address", &nowhere, Done("AMP does not show 5 of the addresses")),
        set_all(
            "one has no address, and another amount",
            &[("/0/receiving_address", json!(null)), ("/0/amount", json!(7))],
            differs("AMP assigns 7 base units and shows no address"),
        ),
        set("/0/receiving_address", json!("nowhere"), differs("no address of this network")),
        set(
            "/0/amount",
            json!(7),
            differs("AMP assigns 7 base units, the request pays 1 250 000 000 base units"),
        ),
        set("/0/distribution_uuid", json!(null), differs("AMP assigns it nothing in this distribution")),
        set("/0/distribution_uuid", json!(""), differs("AMP assigns it nothing in this distribution")),
        set(
            "/0/distribution_uuid",
            json!(OTHER_UUID),
            differs("AMP assigns it nothing in this distribution"),
        ),
        set("/0/is_distributed", json!(true), differs("as distributed already")),
        set("/0/has_vested", json!(null), Done("Compare this SHA-256")),
        set("/0/ready_for_distribution", json!(null), Done("Compare this SHA-256")),
    ]);
    let command = format!("request check distribute.json --network regtest {}", stage.issuer.amp());
    stage.run(&command, ASSIGNMENTS, &[], &rows, &|_| {});
}

const ADDRESSES: [&str; 5] = [
    "/0/receiving_address",
    "/1/receiving_address",
    "/2/receiving_address",
    "/3/receiving_address",
    "/4/receiving_address",
];

#[test]
fn a_distribution_is_sent_where_its_assignments_wait() {
    let stage = Stage::signed(RequestKind::Distribute);
    let none = DISTRIBUTIONS.map(|at| (at, json!(null)));
    let mut rows = unreadable();
    rows.extend([
        body("[]", Fails(3, "NO_ASSIGNMENTS", "AMP has no assignments")),
        set_all(
            "no assignment is of the distribution",
            &none,
            Fails(3, "NO_ASSIGNMENTS", "AMP has no assignments"),
        ),
        set("/0/is_distributed", json!(true), Fails(13, "ALREADY_DISTRIBUTED", "as distributed already")),
        set("/0/receiving_address", json!(null), Done("\nsent           ")),
    ]);
    let command = format!("broadcast distribute.signed.json {}", stage.issuer.network());
    stage.run(&command, ASSIGNMENTS, &[], &rows, &|seen| {
        let sent = matches!(seen.row.expected, Done(_));
        let found = stage.issuer.confirmations(stage.signed_file().txid());
        assert_eq!(found.is_some(), sent, "{}", seen.row.name);
    });
}

const DISTRIBUTIONS: [&str; 5] = [
    "/0/distribution_uuid",
    "/1/distribution_uuid",
    "/2/distribution_uuid",
    "/3/distribution_uuid",
    "/4/distribution_uuid",
];
