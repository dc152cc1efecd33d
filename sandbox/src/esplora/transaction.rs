//! A transaction, its status, and what spends its outputs.

use coldamp_core::elements::confidential;
use coldamp_core::elements::encode::serialize;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::elements::{Address, OutPoint, Transaction, TxIn, TxOut, Txid};
use coldamp_core::treasury::IssuanceIds;
use serde_json::{Map, Value, json};

use crate::chain::Chain;

/// `GET /tx/:txid`.
pub(super) fn json(chain: &Chain, tx: &Transaction) -> Value {
    let txid = tx.txid();
    json!({
        "txid": txid.to_string(),
        "version": tx.version,
        "locktime": tx.lock_time.to_consensus_u32(),
        "vin": tx.input.iter().map(|input| vin(chain, input)).collect::<Vec<_>>(),
        "vout": tx.output.iter().map(|output| vout(chain, output)).collect::<Vec<_>>(),
        "size": tx.size(),
        "weight": tx.weight(),
        "fee": chain.fee_of(txid).unwrap_or(0),
        "status": status(chain, txid),
        "discount_vsize": tx.discount_vsize(),
        "discount_weight": tx.discount_weight(),
    })
}

/// `GET /tx/:txid/status`: of what is unknown it says that it is not confirmed.
pub(super) fn status(chain: &Chain, txid: Txid) -> Value {
    let height = chain.height_of(txid).flatten();
    let Some((height, header)) = height.and_then(|height| Some((height, chain.block_header(height)?))) else {
        return json!({ "confirmed": false });
    };
    json!({
        "confirmed": true,
        "block_height": height,
        "block_hash": header.block_hash().to_string(),
        "block_time": header.time,
    })
}

/// `GET /tx/:txid/outspend/:vout`.
pub(super) fn outspend(chain: &Chain, outpoint: OutPoint) -> Value {
    match chain.spender(outpoint) {
        None => json!({ "spent": false }),
        Some((txid, vin)) => json!({
            "spent": true,
            "txid": txid.to_string(),
            "vin": vin,
            "status": status(chain, txid),
        }),
    }
}

fn vin(chain: &Chain, input: &TxIn) -> Value {
    let outpoint = input.previous_output;
    let mut vin = json!({
        "txid": outpoint.txid.to_string(),
        "vout": outpoint.vout,
        "prevout": chain.output(outpoint).map(|output| vout(chain, output)),
        "scriptsig": input.script_sig.as_bytes().to_lower_hex_string(),
        "scriptsig_asm": input.script_sig.asm(),
        "is_coinbase": input.is_coinbase(),
        "sequence": input.sequence.to_consensus_u32(),
        "is_pegin": input.is_pegin,
    });
    let fields = vin.as_object_mut();
    let Some(fields) = fields else { return vin };
    if !input.witness.script_witness.is_empty() {
        let witness = input.witness.script_witness.iter().map(|item| item.to_lower_hex_string());
        fields.insert("witness".to_owned(), witness.collect());
    }
    if input.has_issuance() {
        fields.insert("issuance".to_owned(), issuance(input));
    }
    vin
}

/// The final entropy, and the contract hash of a first issuance or the nonce of a later one.
fn issuance(input: &TxIn) -> Value {
    let issuance = &input.asset_issuance;
    let ids = IssuanceIds::of_input(input);
    let again = !issuance.asset_blinding_nonce.is_null();
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    put("asset_id", ids.asset.to_string().into());
    put("is_reissuance", again.into());
    put("asset_entropy", ids.entropy.to_string().into());
    if again {
        let nonce = issuance.asset_blinding_nonce.to_byte_array();
        put("asset_blinding_nonce", nonce.to_lower_hex_string().into());
    } else {
        put("contract_hash", issuance.asset_entropy.into_contract_hash().to_string().into());
    }
    amount(&mut fields, "assetamount", "assetamountcommitment", issuance.amount);
    amount(&mut fields, "tokenamount", "tokenamountcommitment", issuance.inflation_keys);
    fields.into()
}

fn vout(chain: &Chain, output: &TxOut) -> Value {
    let script = &output.script_pubkey;
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    put("scriptpubkey", script.as_bytes().to_lower_hex_string().into());
    put("scriptpubkey_asm", script.asm().into());
    put("scriptpubkey_type", script_type(output).into());
    if let Some(address) = Address::from_script(script, None, chain.network().address_params()) {
        put("scriptpubkey_address", address.to_string().into());
    }
    commitments(&mut fields, output);
    fields.into()
}

/// Value and asset of an output, each explicit or as its commitment.
pub(super) fn commitments(fields: &mut Map<String, Value>, output: &TxOut) {
    amount(fields, "value", "valuecommitment", output.value);
    match output.asset {
        confidential::Asset::Explicit(asset) => {
            fields.insert("asset".to_owned(), asset.to_string().into());
        }
        confidential::Asset::Confidential(_) => {
            let commitment = serialize(&output.asset).to_lower_hex_string();
            fields.insert("assetcommitment".to_owned(), commitment.into());
        }
        confidential::Asset::Null => {}
    }
}

fn amount(fields: &mut Map<String, Value>, explicit: &str, commitment: &str, amount: confidential::Value) {
    match amount {
        confidential::Value::Explicit(amount) => fields.insert(explicit.to_owned(), amount.into()),
        confidential::Value::Confidential(_) => {
            fields.insert(commitment.to_owned(), serialize(&amount).to_lower_hex_string().into())
        }
        confidential::Value::Null => None,
    };
}

fn script_type(output: &TxOut) -> &'static str {
    let script = &output.script_pubkey;
    if output.is_fee() {
        "fee"
    } else if script.is_empty() {
        "empty"
    } else if script.is_op_return() {
        "op_return"
    } else if script.is_p2pk() {
        "p2pk"
    } else if script.is_p2pkh() {
        "p2pkh"
    } else if script.is_p2sh() {
        "p2sh"
    } else if script.is_v0_p2wpkh() {
        "v0_p2wpkh"
    } else if script.is_v0_p2wsh() {
        "v0_p2wsh"
    } else if script.is_v1_p2tr() {
        "v1_p2tr"
    } else {
        "unknown"
    }
}
