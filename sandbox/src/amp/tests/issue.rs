//! assets/issue and what follows it, on the sandbox's own chain: what is refused, and what shows that a step was forgotten.

use coldamp_core::elements::{AddressParams, OutPoint, Txid};
use coldamp_core::treasury::{IssuanceIds, ProvenContract, ScriptType, Utxo};
use coldamp_core::units::AssetAmount;
use serde_json::{Value, json};

use super::super::Amp;
use super::{ROOT, body};
use crate::chain::Chain;
use crate::exchange::{Answer, Question};
use crate::fixture::{descriptor, external};
use crate::secp::SECP;
use crate::treasury::contract_text;

const PUBKEY: &str = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";

/// AMP without an asset over a chain, logged in.
struct FirstDay {
    amp: Amp,
    chain: Chain,
    token: String,
}

impl FirstDay {
    fn new() -> Self {
        let mut amp = Amp::new(ROOT, "issuer", "correct horse");
        amp.add_user("Holder 1");
        let mut day = FirstDay { amp, chain: Chain::new(), token: String::new() };
        let credentials = json!({ "username": "issuer", "password": "correct horse" });
        let token = body(&day.ask("POST", "user/obtain_token", &credentials.to_string()));
        day.token = token["token"].as_str().unwrap().to_owned();
        day
    }

    fn ask(&mut self, method: &str, path: &str, body: &str) -> Answer {
        let question = Question {
            method: method.to_owned(),
            path: path.to_owned(),
            query: String::new(),
            authorization: Some(format!("token {}", self.token)),
            body: body.as_bytes().to_vec(),
        };
        self.amp.answer(&mut self.chain, &question)
    }

    fn post(&mut self, path: &str, body: &Value) -> Answer {
        self.ask("POST", path, &body.to_string())
    }

    fn get(&mut self, path: &str) -> (u16, Value) {
        let answer = self.ask("GET", path, "");
        (answer.status, body(&answer))
    }

    /// An asset by the body of an order.
    fn issued(&mut self, order: &Value) -> Value {
        let answer = self.post("assets/issue", order);
        assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
        body(&answer)
    }
}

fn address(index: u32) -> String {
    let network = Chain::new().network();
    descriptor(ScriptType::Wpkh).address_at(&SECP, external(index), &network).unwrap().to_string()
}

fn unconfidential(index: u32) -> String {
    let script = descriptor(ScriptType::Wpkh).script_at(&SECP, external(index)).unwrap().script_pubkey;
    let address = coldamp_core::elements::Address::from_script(&script, None, &AddressParams::ELEMENTS);
    address.unwrap().to_string()
}

/// The order of amp-examples/assets-issue.request.json, to addresses of this network.
fn order() -> Value {
    json!({
        "name": "Demo Share",
        "amount": 100_000_000_000_u64,
        "is_confidential": false,
        "destination_address": address(0),
        "domain": "example.com",
        "ticker": "DEMO",
        "precision": 8,
        "pubkey": PUBKEY,
        "is_reissuable": true,
        "reissuance_amount": 100_000,
        "reissuance_address": address(1),
        "transfer_restricted": true,
    })
}

fn with(field: &str, value: Value) -> Value {
    let mut order = order();
    order[field] = value;
    order
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[test]
fn the_answer_has_every_field_and_the_chain_has_what_it_says() {
    for is_confidential in [false, true] {
        let mut day = FirstDay::new();
        let order = with("is_confidential", json!(is_confidential));
        let answer = day.issued(&order);
        for (field, value) in order.as_object().unwrap() {
            assert_eq!(&answer[field], value, "{field}");
        }
        let txid: Txid = text(&answer["txid"]).parse().unwrap();
        let transaction = day.chain.transaction(txid).unwrap().clone();
        assert_eq!(day.chain.confirmations(txid), Some(0), "it waits in the mempool");
        let input = &transaction.input[usize::try_from(answer["vin"].as_u64().unwrap()).unwrap()];
        let ids = IssuanceIds::of_input(input);
        assert_eq!(text(&answer["asset_id"]), ids.asset.to_string());
        let token = if is_confidential { ids.blinded_token } else { ids.explicit_token };
        assert_eq!(text(&answer["reissuance_token_id"]), token.to_string());
        assert_eq!(input.asset_issuance.amount.is_confidential(), is_confidential);
        let zeros = "0".repeat(64);
        assert_eq!(text(&answer["issuance_assetblinder"]) == zeros, !is_confidential);
        assert_eq!(text(&answer["issuance_tokenblinder"]) == zeros, !is_confidential);
        let precision = coldamp_core::units::Precision::new(8).unwrap();
        let contract = contract_text("example.com", PUBKEY, "Demo Share", precision, "DEMO").unwrap();
        ProvenContract::prove(contract.as_bytes(), input.previous_output, ids.asset).unwrap();
        for (vout, index, asset, amount) in
            [("asset_vout", 0, ids.asset, 100_000_000_000), ("reissuance_vout", 1, token, 100_000)]
        {
            let vout = u32::try_from(answer[vout].as_u64().unwrap()).unwrap();
            let descriptor = descriptor(ScriptType::Wpkh);
            let own = descriptor.script_at(&SECP, external(index)).unwrap();
            let output = &transaction.output[usize::try_from(vout).unwrap()];
            assert_eq!(output.script_pubkey, own.script_pubkey);
            let coin = Utxo::open(&SECP, &descriptor, OutPoint { txid, vout }, output, own).unwrap();
            assert_eq!((coin.asset(), coin.amount()), (asset, AssetAmount::from_base_units(amount)));
        }
    }
}

#[test]
fn an_asset_without_tokens_is_issued_in_both_kinds() {
    for is_confidential in [false, true] {
        let mut day = FirstDay::new();
        let mut order = with("is_confidential", json!(is_confidential));
        order["is_reissuable"] = json!(false);
        let fields = order.as_object_mut().unwrap();
        fields.remove("reissuance_amount");
        fields.remove("reissuance_address");
        let answer = day.issued(&order);
        assert_eq!(answer["reissuance_token_id"], Value::Null);
        assert_eq!(answer["reissuance_vout"], Value::Null);
        assert_eq!(answer["reissuance_address"], "");
        day.chain.mine(1);
        let txid = text(&answer["txid"]).parse().unwrap();
        assert_eq!(day.chain.confirmations(txid), Some(1));
    }
}

#[test]
fn what_amp_is_known_to_refuse_is_refused_by_field_and_nothing_is_issued() {
    let mut day = FirstDay::new();
    for (field, value) in [
        ("name", json!("Four")),
        ("name", json!("N\u{e4}hmaschine")),
        ("name", json!("x".repeat(256))),
        ("ticker", json!("AB")),
        ("ticker", json!("A B C")),
        ("domain", json!("https://example.com")),
        ("domain", json!("www.example.com")),
        ("domain", json!("example")),
        ("pubkey", json!("04".repeat(33))),
        ("pubkey", json!("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798")),
        ("precision", json!(9)),
        ("amount", json!(0)),
        ("amount", json!(2_100_000_000_000_001_u64)),
        ("destination_address", json!(unconfidential(0))),
        ("destination_address", json!("tex1qnothing")),
        ("reissuance_address", json!(unconfidential(1))),
        ("reissuance_address", json!(address(0))),
        ("reissuance_amount", json!(0)),
    ] {
        let answer = day.post("assets/issue", &with(field, value.clone()));
        assert_eq!(answer.status, 400, "{field}: {value}");
        let told = body(&answer);
        assert_eq!(told.as_object().unwrap().keys().collect::<Vec<_>>(), [field], "{value}: {told}");
    }
    for missing in [
        "name",
        "amount",
        "destination_address",
        "domain",
        "ticker",
        "pubkey",
        "reissuance_address",
        "reissuance_amount",
    ] {
        let mut order = order();
        order.as_object_mut().unwrap().remove(missing);
        let answer = day.post("assets/issue", &order);
        assert_eq!((answer.status, body(&answer)), (400, json!({ missing: ["This field is required."] })));
    }
    assert_eq!(day.get("assets").1, json!([]));
    assert_eq!(day.chain.mempool().count(), 0);
}

#[test]
fn each_step_of_setting_up_is_recorded_and_none_is_taken_too_early_or_twice() {
    let mut day = FirstDay::new();
    let answer = day.issued(&order());
    let uuid = text(&answer["asset_uuid"]).to_owned();
    let path = |rest: &str| format!("assets/{uuid}/{rest}");
    for (step, flag, again) in [
        ("register", "is_registered", "The asset is already registered."),
        ("register-authorized", "is_authorized", "The asset is already authorized."),
    ] {
        if day.chain.tip() == 0 {
            day.chain.mine(1);
        }
        assert_eq!(day.get(&format!("assets/{uuid}")).1[flag], false);
        if step == "register" {
            let (status, told) = day.get(&path(step));
            assert_eq!(status, 400);
            assert!(text(&told["detail"]).contains("1 confirmations; 2 are needed"), "{told}");
            day.chain.mine(1);
        }
        assert_eq!(day.get(&path(step)).0, 200);
        assert_eq!(day.get(&format!("assets/{uuid}")).1[flag], true);
        assert_eq!(day.get(&path(step)), (400, json!({ "detail": again })));
    }
    let asset = text(&answer["asset_id"]).parse().unwrap();
    assert!(day.chain.is_registered(asset));
}

#[test]
fn an_output_of_the_issuance_is_lost_until_its_address_is_registered_in_either_form() {
    let mut day = FirstDay::new();
    let answer = day.issued(&order());
    let uuid = text(&answer["asset_uuid"]).to_owned();
    let lost = |day: &mut FirstDay| {
        let (_, told) = day.get(&format!("assets/{uuid}/lost-outputs"));
        let count = |name: &str| told[name].as_array().unwrap().len();
        (count("lost_outputs"), count("reissuance_lost_outputs"))
    };
    day.chain.mine(1);
    assert_eq!(lost(&mut day), (0, 0), "AMP does not look before the second confirmation");
    day.chain.mine(1);
    assert_eq!(lost(&mut day), (1, 1));
    let assignment = json!({ "assignments": [{ "registered_user": 1, "amount": 5, "vesting_timestamp": null, "ready_for_distribution": true }] });
    let refused = day.post(&format!("assets/{uuid}/assignments/create"), &assignment);
    assert!(String::from_utf8_lossy(&refused.body).contains("not enough in the treasury balance"));
    let add = format!("assets/{uuid}/treasury-addresses/add");
    assert_eq!(day.post(&add, &json!([address(0)])).status, 200);
    assert_eq!(lost(&mut day), (0, 1));
    assert_eq!(day.post(&add, &json!([unconfidential(1)])).status, 200);
    assert_eq!(lost(&mut day), (0, 0));
    assert_eq!(day.post(&format!("assets/{uuid}/assignments/create"), &assignment).status, 200);
}

#[test]
fn no_distribution_and_no_reissue_before_blinders_and_authorization() {
    let mut day = FirstDay::new();
    let answer = day.issued(&order());
    let uuid = text(&answer["asset_uuid"]).to_owned();
    day.chain.mine(2);
    day.post(&format!("assets/{uuid}/treasury-addresses/add"), &json!([address(0), address(1)]));
    let distribute = format!("assets/{uuid}/distributions/create/");
    let (status, told) = day.get(&distribute);
    assert_eq!(status, 400);
    assert!(text(&told["detail"]).contains("has not authorized"), "{told}");
    day.get(&format!("assets/{uuid}/register-authorized"));
    let (status, told) = day.get(&distribute);
    assert_eq!(status, 400);
    assert!(text(&told["detail"]).contains("lacks the blinders of"), "{told}");
    let reissue = day.post(&format!("assets/{uuid}/reissue-request"), &json!({ "amount_to_reissue": 7 }));
    assert_eq!(reissue.status, 400);
    let txid: Txid = text(&answer["txid"]).parse().unwrap();
    let transaction = day.chain.transaction(txid).unwrap().clone();
    for (vout, index) in [("asset_vout", 0), ("reissuance_vout", 1)] {
        let vout = u32::try_from(answer[vout].as_u64().unwrap()).unwrap();
        let descriptor = descriptor(ScriptType::Wpkh);
        let own = descriptor.script_at(&SECP, external(index)).unwrap();
        let output = &transaction.output[usize::try_from(vout).unwrap()];
        let coin = Utxo::open(&SECP, &descriptor, OutPoint { txid, vout }, output, own).unwrap();
        let told = json!({
            "txid": txid.to_string(),
            "vout": vout,
            "asset_blinder": coin.secrets.asset_bf.to_string(),
            "amount_blinder": coin.secrets.value_bf.to_string(),
        });
        assert_eq!(day.post(&format!("assets/{uuid}/update-blinders"), &told).status, 200);
    }
    assert_eq!(day.get(&distribute).0, 200);
    let reissue = day.post(&format!("assets/{uuid}/reissue-request"), &json!({ "amount_to_reissue": 7 }));
    assert_eq!(reissue.status, 200);
}
