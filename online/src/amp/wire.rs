//! AMP's answers as AMP writes them: the fields that are read of each. Other fields are ignored.
//!
//! A field that is read must be there (docs/rules.md#absent-fields). A missing one may have been renamed. If its absence
//! were read as "none", no output would be lost, no distribution open and no blinder missing. Fields that may be null are
//! marked here.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;

/// An object. A derived type alone would also accept a list of its fields' values.
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }
        deserializer.deserialize_map(Members(PhantomData))
    }
}

/// A field that must be there and may be null: serde alone would read a missing one as null.
fn nullable<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(deserializer)
}

/// The same for a text; AMP also writes an empty text where it means null.
fn text_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.filter(|text| !text.is_empty()))
}

/// A name or a number as text; none for anything else.
fn shown<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) if !text.is_empty() => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// Whether somebody is named, by name or number; null and an empty text name nobody.
fn somebody<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<()>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::String(name) => Ok((!name.is_empty()).then_some(())),
        Value::Number(_) => Ok(Some(())),
        _ => Err(serde::de::Error::custom("expected a name, a number or null")),
    }
}

/// A field of which absence and null are different.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// `user/obtain_token`
#[derive(Deserialize)]
pub(super) struct Token {
    pub(super) token: String,
}

/// `assets/UUID`
#[derive(Deserialize)]
pub(super) struct Asset {
    pub(super) asset_uuid: String,
    pub(super) asset_id: String,
}

/// `assets/UUID`, with what its contract is made of
#[derive(Deserialize)]
pub(super) struct Facts {
    pub(super) name: String,
    pub(super) precision: u8,
    #[serde(deserialize_with = "text_or_none")]
    pub(super) ticker: Option<String>,
    #[serde(deserialize_with = "text_or_none")]
    pub(super) domain: Option<String>,
    #[serde(deserialize_with = "text_or_none")]
    pub(super) pubkey: Option<String>,
    #[serde(deserialize_with = "text_or_none")]
    pub(super) reissuance_token_id: Option<String>,
}

/// An outpoint; also a row of `assets/UUID/utxos`.
#[derive(Deserialize)]
pub(super) struct Place {
    pub(super) txid: String,
    pub(super) vout: u32,
}

/// `assets/UUID/balance`
#[derive(Deserialize)]
pub(super) struct Balance {
    pub(super) lost_outputs: Vec<Object<Place>>,
    pub(super) reissuance_lost_outputs: Vec<Object<Place>>,
}

/// `assets/UUID/balance`, with who holds how much
#[derive(Deserialize)]
pub(super) struct Holders {
    pub(super) confirmed_balance: Vec<Object<Holder>>,
    pub(super) lost_outputs: Vec<Object<Place>>,
    pub(super) reissuance_lost_outputs: Vec<Object<Place>>,
}

/// The treasury's row has neither owner nor GAID.
#[derive(Deserialize)]
pub(super) struct Holder {
    #[serde(deserialize_with = "somebody")]
    pub(super) owner: Option<()>,
    pub(super) amount: u64,
    #[serde(rename = "GAID", deserialize_with = "text_or_none")]
    pub(super) gaid: Option<String>,
}

/// A row of `assets/UUID/assignments`
#[derive(Deserialize)]
pub(super) struct Assignment {
    pub(super) id: u64,
    pub(super) amount: u64,
    #[serde(deserialize_with = "text_or_none")]
    pub(super) receiving_address: Option<String>,
    #[serde(deserialize_with = "text_or_none")]
    pub(super) distribution_uuid: Option<String>,
    #[serde(deserialize_with = "nullable")]
    pub(super) ready_for_distribution: Option<bool>,
    #[serde(deserialize_with = "nullable")]
    pub(super) has_vested: Option<bool>,
    #[serde(default, deserialize_with = "present")]
    pub(super) vesting_timestamp: Option<Value>,
    pub(super) is_distributed: bool,
    #[serde(default)]
    pub(super) is_locked: Option<bool>,
    // Only for display. Whatever AMP writes in these two, the assignment is read.
    #[serde(default, deserialize_with = "shown")]
    pub(super) registered_user: Option<String>,
    #[serde(default, rename = "GAID", deserialize_with = "shown")]
    pub(super) gaid: Option<String>,
}

/// `assets/UUID/txs/TXID`, and a row of `assets/UUID/txs`
#[derive(Deserialize)]
pub(super) struct Transaction {
    pub(super) txid: String,
    pub(super) is_issuance: bool,
    pub(super) outputs: Vec<Object<Output>>,
}

#[derive(Deserialize)]
pub(super) struct Output {
    pub(super) vout: u32,
    #[serde(deserialize_with = "nullable")]
    pub(super) amount: Option<u64>,
    #[serde(deserialize_with = "text_or_none")]
    pub(super) asset_blinder: Option<String>,
    #[serde(deserialize_with = "text_or_none")]
    pub(super) amount_blinder: Option<String>,
    #[serde(deserialize_with = "nullable")]
    pub(super) is_treasury: Option<bool>,
}

/// A row of `assets/UUID/txs`, with what AMP says of each output beside its amount
#[derive(Deserialize)]
pub(super) struct Record {
    pub(super) txid: String,
    pub(super) outputs: Vec<Object<RecordedOutput>>,
}

#[derive(Deserialize)]
pub(super) struct RecordedOutput {
    #[serde(flatten)]
    pub(super) output: Output,
    pub(super) asset_id: String,
    pub(super) is_spent: bool,
    pub(super) is_burnt: bool,
}

/// `assets/UUID/distributions/UUID`. A missing list of transactions is not read as an empty one.
#[derive(Deserialize)]
pub(super) struct Distribution {
    #[serde(default)]
    pub(super) distribution_uuid: Option<String>,
    pub(super) distribution_status: String,
    #[serde(default)]
    pub(super) transactions: Option<Vec<Object<DistributionTransaction>>>,
}

#[derive(Deserialize)]
pub(super) struct DistributionTransaction {
    pub(super) txid: String,
}

/// A row of `assets/UUID/reissuances`
#[derive(Deserialize)]
pub(super) struct Reissuance {
    pub(super) txid: String,
    pub(super) reissuance_amount: u64,
}

/// The answer to `assets/UUID/reissue-confirm`
#[derive(Deserialize)]
pub(super) struct Reissued {
    pub(super) txid: String,
    pub(super) vin: u64,
    pub(super) reissuance_amount: u64,
}
