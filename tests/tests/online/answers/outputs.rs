//! AMP's record of a transaction, read once AMP has taken the report.

use coldamp_tests::RequestKind;
use serde_json::{Value, json};

use super::row::*;
use super::stage::{Asked, Stage};

const RECORD: Asked<'_> = ("GET", "ASSET/txs/TXID");
const OTHER: &str = "0101010101010101010101010101010101010101010101010101010101010101";
const ZEROS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

#[test]
fn what_the_record_does_not_show_is_said_and_what_it_shows_otherwise_is_a_difference() {
    for kind in RequestKind::ALL {
        let stage = Stage::deep(kind);
        let agrees = Done("AMP's record of the transaction agrees with the report");
        let none = Done("AMP has no record of the transaction to compare the report with");
        let differs = |words| Fails(13, "RECORD_DIFFERS", words);
        let mut rows = bodies(&NO_OBJECT, &none);
        for at in ["/txid", "/is_issuance", "/outputs", "/outputs/0/vout", "/outputs/0/amount"] {
            rows.extend([without(at, none.clone()), renamed(at, none.clone())]);
        }
        for at in ["/outputs/0/asset_blinder", "/outputs/0/amount_blinder", "/outputs/0/is_treasury"] {
            rows.extend([without(at, none.clone()), renamed(at, none.clone())]);
        }
        let unreadable: [(&str, Value); 16] = [
            ("/txid", json!(OTHER)),
            ("/txid", json!("")),
            ("/txid", json!(null)),
            ("/is_issuance", json!(null)),
            ("/outputs", json!(null)),
            ("/outputs", json!({})),
            ("/outputs/0", json!(null)),
            ("/outputs/0", json!([])),
            ("/outputs/0/vout", json!("0")),
            ("/outputs/0/vout", json!(-1)),
            ("/outputs/0/amount", json!("5")),
            ("/outputs/0/amount", json!(1.5)),
            ("/outputs/0/amount", json!(1e40)),
            ("/outputs/0/asset_blinder", json!("00")),
            ("/outputs/0/amount_blinder", json!(7)),
            ("/outputs/0/is_treasury", json!("true")),
        ];
        rows.extend(unreadable.map(|(at, value)| set(at, value, none.clone())));
        rows.extend(nothing_to_read(&none));
        rows.extend(statuses_of_a_read());
        rows.extend([
            set("/outputs", json!([]), differs("AMP does not list it")),
            set("/added_by_a_newer_amp", json!([]), agrees.clone()),
            set("/outputs/0/registered_user", json!({}), agrees),
        ]);
        stage.run_report(RECORD, &[], &rows, &|seen| {
            assert_eq!((seen.posts, seen.taken), (1, 1), "{}: {}", kind.name(), seen.row.name);
        });
    }
}

#[test]
fn blinders_that_amp_misses_are_told_from_ones_that_differ() {
    let stage = Stage::deep(RequestKind::Reissue);
    let differs = |words| Fails(13, "RECORD_DIFFERS", words);
    let mut rows = Vec::new();
    for missing in [json!(null), json!(""), json!(ZEROS)] {
        rows.push(set("/outputs/0/asset_blinder", missing.clone(), differs("AMP misses its asset blinder")));
        rows.push(set("/outputs/0/amount_blinder", missing, differs("AMP misses its amount blinder")));
    }
    rows.extend([
        set("/outputs/0/asset_blinder", json!(OTHER), differs("AMP has another asset blinder than the one")),
        set(
            "/outputs/1/amount_blinder",
            json!(OTHER),
            differs("AMP has another amount blinder than the one"),
        ),
        set("/outputs/0/vout", json!(77), differs("AMP does not list it")),
        set("/outputs/0/amount", json!(7), differs("AMP has 7 base units, reported were")),
        set("/outputs/0/amount", json!(null), Done("AMP does not show its amount")),
        set("/outputs/0/is_treasury", json!(null), Done("AMP does not say whether it is the treasury's")),
    ]);
    stage.run_report(RECORD, &[], &rows, &|seen| {
        assert_eq!((seen.posts, seen.taken), (1, 1), "{}", seen.row.name);
        assert!(!seen.log.contains(OTHER), "{}", seen.row.name);
    });
}
