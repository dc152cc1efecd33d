//! What was promised: which coins and which indices a prepared request took, so that the next one takes others.
//!
//! A chain source shows only what was sent. Two jobs prepared in one morning would take the same coins: one of them could
//! never be sent, and its request would hang (security.md 19). A request prepared again keeps its own coins and indices,
//! and so its own bytes. Requests are told apart by what they mean, as the signing machine's journal does. The file is
//! the caller's matter; this is what it says.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr as _;

use coldamp_core::amp::Request;
use coldamp_core::amp::request::RequestIdentity;
use coldamp_core::elements::OutPoint;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::prepare::Plan;
use coldamp_core::treasury::{Branch, KeyPath, UnusedIndices};
use serde::{Deserialize, Serialize};

/// Version of the record's shape. Version 1 knew indices only, and requests by their bytes.
const VERSION: u32 = 2;

/// The promises of one treasury.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    version: u32,
    /// By the request's identity, hexadecimal.
    promises: BTreeMap<String, Promise>,
}

/// What one request took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Promise {
    /// From the first index of the branch up to, and without, the second. An address is never given out twice.
    external: (u32, u32),
    internal: (u32, u32),
    /// `txid:vout`; empty once they were released.
    #[serde(default)]
    coins: BTreeSet<String>,
    /// What it is, for people.
    #[serde(default)]
    what: String,
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
    /// The stable code.
    pub fn code(&self) -> &'static str {
        "RECORD"
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
    /// When it is none, or of another version: taking it for empty would promise an index twice.
    pub fn parse(text: &[u8]) -> Result<Self, RecordError> {
        let record: Record = serde_json::from_slice(text)
            .map_err(|error| RecordError::Unreadable { reason: error.to_string() })?;
        match record.version {
            1 | VERSION => Ok(Record { version: VERSION, ..record }),
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

    /// The first indices that nothing was promised of.
    pub fn unpromised(&self) -> UnusedIndices {
        let mut unused = UnusedIndices::default();
        for promise in self.promises.values() {
            for (branch, (_, end)) in
                [(Branch::External, promise.external), (Branch::Internal, promise.internal)]
            {
                if let Some(index) = end.checked_sub(1) {
                    unused.mark_used(KeyPath { branch, index });
                }
            }
        }
        unused
    }

    /// Whether a request has a promise.
    pub fn knows(&self, request: &Request) -> bool {
        self.promises.contains_key(&identity(request))
    }

    /// Where a request starts: at its own promise, if it has one, else above all that was seen or promised.
    pub fn start(&self, request: &Request, seen: UnusedIndices) -> UnusedIndices {
        match self.promises.get(&identity(request)) {
            Some(promise) => UnusedIndices::from_first(promise.external.0, promise.internal.0),
            None => seen.or_later(self.unpromised()),
        }
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

    /// Takes note of what a request took. Its own promise stays where it starts, and may grow; its coins are those of the
    /// newest PSET and of all before it, since each of these may still be signed.
    pub fn promise(
        &mut self,
        request: &Request,
        start: UnusedIndices,
        end: UnusedIndices,
        coins: impl IntoIterator<Item = OutPoint>,
    ) {
        let range = |branch: Branch| (start.next(branch).index, end.next(branch).index);
        let (external, internal) = (range(Branch::External), range(Branch::Internal));
        let what = format!("{} {} base units of {}", request.command(), request.total(), request.asset);
        let promise = Promise { external, internal, coins: BTreeSet::new(), what };
        let known = self.promises.entry(identity(request)).or_insert(promise);
        known.external.1 = known.external.1.max(external.1);
        known.internal.1 = known.internal.1.max(internal.1);
        known.coins.extend(coins.into_iter().map(|coin| format!("{}:{}", coin.txid, coin.vout)));
    }

    /// Takes note of what a plan takes.
    pub fn promise_plan(&mut self, request: &Request, start: UnusedIndices, plan: &Plan) {
        let mut end = start;
        for own in plan.outputs().iter().filter_map(|output| output.own.as_ref()) {
            end.mark_used(own.path);
        }
        self.promise(request, start, end, plan.inputs().iter().map(|input| input.coin.outpoint));
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
        // What is no outpoint is no coin of anybody's, and keeps nothing from anybody.
        self.coins.iter().filter_map(|coin| OutPoint::from_str(coin).ok()).collect()
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

    fn at(external: u32, internal: u32) -> UnusedIndices {
        UnusedIndices::from_first(external, internal)
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
        assert_eq!(record.start(&burn(1), at(9, 4)), at(9, 4));
        record.promise(&burn(1), at(9, 4), at(9, 6), []);
        assert_eq!(record.start(&burn(1), at(9, 4)), at(9, 4));
        assert_eq!(record.start(&burn(2), at(9, 4)), at(9, 6));
        record.promise(&burn(2), at(9, 6), at(11, 7), []);
        assert_eq!(record.start(&burn(3), at(9, 4)), at(11, 7));
        assert_eq!(record.start(&burn(3), at(20, 4)), at(20, 7), "what was seen counts too");
        assert_eq!(record.start(&burn(1), at(30, 30)), at(9, 4));
    }

    #[test]
    fn a_request_keeps_its_own_coins_and_no_other_gets_them() {
        let mut record = Record::default();
        record.promise(&burn(1), at(0, 0), at(0, 1), [coin(1), coin(2)]);
        record.promise(&burn(2), at(0, 1), at(0, 2), [coin(3)]);
        assert_eq!(record.coins_of(&burn(1)), BTreeSet::from([coin(1), coin(2)]));
        assert_eq!(record.coins_of_others(&burn(1)), BTreeSet::from([coin(3)]));
        assert_eq!(record.coins_of_others(&burn(3)), BTreeSet::from([coin(1), coin(2), coin(3)]));
        record.promise(&burn(1), at(0, 0), at(0, 1), [coin(4)]);
        assert_eq!(record.coins_of(&burn(1)).len(), 3, "an earlier PSET of it may still be signed");
    }

    #[test]
    fn what_holds_an_unspent_coin_is_open_until_it_is_released() {
        let mut record = Record::default();
        record.promise(&burn(1), at(0, 0), at(0, 1), [coin(1), coin(2)]);
        record.promise(&burn(2), at(0, 1), at(0, 2), [coin(3)]);
        let open = record.open(&BTreeSet::from([coin(2)]));
        assert_eq!(open.len(), 1);
        assert_eq!(open[0].coins, BTreeSet::from([coin(2)]));
        assert!(open[0].what.starts_with("burn 1 base units"), "{}", open[0].what);
        assert!(
            record.release(&open[0].request) && !record.release(&open[0].request) && !record.release("x")
        );
        assert_eq!(record.open(&BTreeSet::from([coin(2)])), []);
        assert_eq!(record.start(&burn(3), at(0, 0)), at(0, 2), "indices stay taken");
    }

    #[test]
    fn a_record_is_read_as_it_was_written_and_nothing_else_is() {
        let mut record = Record::default();
        record.promise(&burn(1), at(9, 4), at(9, 6), [coin(1)]);
        assert_eq!(Record::parse(record.to_json().unwrap().as_bytes()), Ok(record.clone()));
        let newer = record.to_json().unwrap().replace("\"version\": 2", "\"version\": 3");
        assert_eq!(Record::parse(newer.as_bytes()), Err(RecordError::Version { found: 3 }));
        for text in ["", "{}", "[]", r#"{"version":1,"promises":{},"more":1}"#] {
            assert!(matches!(Record::parse(text.as_bytes()), Err(RecordError::Unreadable { .. })), "{text}");
        }
    }

    #[test]
    fn the_indices_of_an_older_record_stay_taken() {
        let older = r#"{"version":1,"promises":{"ab":{"external":[3,5],"internal":[0,2]}}}"#;
        let record = Record::parse(older.as_bytes()).unwrap();
        assert_eq!(record.unpromised(), at(5, 2));
        assert_eq!(record.open(&BTreeSet::from([coin(1)])), []);
    }
}
