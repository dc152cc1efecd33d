//! What was promised: which coins and which indices a prepared request took, so that the next one takes others.
//!
//! A chain source shows only what was sent. Without this record, two jobs that are prepared before either is sent take the
//! same coins, and one of them can never be sent (docs/rules.md#reserved-coins). A request prepared again keeps its own coins and indices,
//! and so its own bytes. Requests are told apart by what they mean, as the signing machine's journal does. The file is
//! the caller's matter; this is what it says.

use std::collections::{BTreeMap, BTreeSet};

use coldamp_core::amp::Request;
use coldamp_core::amp::request::RequestIdentity;
use coldamp_core::code::Code;
use coldamp_core::elements::OutPoint;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::limits::MAX_INDEX_GAP;
use coldamp_core::prepare::Plan;
use coldamp_core::treasury::{Branch, FreeIndices, KeyPath, UnusedIndices, UsedIndices};
use serde::{Deserialize, Serialize};

mod coin;
mod older;

use coin::Coin;

/// Version of the record's shape. Version 1 knew indices only, and requests by their bytes; versions 1 and 2 knew them as
/// ranges.
const VERSION: u32 = 3;

/// The promises of one treasury.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    version: u32,
    /// By the request's identity, hexadecimal.
    promises: BTreeMap<String, Promise>,
}

/// What one request took.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Promise {
    /// The indices of the branch that its own outputs took. An address is never given out twice.
    external: BTreeSet<u32>,
    internal: BTreeSet<u32>,
    /// The coins that are reserved for it; empty once they were released.
    #[serde(default)]
    coins: BTreeSet<Coin>,
    /// What it is, for people.
    #[serde(default)]
    what: String,
}

/// Which version a text is of, whatever else stands there.
#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

/// A request that still holds coins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// The request's identity, hexadecimal.
    pub request: String,
    /// What it is, for people.
    pub what: String,
    /// Its coins.
    pub coins: BTreeSet<OutPoint>,
}

/// Why a record is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// No record at all.
    #[error("it is no record of what was promised: {reason}")]
    Unreadable {
        /// What the parser said.
        reason: String,
    },
    /// Written by another version.
    #[error("found version {found}, expected {VERSION}")]
    Version {
        /// What stands there.
        found: u32,
    },
}

impl RecordError {
    /// Its code.
    pub fn code(&self) -> Code {
        Code::Record
    }
}

impl Default for Record {
    fn default() -> Self {
        Record { version: VERSION, promises: BTreeMap::new() }
    }
}

impl Record {
    /// Reads a record.
    ///
    /// # Errors
    /// When it is none, names a coin that cannot be read, or is of another version. Taking it for empty would give out an
    /// address twice, and leaving out the coin would reserve it for another request too.
    pub fn parse(text: &[u8]) -> Result<Self, RecordError> {
        let unreadable = |error: serde_json::Error| RecordError::Unreadable { reason: error.to_string() };
        let Versioned { version } = serde_json::from_slice(text).map_err(unreadable)?;
        match version {
            VERSION => serde_json::from_slice(text).map_err(unreadable),
            1 | 2 => serde_json::from_slice::<older::Record>(text).map(Record::from).map_err(unreadable),
            found => Err(RecordError::Version { found }),
        }
    }

    /// The record's text.
    ///
    /// # Errors
    /// Never for what this type can hold; the writer's error is passed on all the same.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }

    /// The first indices above what was promised: how far a source has to look at the least. A recipient of a request may be
    /// an address of ours that lies far out; what a gap parts from the rest does not count.
    pub fn unpromised(&self) -> UnusedIndices {
        let promised = self.indices(|_| true);
        let end = |branch| promised.end_within(branch, MAX_INDEX_GAP);
        UnusedIndices::from_first(end(Branch::External), end(Branch::Internal))
    }

    /// The indices of the promises that are wanted.
    fn indices(&self, wanted: impl Fn(&str) -> bool) -> UsedIndices {
        let mut used = UsedIndices::default();
        for (_, promise) in self.promises.iter().filter(|(request, _)| wanted(request)) {
            for (branch, indices) in
                [(Branch::External, &promise.external), (Branch::Internal, &promise.internal)]
            {
                indices.iter().for_each(|index| used.mark(KeyPath { branch, index: *index }));
            }
        }
        used
    }

    /// All that was promised, wherever it lies.
    pub fn promised(&self) -> UsedIndices {
        self.indices(|_| true)
    }

    /// Whether a request has a promise.
    pub fn knows(&self, request: &Request) -> bool {
        self.promises.contains_key(&identity(request))
    }

    /// What a request may take: its own indices first, if it was promised some, then ones that were neither seen nor promised
    /// to another one.
    pub fn free(&self, request: &Request, seen: &FreeIndices) -> FreeIndices {
        let own = identity(request);
        seen.promised(self.indices(|other| other == own), &self.indices(|other| other != own))
    }

    /// The coins that a request was promised.
    pub fn coins_of(&self, request: &Request) -> BTreeSet<OutPoint> {
        self.promises.get(&identity(request)).map(Promise::outpoints).unwrap_or_default()
    }

    /// The coins that any other request was promised.
    pub fn coins_of_others(&self, request: &Request) -> BTreeSet<OutPoint> {
        let own = identity(request);
        let others = self.promises.iter().filter(|(other, _)| **other != own);
        others.flat_map(|(_, promise)| promise.outpoints()).collect()
    }

    /// Takes note of what a request took: the paths of its own outputs, and its coins. Those are of the newest PSET and of all
    /// before it, since each of these may still be signed.
    pub fn promise(
        &mut self,
        request: &Request,
        paths: impl IntoIterator<Item = KeyPath>,
        coins: impl IntoIterator<Item = OutPoint>,
    ) {
        let what = format!("{} {} base units of {}", request.command(), request.total(), request.asset);
        let known = self.promises.entry(identity(request)).or_default();
        if known.what.is_empty() {
            known.what = what;
        }
        for path in paths {
            match path.branch {
                Branch::External => known.external.insert(path.index),
                Branch::Internal => known.internal.insert(path.index),
            };
        }
        known.coins.extend(coins.into_iter().map(Coin));
    }

    /// Takes note of what a plan takes.
    pub fn promise_plan(&mut self, request: &Request, plan: &Plan) {
        let own = plan.outputs().iter().filter_map(|output| output.own.as_ref());
        let coins = plan.inputs().iter().map(|input| input.coin.outpoint);
        self.promise(request, own.map(|own| own.path), coins);
    }

    /// The requests that hold any of these coins: the ones whose transaction has not been sent.
    pub fn open(&self, unspent: &BTreeSet<OutPoint>) -> Vec<Open> {
        let promises = self.promises.iter().map(|(request, promise)| Open {
            request: request.clone(),
            what: promise.what.clone(),
            coins: promise.outpoints().intersection(unspent).copied().collect(),
        });
        promises.filter(|open| !open.coins.is_empty()).collect()
    }

    /// Gives back the coins of a request that will not be signed; its indices stay taken. False where it holds none.
    pub fn release(&mut self, request: &str) -> bool {
        let promise = self.promises.get_mut(request).filter(|promise| !promise.coins.is_empty());
        promise.map(|promise| promise.coins.clear()).is_some()
    }
}

impl Promise {
    fn outpoints(&self) -> BTreeSet<OutPoint> {
        self.coins.iter().map(|Coin(outpoint)| *outpoint).collect()
    }
}

fn identity(request: &Request) -> String {
    RequestIdentity::of(request).0.to_lower_hex_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::draft;
    use coldamp_core::elements::{AssetId, Txid};
    use coldamp_core::network::{Chain, Network};
    use coldamp_core::units::AssetAmount;

    /// Paths of the change branch.
    fn change(indices: &[u32]) -> Vec<KeyPath> {
        indices.iter().map(|index| KeyPath { branch: Branch::Internal, index: *index }).collect()
    }

    /// Where nothing but these was seen.
    fn seen(indices: &[u32]) -> FreeIndices {
        let mut used = UsedIndices::default();
        change(indices).into_iter().for_each(|path| used.mark(path));
        FreeIndices::besides(used)
    }

    /// The indices of change that a request would take, so many.
    fn takes(record: &Record, request: &Request, seen: &FreeIndices, count: usize) -> Vec<u32> {
        let mut free = record.free(request, seen);
        let mut take = || {
            let path = free.next(Branch::Internal);
            free.take(path);
            path.index
        };
        (0..count).map(|_| take()).collect()
    }

    fn coin(digit: u8) -> OutPoint {
        OutPoint::new(Txid::from_byte_array([digit; 32]), 1)
    }

    /// A burn of so many base units.
    fn burn(amount: u64) -> Request {
        let network = Network::new(Chain::Regtest);
        let uuid = "025b413f-8a9a-421e-a648-a7dd06839eb9";
        let asset = AssetId::from_byte_array([7; 32]);
        let text = draft::burn(&network, uuid, asset, AssetAmount::from_base_units(amount), &[coin(1)]);
        Request::parse(&text, &network).unwrap()
    }

    #[test]
    fn a_request_keeps_its_own_indices_and_the_next_takes_others() {
        let mut record = Record::default();
        let on_chain = seen(&[0, 1, 5]);
        assert_eq!(takes(&record, &burn(1), &on_chain, 4), [6, 7, 8, 9]);
        record.promise(&burn(1), change(&[6, 7]), []);
        assert_eq!(takes(&record, &burn(1), &on_chain, 4), [6, 7, 8, 9]);
        assert_eq!(takes(&record, &burn(2), &on_chain, 3), [8, 9, 10]);
        record.promise(&burn(2), change(&[8, 9]), []);
        assert_eq!(takes(&record, &burn(3), &on_chain, 2), [10, 11]);
        assert_eq!(takes(&record, &burn(3), &seen(&[0, 1, 5, 10]), 2), [11, 12], "what was seen counts too");
        // Its own, also where somebody has paid there meanwhile.
        assert_eq!(takes(&record, &burn(2), &seen(&[0, 1, 5, 8]), 3), [8, 9, 10]);
    }

    #[test]
    fn an_address_far_out_that_a_request_pays_takes_no_others_with_it() {
        let mut record = Record::default();
        record.promise(&burn(1), change(&[0, 19_999]), []);
        assert_eq!(takes(&record, &burn(2), &seen(&[]), 2), [1, 2]);
        assert_eq!(record.unpromised(), UnusedIndices::from_first(0, 1));
    }

    #[test]
    fn a_request_keeps_its_own_coins_and_no_other_gets_them() {
        let mut record = Record::default();
        record.promise(&burn(1), change(&[0]), [coin(1), coin(2)]);
        record.promise(&burn(2), change(&[1]), [coin(3)]);
        assert_eq!(record.coins_of(&burn(1)), BTreeSet::from([coin(1), coin(2)]));
        assert_eq!(record.coins_of_others(&burn(1)), BTreeSet::from([coin(3)]));
        assert_eq!(record.coins_of_others(&burn(3)), BTreeSet::from([coin(1), coin(2), coin(3)]));
        record.promise(&burn(1), change(&[0]), [coin(4)]);
        assert_eq!(record.coins_of(&burn(1)).len(), 3, "an earlier PSET of it may still be signed");
    }

    #[test]
    fn what_holds_an_unspent_coin_is_open_until_it_is_released() {
        let mut record = Record::default();
        record.promise(&burn(1), change(&[0]), [coin(1), coin(2)]);
        record.promise(&burn(2), change(&[1]), [coin(3)]);
        let open = record.open(&BTreeSet::from([coin(2)]));
        assert_eq!(open.len(), 1);
        assert_eq!(open[0].coins, BTreeSet::from([coin(2)]));
        assert!(open[0].what.starts_with("burn 1 base units"), "{}", open[0].what);
        assert!(
            record.release(&open[0].request) && !record.release(&open[0].request) && !record.release("x")
        );
        assert_eq!(record.open(&BTreeSet::from([coin(2)])), []);
        assert_eq!(takes(&record, &burn(3), &seen(&[]), 1), [2], "indices stay taken");
    }

    #[test]
    fn a_record_is_read_as_it_was_written_and_nothing_else_is() {
        let mut record = Record::default();
        record.promise(&burn(1), change(&[4, 5]), [coin(1)]);
        assert_eq!(Record::parse(record.to_json().unwrap().as_bytes()), Ok(record.clone()));
        let newer = record.to_json().unwrap().replace("\"version\": 3", "\"version\": 4");
        assert_eq!(Record::parse(newer.as_bytes()), Err(RecordError::Version { found: 4 }));
        for text in ["", "{}", "[]", r#"{"version":1,"promises":{},"more":1}"#] {
            assert!(matches!(Record::parse(text.as_bytes()), Err(RecordError::Unreadable { .. })), "{text}");
        }
    }

    #[test]
    fn a_record_with_a_coin_that_cannot_be_read_is_refused() {
        let mut record = Record::default();
        record.promise(&burn(1), change(&[4]), [coin(1)]);
        let whole = record.to_json().unwrap();
        let name = format!("{}:1", coin(1).txid);
        assert!(whole.contains(&name), "{whole}");
        for damaged in [
            "",
            "x",
            name.get(1..).unwrap(),
            &name.replacen('0', "g", 1),
            &format!("{name}x"),
            &name.replace(':', ";"),
        ] {
            let text = whole.replace(&name, damaged);
            let error = Record::parse(text.as_bytes()).unwrap_err();
            assert!(error.to_string().contains("expected a coin as TXID:VOUT"), "{damaged}: {error}");
            assert_eq!(error.code().as_str(), "RECORD");
        }
        let older =
            r#"{"version":2,"promises":{"ab":{"external":[0,0],"internal":[4,7],"coins":["x"],"what":""}}}"#;
        assert!(matches!(Record::parse(older.as_bytes()), Err(RecordError::Unreadable { .. })));
    }

    #[test]
    fn the_indices_of_an_older_record_stay_taken() {
        let first = r#"{"version":1,"promises":{"ab":{"external":[3,5],"internal":[0,2]}}}"#;
        let record = Record::parse(first.as_bytes()).unwrap();
        assert_eq!(takes(&record, &burn(1), &seen(&[]), 2), [2, 3]);
        assert_eq!(record.free(&burn(1), &seen(&[])).next(Branch::External).index, 5);
        assert_eq!(record.unpromised(), UnusedIndices::from_first(5, 2));
        assert_eq!(record.open(&BTreeSet::from([coin(1)])), []);
        let second = r#"{"version":2,"promises":{"ab":{"external":[0,0],"internal":[4,7],"coins":["COIN"],"what":"a burn"}}}"#;
        let second = second.replace("COIN", &format!("{}:1", coin(1).txid));
        let record = Record::parse(second.as_bytes()).unwrap();
        assert_eq!(takes(&record, &burn(1), &seen(&[0]), 4), [7, 8, 9, 10]);
        assert_eq!(record.open(&BTreeSet::from([coin(1)]))[0].what, "a burn");
        let again = Record::parse(record.to_json().unwrap().as_bytes()).unwrap();
        assert_eq!(again, record);
        // A range that no treasury has ends where nothing is signed for any more.
        let huge = r#"{"version":2,"promises":{"ab":{"external":[0,4294967295],"internal":[7,3]}}}"#;
        let record = Record::parse(huge.as_bytes()).unwrap();
        assert_eq!(record.free(&burn(1), &seen(&[])).next(Branch::External).index, 20_001);
        assert_eq!(takes(&record, &burn(1), &seen(&[]), 1), [0]);
    }
}
