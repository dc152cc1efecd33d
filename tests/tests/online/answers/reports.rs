//! The report of a reissue, AMP's answer to it and AMP's list of reissuances.

use coldamp_tests::RequestKind;
use serde_json::{Value, json};

use super::row::*;
use super::stage::{Asked, Seen, Stage};
use crate::desk::fails;

const CONFIRM: Asked<'_> = ("POST", "ASSET/reissue-confirm");
const LIST: Asked<'_> = ("GET", "ASSET/reissuances");
const OTHER: &str = "0101010101010101010101010101010101010101010101010101010101010101";

/// What a report came to: one post, taken where it was heard, and accepted where that is proven.
pub(super) fn judged(seen: &Seen<'_>) {
    let heard = !is_unheard(seen.row);
    assert_eq!((seen.posts, seen.taken), (1, u64::from(heard)), "{}", seen.row.name);
    let accepted = matches!(seen.row.expected, Done(_));
    assert_eq!(seen.accepted(), usize::from(accepted), "{}: {}", seen.row.name, seen.log);
}

#[test]
fn a_reissues_yes_names_our_transaction_our_input_and_our_amount() {
    let stage = Stage::deep(RequestKind::Reissue);
    let recorded = Done("AMP has the report of");
    let took = Done("AMP took the report of");
    let mut rows = answers_to_a_report(recorded.clone());
    rows.push(unheard("", Fails(10, "UNCLEAR", "AMP did not say whether it took the report")));
    for at in ["/txid", "/vin", "/reissuance_amount"] {
        rows.extend([without(at, recorded.clone()), renamed(at, recorded.clone())]);
    }
    let wrong: [(&str, Value); 14] = [
        ("/txid", json!(OTHER)),
        ("/txid", json!("")),
        ("/txid", json!(null)),
        ("/txid", json!(7)),
        ("/vin", json!(77)),
        ("/vin", json!(null)),
        ("/vin", json!("0")),
        ("/reissuance_amount", json!(1)),
        ("/reissuance_amount", json!(0)),
        ("/reissuance_amount", json!(-123_456_789)),
        ("/reissuance_amount", json!(1.234_567_89)),
        ("/reissuance_amount", json!("123456789")),
        ("/reissuance_amount", json!(null)),
        ("/reissuance_amount", json!(1e40)),
    ];
    rows.extend(wrong.map(|(at, value)| set(at, value, recorded.clone())));
    let txid = stage.signed_file().txid().to_string();
    rows.extend([
        replaced("the amount stands there twice", "\"vin\"", "\"vin\":0,\"vin\"", recorded),
        set("/txid", json!(txid.to_uppercase()), took.clone()),
        set("/added_by_a_newer_amp", json!(null), took),
    ]);
    stage.run_report(CONFIRM, &[], &rows, &judged);
}

#[test]
fn a_list_of_reissuances_that_cannot_be_read_keeps_no_first_report_back() {
    let stage = Stage::deep(RequestKind::Reissue);
    let said = Done("AMP's record does not tell whether it has the report");
    let mut rows = bodies(&NO_LIST, &said);
    rows.extend(nothing_to_read(&said));
    rows.push(body("[]", Fails(10, "REPORT_MISSING", "it lists 0 reissuances")));
    stage.run_report(LIST, &[], &rows, &|seen| {
        assert_eq!((seen.posts, seen.taken, seen.accepted()), (1, 1, 1), "{}", seen.row.name);
    });
    stage.run_report(LIST, &[], &statuses_of_a_read(), &|seen| {
        assert_eq!((seen.posts, seen.taken, seen.accepted()), (0, 0, 0), "{}", seen.row.name);
    });
}

#[test]
fn a_reissue_that_was_accepted_is_looked_up_in_the_list() {
    let stage = Stage::reported(RequestKind::Reissue);
    let txid = stage.signed_file().txid().to_string();
    let said = BY_LOG_ALONE;
    let missing = Fails(10, "REPORT_MISSING", "this one is not among them");
    let mut rows = bodies(&NO_LIST, &said);
    for at in ["/0/txid", "/0/reissuance_amount"] {
        rows.extend([without(at, said.clone()), renamed(at, said.clone())]);
        for value in [json!(null), json!(""), json!([]), json!(-1), json!("7")] {
            rows.push(set(at, value, said.clone()));
        }
    }
    rows.extend(statuses_of_a_read());
    rows.extend([
        body("[]", Fails(10, "REPORT_MISSING", "it lists 0 reissuances")),
        set("/0/txid", json!(OTHER), missing),
        set(
            "/0/reissuance_amount",
            json!(7),
            Fails(13, "RECORD_DIFFERS", "reissuance: AMP has 7 base units"),
        ),
        set("/0/txid", json!(txid.to_uppercase()), Done("AMP has the report of")),
        without("/0/destination_address", Done("AMP has the report of")),
        set("/0/added_by_a_newer_amp", json!(1), Done("AMP has the report of")),
    ]);
    stage.run_report(LIST, &[], &rows, &|seen| assert_eq!(seen.posts, 0, "{}", seen.row.name));
}

#[test]
fn status_of_a_reissue_that_amps_record_has_otherwise_is_a_conflict() {
    let stage = Stage::reported(RequestKind::Reissue);
    let rows = [
        set(
            "/0/reissuance_amount",
            json!(7),
            Fails(13, "RECORD_DIFFERS", "reissuance: AMP has 7 base units"),
        ),
        set("/0/added_by_a_newer_amp", json!(1), Done("AMP's record   has the report")),
    ];
    let status = format!("status reissue.signed.json {}", stage.issuer.network());
    stage.run(&status, LIST, &[], &rows, &|_| {});
}

#[test]
fn a_distributions_yes_is_nothing_or_the_distribution_with_our_transaction() {
    let stage = Stage::deep(RequestKind::Distribute);
    let took = Done("AMP took the report of");
    let recorded = Done("AMP has the report of");
    let txid = stage.signed_file().txid().to_string();
    let mut rows = answers_to_a_report(took.clone());
    rows.extend([
        set("/transactions", json!([]), recorded.clone()),
        set("/transactions", json!([{ "txid": OTHER }]), recorded.clone()),
        set("/transactions", json!([{ "txid": OTHER }, { "txid": txid }]), took.clone()),
        set("/transactions", json!([{ "txid": txid.to_uppercase() }]), took.clone()),
        set("/transactions/0/txid", json!(null), recorded.clone()),
        without("/transactions", recorded.clone()),
        renamed("/transactions/0/txid", recorded.clone()),
        set("/distribution_status", json!("UNCONFIRMED"), took.clone()),
        without("/distribution_status", recorded.clone()),
        set("/distribution_uuid", json!("00000000-1111-2222-3333-444444444444"), recorded),
        without("/distribution_uuid", took.clone()),
        set("/added_by_a_newer_amp", json!(1), took),
    ]);
    stage.run_report(("POST", "ASSET/distributions/DISTRIBUTION/confirm"), &[], &rows, &judged);
}

#[test]
fn an_empty_yes_that_amps_record_does_not_bear_out_is_told_and_left_to_a_person() {
    let of_distribution = ("POST", "ASSET/distributions/DISTRIBUTION/confirm");
    for (kind, asked) in
        [(RequestKind::Distribute, of_distribution), (RequestKind::Burn, ("POST", "ASSET/burn-confirm"))]
    {
        let stage = Stage::deep(kind);
        let (txid, name) = (stage.signed_file().txid(), kind.name());
        let rows = [unheard("", Fails(10, "REPORT_MISSING", "its record does not have it"))];
        stage.run(&stage.report(), asked, &[], &rows, &|seen| {
            assert_eq!((seen.posts, seen.taken), (1, 0), "{name}");
            fails(stage.issuer.report(name, ""), 10, "REPORT_MISSING");
            assert_eq!(stage.issuer.reported(txid), 0, "{name}: nothing is posted by itself");
            stage.issuer.report(name, "--again").done();
            stage.issuer.report(name, "").done();
            assert_eq!(stage.issuer.reported(txid), 1, "{name}");
        });
    }
}
