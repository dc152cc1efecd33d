//! Descriptors and transactions files that are none, or not of this treasury.

use coldamp_core::elements::bitcoin::NetworkKind;
use coldamp_core::elements::bitcoin::bip32::Xpub;
use serde_json::json;

use crate::desk::{Desk, PREPARE, descriptor_text};

#[test]
fn a_descriptor_of_another_wallet_is_not_taken_for_an_empty_treasury() {
    let desk = Desk::of("wpkh", "burn");
    desk.write("descriptor", descriptor_text("sh-wpkh"));
    let stderr = desk.refused(
        "NOTHING_OURS",
        &["none of the outputs of 6 transactions belongs to the descriptor of key [73c5da0a/49h/1h/0h]"],
    );
    assert!(!stderr.contains("MISSING_COINS"), "{stderr}");
}

#[test]
fn a_descriptor_of_another_network_is_refused() {
    let desk = Desk::of("wpkh", "burn");
    let wpkh = descriptor_text("wpkh");
    desk.fails(
        &PREPARE.replace("regtest", "liquid"),
        3,
        &["error[NETWORK]: ", "the key is of a test network", "the network is liquid"],
    );
    let (before, rest) = wpkh.split_once(']').unwrap();
    let (key, after) = rest.split_once('/').unwrap();
    let mut key: Xpub = key.parse().unwrap();
    key.network = NetworkKind::Main;
    desk.write("descriptor", format!("{before}]{key}/{after}"));
    desk.refused("NETWORK", &["the key is of liquid", "the network is regtest"]);
}

#[test]
fn what_is_no_descriptor_is_unreadable() {
    let desk = Desk::of("wpkh", "burn");
    let wpkh = descriptor_text("wpkh");
    let view_key = "9c8e4f05c7711a98c838be228bcb84924d4570ca53f35fa1c793e58841d47023";
    // What is left where `key watch` failed at the end of a shell's `>`.
    for text in ["", " \n"] {
        desk.write("descriptor", text);
        let stderr = desk.fails(
            PREPARE,
            6,
            &["error[DESCRIPTOR]: the descriptor file descriptor: the descriptor is empty"],
        );
        assert!(
            stderr.contains("If it is empty, it was written with `>` and the command failed"),
            "{stderr}"
        );
    }
    for text in [
        "hello".to_owned(),
        desk.read("request.json"),
        format!("{wpkh}#aaaaaaaa"),
        format!("{wpkh}\n{wpkh}"),
        wpkh.strip_suffix(')').unwrap().to_owned(),
        wpkh.replace(view_key, "9c8e"),
        // The library would quote these keys.
        wpkh.replace(&format!("slip77({view_key})"), &format!("{view_key}(slip77)")),
        wpkh.replace(view_key, &format!("{view_key}()")),
    ] {
        desk.write("descriptor", &text);
        let stderr = desk.fails(
            PREPARE,
            6,
            &["the descriptor file descriptor: no CT descriptor", "expected ct(slip77(…),elwpkh("],
        );
        assert!(stderr.contains("error[DESCRIPTOR]: ") && stderr.contains("coldamp key watch"), "{stderr}");
    }
    desk.write("descriptor", b"\xff\xff");
    desk.fails(PREPARE, 6, &["error[DESCRIPTOR]: ", "found bytes that are no UTF-8 text"]);
    desk.write("descriptor", b"\xff\xfe");
    desk.fails(PREPARE, 6, &["error[ENCODING]: ", "UTF-16"]);
    desk.write("descriptor", " ".repeat(4_097));
    desk.fails(PREPARE, 6, &["more than 4096 bytes"]);
}

#[test]
fn a_descriptor_that_this_program_cannot_use_is_refused() {
    let desk = Desk::of("wpkh", "burn");
    let wpkh = descriptor_text("wpkh");
    let view_key = "slip77(9c8e4f05c7711a98c838be228bcb84924d4570ca53f35fa1c793e58841d47023)";
    for (found, becomes, code, says) in [
        (
            "elwpkh",
            "elpkh",
            "SCRIPT_TYPE",
            ["scripts of type elpkh", "expected elwpkh, elsh(wpkh), or multi"],
        ),
        ("/<0;1>/*", "/0/*", "KEY_SHAPE", ["has no /<0;1>/*", "expected [fingerprint/path]xpub/<0;1>/*"]),
        (
            view_key,
            "9c8e4f05c7711a98c838be228bcb84924d4570ca53f35fa1c793e58841d47023",
            "NOT_SLIP77",
            ["not slip77", "needs the SLIP-77"],
        ),
    ] {
        assert!(wpkh.contains(found));
        desk.write("descriptor", wpkh.replace(found, becomes));
        desk.refused(code, &says);
    }
}

#[test]
fn an_entry_with_another_transactions_id_is_refused() {
    let desk = Desk::of("wpkh", "burn");
    let mut entries = desk.entries();
    let actual = entries[2]["txid"].as_str().unwrap().to_owned();
    entries[2]["txid"] = json!("ab".repeat(32));
    desk.write_entries(&entries);
    desk.refused(
        "TXID",
        &[
            "entry 2",
            &format!("found txid {}", "ab".repeat(32)),
            &format!("the transaction's txid is {actual}"),
        ],
    );
}

#[test]
fn what_is_no_transactions_file_is_unreadable() {
    let desk = Desk::of("wpkh", "burn");
    for (text, code) in [
        ("", "PARSE"),
        ("hello", "PARSE"),
        ("{}", "PARSE"),
        (r#"[{"txid":"00","height":1}]"#, "PARSE"),
        (r#"[{"txid":"00","height":"1","hex":"00"}]"#, "PARSE"),
        (r#"[{"txid":"00","height":1,"hex":"00","note":"x"}]"#, "PARSE"),
        (r#"[{"txid":"00","height":1,"hex":"zz"}]"#, "TRANSACTION"),
        (r#"[{"txid":"00","height":1,"hex":"02000000"}]"#, "TRANSACTION"),
    ] {
        desk.write("transactions.json", text);
        let stderr = desk.fails(PREPARE, 6, &["the transactions file transactions.json"]);
        assert!(stderr.contains(&format!("error[{code}]: ")), "{text}: {stderr}");
        assert!(stderr.contains("{txid, height, hex}"), "{text}: {stderr}");
    }
    desk.write("transactions.json", "[]");
    desk.refused("NOTHING_OURS", &["no output of the chain source belongs to the descriptor"]);
}
