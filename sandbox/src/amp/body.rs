//! Bodies read strictly: JSON of exactly the shape asked for, every name once and none unknown, since an unknown
//! name is most likely a client's spelling mistake.

use std::str::FromStr;

use coldamp_core::limits::MAX_MONEY;
use coldamp_core::units::AssetAmount;
use serde::de::{DeserializeOwned, Deserializer, Error as _};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::answers::Refusal;

/// Reads a body.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::detail(format!("JSON parse error - {error}")))
}

/// A field that must be there.
pub(super) fn required<T>(field: &'static str, value: Option<T>) -> Result<T, Refusal> {
    value.ok_or_else(|| Refusal::field(field, "This field is required."))
}

/// An amount in base units that a field asks for.
pub(super) fn amount(field: &'static str, value: Option<u64>) -> Result<AssetAmount, Refusal> {
    match required(field, value)? {
        0 => Err(Refusal::field(field, "Ensure this value is greater than or equal to 1.")),
        large if large > MAX_MONEY => {
            Err(Refusal::field(field, format!("Ensure this value is less than or equal to {MAX_MONEY}.")))
        }
        base_units => Ok(AssetAmount::from_base_units(base_units)),
    }
}

/// A row of a list: its place, for refusals, and its text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    list: &'static str,
    index: usize,
    text: &'a RawValue,
}

impl<'a> Row<'a> {
    /// The rows of a list, in order.
    pub(super) fn all(list: &'static str, rows: &'a [Box<RawValue>]) -> impl Iterator<Item = Row<'a>> {
        rows.iter().enumerate().map(move |(index, text)| Row { list, index, text })
    }

    /// The only row of a list.
    pub(super) fn one(list: &'static str, text: &'a RawValue) -> Self {
        Row { list, index: 0, text }
    }

    /// Reads it.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        serde_json::from_str(self.text.get()).map_err(|error| self.refuse(error))
    }

    /// A refusal that names the row.
    pub(super) fn refuse(&self, reason: impl std::fmt::Display) -> Refusal {
        Refusal::detail(format!("{}[{}]: {reason}", self.list, self.index))
    }
}

/// 32 bytes as the node writes them: 64 lower-case hexadecimal digits.
pub(super) fn hex_64<'de, T: FromStr, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let text = String::deserialize(deserializer)?;
    let lower = text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let refuse = || D::Error::custom(format!("{text:?} is not 32 bytes in lower-case hexadecimal"));
    if lower { text.parse().map_err(|_| refuse()) } else { Err(refuse()) }
}

/// An output as AMP names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Named {
    txid: String,
    vout: u32,
}

impl From<coldamp_core::elements::OutPoint> for Named {
    fn from(outpoint: coldamp_core::elements::OutPoint) -> Self {
        Named { txid: outpoint.txid.to_string(), vout: outpoint.vout }
    }
}
