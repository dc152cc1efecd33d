//! Requests written by us, in AMP's form: to plan with before AMP is asked, or to have one again whose answer was lost.
//!
//! A request is believed by nobody: the cold side holds the PSET against it, an approver holds it against AMP. That one
//! was written here and not by AMP therefore changes nothing of what is checked.

use std::collections::BTreeMap;

use coldamp_core::Secp;
use coldamp_core::amp::request::KNOWN_CLIENT_VERSION;
use coldamp_core::elements::hashes::hash160;
use coldamp_core::elements::secp256k1_zkp::{PublicKey, SecretKey};
use coldamp_core::elements::{Address, AssetId, OutPoint, Script, ScriptHash};
use coldamp_core::network::Network;
use coldamp_core::units::AssetAmount;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::outlook::Outlook;

/// A uuid for plans: AMP never gives out this one (RFC 9562, the nil UUID).
const NO_UUID: &str = "00000000-0000-0000-0000-000000000000";

/// The fields that all three have.
fn common(command: &str, base_url: &str, asset_uuid: &str, asset: AssetId) -> Value {
    json!({
        "command": command,
        "min_supported_client_script_version": KNOWN_CLIENT_VERSION,
        "base_url": base_url,
        "asset_uuid": asset_uuid,
        "asset_id": asset.to_string(),
    })
}

/// AMP's `base_url` for plans: a built-in host, since the operator's own may be none.
fn planning_url(network: &Network) -> String {
    let host = network.chain().amp_hosts().first().copied().unwrap_or_default();
    format!("https://{host}/api/{{}}")
}

fn written(mut fields: Value, more: Vec<(&str, Value)>) -> Vec<u8> {
    if let Value::Object(members) = &mut fields {
        members.extend(more.into_iter().map(|(name, value)| (name.to_owned(), value)));
    }
    fields.to_string().into_bytes()
}

/// An amount as AMP writes it, exactly: never through a float.
fn decimal(amount: AssetAmount) -> Box<RawValue> {
    let text = amount.to_node_decimal().to_string();
    // A decimal of ours is a JSON number; null would be refused by whoever reads it.
    RawValue::from_string(text).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

/// A distribution as AMP would answer it.
pub fn distribution(
    base_url: &str,
    asset_uuid: &str,
    asset: AssetId,
    uuid: &str,
    by_address: &BTreeMap<String, AssetAmount>,
) -> Vec<u8> {
    // serde_json's own values hold numbers as floats or integers; these are written as text.
    let amounts: BTreeMap<&String, Box<RawValue>> =
        by_address.iter().map(|(address, amount)| (address, decimal(*amount))).collect();
    let assets: BTreeMap<&String, String> =
        by_address.keys().map(|address| (address, asset.to_string())).collect();
    #[derive(serde::Serialize)]
    struct Distribution<'a> {
        #[serde(flatten)]
        common: Value,
        distribution_uuid: &'a str,
        map_address_amount: BTreeMap<&'a String, Box<RawValue>>,
        map_address_asset: BTreeMap<&'a String, String>,
    }
    let distribution = Distribution {
        common: common("distribute", base_url, asset_uuid, asset),
        distribution_uuid: uuid,
        map_address_amount: amounts,
        map_address_asset: assets,
    };
    serde_json::to_vec(&distribution).unwrap_or_default()
}

/// The next distribution as a request to plan with. Addresses that AMP has yet to choose are stood in for by ones of the
/// kind that AMP gives out, confidential P2SH: nothing planned with them is ever signed.
pub fn next_distribution(
    secp: &Secp,
    network: &Network,
    asset_uuid: &str,
    asset: AssetId,
    outlook: &Outlook,
) -> Vec<u8> {
    let mut by_address = outlook.by_address.clone();
    for (id, amount) in &outlook.without_address {
        by_address.insert(stand_in(secp, network, *id), *amount);
    }
    distribution(&planning_url(network), asset_uuid, asset, NO_UUID, &by_address)
}

fn stand_in(secp: &Secp, network: &Network, id: u64) -> String {
    let hash = hash160::Hash::hash(&id.to_le_bytes()).to_byte_array();
    let script = Script::new_p2sh(&ScriptHash::from_byte_array(hash));
    let key = SecretKey::from_slice(&[1; 32]).map(|secret| PublicKey::from_secret_key(secp, &secret));
    let address = Address::from_script(&script, key.ok(), network.address_params());
    address.map(|address| address.to_string()).unwrap_or_default()
}

/// A reissue to plan with, on the token coins that the treasury holds.
pub fn reissue(
    network: &Network,
    asset_uuid: &str,
    asset: AssetId,
    amount: AssetAmount,
    tokens: &[OutPoint],
) -> Vec<u8> {
    amount_request("reissue", network, (asset_uuid, asset), amount, "reissuance_utxos", tokens)
}

/// A burn to plan with, of any of the asset's coins that the treasury holds.
pub fn burn(
    network: &Network,
    asset_uuid: &str,
    asset: AssetId,
    amount: AssetAmount,
    coins: &[OutPoint],
) -> Vec<u8> {
    amount_request("burn", network, (asset_uuid, asset), amount, "utxos", coins)
}

fn amount_request(
    command: &str,
    network: &Network,
    (asset_uuid, asset): (&str, AssetId),
    amount: AssetAmount,
    list: &str,
    outpoints: &[OutPoint],
) -> Vec<u8> {
    let fields = common(command, &planning_url(network), asset_uuid, asset);
    let outpoints: Vec<Value> = outpoints
        .iter()
        .map(|outpoint| json!({ "txid": outpoint.txid.to_string(), "vout": outpoint.vout }))
        .collect();
    let text = written(fields, vec![(list, Value::Array(outpoints))]);
    // The amount goes in as text, in front of everything else.
    let rest = text.strip_prefix(b"{").unwrap_or_default();
    [b"{\"amount\":".as_slice(), decimal(amount).get().as_bytes(), b",", rest].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use coldamp_core::amp::{Job, Request};
    use coldamp_core::elements::Txid;
    use coldamp_core::network::Chain;

    const UUID: &str = "025b413f-8a9a-421e-a648-a7dd06839eb9";

    fn asset() -> AssetId {
        AssetId::from_byte_array([7; 32])
    }

    #[test]
    fn what_is_written_here_reads_as_amps_own() {
        let network = Network::new(Chain::Regtest);
        let amount = AssetAmount::from_base_units(2_100_000_000_000_000);
        let coins = [OutPoint::new(Txid::from_byte_array([1; 32]), 3)];
        let burn = Request::parse(&burn(&network, UUID, asset(), amount, &coins), &network).unwrap();
        assert_eq!(burn.job, Job::Burn { amount, coins: coins.to_vec() });
        let reissue = Request::parse(&reissue(&network, UUID, asset(), amount, &coins), &network).unwrap();
        assert_eq!(reissue.job, Job::Reissue { amount, tokens: coins.to_vec() });
        assert_eq!(reissue.asset, asset());
    }

    #[test]
    fn addresses_that_are_not_known_yet_are_distinct_and_confidential() {
        let network = Network::new(Chain::Regtest);
        let one = AssetAmount::from_base_units(1);
        let outlook = Outlook {
            by_address: BTreeMap::new(),
            without_address: (0..80).map(|id| (id, one)).collect(),
            total: AssetAmount::from_base_units(80),
            open: Default::default(),
        };
        let text = next_distribution(&Secp::new(), &network, UUID, asset(), &outlook);
        let Job::Distribute { recipients, .. } = Request::parse(&text, &network).unwrap().job else {
            panic!()
        };
        assert_eq!(recipients.len(), 80);
        assert!(recipients.iter().all(|recipient| recipient.address.is_blinded() && recipient.amount == one));
    }
}
