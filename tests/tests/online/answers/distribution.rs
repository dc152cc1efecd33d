//! A distribution's record, wherever it is read: its transactions decide, and its status only where it lists none.

use coldamp_sandbox::amp::Endpoint;
use coldamp_sandbox::faults::{Fault, Rule};
use coldamp_tests::RequestKind;
use serde_json::{Value, json};

use super::row::*;
use super::stage::{Asked, Stage};
use crate::desk::fails;

const RECORD: Asked<'_> = ("GET", "ASSET/distributions/DISTRIBUTION");
const OTHER: &str = "0101010101010101010101010101010101010101010101010101010101010101";
const OTHER_UUID: &str = "00000000-1111-2222-3333-444444444444";

/// Records that cannot be read.
fn unreadable(expected: &Expected) -> Vec<Row> {
    let mut rows = bodies(&NO_OBJECT, expected);
    for (at, value) in [
        ("/distribution_status", json!(null)),
        ("/distribution_status", json!(7)),
        ("/distribution_uuid", json!(OTHER_UUID)),
        ("/distribution_uuid", json!(7)),
        ("/transactions", json!({})),
        ("/transactions", json!("")),
        ("/transactions", json!([null])),
        ("/transactions", json!([{}])),
        ("/transactions", json!([{ "txid": null }])),
        ("/transactions", json!([{ "txid": "" }])),
        ("/transactions", json!([{ "txid": "01" }])),
        ("/transactions", json!([{ "txid": 7 }])),
    ] {
        rows.push(set(at, value, expected.clone()));
    }
    rows.extend([
        without("/distribution_status", expected.clone()),
        renamed("/distribution_status", expected.clone()),
    ]);
    rows
}

/// A record of a status and transactions; `None` where it has no list of them.
fn record(status: &str, transactions: Option<&[&str]>, expected: Expected) -> Row {
    let rows = transactions.map(|txids| txids.iter().map(|txid| json!({ "txid": txid })).collect::<Vec<_>>());
    let name = format!("{status}, {rows:?}");
    let values = [("/distribution_status", json!(status)), ("/transactions", json!(rows))];
    set_all(&name, &values, expected)
}

/// Records that name no transaction and do not say that there is none.
fn untold(expected: &Expected) -> Vec<Row> {
    vec![
        record("CONFIRMED", Some(&[]), expected.clone()),
        record("CONFIRMED", None, expected.clone()),
        record("UNCONFIRMED", None, expected.clone()),
        record("PENDING", Some(&[]), expected.clone()),
        record("unconfirmed", Some(&[]), expected.clone()),
        record("", Some(&[]), expected.clone()),
        without("/transactions", expected.clone()),
        renamed("/transactions", expected.clone()),
    ]
}

/// Records that name others alone, and ones that name ours.
fn others_and_ours(ours: &str, other: &Expected, own: &Expected) -> Vec<Row> {
    let capitals = ours.to_uppercase();
    ["CONFIRMED", "UNCONFIRMED", "PENDING"]
        .into_iter()
        .flat_map(|status| {
            [
                record(status, Some(&[OTHER]), other.clone()),
                record(status, Some(&[OTHER, &OTHER.replace('1', "2")]), other.clone()),
                record(status, Some(&[ours]), own.clone()),
                record(status, Some(&[&capitals]), own.clone()),
                record(status, Some(&[OTHER, ours]), own.clone()),
                record(status, Some(&[ours, OTHER]), own.clone()),
            ]
        })
        .collect()
}

fn is_about(row: &Row, code: &str) -> bool {
    matches!(row.expected, Fails(_, found, _) if found == code)
}

#[test]
fn a_first_report_is_posted_unless_the_record_names_a_transaction() {
    let stage = Stage::deep(RequestKind::Distribute);
    // Nothing keeps the first report back; what the record does not show behind it is said.
    let said = Done("AMP's record does not tell whether it has the report");
    let agrees = Done("AMP's record of the transaction agrees with the report");
    let mut rows = unreadable(&said);
    rows.extend(untold(&said));
    rows.extend(nothing_to_read(&said));
    rows.extend(statuses_of_a_read());
    rows.extend([
        record("UNCONFIRMED", Some(&[]), Fails(10, "REPORT_MISSING", "its record does not have it")),
        record("CONFIRMED", Some(&[OTHER]), Fails(13, "OTHER_TRANSACTION", OTHER)),
        record("UNCONFIRMED", Some(&[OTHER]), Fails(13, "OTHER_TRANSACTION", OTHER)),
        record("PENDING", Some(&[OTHER]), Fails(13, "OTHER_TRANSACTION", OTHER)),
        without("/distribution_uuid", agrees.clone()),
        set("/distribution_uuid", json!(null), agrees.clone()),
        set("/added_by_a_newer_amp", json!(1), agrees),
    ]);
    stage.run_report(RECORD, &[], &rows, &|seen| {
        let posted = matches!(seen.row.expected, Done(_)) || is_about(seen.row, "REPORT_MISSING");
        assert_eq!(seen.posts, usize::from(posted), "{}", seen.row.name);
        assert_eq!(seen.accepted(), usize::from(posted), "{}", seen.row.name);
    });
}

#[test]
fn what_amps_record_names_is_not_posted() {
    let stage = Stage::deep(RequestKind::Distribute);
    let ours = stage.signed_file().txid().to_string();
    let other = Fails(13, "OTHER_TRANSACTION", OTHER);
    let rows = others_and_ours(&ours, &other, &Done("AMP has the report of"));
    stage.run(&stage.report(), RECORD, &[], &rows, &|seen| {
        assert_eq!((seen.posts, seen.taken), (0, 0), "{}", seen.row.name);
        if !matches!(seen.row.expected, Done(_)) {
            return;
        }
        // AMP's word alone said so. The log yields to a record that lacks it, and a person posts it.
        assert!(seen.log.contains("{\"step\":\"accepted\",\"by\":\"record\"}"), "{}", seen.log);
        let words = fails(stage.issuer.report("distribute", ""), 10, "REPORT_MISSING");
        assert!(words.contains("--again"), "{words}");
        assert_eq!(stage.issuer.reported(stage.signed_file().txid()), 0);
        stage.issuer.report("distribute", "--again").done();
        assert_eq!(stage.issuer.reported(stage.signed_file().txid()), 1);
        stage.issuer.report("distribute", "--again").done();
        assert_eq!(stage.issuer.reported(stage.signed_file().txid()), 1, "the record shows it");
    });
}

#[test]
fn a_report_that_was_accepted_is_looked_up_and_never_posted_by_itself() {
    let stage = Stage::reported(RequestKind::Distribute);
    let ours = stage.signed_file().txid().to_string();
    let said = BY_LOG_ALONE;
    let missing = Fails(10, "REPORT_MISSING", "its record does not have it");
    let has = Done("AMP has the report of");
    let mut rows = unreadable(&said);
    rows.extend(untold(&said));
    rows.extend(nothing_to_read(&said));
    rows.extend(statuses_of_a_read());
    rows.push(record("UNCONFIRMED", Some(&[]), missing));
    rows.extend(others_and_ours(&ours, &Fails(13, "OTHER_TRANSACTION", OTHER), &has));
    stage.run_report(RECORD, &[], &rows, &|seen| assert_eq!(seen.posts, 0, "{}", seen.row.name));
    // With --again it is posted where the record does not show it.
    let rows = [
        record("UNCONFIRMED", Some(&[]), Fails(10, "REPORT_MISSING", "its record does not have it")),
        record("CONFIRMED", Some(&[]), Done("AMP's record does not tell whether it has the report")),
        record("UNCONFIRMED", Some(&[&ours]), Done("AMP has the report of")),
        record("CONFIRMED", Some(&[OTHER]), Fails(13, "OTHER_TRANSACTION", OTHER)),
    ];
    stage.run(&format!("{} --again", stage.report()), RECORD, &[], &rows, &|seen| {
        let posts = usize::from(seen.row.name.contains("[]"));
        assert_eq!(seen.posts, posts, "{}", seen.row.name);
    });
}

#[test]
fn a_report_that_may_have_arrived_is_posted_again_only_where_the_record_is_without_it() {
    let deep = Stage::deep(RequestKind::Distribute);
    let issuer = deep.issuer;
    issuer.sandbox.with(|_, amp| amp.without(Endpoint::Distribution));
    let path = "/api/assets/".to_owned();
    let rule =
        Rule { method: Some("POST".to_owned()), path, skip: 0, count: Some(1), fault: Fault::DropAfter };
    issuer.sandbox.faults().set(vec![rule]);
    fails(issuer.report("distribute", ""), 10, "UNCLEAR");
    issuer.sandbox.with(|_, amp| amp.with(Endpoint::Distribution));
    let signed =
        coldamp_core::signed::SignedFile::read(issuer.desk.read("distribute.signed.json").as_bytes());
    let stage = Stage::with(issuer, RequestKind::Distribute, signed.ok());
    let ours = stage.signed_file().txid().to_string();
    let unknown = Fails(13, "REPORT_UNKNOWN", "AMP's record does not tell");
    let mut rows = unreadable(&unknown);
    rows.extend(untold(&unknown));
    rows.extend(nothing_to_read(&unknown));
    rows.extend(others_and_ours(
        &ours,
        &Fails(13, "OTHER_TRANSACTION", OTHER),
        &Done("AMP has the report of"),
    ));
    stage.run_report(RECORD, &[], &rows, &|seen| assert_eq!(seen.posts, 0, "{}", seen.row.name));
    // AMP says that it has the distribution without a transaction: then the first post did not arrive.
    let rows = [record("UNCONFIRMED", Some(&[]), Fails(10, "REPORT_MISSING", "its record does not have it"))];
    stage.run(&stage.report(), RECORD, &[], &rows, &|seen| assert_eq!(seen.posts, 1, "{}", seen.row.name));
}

#[test]
fn a_distribution_is_sent_where_its_record_has_no_other_transaction() {
    let stage = Stage::signed(RequestKind::Distribute);
    let ours = stage.signed_file().txid().to_string();
    let sent = Done("\nsent           ");
    let paid = Fails(13, "ALREADY_DISTRIBUTED", "as distributed already");
    let mut rows = unreadable(&NO_ANSWER);
    rows.extend(statuses_of_a_read());
    rows.extend(others_and_ours(&ours, &Fails(13, "OTHER_TRANSACTION", OTHER), &sent));
    rows.extend([
        record("UNCONFIRMED", Some(&[]), sent.clone()),
        record("CONFIRMED", Some(&[]), paid.clone()),
        record("CONFIRMED", None, paid),
        record("UNCONFIRMED", None, NO_ANSWER),
        record("PENDING", Some(&[]), NO_ANSWER),
        refuses(403, Fails(12, "AMP_REFUSED", "refuses")),
        refuses(404, sent.clone()),
        refuses(405, sent),
    ]);
    let command = format!("broadcast distribute.signed.json {}", stage.issuer.network());
    stage.run(&command, RECORD, &[], &rows, &|seen| {
        let sent = matches!(seen.row.expected, Done(_));
        let found = stage.issuer.confirmations(stage.signed_file().txid());
        assert_eq!(found.is_some(), sent, "{}", seen.row.name);
    });
}

#[test]
fn a_distribution_that_was_reported_and_fell_out_is_sent_again_unless_another_was_reported() {
    let Stage { issuer, .. } = Stage::reported(RequestKind::Distribute);
    let signed =
        coldamp_core::signed::SignedFile::read(issuer.desk.read("distribute.signed.json").as_bytes());
    let signed = signed.unwrap();
    issuer.sandbox.with(|chain, _| {
        chain.reorganise(2);
        chain.forget(signed.txid());
    });
    let stage = Stage::with(issuer, RequestKind::Distribute, Some(signed));
    let ours = stage.signed_file().txid().to_string();
    let sent = Done("\nsent           ");
    let mut rows = unreadable(&sent);
    rows.extend(untold(&sent));
    rows.extend(nothing_to_read(&sent));
    rows.extend(statuses_of_a_read());
    rows.push(record("UNCONFIRMED", Some(&[]), sent.clone()));
    rows.extend(others_and_ours(&ours, &Fails(13, "OTHER_TRANSACTION", OTHER), &sent));
    let command = format!("broadcast distribute.signed.json {}", stage.issuer.network());
    stage.run(&command, RECORD, &[], &rows, &|seen| {
        let sent = matches!(seen.row.expected, Done(_));
        let found = stage.issuer.confirmations(stage.signed_file().txid());
        assert_eq!(found.is_some(), sent, "{}", seen.row.name);
    });
}

#[test]
fn a_request_is_written_anew_where_the_record_has_no_transaction() {
    let stage = Stage::asked(RequestKind::Distribute);
    let request: Value = serde_json::from_str(&stage.issuer.desk.read("distribute.json")).unwrap();
    let uuid = request["distribution_uuid"].as_str().unwrap();
    let done = Done("request        again.json");
    let paid = Fails(3, "ALREADY_DISTRIBUTED", "Do not pay it again");
    let mut rows = unreadable(&NO_ANSWER);
    rows.extend(statuses_of_a_read());
    rows.extend([
        record("UNCONFIRMED", Some(&[]), done.clone()),
        record("UNCONFIRMED", Some(&[OTHER]), Fails(3, "ALREADY_DISTRIBUTED", OTHER)),
        record("CONFIRMED", Some(&[OTHER]), Fails(3, "ALREADY_DISTRIBUTED", OTHER)),
        record("CONFIRMED", Some(&[]), paid.clone()),
        record("CONFIRMED", None, paid),
        record("PENDING", Some(&[]), NO_ANSWER),
        without("/transactions", NO_ANSWER),
        refuses(403, Fails(12, "AMP_REFUSED", "refuses")),
        refuses(404, done),
    ]);
    let command = stage.issuer.ask_command(RequestKind::Distribute);
    let command = command.replace("--expect-total 18750000000", "").replace("distribute.json", "again.json");
    stage.run(&format!("{command} --distribution {uuid}"), RECORD, &[], &rows, &|seen| {
        let written = matches!(seen.row.expected, Done(_));
        assert_eq!(stage.issuer.desk.has("again.json"), written, "{}", seen.row.name);
    });
}

#[test]
fn a_second_person_is_told_that_a_distribution_was_paid() {
    let stage = Stage::asked(RequestKind::Distribute);
    let done = Done("Compare this SHA-256");
    let unseen = Done("AMP does not show whether distribution");
    let mut rows = unreadable(&NO_ANSWER);
    rows.extend(statuses_of_a_read());
    rows.extend([
        record("UNCONFIRMED", Some(&[]), done.clone()),
        record("UNCONFIRMED", Some(&[OTHER]), Fails(3, "AMP_DIFFERS", OTHER)),
        record("CONFIRMED", Some(&[]), Fails(3, "AMP_DIFFERS", "as confirmed")),
        record("CONFIRMED", None, Fails(3, "AMP_DIFFERS", "as confirmed")),
        record("PENDING", Some(&[]), unseen.clone()),
        without("/transactions", unseen),
        refuses(403, Fails(12, "AMP_REFUSED", "refuses")),
        refuses(404, done),
    ]);
    let command = format!("request check distribute.json --network regtest {}", stage.issuer.amp());
    stage.run(&command, RECORD, &[], &rows, &|_| {});
}

#[test]
fn status_says_what_the_record_has_whatever_the_log_says() {
    let other = Fails(13, "OTHER_TRANSACTION", OTHER);
    let stage = Stage::reported(RequestKind::Distribute);
    let ours = stage.signed_file().txid().to_string();
    let untells = Done("AMP's record   does not tell");
    let mut rows = unreadable(&untells);
    rows.extend(untold(&untells));
    rows.extend(nothing_to_read(&untells));
    rows.extend(statuses_of_a_read());
    rows.extend(others_and_ours(&ours, &other, &Done("AMP's record   has the report")));
    rows.push(record("UNCONFIRMED", Some(&[]), Fails(10, "REPORT_MISSING", "its record does not have it")));
    stage.run(&status_of(&stage), RECORD, &[], &rows, &|seen| assert_eq!(seen.posts, 0, "{}", seen.row.name));

    let stage = Stage::deep(RequestKind::Distribute);
    let ours = stage.signed_file().txid().to_string();
    let not_yet = Fails(10, "NOT_YET", "");
    let mut rows = untold(&not_yet);
    rows.extend(others_and_ours(&ours, &other, &Done("AMP's record   has the report")));
    rows.push(record("UNCONFIRMED", Some(&[]), not_yet));
    stage.run(&status_of(&stage), RECORD, &[], &rows, &|seen| assert_eq!(seen.posts, 0, "{}", seen.row.name));
}

fn status_of(stage: &Stage) -> String {
    format!("status distribute.signed.json {}", stage.issuer.network())
}

#[test]
fn without_amp_named_status_asks_the_chain_alone() {
    let stage = Stage::reported(RequestKind::Distribute);
    let before = stage.issuer.sandbox.faults().count();
    let command = format!("status distribute.signed.json {}", stage.issuer.chain());
    let run = stage.issuer.desk.run("coldamp-online", &command).done();
    assert!(run.stdout.contains("report         AMP took it"), "{}", run.stdout);
    let log = stage.issuer.sandbox.faults().log();
    assert!(log[before..].iter().all(|asked| asked.path.starts_with("/esplora/")), "{:?}", &log[before..]);
}
