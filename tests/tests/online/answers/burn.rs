//! The report of a burn, AMP's answer to it, AMP's list of transactions and of outputs that it tracks.

use coldamp_tests::RequestKind;
use serde_json::{Value, json};

use super::reports::judged;
use super::row::*;
use super::stage::{Asked, Stage};

const LIST: Asked<'_> = ("GET", "ASSET/txs");
const OTHER: &str = "0101010101010101010101010101010101010101010101010101010101010101";
const ZEROS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

#[test]
fn a_burns_yes_is_nothing_at_all() {
    let stage = Stage::deep(RequestKind::Burn);
    let mut rows = answers_to_a_report(Done("AMP took the report of"));
    rows.extend([body(" \r\n", Done("AMP took the report of")), body("{}\n", Done("AMP has the report of"))]);
    stage.run_report(("POST", "ASSET/burn-confirm"), &[], &rows, &judged);
}

#[test]
fn a_list_of_transactions_that_cannot_be_read_keeps_no_first_report_back() {
    let stage = Stage::deep(RequestKind::Burn);
    let said = Done("AMP's record does not tell whether it has the report");
    let mut rows = bodies(&NO_LIST, &said);
    rows.extend(nothing_to_read(&said));
    rows.push(body("[]", Done("AMP lists no transaction of the asset at all")));
    for at in ["/0/txid", "/0/is_issuance", "/0/outputs", "/0/outputs/0/vout", "/0/outputs/0/asset_blinder"] {
        rows.extend([without(at, said.clone()), renamed(at, said.clone())]);
    }
    stage.run_report(LIST, &[], &rows, &|seen| {
        assert_eq!((seen.posts, seen.taken, seen.accepted()), (1, 1, 1), "{}", seen.row.name);
    });
    stage.run_report(LIST, &[], &statuses_of_a_read(), &|seen| {
        assert_eq!((seen.posts, seen.taken, seen.accepted()), (0, 0, 0), "{}", seen.row.name);
    });
}

#[test]
fn a_burn_that_was_accepted_is_looked_up_by_the_blinders_of_its_change() {
    let stage = Stage::reported(RequestKind::Burn);
    let said = BY_LOG_ALONE;
    let missing = Fails(10, "REPORT_MISSING", "this one is not among them");
    let lacks = Fails(10, "REPORT_MISSING", "it lacks the blinders of output");
    let blinders = |value: Value| BLINDERS.map(|at| (at, value.clone()));
    let rows = [
        without("/1", missing.clone()),
        set("/1/txid", json!(OTHER), missing),
        set_all("AMP has no blinders", &blinders(json!(null)), lacks.clone()),
        set_all("AMP has empty blinders", &blinders(json!("")), lacks.clone()),
        set_all("AMP has zeros for blinders", &blinders(json!(ZEROS)), lacks.clone()),
        set_all("AMP has other blinders", &blinders(json!(OTHER)), lacks.clone()),
        set("/1/outputs", json!([]), lacks),
        without("/1/outputs", said.clone()),
        without("/1/is_issuance", said.clone()),
        set("/1/outputs/0/vout", json!(null), said.clone()),
        set("/0/txid", json!(stage.signed_file().txid().to_string()), said),
        set("/1/added_by_a_newer_amp", json!(1), Done("AMP has the report of")),
    ];
    stage.run_report(LIST, &[], &rows, &|seen| assert_eq!(seen.posts, 0, "{}", seen.row.name));
}

const BLINDERS: [&str; 4] = [
    "/1/outputs/0/asset_blinder",
    "/1/outputs/0/amount_blinder",
    "/1/outputs/1/asset_blinder",
    "/1/outputs/1/amount_blinder",
];

#[test]
fn a_burns_coins_are_ones_that_amp_says_it_tracks() {
    let stage = Stage::asked(RequestKind::Burn);
    let differs = Fails(3, "AMP_DIFFERS", "AMP does not track it");
    let agrees = Done("agrees         AMP tracks the ");
    let mut rows = bodies(&NO_LIST, &NO_ANSWER);
    for at in ["/0/txid", "/0/vout"] {
        rows.extend([without(at, NO_ANSWER), renamed(at, NO_ANSWER)]);
        for value in [json!(null), json!(""), json!([]), json!(-1), json!("0")] {
            rows.push(set(at, value, NO_ANSWER));
        }
    }
    let coin = &stage.issuer.assets[0].issued;
    rows.extend(statuses_of_a_read());
    rows.extend([
        body("[]", differs.clone()),
        set("/0/txid", json!(OTHER), differs.clone()),
        set("/0/vout", json!(77), differs),
        set("/0/txid", json!(coin.txid.to_string().to_uppercase()), agrees.clone()),
        set("/0/amount", json!(null), agrees.clone()),
        set("/0/added_by_a_newer_amp", json!(1), agrees),
        refuses(403, Fails(12, "AMP_REFUSED", "refuses")),
        refuses(404, Done("whether AMP tracks the listed outputs")),
        refuses(405, Done("whether AMP tracks the listed outputs")),
    ]);
    let command = format!("request check burn.json --network regtest {}", stage.issuer.amp());
    stage.run(&command, ("GET", "ASSET/utxos"), &[], &rows, &|_| {});
}
