//! Content, seed, every named secret, order and approval code against the second implementation (Python), and the
//! bytes that come of them against themselves: whatever changes one of these changes the construction's label.

use std::path::PathBuf;

use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::elements::secp256k1_zkp::{Generator, SecretKey};
use coldamp_core::elements::{AssetId, Transaction, encode};
use coldamp_core::network::{Chain, Network};
use coldamp_core::pset::{Content, UnsignedPset};
use coldamp_core::sign::blinder::BlindingSeed;
use coldamp_core::sign::review::ApprovalHash;
use coldamp_core::treasury::CtDescriptor;
use coldamp_tests::{RequestKind, Scenario, Treasury};
use serde_json::Value;

const NAMES: [(&str, RequestKind); 4] = [
    ("wpkh", RequestKind::Distribute),
    ("wpkh-blinded-issuance", RequestKind::Reissue),
    ("wpkh-split-token", RequestKind::Reissue),
    ("sh-wpkh", RequestKind::Burn),
];

fn read(name: &str, ending: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors/blinding");
    let path = folder.join(format!("{name}.{ending}"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

struct Vector {
    name: String,
    scenario: Scenario,
    kind: RequestKind,
    pset: String,
    second: Value,
}

fn vectors() -> Vec<Vector> {
    let of = |(scenario, kind): (&str, RequestKind)| {
        let name = format!("{scenario}.{}", kind.name());
        Vector {
            scenario: Scenario::load(scenario),
            kind,
            pset: read(&name, "pset"),
            second: serde_json::from_str(&read(&name, "json")).unwrap(),
            name,
        }
    };
    NAMES.into_iter().map(of).collect()
}

fn hex(bytes: impl AsRef<[u8]>) -> Value {
    Value::String(bytes.as_ref().to_lower_hex_string())
}

#[test]
fn the_preparer_still_makes_these_psets() {
    for vector in vectors() {
        let treasury = Treasury::of(&vector.scenario);
        let prepared = treasury.job(&vector.scenario, vector.kind).prepare();
        assert_eq!(prepared.pset, vector.pset.trim_end(), "{}", vector.name);
    }
}

#[test]
fn content_seed_and_every_named_secret_are_the_second_implementations() {
    let network = Network::new(Chain::Regtest);
    for Vector { name, pset, second, .. } in vectors() {
        let pset = UnsignedPset::read(pset.as_bytes()).unwrap();
        let descriptor = CtDescriptor::parse(&read(&name, "descriptor"), Chain::Regtest).unwrap();
        let content = Content::of(&pset, network.policy_asset(), pset.request.as_ref().unwrap()).unwrap();
        assert_eq!(second["content"], hex(content.encode()), "{name}");
        assert_eq!(second["content_hash"], hex(content.hash().0), "{name}");
        assert_eq!(second["descriptor"], Value::String(descriptor.canonical().to_owned()), "{name}");
        let approval = ApprovalHash::of(&content.hash(), &descriptor).code().to_string();
        assert_eq!(second["approval"], Value::String(approval), "{name}");

        let seed = BlindingSeed::new(&descriptor.master_blinding_key(), &content.hash());
        assert_eq!(second["seed"], hex(seed.to_byte_array()), "{name}");
        let last = content.outputs.iter().rposition(|output| output.blinding_key.is_some()).unwrap();
        assert_eq!(second["balance_output"], Value::from(last), "{name}");
        let mut secrets = 0;
        for (index, output) in content.outputs.iter().enumerate() {
            let expected = &second["outputs"][index];
            assert_eq!(expected["script"], hex(output.script_pubkey.as_bytes()), "{name} {index}");
            let blinded = output.blinding_key.is_some();
            assert_eq!(expected["blinded"], Value::Bool(blinded), "{name} {index}");
            for secret in ["abf", "vbf", "ephemeral"] {
                let ours = match blinded && !(secret == "vbf" && index == last) {
                    true => hex(seed.scalar(secret, index).secret_bytes()),
                    false => Value::Null,
                };
                assert_eq!(expected[secret], ours, "{name} {index} {secret}");
                secrets += usize::from(!ours.is_null());
            }
            let surjection = if blinded { hex(seed.secret("surjection", index, 0)) } else { Value::Null };
            assert_eq!(expected["surjection"], surjection, "{name} {index}");
        }
        assert_eq!(second["outputs"].as_array().unwrap().len(), content.outputs.len());
        assert!(secrets >= 5, "{name}: only {secrets} secrets were compared");
        for (index, input) in content.inputs.iter().enumerate() {
            let expected = &second["inputs"][index]["issuance"];
            let Some(issuance) = &input.issuance else {
                assert!(expected.is_null(), "{name} {index}");
                continue;
            };
            assert_eq!(expected["kind"], issuance.kind.name(), "{name} {index}");
            assert_eq!(expected["amount"], Value::from(issuance.amount.base_units()), "{name} {index}");
            let vbf = match issuance.kind.name() {
                "blinded" => hex(seed.scalar("issuance-vbf", index).secret_bytes()),
                _ => Value::Null,
            };
            assert_eq!(expected["vbf"], vbf, "{name} {index}");
        }
    }
}

#[test]
fn outputs_stand_in_the_order_of_their_keys_with_the_fee_last() {
    for Vector { name, second, .. } in vectors() {
        let mut orders: Vec<Option<&str>> =
            second["outputs"].as_array().unwrap().iter().map(|output| output["order"].as_str()).collect();
        assert_eq!(orders.pop(), Some(None), "{name}: the fee has no order and stands last");
        assert!(orders.iter().all(Option::is_some) && orders.is_sorted(), "{name}: {orders:?}");
    }
}

#[test]
fn a_blinded_issuance_opens_with_the_second_implementations_key() {
    let vector = vectors().into_iter().find(|vector| vector.name == "wpkh-blinded-issuance.reissue").unwrap();
    let treasury = Treasury::of(&vector.scenario);
    let signed = treasury.job(&vector.scenario, vector.kind).sign(vector.pset.as_bytes());
    let tx: Transaction = transaction(&signed.to_json().unwrap());
    let inputs = vector.second["inputs"].as_array().unwrap();
    let (index, issuance) = inputs
        .iter()
        .enumerate()
        .find_map(|(index, input)| input["issuance"].is_object().then(|| (index, &input["issuance"])))
        .unwrap();
    let key: Vec<u8> =
        coldamp_core::elements::hex::decode_to_vec(issuance["blinding_key"].as_str().unwrap()).unwrap();
    let input = &tx.input[index];
    let asset = AssetId::from_entropy(input.asset_issuance.asset_entropy);
    let (opening, _) = input
        .witness
        .amount_rangeproof
        .as_ref()
        .unwrap()
        .rewind(
            &treasury.secp,
            input.asset_issuance.amount.commitment().unwrap(),
            SecretKey::from_slice(&key).unwrap(),
            &[],
            Generator::new_unblinded(&treasury.secp, asset.into_tag()),
        )
        .unwrap();
    assert_eq!(Value::from(opening.value), issuance["amount"]);
    assert_eq!(hex(opening.blinding_factor.as_ref()), issuance["vbf"]);
}

/// What an elementsd 23.3.3 took and mined for these PSETs. Proof parameters, signatures and encoding are all in a
/// wtxid: a library that changes one of them under the same secrets must not go unnoticed.
#[test]
fn the_signed_transactions_are_those_a_node_took() {
    let golden: Value = serde_json::from_str(&read("signed", "json")).unwrap();
    for Vector { name, scenario, kind, pset, .. } in vectors() {
        let treasury = Treasury::of(&scenario);
        let signed = treasury.job(&scenario, kind).sign(pset.as_bytes());
        let tx = transaction(&signed.to_json().unwrap());
        assert_eq!(golden[&name]["txid"], Value::String(tx.txid().to_string()), "{name}");
        assert_eq!(golden[&name]["wtxid"], Value::String(tx.wtxid().to_string()), "{name}");
    }
}

fn transaction(signed: &str) -> Transaction {
    let signed: Value = serde_json::from_str(signed).unwrap();
    let bytes = coldamp_core::elements::hex::decode_to_vec(signed["transaction"].as_str().unwrap()).unwrap();
    encode::deserialize(&bytes).unwrap()
}
