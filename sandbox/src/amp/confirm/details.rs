//! Rows of `gettransaction.details`.

use std::collections::{BTreeMap, BTreeSet};

use coldamp_core::elements::confidential::{AssetBlindingFactor, ValueBlindingFactor};
use coldamp_core::elements::{Address, AddressParams, AssetId, Script, Transaction};
use coldamp_core::units::{AssetAmount, parse_amp_decimal};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::Reported;
use crate::amp::answers::Refusal;
use crate::amp::body::{self, Row};
use crate::amp::open::{Opening, open_output, output_at};

/// The fields that a node writes, of every recorded version.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    address: String,
    category: Category,
    amount: Box<RawValue>,
    #[serde(deserialize_with = "body::hex_64")]
    amountblinder: ValueBlindingFactor,
    #[serde(deserialize_with = "body::hex_64")]
    asset: AssetId,
    #[serde(deserialize_with = "body::hex_64")]
    assetblinder: AssetBlindingFactor,
    vout: u32,
    fee: Option<Box<RawValue>>,
    #[serde(rename = "label")]
    _label: Option<String>,
    #[serde(rename = "abandoned")]
    _abandoned: Option<bool>,
    #[serde(rename = "involvesWatchonly")]
    _involves_watchonly: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Category {
    Send,
    Receive,
}

/// A send that opens its output.
#[derive(Debug, Clone, Copy)]
pub(super) struct Send<'a> {
    /// The row.
    pub(super) row: Row<'a>,
    /// The output.
    pub(super) vout: u32,
    /// The asset and amount of the output, with their blinding factors.
    pub(super) opening: Opening,
}

/// All rows, opened.
#[derive(Debug)]
pub(super) struct Details<'a> {
    /// The sends, in order.
    pub(super) sends: Vec<Send<'a>>,
    /// The outputs that a receive names.
    pub(super) received: BTreeSet<u32>,
}

impl<'a> Details<'a> {
    /// Opens every row; each is of one of these assets.
    pub(super) fn read(
        transaction: &Transaction,
        rows: &'a [Box<RawValue>],
        assets: &[AssetId],
    ) -> Result<Self, Refusal> {
        let mut sends: Vec<Send<'a>> = Vec::new();
        let mut seen: BTreeMap<(u32, Category), AssetAmount> = BTreeMap::new();
        for row in Row::all("details", rows) {
            let (category, send) = open(transaction, row, assets)?;
            let amount = send.opening.amount;
            if seen.insert((send.vout, category), amount).is_some() {
                return Err(row.refuse(format!("a second row of this category for output {}", send.vout)));
            }
            match category {
                Category::Send => sends.push(send),
                // The node lists the sends first.
                Category::Receive if !seen.contains_key(&(send.vout, Category::Send)) => {
                    return Err(
                        row.refuse(format!("output {} is received and was not sent before", send.vout))
                    );
                }
                Category::Receive => {}
            }
        }
        let received = seen.keys().filter(|(_, category)| *category == Category::Receive);
        Ok(Details { sends, received: received.map(|(vout, _)| *vout).collect() })
    }

    /// The outputs that the sends name.
    pub(super) fn reported(&self) -> Reported {
        self.sends.iter().map(|send| (send.vout, send.opening)).collect()
    }
}

fn open<'a>(
    transaction: &Transaction,
    row: Row<'a>,
    assets: &[AssetId],
) -> Result<(Category, Send<'a>), Refusal> {
    let told: Written = row.read()?;
    if !assets.contains(&told.asset) {
        return Err(row.refuse(format!("this report is not about asset {}", told.asset)));
    }
    let opening = Opening {
        asset: told.asset,
        amount: signed_amount(row, told.category, &told.amount)?,
        asset_blinder: told.assetblinder,
        amount_blinder: told.amountblinder,
    };
    let output = output_at(transaction, told.vout).map_err(|error| row.refuse(error))?;
    open_output(output, told.vout, &opening).map_err(|error| row.refuse(error))?;
    pays_to(row, &told.address, told.vout, &output.script_pubkey)?;
    if let Some(fee) = &told.fee {
        let paid = transaction.output.iter().filter(|output| output.is_fee());
        let paid = paid.filter_map(|output| output.value.explicit()).map(AssetAmount::from_base_units);
        if parse_amp_decimal(fee.get()).ok() != AssetAmount::checked_sum(paid) {
            return Err(row.refuse(format!("fee is {}, which the transaction does not pay", fee.get())));
        }
    }
    Ok((told.category, Send { row, vout: told.vout, opening }))
}

/// A send is negative, a receive is not.
fn signed_amount(row: Row<'_>, category: Category, amount: &RawValue) -> Result<AssetAmount, Refusal> {
    let text = amount.get();
    let unsigned = match (category, text.strip_prefix('-')) {
        (Category::Send, Some(unsigned)) => unsigned,
        (Category::Send, None) => return Err(row.refuse(format!("amount of a send is {text}, not negative"))),
        (Category::Receive, _) => text,
    };
    parse_amp_decimal(unsigned).map_err(|error| row.refuse(format!("amount: {error}")))
}

/// The node has no blinding keys of others, so it writes every address without one.
pub(super) fn pays_to(row: Row<'_>, address: &str, vout: u32, script: &Script) -> Result<(), Refusal> {
    let parsed = Address::parse_with_params(address, &AddressParams::ELEMENTS);
    let parsed = parsed.map_err(|_| row.refuse(format!("address {address:?} is not of this network")))?;
    if parsed.is_blinded() {
        return Err(row.refuse(format!("address {address} is confidential; the node's is not")));
    }
    if parsed.script_pubkey() != *script {
        return Err(row.refuse(format!("address {address} is not that of output {vout}")));
    }
    Ok(())
}
