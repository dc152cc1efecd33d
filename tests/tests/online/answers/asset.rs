//! An asset.

use coldamp_tests::RequestKind;
use serde_json::json;

use super::row::*;
use super::stage::Stage;

const OTHER: &str = "0101010101010101010101010101010101010101010101010101010101010101";
const OTHER_UUID: &str = "00000000-1111-2222-3333-444444444444";

#[test]
fn an_asset_is_the_one_that_was_asked_for_by_an_id_that_is_one() {
    let stage = Stage::asked(RequestKind::Burn);
    let asset = &stage.issuer.assets[0];
    let done = Done("Compare this SHA-256");
    let mut rows = bodies(&NO_OBJECT, &NO_ANSWER);
    for field in ["/asset_id", "/asset_uuid"] {
        rows.extend([without(field, NO_ANSWER), renamed(field, NO_ANSWER)]);
        for value in [json!(null), json!(""), json!(7), json!([]), json!({}), json!("00"), json!("none")] {
            rows.push(set(field, value, NO_ANSWER));
        }
    }
    let id = asset.issued.asset.to_string();
    rows.extend([
        set("/asset_id", json!(OTHER), Fails(3, "AMP_DIFFERS", "differs        asset: AMP has 0101")),
        set("/asset_id", json!(format!("{id}0")), NO_ANSWER),
        set("/asset_id", json!(id.to_uppercase()), done.clone()),
        set("/asset_uuid", json!(asset.uuid.to_string().to_uppercase()), done.clone()),
        set("/asset_uuid", json!(OTHER_UUID), NO_ANSWER),
        set("/added_by_a_newer_amp", json!({"a": [1]}), done.clone()),
        set("/ticker", json!(null), done.clone()),
        without("/name", done.clone()),
        without("/reissuance_token_id", done),
        replaced("the id stands there twice", "\"asset_id\"", "\"asset_id\":\"\",\"asset_id\"", NO_ANSWER),
    ]);
    rows.extend(statuses_of_a_read());
    rows.extend(nothing_to_read(&Fails(12, "AMP_REFUSED", "refuses")));
    let check = format!("request check burn.json --network regtest {}", stage.issuer.amp());
    stage.run(&check, ("GET", "ASSET"), &[], &rows, &|_| {});

    // Before a request nothing is planned for an asset that AMP does not name.
    let stage = Stage::new(RequestKind::Burn);
    let mut rows = bodies(&NO_OBJECT, &NO_ANSWER);
    rows.extend([without("/asset_id", NO_ANSWER), set("/asset_uuid", json!(OTHER_UUID), NO_ANSWER)]);
    rows.push(set("/asset_id", json!(OTHER), Fails(3, "MISSING_COINS", OTHER)));
    stage.run(&stage.issuer.ask_command(RequestKind::Burn), ("GET", "ASSET"), &[], &rows, &|_| {
        assert!(!stage.issuer.desk.has("burn.json"));
    });
}
