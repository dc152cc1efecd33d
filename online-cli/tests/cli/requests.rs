//! Requests that break a rule.

use coldamp_core::elements::{Address, AddressParams};

use crate::desk::{Desk, PREPARE};

const FIRST: &str = "AzpjC7eBYvSm33G4veLDbXJKTe36BpdTPSaFGwv4vC1pFcqHMVekioxywWkHqM8NQUwdKN4He1ACM9uJ";

#[test]
fn a_request_that_breaks_a_rule_is_refused_with_what_was_found_and_what_was_expected() {
    let duplicate = format!("190.92792622, \"{FIRST}\": 1,");
    let duplicate_says = format!("duplicate key \"{FIRST}\"");
    for (job, found, becomes, code, says) in [
        (
            "burn",
            r#": "burn""#,
            r#": "issue""#,
            "COMMAND",
            [r#"found "issue""#, r#"expected "distribute", "reissue" or "burn""#],
        ),
        (
            "burn",
            r#""command""#,
            r#""command": "burn", "command""#,
            "JSON_SHAPE",
            [r#"found duplicate key "command""#, "expected every key once"],
        ),
        (
            "distribute",
            "190.92792622,",
            &duplicate,
            "JSON_SHAPE",
            [&duplicate_says, "expected every key once"],
        ),
        (
            "burn",
            r#""vout": 1"#,
            r#""vout": 1, "vout": 1"#,
            "JSON_SHAPE",
            [r#"duplicate key "vout""#, "expected every key once"],
        ),
        (
            "burn",
            r#""vout": 1"#,
            r#""vout": 1, "memo": 1"#,
            "JSON_SHAPE",
            [r#"found the unknown field "memo""#, "expected txid and vout only"],
        ),
        (
            "burn",
            "1.775e-05",
            "1.7755e-05",
            "AMOUNT_SYNTAX",
            ["1.7755e-05 has more than 8 decimals", "the smallest amount is 0.00000001"],
        ),
        (
            "distribute",
            "190.92792622",
            "190.927926220000001",
            "AMOUNT_SYNTAX",
            [FIRST, "190.927926220000001 has more than 8 decimals"],
        ),
        ("burn", "1.775e-05", "0.0", "AMOUNT_SYNTAX", ["0.0 is zero", "expected at least 0.00000001"]),
        ("reissue", "599.96572739", "0", "AMOUNT_SYNTAX", ["0 is zero", "expected at least 0.00000001"]),
        (
            "burn",
            "1.775e-05",
            "-1.775e-05",
            "AMOUNT_SYNTAX",
            ["-1.775e-05 is negative", "expected more than zero"],
        ),
        (
            "distribute",
            "190.92792622",
            "-190.92792622",
            "AMOUNT_SYNTAX",
            [FIRST, "-190.92792622 is negative; expected more than zero"],
        ),
        (
            "burn",
            "1.775e-05",
            "\"0.00001775\"",
            "AMOUNT_SYNTAX",
            ["amount: ", "\"0.00001775\" is not a JSON number"],
        ),
        (
            "distribute",
            "190.92792622",
            "\"190.92792622\"",
            "AMOUNT_SYNTAX",
            [FIRST, "\"190.92792622\" is not a JSON number"],
        ),
        (
            "reissue",
            "599.96572739",
            "21000000.00000001",
            "AMOUNT_SYNTAX",
            ["amount: ", "21000000.00000001 is more than 21000000"],
        ),
        (
            "burn",
            "amp-test.blockstream.com",
            "amp.blockstream.evil",
            "HOST",
            [
                "https://amp.blockstream.evil",
                "expected https://HOST/api with HOST one of amp-test.blockstream.com",
            ],
        ),
        ("burn", "version\": 2", "version\": 3", "CLIENT_VERSION", ["found 3", "expected at most 2"]),
        ("burn", "\"amount\": 1.775e-05,", "", "JSON_SHAPE", ["amount: found nothing", "expected the field"]),
        (
            "burn",
            "c827f4a9f08a0eb9372c163621585f3d795c68b6a577505b457ff1c6ebb71015",
            "5ac9f65c0efcc4775e0baec4ec03abdde22473cd3cf33c0419ca290e0751b225",
            "REQUEST_ASSET",
            ["found the policy asset 5ac9f65c", "expected an issued asset"],
        ),
    ] {
        let desk = Desk::of("wpkh", job);
        desk.replace("request.json", found, becomes);
        desk.refused(code, &says);
    }
}

#[test]
fn an_address_of_another_network_is_refused() {
    let params = &AddressParams::ELEMENTS;
    let mut address = Address::parse_with_params(FIRST, params).unwrap();
    address.params = &AddressParams::LIQUID;
    let desk = Desk::of("wpkh", "distribute");
    desk.replace("request.json", FIRST, &address.to_string());
    let found = format!("found an address of liquid, \"{address}\"");
    desk.refused("ADDRESS", &[&found, "expected an address of regtest"]);

    desk.replace("request.json", &address.to_string(), "1BitcoinEaterAddressDontSendf59kuE");
    desk.refused("ADDRESS", &["1BitcoinEater", "expected an address of regtest"]);
}

#[test]
fn a_map_that_names_another_asset_is_refused() {
    let desk = Desk::of("wpkh", "distribute");
    let (asset, other) =
        ("c827f4a9f08a0eb9372c163621585f3d795c68b6a577505b457ff1c6ebb71015", "ab".repeat(32));
    let text = desk.read("request.json");
    let (before, after) = text.rsplit_once(asset).unwrap();
    desk.write("request.json", format!("{before}{other}{after}"));
    desk.refused(
        "JSON_SHAPE",
        &["map_address_asset", &format!("found {other}"), "expected the asset that asset_id names"],
    );
}

#[test]
fn the_two_maps_name_the_same_addresses() {
    let desk = Desk::of("wpkh", "distribute");
    let text = desk.read("request.json");
    let (before, after) = text.rsplit_once(FIRST).unwrap();
    desk.write("request.json", format!("{before}elsewhere{after}"));
    desk.refused(
        "JSON_SHAPE",
        &["map_address_asset: found no entry for", FIRST, "expected the same addresses"],
    );
}

#[test]
fn a_request_that_is_not_json_is_unreadable() {
    let desk = Desk::of("wpkh", "burn");
    let whole = desk.read("request.json");
    let truncated = whole.get(..whole.len() / 2).unwrap();
    for text in ["", "\n", "hello", "cHNldP8=", truncated] {
        desk.write("request.json", text);
        let stderr = desk.fails(PREPARE, 6, &["the request request.json: the request is not JSON"]);
        assert!(stderr.contains("error[PARSE]: "), "{stderr}");
    }
    desk.write("request.json", b"\xff{\x80}");
    desk.fails(PREPARE, 6, &["the request is not JSON"]);
    desk.write("request.json", b"\xff\xfe{\x00");
    desk.fails(PREPARE, 6, &["error[ENCODING]: ", "request.json", "UTF-16"]);
    desk.write("request.json", " ".repeat(262_145));
    desk.fails(PREPARE, 6, &["request.json", "more than 262144 bytes"]);
    desk.write("request.json", "[]");
    desk.refused("JSON_SHAPE", &["found a list", "expected an object"]);
}
