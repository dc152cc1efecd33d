//! `signed.json` as the online side reads it: exactly what the signer writes, and nothing else.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use coldamp_core::Secp;
use coldamp_core::amp::confirm::{Payload, RowError};
use coldamp_core::amp::request::Command;
use coldamp_core::elements::encode::{deserialize, serialize, serialize_hex};
use coldamp_core::elements::hex::{DisplayHex as _, decode_to_vec};
use coldamp_core::elements::{LockTime, Transaction};
use coldamp_core::network::Chain;
use coldamp_core::signed::{ReadError, SignedFile, Signers};
use coldamp_tests::{RequestKind, Scenario, Treasury};

/// Every job of every scenario as its request's command, what AMP's request says, and the file's text.
static ALL: LazyLock<Vec<(String, Command, coldamp_core::amp::Request, String)>> = LazyLock::new(|| {
    let mut all = Vec::new();
    for scenario in Scenario::all() {
        let treasury = Treasury::of(&scenario);
        for kind in RequestKind::ALL {
            let job = treasury.job(&scenario, kind);
            let text = job.sign(job.prepare().pset.as_bytes()).to_json().unwrap();
            let name = format!("{} {}", scenario.name(), kind.name());
            all.push((name, Command::from_name(kind.name()).unwrap(), job.request(), text));
        }
    }
    all
});

/// The file of one job of the plainest scenario.
fn one(command: Command) -> &'static str {
    let name = format!("wpkh {command}");
    &ALL.iter().find(|(found, ..)| *found == name).unwrap().3
}

fn refused(text: &str) -> ReadError {
    SignedFile::read(text.as_bytes()).unwrap_err()
}

fn field_of(error: &ReadError) -> &'static str {
    match error {
        ReadError::Field { field, .. } => field,
        ReadError::Host { .. } => "host",
        ReadError::Payload(_) => "payload",
        ReadError::Shape { .. } => "shape",
        ReadError::TooLarge { .. } | ReadError::Version { .. } => "version",
        other => panic!("{other}"),
    }
}

/// Replaces a text, which has to be there.
fn with(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "no {from}");
    text.replacen(from, to, 1)
}

fn hexadecimal(text: &str) -> &str {
    text.split_once("\"transaction\": \"").unwrap().1.split_once('"').unwrap().0
}

#[test]
fn what_the_signer_wrote_is_read_and_written_as_the_same_text() {
    let secp = Secp::new();
    for (name, command, request, text) in &*ALL {
        let signed = SignedFile::read(text.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(signed.to_json().unwrap(), *text, "{name}");
        assert_eq!(signed.opens(&secp), Ok(()), "{name}");
        assert_eq!((signed.chain(), signed.command()), (Chain::Regtest, *command), "{name}");
        assert_eq!(serialize_hex(signed.transaction()), hexadecimal(text), "{name}");
        assert_eq!(signed.api(), &request.api, "{name}");
        assert_eq!(signed.asset_uuid(), &request.asset_uuid, "{name}");
        assert_eq!(signed.distribution_uuid(), request.distribution_uuid(), "{name}");
        assert_eq!(signed.path(), request.confirm_path(), "{name}");
        for id in [signed.txid().to_string(), signed.wtxid().to_string()] {
            assert!(text.contains(&format!("\"{id}\"")), "{name}");
        }
        let shown = format!("{signed:?}");
        assert!(shown.contains(&signed.txid().to_string()), "{name}: {shown}");
        for secret in ["amountblinder", "assetblinder", "assetblinds"] {
            for (_, rest) in text.match_indices(secret).map(|(at, key)| text[at..].split_at(key.len() + 4)) {
                assert!(!shown.contains(&rest[..64]), "{name}: {shown}");
            }
        }
    }
}

#[test]
fn a_position_in_the_journal_is_read() {
    let text = with(one(Command::Burn), "\"number\": 0", "\"number\": 7");
    let Signers::One(position) = SignedFile::read(text.as_bytes()).unwrap().signers().clone() else {
        panic!()
    };
    let text = with(&text, &position.id.to_lower_hex_string(), &format!("{}a", "0".repeat(31)));
    let signed = SignedFile::read(text.as_bytes()).unwrap();
    let Signers::One(position) = signed.signers() else { panic!("{:?}", signed.signers()) };
    assert_eq!((position.number, position.id[15]), (7, 10));
    assert_eq!(signed.to_json().unwrap(), text);
}

/// The file of one job as a quorum's: version 2, with these signers.
fn of_several(signers: &str) -> String {
    let text = with(one(Command::Burn), "\"version\": 1", "\"version\": 2");
    let (before, _) = text.split_once("  \"signer\"").unwrap();
    format!("{before}  \"signers\": {signers}\n}}\n")
}

#[test]
fn several_signers_are_read_and_written_as_the_same_text() {
    let head = "09".repeat(32);
    // Each has a journal of its own.
    let cosigner = |fingerprint: &str| {
        let id = fingerprint.repeat(4);
        format!(
            "    {{\n      \"fingerprint\": \"{fingerprint}\",\n      \"id\": \"{id}\",\n      \"number\": 4,\n      \"head\": \"{head}\"\n    }}"
        )
    };
    let (first, second) = (cosigner("0a0b0c0d"), cosigner("73c5da0a"));
    let bare = "    {\n      \"fingerprint\": \"73c5da0a\"\n    }";
    for (signers, positions) in [
        (format!("[\n{first},\n{second}\n  ]"), 2),
        (format!("[\n{first},\n{bare}\n  ]"), 1),
        (format!("[\n{bare}\n  ]"), 0),
    ] {
        let text = of_several(&signers);
        let signed = SignedFile::read(text.as_bytes()).unwrap_or_else(|error| panic!("{signers}: {error}"));
        assert_eq!(signed.to_json().unwrap(), text);
        assert_eq!(signed.signers().positions_by_signer().len(), positions, "{signers}");
    }
    for signers in [
        format!("[\n{second},\n{first}\n  ]"),
        format!("[\n{first},\n{first}\n  ]"),
        format!("[\n{first}\n  ]"),
        format!("[\n{first},\n{}\n  ]", second.replace(&"73c5da0a".repeat(4), &"0a0b0c0d".repeat(4))),
        "[]".to_owned(),
        "{}".to_owned(),
        format!("[\n{first},\n{}\n  ]", second.replace("\"number\": 4", "\"number\": null")),
        format!("[\n{first},\n{}\n  ]", bare.replace('}', ",\"head\": null }")),
    ] {
        let error = refused(&of_several(&signers));
        assert!(["signers", "signer"].contains(&field_of(&error)), "{signers}: {error}");
    }
}

#[test]
fn a_field_that_is_not_the_signers_is_refused_by_name() {
    let text = one(Command::Distribute);
    let transaction = hexadecimal(text);
    for (from, to, field) in [
        ("\"network\": \"regtest\"", "\"network\": \"mainnet\"", "network"),
        ("\"command\": \"distribute\"", "\"command\": \"pay\"", "command"),
        ("\"command\": \"distribute\"", "\"command\": \"burn\"", "amp.distribution_uuid"),
        ("\"transaction\": \"02", "\"transaction\": \"0", "transaction"),
        ("\"transaction\": \"02", "\"transaction\": \"zz", "transaction"),
        ("\"txid\": \"", "\"txid\": \"0", "txid"),
        ("\"wtxid\": \"", "\"wtxid\": \"0", "wtxid"),
        ("\"asset_uuid\": \"", "\"asset_uuid\": \"A", "amp.asset_uuid"),
        ("\"distribution_uuid\": \"", "\"distribution_uuid\": \"A", "amp.distribution_uuid"),
        ("\"path\": \"assets/", "\"path\": \"asset/", "amp.path"),
        ("/confirm\"", "/confirm/\"", "amp.path"),
        ("\"path\":", "\"extra\": 1, \"path\":", "amp"),
        ("\"path\":", "\"path\": \"\", \"path\":", "amp"),
        ("\"number\": 0", "\"number\": 00", "shape"),
        ("\"number\": 0", "\"number\": \"0\"", "signer"),
        ("\"number\": 0", "\"number\":  0", "signer"),
        ("\"number\": 0", "\"number\": 0, \"extra\": 0", "signer"),
        ("\"head\": \"0", "\"head\": \"", "signer"),
        ("\"version\": 1", "\"version\": 2", "signer"),
        ("\"version\": 1", "\"version\": 3", "version"),
        ("\"signer\":", "\"signers\":", "signers"),
        ("\"signer\":", "\"signers\": [], \"signer\":", "signers"),
        ("\"signer\":", "\"signers\": null, \"signer\":", "layout"),
        ("\"confirmations\": 0", "\"confirmations\": 2", "amp.payload"),
        ("\"address\": \"", "\"address\": \"x", "amp.payload"),
        ("\"desc\": \"", "\"desc\": \"\\u001b", "amp.payload"),
        ("\"category\": \"send\"", "\"category\": \"receive\"", "amp.payload"),
        ("\"amount\": -", "\"amount\": ", "amp.payload"),
        ("\"fee\": ", "\"fee\": 1", "amp.payload"),
        ("\"fee\": ", "\"fee\": -", "amp.payload"),
        ("\"abandoned\": false", "\"abandoned\": true", "amp.payload"),
        ("\"abandoned\": false", "\"abandoned\": null", "payload"),
        ("\"spendable\": true", "\"spendable\": false", "payload"),
        ("\"vout\": ", "\"vout\": -", "payload"),
        ("\"vout\": ", "\"vout\": 99", "amp.payload"),
        ("\"category\": \"send\"", "\"category\": \"generate\"", "payload"),
        ("\"amountblinder\": \"", "\"amountblinder\": \"0", "payload"),
        ("\"change_data\":", "\"change_date\":", "payload"),
    ] {
        let altered = with(text, from, to);
        let error = refused(&altered);
        assert_eq!(field_of(&error), field, "{from} -> {to}: {error}");
        // It is printed on screens and into logs.
        let blinder = text.split_once("\"amountblinder\": \"").unwrap().1.get(..64).unwrap();
        assert!(!format!("{error} {error:?}").contains(blinder), "{error}");
    }
    for upper in [
        with(text, transaction, &transaction.to_uppercase()),
        with(text, &format!("{transaction}\""), &format!("{transaction}00\"")),
    ] {
        assert_eq!(field_of(&refused(&upper)), "transaction");
    }
    for without in ["distribution_uuid", "asset_uuid", "path"] {
        let lines: Vec<&str> =
            text.lines().filter(|line| !line.contains(&format!("\"{without}\":"))).collect();
        assert!(matches!(refused(&lines.join("\n")), ReadError::Field { .. }), "{without}");
    }
    let twice = text.replacen("\"spendable\": true,", "\"spendable\": true, \"spendable\": true,", 1);
    assert_eq!(field_of(&refused(&twice)), "payload");
}

#[test]
fn the_same_fields_in_another_layout_are_refused() {
    for command in Command::ALL {
        let text = one(command);
        let (before, signer) = text.split_once(",\n  \"signer\"").unwrap();
        let signer = signer.strip_suffix("\n}\n").unwrap();
        let (start, rest) = before.split_once('\n').unwrap();
        let layouts = [
            format!("{text}\n"),
            text.trim_end().to_owned(),
            format!(" {text}"),
            format!("{text} "),
            text.replacen('\n', "\r\n", 1),
            text.replacen("  \"txid\"", "\t\"txid\"", 1),
            text.replacen("\"txid\": ", "\"txid\":", 1),
            format!("{start}\n  \"signer\"{signer},\n{rest}\n}}\n"),
            text.replacen("\"signer\"", "\"s\\u0069gner\"", 1),
        ];
        for (number, altered) in layouts.iter().enumerate() {
            assert_ne!(altered, text, "{number}");
            let error = refused(altered);
            assert_eq!(
                (field_of(&error), error.code().as_str()),
                ("layout", "SIGNED_FIELD"),
                "{command}, {number}: {error}"
            );
        }
    }
}

#[test]
fn a_host_that_is_not_built_in_for_the_network_is_refused() {
    let text = one(Command::Burn);
    for (from, to) in [
        ("https://amp-test.blockstream.com/api", "https://amp.example.com/api"),
        ("https://amp-test.blockstream.com/api", "http://amp-test.blockstream.com/api"),
        ("https://amp-test.blockstream.com/api", "https://amp.blockstream.com/api"),
        ("\"network\": \"regtest\"", "\"network\": \"liquid\""),
    ] {
        assert!(matches!(refused(&with(text, from, to)), ReadError::Host { .. }), "{to}");
    }
    let slash = with(text, "blockstream.com/api\"", "blockstream.com/api/\"");
    assert_eq!(field_of(&refused(&slash)), "amp");
}

#[test]
fn amounts_have_eight_decimals_and_no_other_notation() {
    let text = one(Command::Burn);
    let (_, rest) = text.split_once("\"amount\": ").unwrap();
    let (amount, _) = rest.split_once(',').unwrap();
    for other in [
        format!("{amount}0"),
        amount.trim_end_matches(|digit: char| digit.is_ascii_digit()).to_owned() + "0",
        format!("{amount}e0"),
        format!("\"{amount}\""),
        "1".to_owned(),
        "1e-8".to_owned(),
        "null".to_owned(),
        "999999999999999.00000000".to_owned(),
    ] {
        let altered = with(text, &format!("\"amount\": {amount}"), &format!("\"amount\": {other}"));
        assert_eq!(field_of(&refused(&altered)), "payload", "{other}");
    }
}

#[test]
fn a_report_tells_of_its_own_transaction_wherever_it_names_one() {
    for command in Command::ALL {
        let text = one(command);
        let (head, payload) = text.split_once("\"payload\"").unwrap();
        let txid = SignedFile::read(text.as_bytes()).unwrap().txid().to_string();
        let other = format!("{}{}", if txid.starts_with('0') { '1' } else { '0' }, &txid[1..]);
        let places: Vec<usize> = payload.match_indices(&txid).map(|(at, _)| at).collect();
        assert!(places.len() >= 2, "{command}: a report names its transaction in several places");
        for at in places {
            let altered = format!("{head}\"payload\"{}{other}{}", &payload[..at], &payload[at + 64..]);
            assert_eq!(field_of(&refused(&altered)), "amp.payload", "{command} at {at}");
        }
    }
    let reissue = with(one(Command::Reissue), "\"vin\": ", "\"vin\": 1");
    assert_eq!(field_of(&refused(&reissue)), "amp.payload");
}

#[test]
fn a_payload_is_of_its_command() {
    for (_, command, _, text) in &*ALL {
        let payload = SignedFile::read(text.as_bytes()).unwrap().payload().clone();
        let text = serde_json::to_string(&payload).unwrap();
        for other in Command::ALL {
            let read = Payload::parse(other, &text);
            match other == *command {
                true => assert_eq!(read.as_ref(), Ok(&payload)),
                false => assert_eq!(read.unwrap_err().command, other),
            }
        }
    }
}

#[test]
fn confirmations_are_filled_in_and_nothing_else_changes() {
    for (name, _, _, text) in &*ALL {
        let payload = SignedFile::read(text.as_bytes()).unwrap().payload().clone();
        let before = serde_json::to_string(&payload).unwrap();
        let after = serde_json::to_string(&payload.with_confirmations(2)).unwrap();
        assert_eq!(after, before.replace("\"confirmations\":0", "\"confirmations\":2"), "{name}");
        assert_eq!(before != after, !payload.change_data().is_empty(), "{name}");
    }
}

#[test]
fn a_row_that_does_not_open_the_transaction_is_found_by_its_output() {
    let secp = Secp::new();
    for (name, _, _, text) in &*ALL {
        let signed = SignedFile::read(text.as_bytes()).unwrap();
        let payload = signed.payload();
        let opens = |altered: &Payload| altered.opens(&secp, signed.transaction());
        let text = serde_json::to_string(payload).unwrap();
        let mut found = 0;
        for key in
            ["amount", "amountblinder", "assetblinder", "assetamount", "assetblinds", "asset", "entropy"]
        {
            for (at, _) in text.match_indices(&format!("\"{key}\":")) {
                // The last digit before the next comma, quotes aside.
                let end = at + text[at..].find(',').unwrap_or(text[at..].len());
                let digit = at + text[at..end].rfind(|digit: char| digit.is_ascii_alphanumeric()).unwrap();
                let other = if text[digit..].starts_with('1') { "2" } else { "1" };
                let altered = format!("{}{other}{}", &text[..digit], &text[digit + 1..]);
                let altered = Payload::parse(signed.command(), &altered).unwrap();
                assert_ne!(&altered, payload, "{name} {key}");
                assert!(opens(&altered).is_err(), "{name} {key} at {at}");
                found += 1;
            }
        }
        let rows = payload.details().len() + payload.change_data().len();
        assert_eq!(found, 4 * rows + 4 * payload.issuances().len(), "{name}");
    }
    let signed = SignedFile::read(one(Command::Distribute).as_bytes()).unwrap();
    let Payload::Distribute { tx_data, mut change_data } = signed.payload().clone() else { panic!() };
    change_data[0].amountcommitment = None;
    let vout = change_data[0].vout;
    let altered = Payload::Distribute { tx_data, change_data };
    assert_eq!(altered.opens(&secp, signed.transaction()), Err(RowError::Output { vout }));
}

#[test]
fn every_blinded_output_that_is_reported_has_its_opening() {
    let secp = Secp::new();
    for (name, _, _, text) in &*ALL {
        let signed = SignedFile::read(text.as_bytes()).unwrap();
        let payload = signed.payload();
        let details = payload.details().iter().map(|row| row.vout);
        let reported: BTreeSet<usize> =
            details.chain(payload.change_data().iter().map(|row| row.vout)).collect();
        let output = |vout: usize| &signed.transaction().output[vout];
        let blinded: Vec<usize> =
            reported.into_iter().filter(|vout| output(*vout).asset.is_confidential()).collect();
        let openings = signed.openings();
        let found: Vec<usize> =
            openings.iter().map(|(outpoint, _)| usize::try_from(outpoint.vout).unwrap()).collect();
        assert_eq!(found, blinded, "{name}");
        for (outpoint, opening) in openings {
            assert_eq!(outpoint.txid, signed.txid(), "{name}");
            let output = output(usize::try_from(outpoint.vout).unwrap());
            assert!(opening.rebuilds(&secp, output.asset, output.value), "{name} {outpoint}");
        }
    }
}

#[test]
fn a_row_of_nothing_under_no_blinder_is_refused_and_aborts_nothing() {
    let secp = Secp::new();
    let text = one(Command::Burn);
    let value = |name: &str| {
        let rest = text.split_once(&format!("\"{name}\": ")).unwrap().1;
        rest.split_once(',').unwrap().0.to_owned()
    };
    let (amount, blinder) = (value("amount"), value("amountblinder"));
    let nothing = text.replacen(&format!("\"amount\": {amount}"), "\"amount\": 0.00000000", 1).replacen(
        &blinder,
        &format!("\"{}\"", "0".repeat(64)),
        1,
    );
    let signed = SignedFile::read(nothing.as_bytes()).unwrap();
    assert!(matches!(signed.opens(&secp), Err(RowError::Output { .. })));
}

#[test]
fn another_transaction_is_refused_though_its_ids_are_right() {
    let text = one(Command::Burn);
    let mut transaction: Transaction = deserialize(&decode_to_vec(hexadecimal(text)).unwrap()).unwrap();
    let (txid, wtxid) = (transaction.txid().to_string(), transaction.wtxid().to_string());
    let before = serialize(&transaction);
    transaction.lock_time = LockTime::from_consensus(1);
    assert_ne!(serialize(&transaction), before);
    let altered = text
        .replacen(hexadecimal(text), &serialize_hex(&transaction), 1)
        .replacen(&txid, &transaction.txid().to_string(), 1)
        .replacen(&wtxid, &transaction.wtxid().to_string(), 1);
    assert_eq!(field_of(&refused(&altered)), "amp.payload");
}
