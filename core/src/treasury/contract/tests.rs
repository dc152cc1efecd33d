//! What proves a contract, and what does not.

use super::*;
use elements::Txid;

/// The contract of scenarios/wpkh, as its issuer hashed it.
const CONTRACT: &str = r#"{"entity":{"domain":"example.com"},"issuer_pubkey":"0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798","name":"Treasury Share","precision":2,"ticker":"DTST","version":0}"#;
const PREVOUT: &str = "ec9d5af095cb74f86c156c17cfd5fd5f95828aa814453def598dc7de9ae8dfc2:0";
const ASSET: &str = "c827f4a9f08a0eb9372c163621585f3d795c68b6a577505b457ff1c6ebb71015";
const TOKEN: &str = "4e9b6a610e146571d66c707194eddfc6edf63776172667977c2db90c245e6c2e";

fn prevout() -> OutPoint {
    PREVOUT.parse().unwrap()
}

fn prove(contract: &[u8]) -> Result<ProvenContract, ContractError> {
    ProvenContract::prove(contract, prevout(), ASSET.parse().unwrap())
}

/// Proves a contract for the asset that it leads to by itself: nothing but the strict reading can refuse it.
fn read(contract: &[u8]) -> Result<ProvenContract, ContractError> {
    ProvenContract::prove(contract, prevout(), contract_ids(contract, prevout()).asset)
}

#[test]
fn the_recorded_issuance_follows_from_its_contract() {
    let proven = prove(CONTRACT.as_bytes()).unwrap();
    assert_eq!((proven.ticker(), proven.precision().decimals()), (Some("DTST"), 2));
    assert_eq!((proven.name(), proven.domain()), ("Treasury Share", "example.com"));
    assert_eq!(proven.ids().explicit_token, TOKEN.parse().unwrap());
    assert_eq!((proven.text(), proven.prevout()), (CONTRACT, prevout()));
}

#[test]
fn the_vector_of_elip_100_follows_from_its_contract() {
    let contract = r#"{"entity":{"domain":"example.com"},"issuer_pubkey":"03455ee7cedc97b0ba435b80066fc92c963a34c600317981d135330c4ee43ac7a3","name":"Testcoin","precision":2,"ticker":"TEST","version":0}"#;
    let prevout = "3514a07cf4812272c24a898c482f587a51126beef8c9b76a9e30bf41b0cbe53c:1".parse().unwrap();
    let asset = "48f835622f34e8fdc313c90d4a8659aa4afe993e32dcb03ae6ec9ccdc6fcbe18".parse().unwrap();
    assert_eq!(ProvenContract::prove(contract.as_bytes(), prevout, asset).unwrap().ticker(), Some("TEST"));
}

#[test]
fn another_byte_or_another_coin_leads_to_another_asset() {
    for contract in [
        CONTRACT.replace("\"precision\":2", "\"precision\":8"),
        CONTRACT.replace("\"version\":0", "\"version\":0.0"),
    ] {
        let error = prove(contract.as_bytes()).unwrap_err();
        assert!(matches!(error, ContractError::OtherAsset { .. }), "{contract}: {error}");
    }
    // The same in another layout: refused as well, and what was hashed is offered.
    for contract in [format!("{CONTRACT}\n"), format!(" {CONTRACT}"), CONTRACT.replace("DTST", "\\u0044TST")]
    {
        let error = prove(contract.as_bytes()).unwrap_err();
        assert!(matches!(error, ContractError::NotCanonical { .. }), "{contract}: {error}");
        assert_eq!(error.offered().map(|offered| offered.contract.as_str()), Some(CONTRACT));
    }
    let asset = ASSET.parse().unwrap();
    for other in [OutPoint::new(prevout().txid, 1), OutPoint::new(Txid::from_byte_array([7; 32]), 0)] {
        let error = ProvenContract::prove(CONTRACT.as_bytes(), other, asset).unwrap_err();
        assert!(matches!(error, ContractError::OtherAsset { .. }), "{error}");
    }
}

#[test]
fn a_contract_of_the_asset_that_could_be_read_otherwise_is_refused() {
    assert!(read(CONTRACT.as_bytes()).is_ok());
    let with = |from: &str, to: &str| CONTRACT.replace(from, to);
    let precision = |to: &str| with("\"precision\":2", &format!("\"precision\":{to}"));
    let long = |letters: usize| "a".repeat(letters);
    let rows: Vec<(String, &str)> = vec![
        (precision("2,\"precision\":8"), "cannot be read in one way"),
        (precision("2,\"\\u0070recision\":8"), "cannot be read in one way"),
        (with("\"domain\":", "\"domain\":\"tether.to\",\"domain\":"), "cannot be read in one way"),
        (with("\"version\":0", "\"x\":[{\"y\":1,\"y\":2}]"), "cannot be read in one way"),
        (precision("9"), "precision"),
        (precision("2.0"), "precision"),
        (precision("2e0"), "precision"),
        (precision("-0"), "precision"),
        (precision("10"), "precision"),
        (precision("\"8\""), "precision"),
        (precision("null"), "precision"),
        (with("\"precision\":2,", ""), "precision"),
        (with("\"ticker\":\"DTST\"", "\"ticker\":false"), "ticker"),
        (with("\"ticker\":\"DTST\"", "\"ticker\":[]"), "ticker"),
        (with("\"ticker\":\"DTST\"", "\"ticker\":\"DTST\",\"ticker\":null"), "cannot be read in one way"),
        (with("\"DTST\"", "\"\""), "ticker"),
        (with("\"DTST\"", "7"), "ticker"),
        (with("\"DTST\"", "\"DT ST\""), "ticker"),
        (with("\"DTST\"", "\"DT\\u202eST\""), "ticker"),
        (with("\"DTST\"", &format!("\"{}\"", long(25))), "ticker"),
        (with("\"Treasury Share\"", "\"\\u0007\""), "name"),
        (with("\"Treasury Share\"", "\"Tr\\u00e9sor\""), "name"),
        (with("\"Treasury Share\"", &format!("\"{}\"", long(256))), "name"),
        (with("\"Treasury Share\"", "[\"Treasury Share\"]"), "name"),
        (with("\"entity\":{\"domain\":\"example.com\"}", "\"entity\":\"example.com\""), "domain"),
        (with("{\"domain\":\"example.com\"}", "{}"), "domain"),
        (with("\"entity\":{\"domain\":\"example.com\"},", ""), "entity"),
        (with("example.com", "example.com proven"), "domain"),
        (with("Treasury", "Tr\u{e9}sor"), "printable ASCII"),
        (with(",", ",\n"), "printable ASCII"),
        (with(",", ",\t"), "printable ASCII"),
        (format!("\u{feff}{CONTRACT}"), "printable ASCII"),
        (format!("[{CONTRACT}]"), "entity"),
        (format!("{CONTRACT}{CONTRACT}"), "cannot be read in one way"),
        (with("}", ""), "cannot be read in one way"),
        (String::new(), "cannot be read in one way"),
        (with("\"version\":0", &format!("\"version\":{}{}", "[".repeat(99), "]".repeat(99))), "in one way"),
        (format!("{CONTRACT}{}", " ".repeat(5 * 1024)), "bytes; expected at most 4096"),
    ];
    for (contract, said) in rows {
        match read(contract.as_bytes()) {
            Ok(proven) => panic!("{contract}: was read as {proven:?}"),
            Err(error) => assert!(error.to_string().contains(said), "{contract}: {error}"),
        }
    }
    assert!(matches!(read(b"\xff\xfe"), Err(ContractError::Unprintable { position: 0 })));
}

#[test]
fn unknown_keys_and_a_size_at_the_limit_are_allowed() {
    let filler =
        |length: usize| CONTRACT.replace("\"version\":0", &format!("\"note\":\"{}\"", "x".repeat(length)));
    let room = MAX_CONTRACT_BYTES - filler(0).len();
    assert_eq!(read(filler(room).as_bytes()).unwrap().ticker(), Some("DTST"));
    assert!(matches!(read(filler(room + 1).as_bytes()), Err(ContractError::TooLong { found: 4_097 })));
}

#[test]
fn the_canonical_form_is_what_python_writes() {
    // json.dumps(json.loads(text), sort_keys=True, separators=(',', ':')) of Python 3.11.
    for (text, python) in [
        (
            " { \"b\" : 1 , \"a\" : [ 1 , { \"d\" : null, \"c\" : true } ] } \n",
            r#"{"a":[1,{"c":true,"d":null}],"b":1}"#,
        ),
        (r#"{"B":1,"a":2,"A":3,"":4,"aa":5}"#, r#"{"":4,"A":3,"B":1,"a":2,"aa":5}"#),
        (
            r#"{"x":"\u0041\/\"\\\n\r\t\b\f\u0001\u001F\u007f~"}"#,
            "{\"x\":\"A/\\\"\\\\\\n\\r\\t\\b\\f\\u0001\\u001f\\u007f~\"}",
        ),
        (r#"{"x":1.5,"y":-7,"z":[]}"#, r#"{"x":1.5,"y":-7,"z":[]}"#),
        ("{}", "{}"),
    ] {
        assert_eq!(canonical(text.as_bytes()).unwrap(), python, "{text}");
    }
    assert_eq!(canonical(CONTRACT.as_bytes()).unwrap(), CONTRACT);
}

#[test]
fn a_file_laid_out_otherwise_has_the_same_canonical_form() {
    let pretty = r#"
{
  "version": 0,
  "ticker": "DTST",
  "precision": 2,
  "name": "Treasury Share",
  "issuer_pubkey": "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
  "entity": { "domain": "example.com" }
}
"#;
    assert_eq!(canonical(pretty.as_bytes()).unwrap(), CONTRACT);
}

#[test]
fn what_has_no_one_canonical_form_has_none() {
    for file in [
        "{\"a\":1,\"a\":1}".as_bytes(),
        "{\"a\":\"é\"}".as_bytes(),
        br#"{"a":"\u00e9"}"#,
        b"{\"a\":\"\xff\"}",
        b"{",
        b"",
    ] {
        assert!(canonical(file).is_err(), "{}", String::from_utf8_lossy(file));
    }
}
