//! The fields of a request by name and type, each taken once; what nobody takes is left over and shown.

use std::str::FromStr;

use elements::{Address, AddressParams, AssetId, OutPoint, Txid};
use serde_json::value::RawValue;

use super::{Recipient, RequestError, Uuid};
use crate::json::{DUPLICATE, JsonError, Object, Tree, UnsafeText, escaped, shown, shown_name};
use crate::listed::CoinName;
use crate::network::{Chain, Network};
use crate::units::{AmountSyntax, AssetAmount, parse_amp_decimal};

/// Unknown fields that are named one by one.
const MAX_NAMED: usize = 10;

/// The members that have not been taken yet.
pub(super) struct Fields<'a> {
    members: Vec<(String, &'a RawValue)>,
}

fn shape(place: &str, found: impl Into<String>, expected: &'static str) -> RequestError {
    RequestError::Shape { place: place.to_owned(), found: found.into(), expected }
}

/// An object, or which of the two it is not.
fn object<'a>(place: &str, text: &'a str) -> Result<Vec<(String, &'a RawValue)>, RequestError> {
    match serde_json::from_str::<Object<'a>>(text) {
        Ok(Object(members)) => Ok(members),
        Err(error) if error.to_string().starts_with(DUPLICATE) => {
            Err(shape(place, error.to_string(), "every key once"))
        }
        Err(_) => Err(shape(place, shown(text), "an object")),
    }
}

fn string(place: &str, value: &RawValue) -> Result<String, RequestError> {
    serde_json::from_str(value.get()).map_err(|_| shape(place, shown(value.get()), "a string"))
}

/// Holds every name and every string to what a person sees, at any depth and in fields that nobody understands: the
/// request is shown to people, here and at other desks, and what they read must be what is signed for.
fn no_unsafe_text(text: &str) -> Result<(), RequestError> {
    let tree = Tree::read(text).map_err(|error| match error {
        JsonError::Unreadable { reason } => RequestError::Unreadable { reason },
        JsonError::Duplicate { place, found } => shape(&place, found, "every key once"),
        JsonError::TooDeep { place } => {
            shape(&place, "too many levels", "objects and lists a few levels deep")
        }
        JsonError::NotText { place, found } => RequestError::TextUnsafe { place, found },
    })?;
    match tree.unsafe_text() {
        None => Ok(()),
        Some(UnsafeText { place, found, character }) => {
            let found = format!("U+{:04X} in {found}", u32::from(character));
            Err(RequestError::TextUnsafe { place, found })
        }
    }
}

fn lower_hex_64(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn asset(place: &str, value: &RawValue) -> Result<AssetId, RequestError> {
    let text = string(place, value)?;
    let expected = "an asset id of 64 lower-case hexadecimal digits";
    if !lower_hex_64(&text) {
        return Err(shape(place, shown(&text), expected));
    }
    AssetId::from_str(&text).map_err(|_| shape(place, shown(&text), expected))
}

impl<'a> Fields<'a> {
    /// Reads the top level.
    pub(super) fn read(text: &'a str) -> Result<Self, RequestError> {
        if text.starts_with('\u{feff}') {
            return Err(shape("the file", "a byte order mark", "JSON from the first byte on"));
        }
        let mut one_value = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
        let value = match one_value.next() {
            Some(Ok(value)) => value,
            Some(Err(error)) => return Err(RequestError::Unreadable { reason: error.to_string() }),
            None => return Err(RequestError::Unreadable { reason: "the file is empty".to_owned() }),
        };
        if one_value.next().is_some() {
            return Err(shape("the file", "more after the end of the object", "one object"));
        }
        no_unsafe_text(value.get())?;
        Ok(Fields { members: object("the file", value.get())? })
    }

    fn take(&mut self, name: &'static str) -> Result<&'a RawValue, RequestError> {
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
        serde_json::from_str(value.get()).map_err(|_| shape(name, shown(value.get()), "a whole number"))
    }

    pub(super) fn amount(&mut self, name: &'static str) -> Result<AssetAmount, RequestError> {
        let value = self.take(name)?;
        amount(name, value)
    }

    /// A non-empty list of `{txid, vout}`, each once.
    pub(super) fn outpoints(&mut self, name: &'static str) -> Result<Vec<OutPoint>, RequestError> {
        let value = self.take(name)?;
        let items: Vec<&RawValue> = serde_json::from_str(value.get())
            .map_err(|_| shape(name, shown(value.get()), "a list of {txid, vout}"))?;
        if items.is_empty() {
            return Err(shape(name, "an empty list", "at least one output"));
        }
        let mut outpoints = Vec::with_capacity(items.len());
        for (position, item) in items.into_iter().enumerate() {
            let outpoint = outpoint(&format!("{name}[{position}]"), item)?;
            if outpoints.contains(&outpoint) {
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
        let amounts = object("map_address_amount", self.take("map_address_amount")?.get())?;
        let mut assets = object("map_address_asset", self.take("map_address_asset")?.get())?;
        if amounts.is_empty() {
            return Err(shape("map_address_amount", "an empty object", "at least one recipient"));
        }
        let mut recipients: Vec<Recipient> = Vec::with_capacity(amounts.len());
        for (text, value) in amounts {
            let place = format!("map_address_amount[{}]", shown(&text));
            let recipient =
                Recipient { address: address(&place, &text, network)?, amount: amount(&place, value)? };
            // The node compares scripts, not strings: the confidential and the unconfidential form of one address,
            // or two blinding keys for it, are one recipient twice.
            let script = recipient.address.script_pubkey();
            if recipients.iter().any(|other| other.address.script_pubkey() == script) {
                return Err(shape(&place, "a second entry for the same script", "every recipient once"));
            }
            let Some(position) = assets.iter().position(|(key, _)| *key == text) else {
                return Err(shape(
                    "map_address_asset",
                    format!("no entry for {}", shown(&text)),
                    "the same addresses",
                ));
            };
            let (_, named) = assets.remove(position);
            let place = format!("map_address_asset[{}]", shown(&text));
            let named = asset(&place, named)?;
            if named != asset_id {
                return Err(shape(&place, named.to_string(), "the asset that asset_id names"));
            }
            recipients.push(recipient);
        }
        match assets.first() {
            Some((text, _)) => Err(shape(
                "map_address_asset",
                format!("{} which map_address_amount lacks", shown(text)),
                "the same addresses",
            )),
            None => Ok(recipients),
        }
    }

    /// The names of the fields that nobody took; of many, how many more.
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

fn amount(place: &str, value: &RawValue) -> Result<AssetAmount, RequestError> {
    parse_amp_decimal(value.get()).map_err(|source| {
        // What is no number at all may hold anything, line ends included: it is shown escaped.
        let source = match source {
            AmountSyntax::NotANumber { .. } => AmountSyntax::NotANumber { found: escaped(value.get()) },
            other => other,
        };
        RequestError::Amount { place: place.to_owned(), source }
    })
}

fn outpoint(place: &str, item: &RawValue) -> Result<OutPoint, RequestError> {
    let mut txid = None;
    let mut vout = None;
    for (key, value) in object(place, item.get())? {
        match key.as_str() {
            "txid" => txid = Some(string(place, value)?),
            "vout" => {
                let number: u32 = serde_json::from_str(value.get())
                    .map_err(|_| shape(place, shown(value.get()), "vout as a whole number below 2^30"))?;
                vout = Some(number);
            }
            other => {
                return Err(shape(
                    place,
                    format!("the unknown field {}", shown(other)),
                    "txid and vout only",
                ));
            }
        }
    }
    let (Some(txid), Some(vout)) = (txid, vout) else {
        return Err(shape(place, shown(item.get()), "txid and vout"));
    };
    // Bits 30 and 31 of an index on the wire are the peg-in and the issuance flag (elements primitives/transaction.h).
    if !lower_hex_64(&txid) || vout >= 1 << 30 {
        return Err(shape(
            place,
            shown(item.get()),
            "a txid of 64 lower-case hexadecimal digits and a vout below 2^30",
        ));
    }
    let txid = Txid::from_str(&txid).map_err(|_| shape(place, shown(&txid), "a txid"))?;
    Ok(OutPoint::new(txid, vout))
}

/// Whether an address pays a script that wallets make: P2PKH, P2SH, and witness programs of version 0 and 1. rust-elements
/// also reads programs of no byte, whose script nobody can spend, and of one byte, which anybody can; a node does not.
fn is_standard(address: &Address) -> bool {
    let script = address.script_pubkey();
    script.is_p2pkh()
        || script.is_p2sh()
        || script.is_v0_p2wpkh()
        || script.is_v0_p2wsh()
        || script.is_v1_p2tr()
}

fn address(place: &str, text: &str, network: &Network) -> Result<Address, RequestError> {
    let parsed = Address::parse_with_params(text, network.address_params()).ok().filter(is_standard);
    parsed.ok_or_else(|| {
        let of = |params: &'static AddressParams| Address::parse_with_params(text, params).is_ok();
        let found = match [Chain::Liquid, Chain::LiquidTestnet, Chain::Regtest]
            .into_iter()
            .find(|chain| of(Network::new(*chain).address_params()))
        {
            Some(chain) => format!("an address of {chain}, {}", shown(text)),
            None => shown(text),
        };
        RequestError::Address { place: place.to_owned(), found, network: network.chain().name() }
    })
}
