//! The body that AMP's three confirm endpoints take: the fields that the wallet of an Elements node prints
//! (`gettransaction`, `listunspent` and `listissuances` of Elements 23.3.3), in the node's order of keys.
//!
//! It is read back as strictly as it is written ([`Payload::parse`]), and held against the transaction it tells of
//! ([`Payload::opens`]).

mod opens;
mod read;

use elements::confidential::{AssetBlindingFactor, ValueBlindingFactor};
use elements::{AssetEntropy, AssetId, Script, Txid};
use serde::ser::{Error as _, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::units::AssetAmount;
pub use opens::RowError;
pub(crate) use opens::commitment;
pub use read::NotAPayload;

/// A confirm body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Payload {
    /// For `distributions/UUID/confirm`.
    Distribute {
        /// The transaction.
        tx_data: TransactionDetails,
        /// Its outputs of the asset that went back to the treasury.
        change_data: Vec<Unspent>,
    },
    /// For `reissue-confirm`.
    Reissue {
        /// Asset and token outputs, each as send and as receive.
        details: Vec<Detail>,
        /// Which input reissued.
        reissuance_output: ReissuanceOutput,
        /// How much it reissued.
        listissuances: Vec<Issuance>,
    },
    /// For `burn-confirm`. AMP reads the burnt amount from the chain.
    Burn {
        /// The transaction.
        tx_data: TransactionId,
        /// Its outputs of the asset that went back to the treasury.
        change_data: Vec<Unspent>,
    },
}

/// `gettransaction`, cut down to what AMP reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransactionDetails {
    /// Sends in output order, then receives in output order.
    pub details: Vec<Detail>,
    /// The transaction.
    #[serde(serialize_with = "displayed", deserialize_with = "read::parsed")]
    pub txid: Txid,
}

/// A transaction by its id alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransactionId {
    /// The transaction.
    #[serde(serialize_with = "displayed", deserialize_with = "read::parsed")]
    pub txid: Txid,
}

/// A row of `gettransaction.details`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detail {
    /// The **unconfidential** address, as the node prints it.
    pub address: String,
    /// `send` or `receive`.
    pub category: Category,
    /// Negative for a send.
    pub amount: NodeDecimal,
    /// Value blinding factor, reversed hexadecimal; zeros for an explicit output.
    #[serde(serialize_with = "displayed", deserialize_with = "read::parsed")]
    pub amountblinder: ValueBlindingFactor,
    /// The asset.
    #[serde(serialize_with = "displayed", deserialize_with = "read::parsed")]
    pub asset: AssetId,
    /// Asset blinding factor, reversed hexadecimal; zeros for an explicit output.
    #[serde(serialize_with = "displayed", deserialize_with = "read::parsed")]
    pub assetblinder: AssetBlindingFactor,
    /// Empty for an own address, absent for a foreign one.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "read::present")]
    pub label: Option<EmptyLabel>,
    /// Output index.
    pub vout: usize,
    /// Of a send: the transaction's fee, positive.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "read::present")]
    pub fee: Option<NodeDecimal>,
    /// Of a send: always false.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "read::present")]
    pub abandoned: Option<bool>,
}

/// The label of an address that was given out: always the empty text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EmptyLabel;

/// Which way a row counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Category {
    /// Out of the treasury.
    Send,
    /// Into it.
    Receive,
}

/// A row of `listunspent`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unspent {
    /// The transaction.
    #[serde(serialize_with = "displayed", deserialize_with = "read::parsed")]
    pub txid: Txid,
    /// Output index.
    pub vout: usize,
    /// The unconfidential address.
    pub address: String,
    /// Empty for an address that was given out, absent for change.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "read::present")]
    pub label: Option<EmptyLabel>,
    /// Of sh(wpkh) and sh(wsh): the redeem script.
    #[serde(
        rename = "redeemScript",
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "optional_script",
        deserialize_with = "read::optional_script"
    )]
    pub redeem_script: Option<Script>,
    /// Of wsh and sh(wsh): the witness script.
    #[serde(
        rename = "witnessScript",
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "optional_script",
        deserialize_with = "read::optional_script"
    )]
    pub witness_script: Option<Script>,
    /// The script.
    #[serde(rename = "scriptPubKey", serialize_with = "script", deserialize_with = "read::script")]
    pub script_pubkey: Script,
    /// How much.
    pub amount: NodeDecimal,
    /// The asset commitment, straight hexadecimal; absent for an explicit coin.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "read::present")]
    pub assetcommitment: Option<String>,
    /// The asset.
    #[serde(serialize_with = "displayed", deserialize_with = "read::parsed")]
    pub asset: AssetId,
    /// The value commitment, straight hexadecimal; absent for an explicit coin.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "read::present")]
    pub amountcommitment: Option<String>,
    /// Value blinding factor, reversed hexadecimal.
    #[serde(serialize_with = "displayed", deserialize_with = "read::parsed")]
    pub amountblinder: ValueBlindingFactor,
    /// Asset blinding factor, reversed hexadecimal.
    #[serde(serialize_with = "displayed", deserialize_with = "read::parsed")]
    pub assetblinder: AssetBlindingFactor,
    /// Zero until the online side, which alone knows, fills it in.
    pub confirmations: u32,
    /// Always true.
    #[serde(deserialize_with = "read::always_true")]
    pub spendable: bool,
    /// Always true.
    #[serde(deserialize_with = "read::always_true")]
    pub solvable: bool,
    /// Concrete descriptor with origin and checksum.
    pub desc: String,
    /// Always true.
    #[serde(deserialize_with = "read::always_true")]
    pub safe: bool,
}

/// Which input of which transaction reissued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReissuanceOutput {
    /// The transaction.
    #[serde(serialize_with = "displayed", deserialize_with = "read::parsed")]
    pub txid: Txid,
    /// Input index.
    pub vin: usize,
}

/// A row of `listissuances`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuance {
    /// Always true.
    #[serde(deserialize_with = "read::always_true")]
    pub isreissuance: bool,
    /// The asset's entropy, reversed hexadecimal.
    #[serde(serialize_with = "displayed", deserialize_with = "read::parsed")]
    pub entropy: AssetEntropy,
    /// The transaction.
    #[serde(serialize_with = "displayed", deserialize_with = "read::parsed")]
    pub txid: Txid,
    /// Input index.
    pub vin: usize,
    /// The asset.
    #[serde(serialize_with = "displayed", deserialize_with = "read::parsed")]
    pub asset: AssetId,
    /// How much was reissued.
    pub assetamount: NodeDecimal,
    /// Blinding factor of the amount commitment, reversed hexadecimal; zeros for an explicit amount.
    #[serde(serialize_with = "displayed", deserialize_with = "read::parsed")]
    pub assetblinds: ValueBlindingFactor,
}

/// An amount as a JSON number with exactly eight decimals: base units / 10^8, never through a float.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NodeDecimal {
    amount: AssetAmount,
    negative: bool,
}

impl Payload {
    /// The same with `confirmations` in every row of `change_data`: only the online side knows them.
    #[must_use]
    pub fn with_confirmations(&self, confirmations: u32) -> Self {
        let mut filled = self.clone();
        match &mut filled {
            Payload::Distribute { change_data, .. } | Payload::Burn { change_data, .. } => {
                for row in change_data {
                    row.confirmations = confirmations;
                }
            }
            Payload::Reissue { .. } => {}
        }
        filled
    }

    /// Its `gettransaction` rows; a burn has none.
    pub fn details(&self) -> &[Detail] {
        match self {
            Payload::Distribute { tx_data, .. } => &tx_data.details,
            Payload::Reissue { details, .. } => details,
            Payload::Burn { .. } => &[],
        }
    }

    /// Its `listunspent` rows; a reissue has none.
    pub fn change_data(&self) -> &[Unspent] {
        match self {
            Payload::Distribute { change_data, .. } | Payload::Burn { change_data, .. } => change_data,
            Payload::Reissue { .. } => &[],
        }
    }

    /// Its `listissuances` rows; only a reissue has one.
    pub fn issuances(&self) -> &[Issuance] {
        match self {
            Payload::Reissue { listissuances, .. } => listissuances,
            Payload::Distribute { .. } | Payload::Burn { .. } => &[],
        }
    }
}

impl NodeDecimal {
    /// As it is.
    pub fn positive(amount: AssetAmount) -> Self {
        NodeDecimal { amount, negative: false }
    }

    /// The amount without its sign.
    pub fn amount(&self) -> AssetAmount {
        self.amount
    }

    /// Whether it has a minus sign.
    pub(crate) fn is_negative(&self) -> bool {
        self.negative
    }

    /// With a minus sign.
    pub fn negative(amount: AssetAmount) -> Self {
        NodeDecimal { amount, negative: true }
    }
}

impl Serialize for EmptyLabel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("")
    }
}

impl Serialize for NodeDecimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let sign = if self.negative { "-" } else { "" };
        let text = format!("{sign}{}", self.amount.to_node_decimal());
        RawValue::from_string(text).map_err(S::Error::custom)?.serialize(serializer)
    }
}

fn displayed<T: std::fmt::Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

fn script<S: Serializer>(value: &Script, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{value:x}"))
}

fn optional_script<S: Serializer>(value: &Option<Script>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => script(value, serializer),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_json_numbers_with_eight_decimals() {
        let amount = AssetAmount::from_base_units(2_100_000_000_000_001);
        assert_eq!(serde_json::to_string(&NodeDecimal::positive(amount)).unwrap(), "21000000.00000001");
        let one = AssetAmount::from_base_units(1);
        assert_eq!(serde_json::to_string(&NodeDecimal::negative(one)).unwrap(), "-0.00000001");
    }
}
