//! AMP's answer to assets/issue: read from the saved bytes, and compared with the order.

use coldamp_core::amp::request::Uuid;
use coldamp_core::elements::confidential::ValueBlindingFactor;
use coldamp_core::elements::{AssetId, Transaction, Txid};
use coldamp_core::treasury::{IssuanceIds, IssuanceKind};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{IssueError, Order};
use crate::amp::{ListedAsset, Object, read_id, read_uuid};

/// What AMP says of the issuance. The chain has the last word ([`super::prove()`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// AMP's name for the asset.
    pub uuid: Uuid,
    /// The asset.
    pub asset: AssetId,
    /// The reissuance token.
    pub token: Option<AssetId>,
    /// The transaction that issued.
    pub txid: Txid,
    /// Its input that issued.
    pub vin: usize,
    /// Its output with the units.
    pub asset_vout: u32,
    /// Its output with the tokens.
    pub token_vout: Option<u32>,
    /// What opens the issued amount of a blinded issuance.
    pub asset_blinder: Option<ValueBlindingFactor>,
    /// What opens the tokens' amount.
    pub token_blinder: Option<ValueBlindingFactor>,
}

/// The answer as AMP writes it. What repeats the order is compared with it; other fields are ignored. A field that is there twice
/// is refused: two parsers could take a different one of them.
#[derive(Deserialize)]
struct Wire {
    name: Option<Value>,
    ticker: Option<Value>,
    domain: Option<Value>,
    pubkey: Option<Value>,
    precision: Option<Value>,
    amount: Option<Value>,
    is_confidential: Option<Value>,
    destination_address: Option<Value>,
    is_reissuable: Option<Value>,
    reissuance_amount: Option<Value>,
    reissuance_address: Option<Value>,
    transfer_restricted: Option<Value>,
    asset_uuid: String,
    asset_id: String,
    reissuance_token_id: Option<String>,
    txid: String,
    vin: usize,
    asset_vout: u32,
    reissuance_vout: Option<u32>,
    issuance_assetblinder: Option<String>,
    issuance_tokenblinder: Option<String>,
}

impl Wire {
    /// The fields that repeat the order.
    fn repeated(&self) -> [(&'static str, &Option<Value>); 12] {
        [
            ("name", &self.name),
            ("ticker", &self.ticker),
            ("domain", &self.domain),
            ("pubkey", &self.pubkey),
            ("precision", &self.precision),
            ("amount", &self.amount),
            ("is_confidential", &self.is_confidential),
            ("destination_address", &self.destination_address),
            ("is_reissuable", &self.is_reissuable),
            ("reissuance_amount", &self.reissuance_amount),
            ("reissuance_address", &self.reissuance_address),
            ("transfer_restricted", &self.transfer_restricted),
        ]
    }
}

/// What AMP writes in the place of a blinder that does not exist.
const ZEROS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

impl Answered {
    /// Reads an answer and compares it with the order.
    ///
    /// # Errors
    /// When it has another shape, or a field is not what was asked for.
    pub fn read(text: &[u8], order: &Order) -> Result<Self, IssueError> {
        let shape = |reason: String| IssueError::Shape { reason };
        let Object(wire) =
            serde_json::from_slice::<Object<Wire>>(text).map_err(|error| shape(error.to_string()))?;
        // The order's own bytes say what is expected of each field.
        let asked: Value = serde_json::from_slice(&order.body()).map_err(|error| shape(error.to_string()))?;
        for (field, found) in wire.repeated() {
            let Some(expected) = asked.get(field) else { continue };
            let found = found.as_ref().ok_or_else(|| shape(format!("{field} is missing")))?;
            if found != expected {
                let (found, expected) = (found.to_string(), expected.to_string());
                return Err(IssueError::Answer { field, found, expected });
            }
        }
        let text_or_none = |text: Option<String>| text.filter(|text| !text.is_empty());
        let token = text_or_none(wire.reissuance_token_id)
            .map(|text| read_id("reissuance_token_id", &text))
            .transpose()
            .map_err(shape)?;
        let blinder = |field: &str, text: Option<String>| match text_or_none(text) {
            Some(text) if text != ZEROS => {
                // An error must not quote it: a blinder is secret.
                read_id(field, &text)
                    .map(Some)
                    .map_err(|_| shape(format!("{field}: found no blinding factor")))
            }
            _ => Ok(None),
        };
        let answered = Answered {
            uuid: read_uuid("asset_uuid", &wire.asset_uuid).map_err(shape)?,
            asset: read_id("asset_id", &wire.asset_id).map_err(shape)?,
            token,
            txid: read_id("txid", &wire.txid).map_err(shape)?,
            vin: wire.vin,
            asset_vout: wire.asset_vout,
            token_vout: wire.reissuance_vout,
            asset_blinder: blinder("issuance_assetblinder", wire.issuance_assetblinder)?,
            token_blinder: blinder("issuance_tokenblinder", wire.issuance_tokenblinder)?,
        };
        if order.tokens.is_some() {
            for (field, is_there) in [
                ("reissuance_token_id", answered.token.is_some()),
                ("reissuance_vout", answered.token_vout.is_some()),
            ] {
                if !is_there {
                    return Err(shape(format!("{field} is missing")));
                }
            }
        }
        Ok(answered)
    }
}

/// The answer written anew where AMP's own was lost: from the order, AMP's record of the asset and the transaction. None where
/// the transaction does not issue the asset to the order's addresses. It has no blinders of the issuance.
pub fn rebuilt(order: &Order, facts: &ListedAsset, transaction: &Transaction) -> Option<Vec<u8>> {
    let issues = |input: &coldamp_core::elements::TxIn| {
        input.has_issuance()
            && input.asset_issuance.asset_blinding_nonce.is_null()
            && IssuanceIds::of_input(input).asset == facts.asset
    };
    let vin = transaction.input.iter().position(issues)?;
    let ids = transaction.input.get(vin).map(IssuanceIds::of_input)?;
    let kind = match transaction.input.get(vin)?.asset_issuance.amount.is_confidential() {
        true => IssuanceKind::Blinded,
        false => IssuanceKind::Explicit,
    };
    let output_to = |address: &coldamp_core::elements::Address| {
        let script = address.script_pubkey();
        transaction.output.iter().position(|output| output.script_pubkey == script)
    };
    let asset_vout = output_to(&order.units.address)?;
    let token_vout = match &order.tokens {
        Some(tokens) => Some(output_to(&tokens.address)?),
        None => None,
    };
    let mut answer: Value = serde_json::from_slice(&order.body()).ok()?;
    let members = answer.as_object_mut()?;
    for (field, value) in [
        ("asset_uuid", json!(facts.uuid.to_string())),
        ("asset_id", json!(facts.asset.to_string())),
        ("reissuance_token_id", json!(order.tokens.as_ref().map(|_| ids.token(kind).to_string()))),
        ("txid", json!(transaction.txid().to_string())),
        ("vin", json!(vin)),
        ("asset_vout", json!(asset_vout)),
        ("reissuance_vout", json!(token_vout)),
        ("issuance_assetblinder", Value::Null),
        ("issuance_tokenblinder", Value::Null),
    ] {
        members.insert(field.to_owned(), value);
    }
    serde_json::to_vec(&answer).ok()
}
