//! The fields of a request by name and type, each taken once. The fields that are left over are shown to the operator.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use elements::{AssetId, OutPoint, Txid};

use super::job::{amount_of, recipient_address};
use super::{Recipient, RequestError, Uuid, shape};
use crate::json::{JsonError, Tree, UnsafeText, shown, shown_name};
use crate::listed::CoinName;
use crate::network::Network;
use crate::units::{AmountSyntax, AssetAmount, parse_amp_decimal};

/// How many unknown fields are named one by one.
const MAX_NAMED: usize = 10;

/// An object's members in the order of the file.
type Members<'a> = Vec<(String, Tree<'a>)>;

/// The members of the top level that have not been taken yet.
pub(super) struct Fields<'a> {
    members: Members<'a>,
}

impl From<JsonError> for RequestError {
    fn from(error: JsonError) -> Self {
        match error {
            JsonError::Unreadable { reason } => RequestError::Unreadable { reason },
            JsonError::Trailing => shape("the file", "more after the end of the object", "one object"),
            JsonError::Duplicate { place, name } => {
                shape(&place, format!("duplicate key {name}"), "every key once")
            }
            JsonError::TooDeep { place } => {
                shape(&place, "too many levels", "objects and lists a few levels deep")
            }
            JsonError::NotText { place, found } => RequestError::TextUnsafe { place, found },
        }
    }
}

fn object<'a>(place: &str, value: Tree<'a>) -> Result<Members<'a>, RequestError> {
    match value {
        Tree::Object(members) => Ok(members),
        other => Err(shape(place, other.described(), "an object")),
    }
}

fn string(place: &str, value: Tree<'_>) -> Result<String, RequestError> {
    match value {
        Tree::String(text) => Ok(text),
        other => Err(shape(place, other.described(), "a string")),
    }
}

/// A number without sign, point and exponent.
fn whole<T: FromStr>(value: &Tree<'_>) -> Option<T> {
    match value {
        Tree::Plain(text) => text.parse().ok(),
        Tree::Object(_) | Tree::Array(_) | Tree::String(_) => None,
    }
}

fn lower_hex_64(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn asset(place: &str, value: Tree<'_>) -> Result<AssetId, RequestError> {
    let text = string(place, value)?;
    let asset = if lower_hex_64(&text) { AssetId::from_str(&text).ok() } else { None };
    asset.ok_or_else(|| shape(place, shown(&text), "an asset id of 64 lower-case hexadecimal digits"))
}

impl<'a> Fields<'a> {
    /// Reads the top level.
    pub(super) fn read(text: &'a str) -> Result<Self, RequestError> {
        if text.starts_with('\u{feff}') {
            return Err(shape("the file", "a byte order mark", "JSON from the first byte on"));
        }
        let tree = Tree::read(text)?;
        // Names and strings at any depth, unknown fields included: people compare this file on several screens, and what
        // they read there must be what is signed for.
        if let Some(UnsafeText { place, found, character }) = tree.unsafe_text() {
            let found = format!("U+{:04X} in {found}", u32::from(character));
            return Err(RequestError::TextUnsafe { place, found });
        }
        Ok(Fields { members: object("the file", tree)? })
    }

    fn take(&mut self, name: &'static str) -> Result<Tree<'a>, RequestError> {
        let position = self.members.iter().position(|(key, _)| key == name);
        match position {
            Some(position) => Ok(self.members.remove(position).1),
            None => Err(shape(name, "nothing", "the field")),
        }
    }

    pub(super) fn string(&mut self, name: &'static str) -> Result<String, RequestError> {
        string(name, self.take(name)?)
    }

    pub(super) fn uuid(&mut self, name: &'static str) -> Result<Uuid, RequestError> {
        let text = self.string(name)?;
        Uuid::parse(&text)
            .ok_or_else(|| shape(name, shown(&text), "a uuid such as 025b413f-8a9a-421e-a648-a7dd06839eb9"))
    }

    pub(super) fn asset(&mut self, name: &'static str) -> Result<AssetId, RequestError> {
        asset(name, self.take(name)?)
    }

    pub(super) fn integer(&mut self, name: &'static str) -> Result<u64, RequestError> {
        let value = self.take(name)?;
        whole(&value).ok_or_else(|| shape(name, value.described(), "a whole number"))
    }

    pub(super) fn amount(&mut self, name: &'static str) -> Result<AssetAmount, RequestError> {
        let value = self.take(name)?;
        amount(name, &value)
    }

    /// A non-empty list of `{txid, vout}`, each once.
    pub(super) fn outpoints(&mut self, name: &'static str) -> Result<Vec<OutPoint>, RequestError> {
        let items = match self.take(name)? {
            Tree::Array(items) => items,
            other => return Err(shape(name, other.described(), "a list of {txid, vout}")),
        };
        if items.is_empty() {
            return Err(shape(name, "an empty list", "at least one output"));
        }
        let mut outpoints = Vec::with_capacity(items.len());
        let mut seen = BTreeSet::new();
        for (position, item) in items.into_iter().enumerate() {
            let outpoint = outpoint(&format!("{name}[{position}]"), item)?;
            if !seen.insert(outpoint) {
                return Err(shape(name, format!("{} twice", CoinName(outpoint)), "every output once"));
            }
            outpoints.push(outpoint);
        }
        Ok(outpoints)
    }

    /// `map_address_amount` and `map_address_asset`, which must name the same addresses and only the request's asset.
    pub(super) fn recipients(
        &mut self,
        asset_id: AssetId,
        network: &Network,
    ) -> Result<Vec<Recipient>, RequestError> {
        let amounts = object("map_address_amount", self.take("map_address_amount")?)?;
        let assets = object("map_address_asset", self.take("map_address_asset")?)?;
        let mut assets: BTreeMap<String, Tree<'_>> = assets.into_iter().collect();
        let mut recipients: Vec<Recipient> = Vec::with_capacity(amounts.len());
        for (text, value) in amounts {
            let place = amount_of(&text);
            let (address, amount) = (recipient_address(&text, network)?, amount(&place, &value)?);
            let Some(named) = assets.remove(&text) else {
                let found = format!("no entry for {}", shown(&text));
                return Err(shape("map_address_asset", found, "the same addresses"));
            };
            let place = format!("map_address_asset[{}]", shown(&text));
            let named = asset(&place, named)?;
            if named != asset_id {
                return Err(shape(&place, named.to_string(), "the asset that asset_id names"));
            }
            recipients.push(Recipient { address, amount });
        }
        if let Some(text) = assets.keys().next() {
            let found = format!("{} which map_address_amount lacks", shown(text));
            return Err(shape("map_address_asset", found, "the same addresses"));
        }
        Ok(recipients)
    }

    /// The names of the fields that were not taken. Of many, the last entry says how many more there are.
    pub(super) fn left_over(self) -> Vec<String> {
        let mut names: Vec<String> =
            self.members.iter().take(MAX_NAMED).map(|(key, _)| shown_name(key)).collect();
        match self.members.len().checked_sub(MAX_NAMED) {
            None | Some(0) => {}
            Some(more) => names.push(format!("and {more} more")),
        }
        names
    }
}

fn amount(place: &str, value: &Tree<'_>) -> Result<AssetAmount, RequestError> {
    let parsed = match value {
        Tree::Plain(text) => parse_amp_decimal(text),
        other => Err(AmountSyntax::NotANumber(other.described())),
    };
    parsed.map_err(|source| RequestError::Amount { place: place.to_owned(), source })
}

fn outpoint(place: &str, item: Tree<'_>) -> Result<OutPoint, RequestError> {
    let (mut txid, mut vout) = (None, None);
    for (name, value) in object(place, item)? {
        match name.as_str() {
            "txid" => {
                let text = string(place, value)?;
                let parsed = if lower_hex_64(&text) { Txid::from_str(&text).ok() } else { None };
                let expected = "a txid of 64 lower-case hexadecimal digits";
                txid = Some(parsed.ok_or_else(|| shape(place, shown(&text), expected))?);
            }
            "vout" => {
                // Bits 30 and 31 of an index on the wire are the peg-in and the issuance flag (Elements,
                // src/primitives/transaction.h).
                let parsed = whole(&value).filter(|vout: &u32| *vout < 1 << 30);
                let expected = "vout as a whole number below 2^30";
                vout = Some(parsed.ok_or_else(|| shape(place, value.described(), expected))?);
            }
            other => {
                let found = format!("the unknown field {}", shown(other));
                return Err(shape(place, found, "txid and vout only"));
            }
        }
    }
    match (txid, vout) {
        (Some(txid), Some(vout)) => Ok(OutPoint::new(txid, vout)),
        (None, _) => Err(shape(place, "no txid", "txid and vout")),
        (Some(_), None) => Err(shape(place, "no vout", "txid and vout")),
    }
}
