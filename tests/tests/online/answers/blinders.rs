//! Blinders that AMP misses: what its list says, and what it makes of being told.

use coldamp_core::elements::OutPoint;
use coldamp_tests::RequestKind;
use serde_json::json;

use super::row::*;
use super::stage::Stage;
use crate::desk::Issuer;

fn stage() -> Stage {
    let issuer = Issuer::new();
    let issued = &issuer.assets[0].issued;
    let outputs = [issued.asset_vout, issued.token_vout].map(|vout| OutPoint::new(issued.txid, vout));
    issuer.sandbox.with(|_, amp| assert!(outputs.iter().all(|output| amp.forget_blinders(*output))));
    Stage::with(issuer, RequestKind::Burn, None)
}

fn command(stage: &Stage) -> String {
    let (uuid, network) = (stage.issuer.uuid(), stage.issuer.network());
    let id = stage.issuer.assets[0].issued.asset;
    format!(
        "treasury blinders --asset {uuid} --asset-id {id} --descriptor treasury.descriptor --network regtest {network}"
    )
}

#[test]
fn what_amp_misses_is_read_from_a_list_that_says_so() {
    let stage = stage();
    let told = Done("AMP now has its blinders");
    let none = Fails(3, "NO_ISSUANCE", "AMP lists no issuance");
    let missing = Fails(10, "BLINDERS_MISSING", "its record does not show them");
    let mut rows = bodies(&NO_LIST, &NO_ANSWER);
    for field in ["asset_blinder", "amount_blinder", "vout", "amount", "is_treasury"] {
        let at = format!("/0/outputs/0/{field}");
        rows.extend([without(&at, NO_ANSWER), renamed(&at, NO_ANSWER)]);
    }
    for at in ["/0/txid", "/0/is_issuance", "/0/outputs"] {
        rows.extend([without(at, NO_ANSWER), renamed(at, NO_ANSWER), set(at, json!(null), NO_ANSWER)]);
    }
    rows.extend(statuses_of_a_read());
    rows.extend(nothing_to_read(&Fails(12, "AMP_REFUSED", "refuses")));
    rows.extend([
        body("[]", none.clone()),
        set("/0/is_issuance", json!(false), none),
        set("/0/is_issuance", json!("true"), NO_ANSWER),
        set("/0/outputs", json!([]), Fails(12, "AMP_ANSWER", "without any output")),
        set("/0/outputs/0/asset_blinder", json!("secret"), NO_ANSWER),
        set("/0/txid", json!("01"), NO_ANSWER),
        // The change is there when the list is read again, too.
        set("/0/outputs/0/asset_blinder", json!(null), missing.clone()),
        set("/0/outputs/0/amount_blinder", json!(""), missing),
        set("/0/added_by_a_newer_amp", json!(1), told),
    ]);
    stage.run(&command(&stage), ("GET", "ASSET/txs"), &[], &rows, &|_| {});
}

#[test]
fn that_amp_has_them_is_its_records_word_and_not_its_answers() {
    let stage = stage();
    let told = Done("AMP now has its blinders");
    let missing = Fails(10, "BLINDERS_MISSING", "its record does not show them");
    let mut rows: Vec<Row> = NO_OBJECT.iter().map(|text| body(text, told.clone())).collect();
    rows.extend(NO_OBJECT.iter().map(|text| unheard(text, missing.clone())));
    rows.extend(statuses_of_a_read());
    rows.extend(nothing_to_read(&Fails(12, "AMP_REFUSED", "refuses")));
    rows.push(dropped(true, Fails(11, "AMP_UNREACHABLE", "no answer from AMP")));
    let command = command(&stage);
    stage.run(&command, ("POST", "ASSET/update-blinders"), &[], &rows, &|seen| {
        // Without the change it is done, whatever was told before.
        let again = stage.issuer.desk.run("coldamp-online", &command);
        assert_eq!(again.code, 0, "{}, run again: {}", seen.row.name, again.stderr);
    });
}

#[test]
fn a_second_list_that_does_not_show_the_outputs_is_no_proof_that_amp_has_them() {
    let stage = stage();
    let missing = Fails(10, "BLINDERS_MISSING", "its record does not show them");
    let told = Done("AMP now has its blinders");
    let mut rows = bodies(&NO_LIST, &NO_ANSWER);
    rows.extend([
        body("[]", missing.clone()),
        set("/0/txid", json!("01".repeat(32)), missing.clone()),
        set("/0/outputs", json!([]), missing.clone()),
        set("/0/outputs/0/asset_blinder", json!(null), missing.clone()),
        set("/0/outputs/0/amount_blinder", json!(""), missing.clone()),
        set("/0/outputs/0/asset_blinder", json!("01".repeat(32)), missing.clone()),
        set("/0/outputs/0/amount_blinder", json!("01".repeat(32)), missing.clone()),
        set("/0/outputs/0/vout", json!(77), missing),
        set("/0/is_issuance", json!(false), told.clone()),
        set("/0/added_by_a_newer_amp", json!(1), told),
    ]);
    rows.extend(statuses_of_a_read());
    rows.extend(nothing_to_read(&Fails(12, "AMP_REFUSED", "refuses")));
    let command = command(&stage);
    stage.run(&command, ("GET", "ASSET/txs"), &[], &from_the_second(rows), &|seen| {
        let again = stage.issuer.desk.run("coldamp-online", &command);
        assert_eq!(again.code, 0, "{}, run again: {}", seen.row.name, again.stderr);
    });
}
