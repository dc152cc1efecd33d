//! AMP's answers to requests of a reissue and of a burn; and that preparing asks AMP nothing.

use coldamp_tests::RequestKind;
use serde_json::json;

use super::row::*;
use super::stage::Stage;

#[test]
fn what_is_not_the_request_that_was_asked_for_is_told() {
    for (kind, path, list) in [
        (RequestKind::Reissue, "ASSET/reissue-request", "/reissuance_utxos"),
        (RequestKind::Burn, "ASSET/burn-request", "/utxos"),
    ] {
        let stage = Stage::new(kind);
        let saved = "Keep AMP's answer, which is saved. Do not prepare it before you know why it differs";
        let (parse, shape) = (Fails(3, "PARSE", saved), Fails(3, "JSON_SHAPE", saved));
        let differs = Fails(3, "ANSWER_DIFFERS", saved);
        let done = Done(match kind {
            RequestKind::Reissue => "request        reissue.json",
            _ => "request        burn.json",
        });
        let mut rows = Vec::new();
        for text in ["", "{\"amount\":", "<html>"] {
            rows.push(body(text, parse.clone()));
        }
        for text in ["null", "[]", "{}", r#"{"detail": "Not found."}"#] {
            rows.push(body(text, shape.clone()));
        }
        for at in [list, "/asset_id", "/asset_uuid", "/amount"] {
            rows.extend([without(at, shape.clone()), renamed(at, shape.clone())]);
        }
        for at in [list, "/asset_id", "/asset_uuid"] {
            rows.push(set(at, json!(null), shape.clone()));
        }
        rows.extend([
            set(list, json!([]), shape),
            set("/amount", json!(1), differs.clone()),
            set("/amount", json!(null), Fails(3, "AMOUNT_SYNTAX", saved)),
            set("/amount", json!("50.00000001"), Fails(3, "AMOUNT_SYNTAX", saved)),
            set("/amount", json!(-1), Fails(3, "AMOUNT_SYNTAX", saved)),
            set("/amount", json!(1e40), Fails(3, "AMOUNT_SYNTAX", saved)),
            set("/asset_uuid", json!("00000000-1111-2222-3333-444444444444"), differs),
            set("/command", json!("none"), Fails(3, "COMMAND", saved)),
            set("/base_url", json!("https://example.org/api/{}"), Fails(3, "HOST", saved)),
            set("/added_by_a_newer_amp", json!(1), done),
            status(500, Fails(11, "AMP_FAILED", "with status 500")),
            status(302, Fails(11, "AMP_FAILED", "with status 302")),
            refuses(400, Fails(12, "AMP_REFUSED", "status 400: {\"detail\": \"No.\"}")),
            refuses(401, Fails(12, "AMP_CREDENTIALS", "refuses the credentials")),
            refuses(404, Fails(12, "AMP_REFUSED", "status 404")),
            refuses(429, Fails(12, "AMP_REFUSED", "status 429")),
            dropped(false, Fails(11, "AMP_UNREACHABLE", "no answer from AMP")),
        ]);
        stage.run(&stage.issuer.ask_command(kind), ("POST", path), &[], &rows, &|_| {});
    }
}

#[test]
fn preparing_asks_amp_nothing() {
    let stage = Stage::asked(RequestKind::Burn);
    let before = stage.issuer.sandbox.faults().count();
    stage.issuer.prepare("burn", "").done();
    let log = stage.issuer.sandbox.faults().log();
    assert!(log[before..].iter().all(|asked| asked.path.starts_with("/esplora/")), "{:?}", &log[before..]);
}
