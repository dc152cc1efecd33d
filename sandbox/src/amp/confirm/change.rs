//! Rows of `listunspent`: the units that went back to the treasury. AMP learns their blinders from nowhere else.

use coldamp_core::elements::confidential::{AssetBlindingFactor, ValueBlindingFactor};
use coldamp_core::elements::hex::{DisplayHex as _, decode_to_vec};
use coldamp_core::elements::{AssetId, Script, Transaction, TxOut, Txid, encode};
use coldamp_core::units::parse_amp_decimal;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::Reported;
use super::details::pays_to;
use crate::amp::answers::Refusal;
use crate::amp::body::{self, Row};
use crate::amp::open::{Opening, open_output, output_at};
use crate::amp::outputs::ENOUGH_CONFIRMATIONS;

/// The fields that a node writes. Some may be missing: AMP accepted reports without them on Liquid testnet in 2025.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(deserialize_with = "body::hex_64")]
    txid: Txid,
    vout: u32,
    address: String,
    amount: Box<RawValue>,
    #[serde(deserialize_with = "body::hex_64")]
    asset: AssetId,
    #[serde(deserialize_with = "body::hex_64")]
    amountblinder: ValueBlindingFactor,
    #[serde(deserialize_with = "body::hex_64")]
    assetblinder: AssetBlindingFactor,
    confirmations: u32,
    #[serde(rename = "spendable")]
    _spendable: bool,
    #[serde(rename = "scriptPubKey")]
    script_pubkey: Option<String>,
    #[serde(rename = "redeemScript")]
    redeem_script: Option<String>,
    #[serde(rename = "witnessScript")]
    witness_script: Option<String>,
    assetcommitment: Option<String>,
    amountcommitment: Option<String>,
    #[serde(rename = "label")]
    _label: Option<String>,
    #[serde(rename = "solvable")]
    _solvable: Option<bool>,
    #[serde(rename = "desc")]
    _desc: Option<String>,
    #[serde(rename = "safe")]
    _safe: Option<bool>,
}

/// Opens every row.
pub(super) fn read(
    transaction: &Transaction,
    confirmations: u32,
    rows: &[Box<RawValue>],
    asset: AssetId,
) -> Result<Reported, Refusal> {
    let mut reported = Reported::new();
    for row in Row::all("change_data", rows) {
        let told: Written = row.read()?;
        let txid = transaction.txid();
        if told.txid != txid {
            return Err(row.refuse(format!("txid is {}, and the report is about {txid}", told.txid)));
        }
        if told.asset != asset {
            return Err(row.refuse(format!("asset is {}, and the report is about {asset}", told.asset)));
        }
        if !(ENOUGH_CONFIRMATIONS..=confirmations).contains(&told.confirmations) {
            let found = told.confirmations;
            return Err(
                row.refuse(format!("confirmations is {found}, and the transaction has {confirmations}"))
            );
        }
        let amount = parse_amp_decimal(told.amount.get());
        let opening = Opening {
            asset,
            amount: amount.map_err(|error| row.refuse(format!("amount: {error}")))?,
            asset_blinder: told.assetblinder,
            amount_blinder: told.amountblinder,
        };
        let output = output_at(transaction, told.vout).map_err(|error| row.refuse(error))?;
        open_output(output, told.vout, &opening).map_err(|error| row.refuse(error))?;
        pays_to(row, &told.address, told.vout, &output.script_pubkey)?;
        said_of_the_output(row, &told, output)?;
        if reported.insert(told.vout, opening).is_some() {
            return Err(row.refuse(format!("a second row for output {}", told.vout)));
        }
    }
    Ok(reported)
}

/// A field that may be missing must be right where it is present.
fn said_of_the_output(row: Row<'_>, told: &Written, output: &TxOut) -> Result<(), Refusal> {
    let refuse = |field: &str| Err(row.refuse(format!("{field} is not that of output {}", told.vout)));
    let script = output.script_pubkey.as_bytes().to_lower_hex_string();
    if told.script_pubkey.as_ref().is_some_and(|found| *found != script) {
        return refuse("scriptPubKey");
    }
    if let Some(redeem_script) = &told.redeem_script {
        let redeem_script = decode_to_vec(redeem_script).map(Script::from);
        if redeem_script.map(|script| script.to_p2sh()).ok().as_ref() != Some(&output.script_pubkey) {
            return refuse("redeemScript");
        }
    }
    if let Some(witness_script) = &told.witness_script {
        let program = decode_to_vec(witness_script).map(|script| Script::from(script).to_v0_p2wsh()).ok();
        let nested = program.as_ref().map(Script::to_p2sh);
        if ![program, nested].contains(&Some(output.script_pubkey.clone())) {
            return refuse("witnessScript");
        }
    }
    let asset = output.asset.is_confidential().then(|| encode::serialize_hex(&output.asset));
    if told.assetcommitment.is_some() && told.assetcommitment != asset {
        return refuse("assetcommitment");
    }
    let amount = output.value.is_confidential().then(|| encode::serialize_hex(&output.value));
    if told.amountcommitment.is_some() && told.amountcommitment != amount {
        return refuse("amountcommitment");
    }
    Ok(())
}
