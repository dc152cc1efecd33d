//! A truthful report with one thing altered is refused, and the refusal names the row.

use crate::secp::SECP;
use coldamp_core::amp::request::Uuid;
use coldamp_core::elements::Address;
use coldamp_core::elements::secp256k1_zkp::{PublicKey, SecretKey};
use coldamp_core::units::{AssetAmount, parse_amp_decimal};
use serde_json::{Value, json};

use super::{Treasury, body, detail};

const A_STRANGERS: &str = "ert1qextge928njsn94qu5jhc80uyx3wpz0fj6w426u";

/// A value of the same form that differs from the one in the body.
fn other(field: &str, value: &Value) -> Option<Value> {
    Some(match field {
        "amountblinder" | "assetblinder" | "asset" | "txid" | "entropy" | "assetblinds" => {
            let text = value.as_str().unwrap();
            let (rest, last) = text.split_at(63);
            json!(format!("{rest}{}", if last == "1" { "2" } else { "1" }))
        }
        "amount" | "assetamount" if value.to_string().starts_with('-') => json!(-0.125),
        "amount" | "assetamount" => json!(0.125),
        "vout" | "vin" => json!(value.as_u64().unwrap() ^ 1),
        "address" if value == A_STRANGERS => json!("not an address"),
        "address" => json!(A_STRANGERS),
        "category" if value == "send" => json!("receive"),
        "category" => json!("send"),
        "fee" => json!(0.5),
        "isreissuance" => json!(false),
        "confirmations" => json!(0),
        "scriptPubKey" | "redeemScript" | "witnessScript" | "assetcommitment" | "amountcommitment" => {
            json!("00")
        }
        _ => return None,
    })
}

/// Alters each field of each row of a list and posts the rest as it was.
fn alter_rows(treasury: &mut Treasury, job: &str, list: &str) -> usize {
    let (path, truthful) = (treasury.endpoint(job), treasury.payload(job));
    let name = list.rsplit('/').next().unwrap();
    let rows = truthful.pointer(list).unwrap().as_array().unwrap().clone();
    let mut altered = 0;
    for (index, row) in rows.iter().enumerate() {
        for (field, value) in row.as_object().unwrap() {
            let Some(other) = other(field, value) else { continue };
            assert_ne!(other, *value);
            let mut payload = truthful.clone();
            payload.pointer_mut(list).unwrap()[index][field] = other;
            let refused = detail(&treasury.post(&path, &payload));
            assert!(refused.starts_with(&format!("{name}[{index}]: ")), "{field}: {refused}");
            altered += 1;
        }
    }
    altered
}

#[test]
fn every_altered_field_is_refused_and_the_row_is_named() {
    for name in ["wpkh", "wpkh-blinded-issuance", "sh-wpkh", "wpkh-split-token"] {
        for (job, lists) in [
            ("distribute", &["/tx_data/details", "/change_data"][..]),
            ("reissue", &["/details", "/listissuances"]),
            ("burn", &["/change_data"]),
        ] {
            let mut treasury = Treasury::load(name);
            if !treasury.did(job) {
                continue;
            }
            treasury.request(job);
            treasury.mine(job, 2);
            let altered: usize = lists.iter().map(|list| alter_rows(&mut treasury, job, list)).sum();
            assert!(altered > 0 || (name, job) == ("wpkh-split-token", "burn"));
            assert!(treasury.amp.confirms().is_empty(), "{job} of {name}");
        }
    }
}

#[test]
fn a_refusal_says_what_does_not_open() {
    let mut treasury = Treasury::load("wpkh");
    treasury.mine("distribute", 2);
    let (path, truthful) = (treasury.endpoint("distribute"), treasury.payload("distribute"));
    let mut say = |pointer: &str, value: Value| {
        let mut payload = truthful.clone();
        *payload.pointer_mut(pointer).unwrap() = value;
        detail(&treasury.post(&path, &payload))
    };
    let one = json!(format!("{:064x}", 1));
    let zero = json!("0".repeat(64));
    let amount = "amountblinder does not open output 3 as 190.92792622";
    assert_eq!(say("/tx_data/details/2/amountblinder", one.clone()), format!("details[2]: {amount}"));
    let asset = "c827f4a9f08a0eb9372c163621585f3d795c68b6a577505b457ff1c6ebb71015";
    assert_eq!(
        say("/tx_data/details/2/assetblinder", one),
        format!("details[2]: assetblinder does not open output 3 as {asset}")
    );
    assert_eq!(
        say("/change_data/0/amountblinder", zero),
        "change_data[0]: amountblinder is zero, and output 6 is blinded"
    );
    assert_eq!(
        say("/tx_data/details/4/vout", json!(8)),
        "details[4]: vout is 8, and 31e2261a4131b601e480bc66e269bda3edd42b2a2d1a9bd5f3ccdff79c73f3c5 has 8 outputs"
    );
    assert_eq!(
        say("/change_data/0/confirmations", json!(3)),
        "change_data[0]: confirmations is 3, and the transaction has 2"
    );
    let confidential =
        json!("Azpr4vdJG2XRKGj9SP5orHBVSUieF9UWN3NTwAPjte158QtksWiV2sTxShtqcJHcT41Sk13PFaUJEivV");
    assert!(say("/tx_data/details/0/address", confidential).ends_with("is confidential; the node's is not"));
}

#[test]
fn what_the_treasury_spent_must_be_accounted_for() {
    for (job, list, index) in [("distribute", "/change_data", 0), ("burn", "/change_data", 0)] {
        let mut treasury = Treasury::load("wpkh");
        treasury.request(job);
        treasury.mine(job, 2);
        let (path, mut payload) = (treasury.endpoint(job), treasury.payload(job));
        payload.pointer_mut(list).unwrap().as_array_mut().unwrap().remove(index);
        let refused = detail(&treasury.post(&path, &payload));
        assert!(refused.contains("base units of c827f4a9") && refused.contains("went into"), "{refused}");
    }
}

#[test]
fn a_recipient_too_few_or_too_many_is_refused() {
    let mut treasury = Treasury::load("wpkh");
    treasury.mine("distribute", 2);
    let (path, truthful) = (treasury.endpoint("distribute"), treasury.payload("distribute"));
    let mut fewer = truthful.clone();
    fewer["tx_data"]["details"].as_array_mut().unwrap().pop();
    assert!(detail(&treasury.post(&path, &fewer)).starts_with("details: nothing pays assignment"));

    // The change is reported as a payment: it opens, but pays no assignment.
    let mut more = truthful.clone();
    let change = &truthful["change_data"][0];
    let mut row = truthful["tx_data"]["details"][0].clone();
    for field in ["address", "amountblinder", "assetblinder", "vout"] {
        row[field] = change[field].clone();
    }
    row["amount"] = json!(-482.37280487);
    more["tx_data"]["details"].as_array_mut().unwrap().push(row);
    let refused = detail(&treasury.post(&path, &more));
    assert_eq!(refused, "details[5]: output 6 pays no assignment of this distribution");

    let mut twice = truthful.clone();
    let row = truthful["tx_data"]["details"][1].clone();
    twice["tx_data"]["details"].as_array_mut().unwrap().push(row);
    assert_eq!(
        detail(&treasury.post(&path, &twice)),
        "details[5]: a second row of this category for output 2"
    );
    assert!(treasury.amp.confirms().is_empty());
}

#[test]
fn a_reissue_that_nobody_asked_for_is_refused() {
    let mut treasury = Treasury::load("wpkh");
    treasury.mine("reissue", 2);
    let (path, payload) = (treasury.endpoint("reissue"), treasury.payload("reissue"));
    let refused = "No open reissue request is of 599.96572739.";
    assert_eq!(detail(&treasury.post(&path, &payload)), refused);
    let asset = treasury.uuid.clone();
    treasury.amp.ask_reissue(&asset, AssetAmount::from_base_units(59_996_572_738)).unwrap();
    assert_eq!(detail(&treasury.post(&path, &payload)), refused);
    treasury.amp.ask_reissue(&asset, AssetAmount::from_base_units(59_996_572_739)).unwrap();
    assert_eq!(treasury.post(&path, &payload).status, 200);
}

#[test]
fn a_burn_of_another_amount_than_asked_is_refused() {
    let mut treasury = Treasury::load("wpkh");
    treasury.post_asset("burn-request", &json!({ "amount": 1_774 }));
    treasury.mine("burn", 2);
    let (path, payload) = (treasury.endpoint("burn"), treasury.payload("burn"));
    assert_eq!(detail(&treasury.post(&path, &payload)), "No open burn request is of 0.00001775.");
    // The distribution burns nothing.
    let txid = treasury.mine("distribute", 2).to_string();
    let other = json!({ "tx_data": { "txid": txid }, "change_data": [] });
    assert!(detail(&treasury.post(&path, &other)).contains("has 0 OP_RETURN outputs of c827f4a9"));
}

#[test]
fn a_reissue_row_without_its_other_half_is_refused() {
    let mut treasury = Treasury::load("wpkh");
    treasury.request("reissue");
    treasury.mine("reissue", 2);
    let (path, truthful) = (treasury.endpoint("reissue"), treasury.payload("reissue"));
    let mut without = |rows: &[usize]| {
        let mut payload = truthful.clone();
        let details = payload["details"].as_array_mut().unwrap();
        rows.iter().for_each(|row| drop(details.remove(*row)));
        detail(&treasury.post(&path, &payload))
    };
    assert_eq!(without(&[3]), "details[1]: output 2 is sent and never received");
    assert_eq!(without(&[0]), "details[1]: output 0 is received and was not sent before");
    assert_eq!(without(&[3, 1]), "details: no row is of the reissuance token");
    assert_eq!(without(&[2, 0]), "details: no row is of the asset");
    let mut payload = truthful.clone();
    payload["reissuance_output"]["vin"] = json!(1);
    assert!(detail(&treasury.post(&path, &payload)).starts_with("reissuance_output: input 1 of"));
    payload = truthful.clone();
    payload["listissuances"] = json!([]);
    assert_eq!(detail(&treasury.post(&path, &payload)), "listissuances: 0 rows, and one is expected");
}

#[test]
fn one_transaction_is_one_job() {
    let mut treasury = Treasury::load("wpkh");
    treasury.carry_out("distribute");
    let answer = treasury.carry_out("burn");
    assert_eq!(answer.status, 200, "{}", body(&answer));
    // A second distribution cannot be reported by the transaction of the first.
    let uuid = Uuid::parse("afbd67f9-6196-49cf-a198-8ad9f06c144b").unwrap();
    let request = Treasury::json("wpkh", "requests/distribute.json");
    let amounts = request["map_address_amount"].as_object().unwrap();
    let payments: Vec<_> = amounts
        .iter()
        .map(|(address, amount)| {
            let amount = parse_amp_decimal(&amount.to_string()).unwrap();
            (1, address.parse().unwrap(), amount)
        })
        .collect();
    let asset = treasury.uuid.clone();
    treasury.amp.add_distribution(&asset, &uuid, &payments).unwrap();
    let path = treasury.path(&format!("distributions/{uuid}/confirm"));
    let payload = treasury.payload("distribute");
    assert!(detail(&treasury.post(&path, &payload)).ends_with("is known as a distribution."));
}

#[test]
fn an_explicit_output_at_a_confidential_address_is_refused() {
    // Every second holder of this treasury has an unconfidential address and is paid explicitly.
    let mut treasury = Treasury::load("wpkh-blinded-issuance");
    treasury.mine("distribute", 2);
    let blinder = PublicKey::from_secret_key(&SECP, &SecretKey::from_slice(&[1; 32]).unwrap());
    let request = Treasury::json(treasury.name, "requests/distribute.json");
    let amounts = request["map_address_amount"].as_object().unwrap();
    let payments: Vec<_> = amounts
        .iter()
        .map(|(address, amount)| {
            let address: Address = address.parse().unwrap();
            (1, address.to_confidential(blinder), parse_amp_decimal(&amount.to_string()).unwrap())
        })
        .collect();
    let asset = treasury.uuid.clone();
    let uuid = Uuid::parse("00000000-0000-0000-0000-000000000001").unwrap();
    treasury.amp.add_distribution(&asset, &uuid, &payments).unwrap();
    let path = treasury.path(&format!("distributions/{uuid}/confirm"));
    let payload = treasury.payload("distribute");
    let refused = detail(&treasury.post(&path, &payload));
    assert_eq!(refused, "details[0]: output 0 is explicit, and its address is confidential");
}

#[test]
fn tokens_that_a_distribution_spends_must_be_accounted_for_too() {
    let mut treasury = Treasury::load("wpkh");
    treasury.mine("distribute", 2);
    // As if the second input, which pays the fee, had been a token.
    let fee_coin = treasury.transaction("distribute").input[1].previous_output;
    let token = treasury.reissuance_token;
    let asset = treasury.amp.assets.get_mut(&treasury.uuid).unwrap();
    let mut known = asset.outputs.values().find(|known| known.opening.asset == token).unwrap().clone();
    known.opening.amount = AssetAmount::from_base_units(3);
    asset.outputs.insert(fee_coin, known);
    let (path, payload) = (treasury.endpoint("distribute"), treasury.payload("distribute"));
    let refused = detail(&treasury.post(&path, &payload));
    assert!(refused.starts_with(&format!("3 base units of {token} went into")), "{refused}");
}

#[test]
fn a_body_that_is_not_of_the_shape_is_refused() {
    let mut treasury = Treasury::load("wpkh");
    treasury.mine("burn", 2);
    let path = treasury.endpoint("burn");
    let truthful = String::from_utf8(treasury.payload_text("burn")).unwrap();
    let one_more = truthful.replacen("\"safe\"", "\"assetBlinder\": \"00\", \"safe\"", 1);
    let twice = truthful.replacen("\"safe\"", "\"vout\": 2, \"safe\"", 1);
    let without = truthful.replacen("\"amountblinder\"", "\"desc2\"", 1);
    for (text, names) in [
        ("{", "JSON parse error"),
        ("[]", "JSON parse error"),
        ("{\"tx_data\": 1}", "JSON parse error"),
        (&format!("{truthful}x"), "JSON parse error"),
        (&one_more, "change_data[0]: unknown field `assetBlinder`"),
        (&twice, "change_data[0]: duplicate field `vout`"),
        (&without, "change_data[0]: unknown field `desc2`"),
    ] {
        let refused = detail(&treasury.ask("POST", &path, "", text.as_bytes().to_vec()));
        assert!(refused.starts_with(names), "{refused}");
    }
}
