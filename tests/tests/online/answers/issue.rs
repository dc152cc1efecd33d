//! AMP's answer to the POST that issues an asset, and the list that is looked through before.

use coldamp_tests::RequestKind;
use serde_json::json;

use super::row::*;
use super::stage::Stage;
use crate::desk::fails;

/// How many assets AMP has beyond the founded ones.
fn issued(stage: &Stage) -> usize {
    let token = format!("token {}", stage.issuer.token());
    let answer = stage.issuer.asks_amp("GET", "assets", Some(token), String::new());
    let all: Vec<serde_json::Value> = serde_json::from_slice(&answer.body).unwrap();
    all.len() - stage.issuer.assets.len()
}

#[test]
fn an_answer_that_is_not_what_was_asked_for_is_kept_refused_and_never_asked_for_again() {
    let stage = Stage::new(RequestKind::Distribute);
    let shape = Fails(12, "AMP_ANSWER", "AMP's answer: ");
    let differs = Fails(3, "ANSWER_DIFFERS", "as asked for");
    let chain = Fails(3, "ISSUE_DIFFERS", "issuance ");
    let zeros = "0".repeat(64);
    let mut rows: Vec<Row> = NO_OBJECT.into_iter().map(|text| body(text, shape.clone())).collect();
    for at in [
        "/name",
        "/ticker",
        "/domain",
        "/pubkey",
        "/precision",
        "/amount",
        "/is_confidential",
        "/destination_address",
        "/is_reissuable",
        "/reissuance_amount",
        "/reissuance_address",
        "/transfer_restricted",
        "/asset_uuid",
        "/asset_id",
        "/reissuance_token_id",
        "/txid",
        "/vin",
        "/asset_vout",
        "/reissuance_vout",
    ] {
        rows.extend([without(at, shape.clone()), renamed(at, shape.clone())]);
    }
    rows.extend([
        set("/name", json!("Demo-Shore"), differs.clone()),
        set("/ticker", json!("DEM0"), differs.clone()),
        set("/domain", json!("example.org"), differs.clone()),
        set("/pubkey", json!("02".repeat(33)), differs.clone()),
        set("/precision", json!(8), differs.clone()),
        set("/amount", json!(100_000_051), differs.clone()),
        set("/amount", json!("100000050"), differs.clone()),
        set("/is_confidential", json!(true), differs.clone()),
        set("/destination_address", json!("el1qqnothing"), differs.clone()),
        set("/is_reissuable", json!(false), differs.clone()),
        set("/reissuance_amount", json!(1), differs.clone()),
        set("/reissuance_address", json!(""), differs.clone()),
        set("/transfer_restricted", json!(false), differs),
        replaced("txid is there twice", "\"txid\":", "\"txid\":\"0\",\"txid\":", shape.clone()),
        replaced("amount is there twice", "\"amount\":", "\"amount\":1,\"amount\":", shape.clone()),
        set("/asset_id", json!("7"), shape.clone()),
        set("/asset_uuid", json!("7"), shape.clone()),
        set("/reissuance_token_id", json!(""), shape.clone()),
        set("/reissuance_vout", json!(null), shape.clone()),
        set("/vin", json!(-1), shape.clone()),
        set("/issuance_assetblinder", json!("7"), shape),
        set("/asset_id", json!(zeros), chain.clone()),
        set("/reissuance_token_id", json!(zeros), chain.clone()),
        set("/vin", json!(1), chain.clone()),
        set("/asset_vout", json!(1), chain.clone()),
        set("/asset_vout", json!(9), chain.clone()),
        set("/reissuance_vout", json!(2), chain),
        set("/txid", json!(zeros), Fails(11, "NO_TRANSACTION", "does not have the issuance")),
        set("/added_by_a_newer_amp", json!(1), Done("proven         the contract")),
        // Of an explicit issuance it opens nothing.
        set("/issuance_assetblinder", json!(null), Done("proven         the contract")),
    ]);
    let command = stage.issuer.issue_command("");
    stage.run(&command, ("POST", "assets/issue"), &[], &rows, &|seen| {
        assert_eq!(issued(&stage), 1, "{}", seen.row.name);
        assert!(stage.issuer.desk.has("issue.json"), "{}", seen.row.name);
        // The saved answer is read again; AMP is asked for nothing.
        stage.issuer.desk.run("coldamp-online", &command);
        assert_eq!(issued(&stage), 1, "{}", seen.row.name);
    });
}

#[test]
fn an_asset_whose_answer_did_not_come_is_never_issued_twice() {
    let stage = Stage::new(RequestKind::Distribute);
    let failed = Fails(11, "AMP_FAILED", "AMP may have issued the asset");
    let mut rows: Vec<Row> =
        [202, 204, 302, 408, 500, 502, 503].map(|code| status(code, failed.clone())).into();
    rows.push(dropped(true, Fails(11, "AMP_UNREACHABLE", "AMP may have issued the asset")));
    let command = stage.issuer.issue_command("");
    stage.run(&command, ("POST", "assets/issue"), &[], &rows, &|seen| {
        assert_eq!(issued(&stage), 1, "{}", seen.row.name);
        fails(stage.issuer.desk.run("coldamp-online", &command), 13, "ISSUE_UNKNOWN");
        assert_eq!(issued(&stage), 1, "{}", seen.row.name);
    });
}

#[test]
fn a_clear_no_issues_nothing_and_the_same_command_asks_again() {
    let stage = Stage::new(RequestKind::Distribute);
    let mut rows: Vec<Row> =
        [400, 403, 404, 405, 429].map(|code| refuses(code, Fails(12, "AMP_REFUSED", "refuses"))).into();
    rows.push(refuses(401, Fails(12, "AMP_CREDENTIALS", "refuses the credentials")));
    let command = stage.issuer.issue_command("");
    stage.run(&command, ("POST", "assets/issue"), &[], &rows, &|seen| {
        assert_eq!(issued(&stage), 0, "{}", seen.row.name);
        stage.issuer.desk.run("coldamp-online", &command).done();
        assert_eq!(issued(&stage), 1, "{}", seen.row.name);
    });
}

#[test]
fn a_list_of_assets_that_cannot_be_read_is_not_an_empty_one() {
    let stage = Stage::new(RequestKind::Distribute);
    let mut rows = Vec::new();
    for text in NO_LIST.into_iter().filter(|text| *text != "[]") {
        rows.push(body(text, NO_ANSWER));
    }
    for at in [
        "/0/asset_uuid",
        "/0/asset_id",
        "/0/reissuance_token_id",
        "/0/name",
        "/0/ticker",
        "/0/domain",
        "/0/pubkey",
        "/0/precision",
        "/0/is_registered",
        "/0/is_authorized",
    ] {
        rows.extend([without(at, NO_ANSWER), renamed(at, NO_ANSWER)]);
    }
    rows.extend(statuses_of_a_read());
    let exists = Fails(13, "ASSET_EXISTS", "already");
    let alike = [("/0/ticker", json!("demo")), ("/0/domain", json!("Example.com"))];
    rows.push(set_all("an asset of the same ticker and domain", &alike, exists.clone()));
    let nameless = [("/0/ticker", json!("")), ("/0/domain", json!(null)), ("/0/name", json!("demo-share"))];
    rows.push(set_all("an asset of the same name without ticker and domain", &nameless, exists));
    let command = stage.issuer.issue_command("");
    stage.run(&command, ("GET", "assets"), &[], &rows, &|seen| {
        assert_eq!(issued(&stage), 0, "{}", seen.row.name);
        assert!(!stage.issuer.desk.has("issue.json.order"), "{}", seen.row.name);
    });
}

#[test]
fn a_record_that_does_not_say_that_a_step_is_taken_is_no_yes() {
    let issuer = crate::desk::Issuer::new();
    issuer.desk.run("coldamp-online", &issuer.issue_command("")).done();
    issuer.mine(2);
    let answer: serde_json::Value = serde_json::from_str(&issuer.desk.read("issue.json")).unwrap();
    let path = format!("assets/{}", answer["asset_uuid"].as_str().unwrap());
    let treasury = "--descriptor treasury.descriptor --network regtest";
    let command = format!("treasury setup issue.json --no-wait {treasury} {}", issuer.network());
    let stage = Stage::with(issuer, RequestKind::Distribute, None);
    let mut rows: Vec<Row> = NO_OBJECT.into_iter().map(|text| body(text, NO_ANSWER)).collect();
    for at in ["/asset_uuid", "/asset_id", "/is_registered", "/is_authorized"] {
        rows.extend([without(at, NO_ANSWER), renamed(at, NO_ANSWER), set(at, json!(null), NO_ANSWER)]);
    }
    rows.extend(statuses_of_a_read());
    rows.extend([
        set("/asset_id", json!("0".repeat(64)), Fails(3, "AMP_DIFFERS", "expected")),
        set("/is_registered", json!(false), Fails(10, "SETUP_OPEN", "what remains: registry")),
        set("/is_authorized", json!(false), Fails(10, "SETUP_OPEN", "what remains: authorization")),
    ]);
    stage.run(&command, ("GET", &path), &[], &rows, &|seen| {
        let again = stage.issuer.desk.run("coldamp-online", &command);
        assert_eq!(again.code, 0, "{}, run again: {}", seen.row.name, again.stderr);
    });
    // Of the outputs: what no record lists with our blinders, AMP lacks.
    let lacks = Fails(10, "SETUP_OPEN", "what remains: blinders");
    let mut rows: Vec<Row> =
        NO_LIST.into_iter().filter(|text| *text != "[]").map(|text| body(text, NO_ANSWER)).collect();
    rows.extend([
        set("/0/outputs/0/asset_blinder", json!(null), lacks.clone()),
        set("/0/outputs/0/amount_blinder", json!("0".repeat(64)), lacks.clone()),
        set("/0/outputs/0/asset_blinder", json!("7".repeat(64)), lacks.clone()),
        set("/0/outputs/1/vout", json!(7), lacks),
    ]);
    stage.run(&command, ("GET", &format!("{path}/txs")), &[], &rows, &|seen| {
        let again = stage.issuer.desk.run("coldamp-online", &command);
        assert_eq!(again.code, 0, "{}, run again: {}", seen.row.name, again.stderr);
    });
}
