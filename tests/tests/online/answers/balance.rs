//! Outputs that AMP no longer tracks: only a list that is there and empty says that nothing is lost.

use coldamp_tests::RequestKind;
use serde_json::{Value, json};

use super::row::*;
use super::stage::{Asked, Stage};

const BALANCE: Asked<'_> = ("GET", "ASSET/balance");

const TXID: &str = "0101010101010101010101010101010101010101010101010101010101010101";
const LETTERS: &str = "ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB";

/// Every row; `lost` where AMP has lost something, `done` where it has not.
fn rows(lost: &Expected, done: &Expected) -> Vec<Row> {
    let mut rows = bodies(&NO_OBJECT, &NO_ANSWER);
    for field in ["/lost_outputs", "/reissuance_lost_outputs"] {
        rows.extend([without(field, NO_ANSWER), renamed(field, NO_ANSWER)]);
        let unreadable: [Value; 18] = [
            json!(null),
            json!({}),
            json!(""),
            json!(false),
            json!(0),
            json!("none"),
            json!([null]),
            json!([""]),
            json!([[]]),
            json!([{}]),
            json!([{ "txid": TXID }]),
            json!([{ "vout": 0 }]),
            json!([{ "txid": "01", "vout": 0 }]),
            json!([{ "txid": "", "vout": 0 }]),
            json!([{ "txid": TXID, "vout": "0" }]),
            json!([{ "txid": TXID, "vout": -1 }]),
            json!([{ "txid": TXID, "vout": 4_294_967_296_u64 }]),
            json!([{ "txid": TXID, "vout": null }]),
        ];
        rows.extend(unreadable.map(|value| set(field, value, NO_ANSWER)));
        rows.push(set(field, json!([{ "txid": TXID, "vout": 1, "amount": 5 }]), lost.clone()));
        rows.push(set(
            field,
            json!([{ "txid": LETTERS, "vout": 0 }, { "txid": TXID, "vout": 1 }]),
            lost.clone(),
        ));
    }
    rows.extend([
        set("/confirmed_balance", json!(null), done.clone()),
        without("/confirmed_balance", done.clone()),
        set("/added_by_a_newer_amp", json!([]), done.clone()),
        replaced(
            "a list stands there twice",
            "\"lost_outputs\"",
            "\"lost_outputs\":[],\"lost_outputs\"",
            NO_ANSWER,
        ),
    ]);
    rows.extend(statuses_of_a_read());
    rows.extend(nothing_to_read(&Fails(12, "AMP_REFUSED", "refuses")));
    rows
}

#[test]
fn nothing_is_asked_for_unless_amp_says_that_nothing_is_lost() {
    let stage = Stage::new(RequestKind::Burn);
    let lost = Fails(3, "LOST_OUTPUTS", "AMP no longer tracks");
    let rows = rows(&lost, &Done("request        burn.json"));
    let command = stage.issuer.ask_command(RequestKind::Burn);
    stage.run(&command, BALANCE, &[], &rows, &|seen| {
        let asked = matches!(seen.row.expected, Done(_));
        assert_eq!(stage.issuer.desk.has("burn.json"), asked, "{}", seen.row.name);
    });
}

#[test]
fn nothing_is_sent_unless_amp_says_that_nothing_is_lost() {
    let stage = Stage::signed(RequestKind::Reissue);
    let lost = Fails(3, "LOST_OUTPUTS", "0101010101010101010101010101010101010101010101010101010101010101:1");
    let rows = rows(&lost, &Done("\nsent           "));
    let command = format!("broadcast reissue.signed.json {}", stage.issuer.network());
    stage.run(&command, BALANCE, &[], &rows, &|seen| {
        let sent = matches!(seen.row.expected, Done(_));
        let found = stage.issuer.confirmations(stage.signed_file().txid());
        assert_eq!(found.is_some(), sent, "{}", seen.row.name);
    });
}

#[test]
fn a_second_person_is_told_unless_amp_says_that_nothing_is_lost() {
    let stage = Stage::asked(RequestKind::Burn);
    let lost = Fails(3, "AMP_DIFFERS", "differs        AMP no longer tracks");
    let rows = rows(&lost, &Done("agrees         AMP tracks all outputs of the asset"));
    let command = format!("request check burn.json --network regtest {}", stage.issuer.amp());
    stage.run(&command, BALANCE, &[], &rows, &|_| {});
}
