//! Reading a confirm body: every field once and no other, numbers by their digits, ids and blinders of 64 digits.

use std::borrow::Cow;
use std::str::FromStr;

use elements::hex::decode_to_vec;
use elements::{Script, Txid};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};
use serde_json::value::RawValue;

use super::{
    Category, Detail, EmptyLabel, Issuance, NodeDecimal, Payload, ReissuanceOutput, TransactionDetails,
    TransactionId, Unspent,
};
use crate::amp::request::Command;
use crate::units::{AssetAmount, Precision};

/// The text is no confirm body of the command. It quotes nothing: the body holds blinders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected the confirm body of a {command}: line {line}, column {column} of it")]
pub struct NotAPayload {
    /// Which command's was expected.
    pub command: Command,
    /// Where the parser stopped, counted from the body's first line.
    pub line: usize,
    /// And in which column.
    pub column: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Distribute {
    tx_data: TransactionDetails,
    change_data: Vec<Unspent>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reissue {
    details: Vec<Detail>,
    reissuance_output: ReissuanceOutput,
    listissuances: Vec<Issuance>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Burn {
    tx_data: TransactionId,
    change_data: Vec<Unspent>,
}

impl Payload {
    /// Reads the body of a command's confirm endpoint. Which command it is of, the body does not say.
    ///
    /// # Errors
    /// When it has another shape, or anything in it is written otherwise than the signer writes it.
    pub fn parse(command: Command, text: &str) -> Result<Self, NotAPayload> {
        let read = match command {
            Command::Distribute => serde_json::from_str(text)
                .map(|Distribute { tx_data, change_data }| Payload::Distribute { tx_data, change_data }),
            Command::Reissue => {
                serde_json::from_str(text).map(|Reissue { details, reissuance_output, listissuances }| {
                    Payload::Reissue { details, reissuance_output, listissuances }
                })
            }
            Command::Burn => serde_json::from_str(text)
                .map(|Burn { tx_data, change_data }| Payload::Burn { tx_data, change_data }),
        };
        read.map_err(|error: serde_json::Error| NotAPayload {
            command,
            line: error.line(),
            column: error.column(),
        })
    }

    /// Whether it tells of this transaction wherever it names one, of one issuance if of any, and each row is what the
    /// signer makes: sends negative with their fee, receives positive without, confirmations left open.
    pub(crate) fn is_the_signers(&self, txid: Txid) -> bool {
        let names_it = match self {
            Payload::Distribute { tx_data, .. } => tx_data.txid == txid,
            Payload::Burn { tx_data, .. } => tx_data.txid == txid,
            Payload::Reissue { reissuance_output, listissuances, .. } => {
                reissuance_output.txid == txid
                    && matches!(listissuances.as_slice(), [row] if row.vin == reissuance_output.vin)
            }
        };
        let detail = |row: &Detail| match row.category {
            Category::Send => {
                row.amount.is_negative()
                    && row.fee.is_some_and(|fee| !fee.is_negative())
                    && row.abandoned == Some(false)
            }
            Category::Receive => !row.amount.is_negative() && row.fee.is_none() && row.abandoned.is_none(),
        };
        let unspent = |row: &Unspent| row.txid == txid && row.confirmations == 0 && !row.amount.is_negative();
        names_it
            && self.details().iter().all(detail)
            && self.change_data().iter().all(unspent)
            && self.issuances().iter().all(|row| row.txid == txid && !row.assetamount.is_negative())
    }
}

impl<'de> Deserialize<'de> for NodeDecimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let (negative, digits) = match raw.get().strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, raw.get()),
        };
        let amount = AssetAmount::from_decimal(digits, Precision::OF_NODE)
            .filter(|amount| amount.to_node_decimal() == digits)
            .ok_or_else(|| D::Error::custom("not a number with eight decimals"))?;
        Ok(if negative { NodeDecimal::negative(amount) } else { NodeDecimal::positive(amount) })
    }
}

impl<'de> Deserialize<'de> for EmptyLabel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Cow::<str>::deserialize(deserializer)?.as_ref() {
            "" => Ok(EmptyLabel),
            _ => Err(D::Error::custom("a label")),
        }
    }
}

/// A txid, asset id, entropy or blinder.
pub(super) fn parsed<'de, T: FromStr, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let text = Cow::<str>::deserialize(deserializer)?;
    text.parse().map_err(|_| D::Error::custom("not 64 hexadecimal digits of its kind"))
}

/// What may be absent; where it is present, it is not null.
pub(super) fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

pub(super) fn always_true<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    match bool::deserialize(deserializer)? {
        true => Ok(true),
        false => Err(D::Error::custom("false")),
    }
}

pub(super) fn script<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Script, D::Error> {
    let text = Cow::<str>::deserialize(deserializer)?;
    decode_to_vec(&text).map(Script::from).map_err(|_| D::Error::custom("no hexadecimal digits"))
}

pub(super) fn optional_script<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Script>, D::Error> {
    script(deserializer).map(Some)
}
