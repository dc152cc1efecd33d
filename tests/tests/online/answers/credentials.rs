//! Credentials that AMP quotes, in errors and in answers of success, in whatever encoding: none is shown.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_sandbox::faults::{Edit, Fault, Rule};
use coldamp_sandbox::server::{PASSWORD, USERNAME};
use coldamp_tests::RequestKind;
use serde_json::json;

use super::row::*;
use super::stage::Stage;

/// What a server may write for a secret.
fn encodings(secret: &str) -> Vec<String> {
    let each = |write: &dyn Fn(u8) -> String| secret.bytes().map(write).collect::<String>();
    vec![
        secret.to_owned(),
        each(&|byte| format!("\\u{byte:04x}")),
        each(&|byte| format!("\\x{byte:02x}")),
        each(&|byte| format!("%{byte:02X}")),
        each(&|byte| format!("%25{byte:02x}")),
        each(&|byte| format!("&#{byte};")),
        each(&|byte| format!("&amp;#x{byte:X};")),
        STANDARD.encode(secret),
        STANDARD.encode(format!("{USERNAME}:{secret}")),
        format!("Bearer {secret}"),
        format!("token {secret}"),
        secret.as_bytes().to_lower_hex_string(),
    ]
}

/// Runs a command with an answer that quotes, and sees what is shown.
fn nothing_shown(stage: &Stage, command: &str, rule: Rule, secret: &str, written: &str) {
    stage.issuer.sandbox.faults().set(vec![rule]);
    let run = stage.issuer.desk.run("coldamp-online", command);
    stage.issuer.sandbox.faults().clear();
    let shown = format!("{}{}", run.stdout, run.stderr);
    assert!(shown.contains("[credentials left out]"), "{written}: {shown}");
    for text in [secret, written, &json!(written).to_string()] {
        assert!(!shown.contains(text.trim_matches('"')), "{written}: {shown}");
    }
    assert_eq!(stage.issuer.sandbox.faults().unfit(), [""; 0]);
}

fn quotes_everywhere(stage: &Stage, secret: &str) {
    let check = format!("request check burn.json --network regtest {}", stage.issuer.amp());
    let ask = stage.issuer.ask_command(RequestKind::Burn).replace("-o burn.json", "-o again.json");
    for written in encodings(secret) {
        let set = |at: &str, value| Fault::Altered {
            status: None,
            edits: vec![Edit::Set { at: at.to_owned(), value }],
        };
        let words = json!({ "detail": format!("no: '{written}'") }).to_string();
        for (command, asked, fault) in [
            (&check, ("GET", "ASSET"), Fault::Answers { status: 400, body: words.clone() }),
            (&check, ("GET", "ASSET"), Fault::Answers { status: 500, body: words.clone() }),
            (&check, ("GET", "ASSET"), Fault::Answers { status: 401, body: format!("no: '{written}'") }),
            // What the library says of a value of the wrong type quotes it.
            (&check, ("GET", "ASSET/utxos"), set("/0/vout", json!(written))),
            (&check, ("GET", "ASSET/utxos"), set("/0/txid", json!(written))),
            (&check, ("GET", "ASSET"), set("/asset_id", json!(written))),
            (
                &ask,
                ("POST", "ASSET/burn-request"),
                set("/base_url", json!(format!("https://{written}/api/{{}}"))),
            ),
            (&ask, ("POST", "ASSET/burn-request"), set("/command", json!(written))),
        ] {
            let row = row(&written, fault, Done(""));
            nothing_shown(stage, command, stage.rule(asked, &row), secret, &written);
            let _ = std::fs::remove_file(stage.issuer.desk.path("again.json"));
        }
    }
}

#[test]
fn a_password_and_a_name_are_shown_in_no_encoding() {
    let stage = Stage::asked(RequestKind::Burn);
    quotes_everywhere(&stage, PASSWORD);
    let check = format!("request check burn.json --network regtest {}", stage.issuer.amp());
    for written in encodings(PASSWORD) {
        let body = format!("{{\"non_field_errors\": [\"'{written}'\"]}}");
        let row = row(&written, Fault::Answers { status: 400, body }, Done(""));
        nothing_shown(&stage, &check, stage.rule(("POST", "user/obtain_token"), &row), PASSWORD, &written);
    }
    for written in encodings(USERNAME).into_iter().skip(1).take(7) {
        let body = format!("{{\"detail\": \"'{written}'\"}}");
        let row = row(&written, Fault::Answers { status: 403, body }, Done(""));
        nothing_shown(&stage, &check, stage.rule(("GET", "ASSET"), &row), &written, &written);
    }
}

#[test]
fn a_token_is_shown_in_no_encoding() {
    let stage = Stage::asked(RequestKind::Burn);
    let token = stage.issuer.token();
    stage.issuer.desk.write("credentials", format!("{token}\n"));
    quotes_everywhere(&stage, &token);
}

#[test]
fn what_report_prints_of_amps_answer_holds_no_credentials() {
    let stage = Stage::deep(RequestKind::Reissue);
    for written in encodings(PASSWORD) {
        let edits = vec![Edit::Set { at: "/asked_by".to_owned(), value: json!(format!("'{written}'")) }];
        let row = row(&written, Fault::Altered { status: None, edits }, Done(""));
        let rule = stage.rule(("POST", "ASSET/reissue-confirm"), &row);
        stage.put_back();
        nothing_shown(&stage, &stage.report(), rule, PASSWORD, &written);
    }
}
