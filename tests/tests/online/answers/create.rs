//! The answer to the GET that makes a distribution.

use coldamp_tests::RequestKind;
use serde_json::json;

use super::row::*;
use super::stage::Stage;
use crate::desk::fails;

#[test]
fn a_distribution_whose_answer_is_none_is_found_and_never_made_twice() {
    let stage = Stage::new(RequestKind::Distribute);
    let parse = Fails(3, "PARSE", "AMP may have made the distribution all the same");
    let shape = Fails(3, "JSON_SHAPE", "AMP may have made the distribution all the same");
    let mut rows: Vec<Row> = Vec::new();
    for text in NO_OBJECT {
        let is_json = serde_json::from_str::<serde_json::Value>(text).is_ok();
        rows.push(body(text, if is_json { shape.clone() } else { parse.clone() }));
    }
    for at in ["/distribution_uuid", "/map_address_amount", "/map_address_asset", "/asset_id", "/asset_uuid"]
    {
        rows.extend([
            without(at, shape.clone()),
            renamed(at, shape.clone()),
            set(at, json!(null), shape.clone()),
        ]);
    }
    rows.extend([
        set("/map_address_amount", json!({}), shape.clone()),
        set("/command", json!("burn"), shape),
        set(
            "/min_supported_client_script_version",
            json!(3),
            Fails(3, "CLIENT_VERSION", "AMP may have made"),
        ),
        set("/base_url", json!("https://example.org/api/{}"), Fails(3, "HOST", "AMP may have made")),
        set("/added_by_a_newer_amp", json!(1), Done("request        distribute.json")),
    ]);
    let failed = Fails(11, "AMP_FAILED", "AMP may have made the distribution. Run the same command again");
    rows.extend([201, 204, 302, 408, 500, 502, 503].map(|code| status(code, failed.clone())));
    rows.push(dropped(true, Fails(11, "AMP_UNREACHABLE", "AMP may have made the distribution")));
    let command = stage.issuer.ask_command(RequestKind::Distribute);
    stage.run(&command, ("GET", "ASSET/distributions/create/"), &[], &rows, &|seen| {
        let made = || stage.issuer.sandbox.with(|_, amp| amp.distributions_created());
        assert_eq!(made(), 1, "{}", seen.row.name);
        if matches!(seen.row.expected, Done(_)) {
            return;
        }
        let again = command.replace("-o distribute.json", "-o again.json");
        fails(stage.issuer.desk.run("coldamp-online", &again), 13, "DISTRIBUTION_OPEN");
        assert_eq!(made(), 1, "{}", seen.row.name);
    });
}

#[test]
fn a_distribution_that_was_not_made_is_told_as_what_it_is() {
    let stage = Stage::new(RequestKind::Distribute);
    let nothing = Fails(3, "NOTHING_TO_DISTRIBUTE", "there was nothing to distribute");
    let mut rows: Vec<Row> = [
        r#"{"command": "distribute", "map_address_amount": {}, "map_address_asset": {}}"#,
        r#"{"command": "distribute", "distribution_uuid": null, "map_address_amount": {}}"#,
        r#"{"command": "distribute", "distribution_uuid": "", "map_address_amount": {}}"#,
    ]
    .map(|text| unheard(text, nothing.clone()))
    .into();
    rows.extend([400, 403, 404, 405, 429].map(|code| refuses(code, Fails(12, "AMP_REFUSED", "refuses"))));
    rows.push(refuses(401, Fails(12, "AMP_CREDENTIALS", "refuses the credentials")));
    rows.push(dropped(false, Fails(11, "AMP_UNREACHABLE", "AMP may have made the distribution")));
    let command = stage.issuer.ask_command(RequestKind::Distribute);
    stage.run(&command, ("GET", "ASSET/distributions/create/"), &[], &rows, &|seen| {
        assert_eq!(stage.issuer.sandbox.with(|_, amp| amp.distributions_created()), 0, "{}", seen.row.name);
    });
}
