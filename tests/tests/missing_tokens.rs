//! AMP's split token (docs/rules.md#token-inputs): AMP lists token outputs of which the treasury holds only one. Through
//! both binaries, on the recorded treasury whose token is in two coins, with each of them missing in turn.

use coldamp_core::amp::Job as Asked;
use coldamp_core::elements::encode::{deserialize, serialize_hex};
use coldamp_core::elements::hex::{DisplayHex as _, decode_to_vec};
use coldamp_core::elements::{OutPoint, Transaction, TxIn};
use coldamp_tests::{Desk, KEYS, RequestKind, Run, Scenario, Treasury, policy_file};
use serde_json::{Value, json};

const PREPARE: &str = "prepare request.json --descriptor descriptor --network regtest --transactions transactions.json -o unsigned.pset";
const FLAG: &str = "--allow-missing-token-utxos";

/// The treasury, and the two outputs that AMP lists.
fn split() -> (Scenario, Treasury, Vec<OutPoint>) {
    let scenario = Scenario::load("wpkh-split-token");
    let treasury = Treasury::of(&scenario);
    let Asked::Reissue { tokens, .. } = treasury.job(&scenario, RequestKind::Reissue).request().job else {
        panic!("no reissue")
    };
    assert_eq!(tokens.len(), 2);
    (scenario, treasury, tokens)
}

/// The online machine of a treasury that somebody else's transaction has left without these coins.
fn without(scenario: &Scenario, gone: &[OutPoint]) -> Desk {
    let desk = Desk::default();
    desk.write("descriptor", scenario.ct_descriptor());
    desk.write("request.json", scenario.request(RequestKind::Reissue));
    let mut entries: Vec<Value> = serde_json::from_slice(&scenario.transactions()).unwrap();
    let spending = Transaction {
        version: 2,
        lock_time: coldamp_core::elements::LockTime::ZERO,
        input: gone.iter().map(|coin| TxIn { previous_output: *coin, ..TxIn::default() }).collect(),
        output: Vec::new(),
    };
    let hex = serialize_hex(&spending);
    entries.push(json!({ "txid": spending.txid().to_string(), "height": 1_000, "hex": hex }));
    desk.write("transactions.json", serde_json::to_string(&entries).unwrap());
    desk
}

fn refused(run: &Run, code: &str) {
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert!(run.stderr.contains(code) && run.stderr.contains(FLAG), "{code}: {}", run.stderr);
}

#[test]
fn a_reissue_with_one_token_of_two_goes_through_both_binaries_where_it_is_allowed_on_each() {
    let (scenario, _, tokens) = split();
    for (gone, held) in [(tokens[0], tokens[1]), (tokens[1], tokens[0])] {
        let name = format!("{}:{}", gone.txid, gone.vout);
        let online = without(&scenario, &[gone]);
        refused(&online.run("coldamp-online", PREPARE), "error[TOKEN_MISSING]");
        assert!(!online.has("unsigned.pset"));
        let said = online.run("coldamp-online", &format!("{PREPARE} {FLAG}")).done().stderr;
        assert!(said.contains(&format!("as you allowed: {name};")), "{said}");

        let cold = Desk::cold(&scenario);
        cold.write("unsigned.pset", online.read("unsigned.pset"));
        let review = format!("review unsigned.pset {KEYS} --json");
        refused(&cold.run("coldamp", &review), "\n  REQUIRED_UTXO: ");
        let report: Value =
            serde_json::from_str(&cold.run("coldamp", &format!("{review} {FLAG}")).done().stdout).unwrap();
        assert_eq!(report["mismatches"], json!([]));
        let warnings = report["warnings"].as_array().unwrap();
        let of_tokens: Vec<_> =
            warnings.iter().filter(|warning| warning["code"] == "TOKENS_LEFT_OUT").collect();
        assert_eq!(of_tokens.len(), 1, "{warnings:?}");
        assert!(of_tokens[0]["message"].as_str().unwrap().contains(&name), "{warnings:?}");
        let code = report["approval"].as_str().unwrap();

        let sign = format!("sign unsigned.pset {KEYS} --approve {code} -o signed.json");
        refused(&cold.run("coldamp", &sign), "\n  REQUIRED_UTXO: ");
        assert!(!cold.has("signed.json"));
        cold.run("coldamp", &format!("{sign} {FLAG}")).done();
        let signed: Value = serde_json::from_str(&cold.read("signed.json")).unwrap();
        let bytes = decode_to_vec(signed["transaction"].as_str().unwrap()).unwrap();
        let transaction: Transaction = deserialize(&bytes).unwrap();
        let spends = |coin: OutPoint| transaction.input.iter().any(|input| input.previous_output == coin);
        assert!(spends(held) && !spends(gone));
        assert!(transaction.input.iter().any(TxIn::has_issuance));

        // A second machine compares what was signed only where the same is allowed.
        let second = Desk::cold(&scenario);
        second.write("unsigned.pset", online.read("unsigned.pset"));
        second.write("signed.json", cold.read("signed.json"));
        let audit = format!("review unsigned.pset {KEYS} --signed signed.json");
        refused(&second.run("coldamp", &audit), "\n  REQUIRED_UTXO: ");
        let done = second.run("coldamp", &format!("{audit} {FLAG}")).done();
        assert!(done.stdout.contains("\nsigned file  agrees"), "{}", done.stdout);
    }
}

#[test]
fn an_approver_allows_it_too_and_under_the_code_that_the_signer_prints() {
    let (scenario, treasury, tokens) = split();
    let online = without(&scenario, &tokens[1..]);
    online.run("coldamp-online", &format!("{PREPARE} {FLAG}")).done();
    let (cold, approver) = (Desk::cold(&scenario), Desk::default());
    approver.write("passphrase", "staple battery 7 horse\n");
    approver.write("words", "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong\n");
    approver
        .run("coldamp", &format!("key restore --no-policy {KEYS} --network regtest --mnemonic-file words"))
        .done();
    approver.opens_at_once();
    for desk in [&cold, &approver] {
        desk.write("unsigned.pset", online.read("unsigned.pset"));
    }
    approver.write("treasury", scenario.ct_descriptor());
    let digest = treasury.job(&scenario, RequestKind::Reissue).request().sha256().to_lower_hex_string();
    let approve = format!(
        "approve unsigned.pset {KEYS} --descriptor treasury --request-sha256 {digest} -o approval.json"
    );
    refused(&approver.run("coldamp", &approve), "\n  REQUIRED_UTXO: ");
    assert!(!approver.has("approval.json"));
    let approved = approver.run("coldamp", &format!("{approve} {FLAG}")).done();
    assert!(approved.stdout.contains("TOKENS LEFT OUT"), "{}", approved.stdout);
    let approved = approved.stderr;
    let review = cold.run("coldamp", &format!("review unsigned.pset {KEYS} {FLAG} --json")).done();
    let report: Value = serde_json::from_str(&review.stdout).unwrap();
    let code = report["approval"].as_str().unwrap();
    assert!(approved.contains(&format!("approved     {code}\n")), "{code}: {approved}");

    let key = approver.run("coldamp", &format!("key approver {KEYS}")).done().stdout;
    let asset = &scenario.info().asset;
    cold.set_policy(&policy_file(asset, &format!("approvers=[\"{}\"]", key.trim())));
    cold.write("approval.json", approver.read("approval.json"));
    let sign = format!("sign unsigned.pset {KEYS} --approval approval.json -o signed.json");
    refused(&cold.run("coldamp", &sign), "\n  REQUIRED_UTXO: ");
    cold.run("coldamp", &format!("{sign} {FLAG}")).done();
    assert!(cold.has("signed.json"));
}

#[test]
fn without_any_token_nothing_is_allowed() {
    let (scenario, _, tokens) = split();
    let online = without(&scenario, &tokens);
    let run = online.run("coldamp-online", &format!("{PREPARE} {FLAG}"));
    refused(&run, "error[TOKEN_MISSING]");
    for token in tokens {
        assert!(run.stderr.contains(&format!("{}:{}", token.txid, token.vout)), "{}", run.stderr);
    }
}
