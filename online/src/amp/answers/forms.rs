//! Every recorded form of the answers that a treasury is read from (tests/vectors/amp), and forms that say nothing.

use super::*;

fn vector(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/amp");
    std::fs::read(format!("{folder}/{name}")).unwrap()
}

/// Reads a form from which a member was taken, and gives the reason.
fn without<T: std::fmt::Debug>(
    name: &str,
    pointer: &str,
    member: &str,
    read: fn(&[u8]) -> Result<T, String>,
) -> String {
    let mut value: Value = serde_json::from_slice(&vector(name)).unwrap();
    let object = value.pointer_mut(pointer).unwrap().as_object_mut().unwrap();
    assert!(object.remove(member).is_some(), "{name} has no {member}");
    read(value.to_string().as_bytes()).unwrap_err()
}

const NOTHING: [&str; 8] =
    ["", "null", "7", "\"\"", "{\"detail\":\"Not found.\"}", "[[]]", "{\"results\":[]}", "<html></html>"];

#[test]
fn recorded_forms_of_an_asset_are_read() {
    let all = facts(&vector("asset.json")).unwrap();
    assert_eq!(
        (all.name.as_str(), all.precision, all.ticker.as_deref()),
        ("Treasury Share", 2, Some("DTST"))
    );
    assert!(all.token.is_some() && all.domain.as_deref() == Some("example.com"));
    let none = facts(&vector("asset-empty-texts.json")).unwrap();
    assert_eq!((none.ticker, none.domain, none.pubkey, none.token), (None, None, None, None));
    for member in ["name", "precision", "ticker", "domain", "pubkey", "reissuance_token_id"] {
        let reason = without("asset.json", "", member, facts);
        assert!(reason.contains(member), "{member}: {reason}");
    }
    NOTHING.iter().chain(&["[]", "{}"]).for_each(|text| assert!(facts(text.as_bytes()).is_err(), "{text}"));
}

#[test]
fn recorded_forms_of_a_balance_are_read() {
    let read = balance(&vector("balance.json")).unwrap();
    assert_eq!(read.treasury, Some(AssetAmount::from_base_units(950_000_000)));
    assert_eq!((read.lost.len(), read.lost_tokens.len()), (1, 1));
    let numbered = balance(&vector("balance-numbered-owner.json")).unwrap();
    assert_eq!(numbered, AmpBalance { treasury: None, lost: Vec::new(), lost_tokens: Vec::new() });
    for member in ["confirmed_balance", "lost_outputs", "reissuance_lost_outputs"] {
        let reason = without("balance.json", "", member, balance);
        assert!(reason.contains(member), "{member}: {reason}");
    }
    for member in ["owner", "amount", "GAID"] {
        let reason = without("balance.json", "/confirmed_balance/0", member, balance);
        assert!(reason.contains(member), "{member}: {reason}");
    }
    for list in ["/lost_outputs/0", "/reissuance_lost_outputs/0"] {
        for member in ["txid", "vout"] {
            assert!(without("balance.json", list, member, balance).contains(member), "{member}");
        }
    }
    NOTHING.iter().chain(&["[]", "{}"]).for_each(|text| assert!(balance(text.as_bytes()).is_err(), "{text}"));
    let lost = |lost: &str| {
        let text = format!(
            "{{\"confirmed_balance\":[],\"lost_outputs\":{lost},\"reissuance_lost_outputs\":{lost}}}"
        );
        balance(text.as_bytes())
    };
    assert!(lost("[]").is_ok());
    let twice = format!("[{{\"txid\":\"{}\",\"vout\":0}}]", "aa".repeat(32));
    for wrong in ["null", "{}", "\"\"", "0", "[null]", "[{}]", "[[\"aa\",0]]", twice.as_str()] {
        assert!(lost(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn recorded_forms_of_transactions_are_read() {
    let read = records(&vector("txs.json")).unwrap();
    assert_eq!(read.len(), 4);
    assert!(read[0].is_spent && !read[0].output.lacks_blinders());
    assert!(!read[1].is_spent && read[1].output.lacks_blinders());
    assert_eq!(read[2].output.amount, None);
    assert!(read[3].is_burnt);
    assert_eq!(transactions(&vector("txs.json")).unwrap().len(), 2);
    for member in ["txid", "outputs"] {
        assert!(without("txs.json", "/0", member, records).contains(member), "{member}");
    }
    for member in [
        "asset_id",
        "vout",
        "amount",
        "asset_blinder",
        "amount_blinder",
        "is_treasury",
        "is_spent",
        "is_burnt",
    ] {
        let reason = without("txs.json", "/0/outputs/0", member, records);
        assert!(reason.contains(member), "{member}: {reason}");
    }
    NOTHING.iter().chain(&["{}"]).for_each(|text| assert!(records(text.as_bytes()).is_err(), "{text}"));
    assert_eq!(records(b"[]"), Ok(Vec::new()));
}

#[test]
fn a_list_of_addresses_is_a_bare_list_of_texts() {
    assert_eq!(treasury_addresses(&vector("treasury-addresses.json")).unwrap().len(), 2);
    assert_eq!(treasury_addresses(b"[]"), Ok(Vec::new()));
    NOTHING.iter().chain(&["{}", "[7]", "[null]", "[{\"address\":\"x\"}]"]).for_each(|text| {
        assert!(treasury_addresses(text.as_bytes()).is_err(), "{text}");
    });
}
