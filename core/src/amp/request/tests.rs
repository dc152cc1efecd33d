//! Which requests are read and which are refused.

use elements::Address;

use super::*;
use crate::network::Chain;

const ASSET: &str = "c827f4a9f08a0eb9372c163621585f3d795c68b6a577505b457ff1c6ebb71015";
const CONFIDENTIAL: &str =
    "el1qqvrzhdsjapk4nx76mhqxn5rwxfmgaql0tn42a8n9s5r7p56c2x99a3a2h0avfkmwemf4xkk45gy9p8feyy5ukwehzfas5ek6r";
const P2SH: &str = "AzpjC7eBYvSm33G4veLDbXJKTe36BpdTPSaFGwv4vC1pFcqHMVekioxywWkHqM8NQUwdKN4He1ACM9uJ";
const TXID: &str = "8cbb31b4cadecbbba76fb9992dfcd49a0093835652f41d24ef38a52d233b452c";

fn regtest() -> Network {
    Network::new(Chain::Regtest)
}

fn head(command: &str) -> String {
    format!(
        r#""command":"{command}","min_supported_client_script_version":2,"base_url":"https://amp-test.blockstream.com/api/{{}}","asset_uuid":"025b413f-8a9a-421e-a648-a7dd06839eb9","asset_id":"{ASSET}""#
    )
}

fn distribute() -> String {
    format!(
        r#"{{{},"distribution_uuid":"afbd67f9-6196-49cf-a198-8ad9f06c144a","map_address_amount":{{"{P2SH}":12.5,"{CONFIDENTIAL}":1e-08}},"map_address_asset":{{"{CONFIDENTIAL}":"{ASSET}","{P2SH}":"{ASSET}"}}}}"#,
        head("distribute")
    )
}

fn reissue() -> String {
    format!(r#"{{{},"amount":250.0,"reissuance_utxos":[{{"txid":"{TXID}","vout":1}}]}}"#, head("reissue"))
}

fn burn() -> String {
    format!(
        r#"{{{},"amount":1.775e-05,"utxos":[{{"txid":"{TXID}","vout":1}},{{"vout":2,"txid":"{TXID}"}}]}}"#,
        head("burn")
    )
}

/// The same script without its blinding key.
fn unconfidential(address: &str) -> String {
    Address::parse_with_params(address, regtest().address_params()).unwrap().to_unconfidential().to_string()
}

fn parse(text: &str) -> Result<Request, RequestError> {
    Request::parse(text.as_bytes(), &regtest())
}

#[test]
fn the_three_requests_are_read() {
    let distribute = parse(&distribute()).unwrap();
    assert_eq!(distribute.command().name(), "distribute");
    assert_eq!(distribute.api.as_str(), "https://amp-test.blockstream.com/api");
    let Job::Distribute { recipients, .. } = &distribute.job else { panic!("{:?}", distribute.job) };
    assert_eq!(recipients.iter().map(|r| r.amount.base_units()).collect::<Vec<_>>(), [1_250_000_000, 1]);
    assert_eq!(
        distribute.confirm_path(),
        "assets/025b413f-8a9a-421e-a648-a7dd06839eb9/distributions/afbd67f9-6196-49cf-a198-8ad9f06c144a/confirm"
    );

    let reissue = parse(&reissue()).unwrap();
    let Job::Reissue { amount, tokens } = &reissue.job else { panic!("{:?}", reissue.job) };
    assert_eq!((amount.base_units(), tokens.len()), (25_000_000_000, 1));
    assert_eq!(reissue.confirm_path(), "assets/025b413f-8a9a-421e-a648-a7dd06839eb9/reissue-confirm");

    let burn = parse(&burn()).unwrap();
    let Job::Burn { amount, coins } = &burn.job else { panic!("{:?}", burn.job) };
    assert_eq!((amount.base_units(), coins.len()), (1_775, 2));
}

#[test]
fn unknown_top_level_fields_are_named_and_unknown_nested_ones_refused() {
    let text = burn().replacen('{', r#"{"memo":"x","\u00e9vil":1,"#, 1);
    assert_eq!(parse(&text).unwrap().not_understood, ["\"memo\"", "\"\\u{e9}vil\""]);
    let nested = burn().replace(r#""vout":1"#, r#""vout":1,"note":"x""#);
    assert_eq!(parse(&nested).unwrap_err().code().as_str(), "JSON_SHAPE");
}

#[test]
fn what_is_found_in_place_of_a_number_cannot_draw_on_the_screen() {
    let forged = burn().replace("1.775e-05", "[\n\"every rule holds\", \"\u{202e}\u{9b}2J\"\n]");
    let words = parse(&forged).unwrap_err().to_string();
    assert!(
        words.chars().all(|character| character == '…' || !character.is_control() && character.is_ascii()),
        "{words:?}"
    );
}

#[test]
fn text_with_characters_that_nobody_sees_is_refused_in_every_field() {
    let with = |member: &str| burn().replacen('{', &format!("{{{member},"), 1);
    for text in [
        with(r#""memo":"pay\u202e me""#),
        with("\"memo\":\"pay\u{202e} me\""),
        with(r#""\u2066memo":1"#),
        with(r#""memo":{"a":[1,{"b":"x\ny"}]}"#),
        with(r#""memo":[[["\u200b"]]]"#),
        with(r#""memo":"\u2028""#),
        with(r#""memo":"\ud800""#),
        with("\"memo\":\"\u{9b}2J\""),
        // This code comes before whatever else is wrong with the field.
        burn().replace("\"burn\"", r#""bu\u001brn""#),
        burn().replace("1.775e-05", r#""1.775e-05\u200b""#),
        burn().replace(TXID, &format!("\u{feff}{TXID}")),
        burn().replace("\"utxos\"", r#""utxos\u00ad""#),
        distribute().replace(P2SH, &format!(r"{P2SH}\u200d")),
    ] {
        let error = parse(&text).unwrap_err();
        assert_eq!(error.code().as_str(), "TEXT_UNSAFE", "{text}: {error}");
        let words = error.to_string();
        assert!(words.chars().all(|character| character.is_ascii_graphic() || character == ' '), "{words:?}");
    }
    let place = parse(&with(r#""memo":{"a":[1,{"b":"x\ny"}]}"#)).unwrap_err().to_string();
    assert!(place.starts_with(r#"the file, "memo", "a"[1], "b": found U+000A in "x\u{a}y""#), "{place}");
}

#[test]
fn unknown_fields_may_hold_letters_of_any_script() {
    let text = burn().replacen('{', "{\"memo\":\"Ausschüttung für 株主 \u{1f980}\\u00e9\",", 1);
    assert_eq!(parse(&text).unwrap().not_understood, ["\"memo\""]);
}

#[test]
fn names_of_unknown_fields_cannot_draw_on_the_screen() {
    let padded = format!("every rule holds{}", " ".repeat(60));
    let many: String = (0..50).map(|number| format!(r#""{number:02} {padded}":1,"#)).collect();
    let names = parse(&burn().replacen('{', &format!("{{{many}"), 1)).unwrap().not_understood;
    assert_eq!(names.len(), 11);
    assert_eq!(names[10], "and 40 more");
    assert!(names.iter().take(10).all(|name| !name.contains(' ') && name.contains("\\u{20}")), "{names:?}");
}

#[test]
fn the_bytes_are_kept_as_they_are() {
    let text = format!(" {}\n", burn());
    assert_eq!(parse(&text).unwrap().bytes(), text.as_bytes());
}

/// One hostile or broken request a row: what is done to an honest one, and the code that refuses it.
#[test]
fn every_other_request_is_refused_by_its_code() {
    let liquid_address = "VJLCQwwG8s7qUGhpJkQpkf7wLoK785TcK2cPqka8675FeJB7NEHLto5MUJyhJURGJCbFHA6sb6rgTwbh";
    let unconfidential = unconfidential(P2SH);
    let rows: Vec<(&str, String, &str)> = vec![
        ("no JSON", "hello".to_owned(), "PARSE"),
        ("empty", String::new(), "PARSE"),
        ("cut off", burn().replace('}', ""), "PARSE"),
        ("a list", "[1]".to_owned(), "JSON_SHAPE"),
        ("a byte order mark", format!("\u{feff}{}", burn()), "JSON_SHAPE"),
        ("a second object", format!("{} {}", burn(), burn()), "JSON_SHAPE"),
        ("trailing bytes", format!("{} x", burn()), "JSON_SHAPE"),
        ("a key twice", burn().replacen('{', r#"{"amount":1,"#, 1), "JSON_SHAPE"),
        (
            "a key twice in an unknown field",
            burn().replacen('{', r#"{"x":[{"a":1,"a":1}],"#, 1),
            "JSON_SHAPE",
        ),
        (
            "a field of nothing but depth",
            burn().replacen('{', &format!(r#"{{"x":{}{},"#, "[".repeat(9_000), "]".repeat(9_000)), 1),
            "JSON_SHAPE",
        ),
        ("a key twice, escaped", burn().replacen('{', r#"{"\u0061mount":1,"#, 1), "JSON_SHAPE"),
        (
            "an address twice",
            distribute().replacen(&format!(r#""{P2SH}":12.5"#), &format!(r#""{P2SH}":12.5,"{P2SH}":1"#), 1),
            "JSON_SHAPE",
        ),
        (
            "a script twice",
            distribute()
                .replacen(&format!(r#""{CONFIDENTIAL}":1e-08"#), &format!(r#""{unconfidential}":1e-08"#), 1)
                .replacen(
                    &format!(r#""{CONFIDENTIAL}":"{ASSET}""#),
                    &format!(r#""{unconfidential}":"{ASSET}""#),
                    1,
                ),
            "JSON_SHAPE",
        ),
        ("another command", burn().replace("\"burn\"", "\"destroy\""), "COMMAND"),
        ("upper-case command", burn().replace("\"burn\"", "\"Burn\""), "COMMAND"),
        ("no command", burn().replace("\"command\"", "\"comand\""), "JSON_SHAPE"),
        ("a newer AMP", burn().replace("version\":2", "version\":3"), "CLIENT_VERSION"),
        ("a version as text", burn().replace("version\":2", "version\":\"2\""), "JSON_SHAPE"),
        ("nine decimals", burn().replace("1.775e-05", "0.000000001"), "AMOUNT_SYNTAX"),
        ("zero", burn().replace("1.775e-05", "0.0"), "AMOUNT_SYNTAX"),
        ("negative", burn().replace("1.775e-05", "-1.0"), "AMOUNT_SYNTAX"),
        ("amount as text", burn().replace("1.775e-05", "\"1.0\""), "AMOUNT_SYNTAX"),
        ("more than 21 million", burn().replace("1.775e-05", "1e20"), "AMOUNT_SYNTAX"),
        ("NaN", burn().replace("1.775e-05", "NaN"), "PARSE"),
        ("amount in a map as text", distribute().replace("12.5", "\"12.5\""), "AMOUNT_SYNTAX"),
        ("amount null", burn().replace("1.775e-05", "null"), "AMOUNT_SYNTAX"),
        (
            "L-BTC",
            burn().replace(ASSET, "5ac9f65c0efcc4775e0baec4ec03abdde22473cd3cf33c0419ca290e0751b225"),
            "REQUEST_ASSET",
        ),
        ("a short asset id", burn().replace(ASSET, "c827"), "JSON_SHAPE"),
        ("an upper-case asset id", burn().replace(ASSET, &ASSET.to_uppercase()), "JSON_SHAPE"),
        (
            "a map that names another asset",
            distribute().replacen(
                &format!(r#"":"{ASSET}","{P2SH}"#),
                &format!(r#"":"{}","{P2SH}"#, ASSET.replace('c', "d")),
                1,
            ),
            "JSON_SHAPE",
        ),
        (
            "a map without one address",
            distribute().replacen(&format!(r#""{CONFIDENTIAL}":"{ASSET}","#), "", 1),
            "JSON_SHAPE",
        ),
        (
            "a map with one address more",
            distribute().replacen(&format!(r#""{CONFIDENTIAL}":1e-08"#), "", 1).replace("12.5,", "12.5"),
            "JSON_SHAPE",
        ),
        (
            "no recipient",
            distribute().replace(&format!(r#""{P2SH}":12.5,"{CONFIDENTIAL}":1e-08"#), ""),
            "JSON_SHAPE",
        ),
        ("an address of liquid", distribute().replace(P2SH, liquid_address), "ADDRESS"),
        ("a wrong checksum", distribute().replace("uJ\"", "uK\""), "ADDRESS"),
        ("no address", distribute().replace(P2SH, "hello"), "ADDRESS"),
        (
            "an address of a one-byte program, which anybody can spend",
            distribute()
                .replace(P2SH, "el1pq2vfczmkedtrju0aexl0x8kqds6kpueyn4hwnewc83tky4vkup0k7pg0v3jgqyep9tl"),
            "ADDRESS",
        ),
        (
            "an address of an empty program, which nobody can spend",
            distribute()
                .replace(P2SH, "el1pq2vfczmkedtrju0aexl0x8kqds6kpueyn4hwnewc83tky4vkup0k73cesah3v5u37"),
            "ADDRESS",
        ),
        (
            "an empty list",
            burn().replace(&format!(r#"{{"txid":"{TXID}","vout":1}},{{"vout":2,"txid":"{TXID}"}}"#), ""),
            "JSON_SHAPE",
        ),
        ("an output twice", burn().replace("\"vout\":2", "\"vout\":1"), "JSON_SHAPE"),
        ("a vout with a flag", burn().replace("\"vout\":2", "\"vout\":2147483650"), "JSON_SHAPE"),
        ("a vout as a float", burn().replace("\"vout\":2", "\"vout\":2.0"), "JSON_SHAPE"),
        ("a short txid", burn().replace(TXID, "8cbb"), "JSON_SHAPE"),
        (
            "a uuid with a path",
            burn().replace("025b413f-8a9a-421e-a648-a7dd06839eb9", "../../user"),
            "JSON_SHAPE",
        ),
        ("an upper-case uuid", burn().replace("025b413f", "025B413F"), "JSON_SHAPE"),
        (
            "another host",
            burn().replace("amp-test.blockstream.com", "amp-test.blockstream.com.evil.example"),
            "HOST",
        ),
        ("the host of liquid", burn().replace("amp-test.", "amp."), "HOST"),
        (
            "user and password in the host",
            burn().replace("https://amp", "https://amp-test.blockstream.com@evil.example/amp"),
            "HOST",
        ),
        ("plain http", burn().replace("https://", "http://"), "HOST"),
        ("a port", burn().replace(".com/api", ".com:8443/api"), "HOST"),
        ("another path", burn().replace("/api/{}", "/api/{}/../x"), "HOST"),
        ("a query", burn().replace("/api/{}", "/api?{}"), "HOST"),
    ];
    for (what, text, code) in rows {
        match parse(&text) {
            Ok(request) => panic!("{what}: was read as {request:?}"),
            Err(error) => assert_eq!(error.code().as_str(), code, "{what}: {error}"),
        }
    }
}

#[test]
fn a_request_larger_than_the_limit_is_refused() {
    let text = format!("{}{}", burn(), " ".repeat(MAX_REQUEST_BYTES));
    assert_eq!(parse(&text).unwrap_err().code().as_str(), "JSON_SHAPE");
}

#[test]
fn a_local_amp_is_for_regtest_only() {
    let local =
        |chain| ApiRoot::parse("http://127.0.0.1:8080/api/{}", chain).map(|root| root.as_str().to_owned());
    assert_eq!(local(Chain::Regtest).unwrap(), "http://127.0.0.1:8080/api");
    assert!(local(Chain::Liquid).is_err() && local(Chain::LiquidTestnet).is_err());
    for text in [
        "http://127.0.0.1:0/api",
        "http://127.0.0.1:080/api",
        "http://127.0.0.1:99999/api",
        "http://127.0.0.1:/api",
        "http://localhost/api",
    ] {
        assert!(ApiRoot::parse(text, Chain::Regtest).is_err(), "{text}");
    }
}
