//! Reservations: the coins and address indices that each prepared request uses, so that the next request takes others.
//!
//! A chain source shows only transactions that were sent. Without reservations, two jobs that are prepared before either is
//! sent would take the same coins, and one of them could never be sent (docs/rules.md#reserved-coins). A request that is
//! prepared again keeps its coins and indices, and so its bytes. Requests are told apart by their meaning, as in the signing
//! machine's journal. The caller stores the text.

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

use coin::Coin;

/// Version of the JSON format.
const VERSION: u32 = 3;

/// The reservations of one treasury.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reservations {
    version: u32,
    /// By the request's identity, hexadecimal.
    #[serde(rename = "promises")]
    by_request: BTreeMap<String, Reservation>,
}

/// The reservation of one request.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reservation {
    /// Indices of the receive branch that the request's own outputs use. An address is never used for two requests.
    external: BTreeSet<u32>,
    /// Indices of the change branch, likewise.
    internal: BTreeSet<u32>,
    /// The reserved coins. Empty after a release.
    #[serde(default)]
    coins: BTreeSet<Coin>,
    /// Command, amount and asset, for people.
    #[serde(default)]
    what: String,
}

/// The version of a text, whatever its other fields are.
#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

/// A request whose reserved coins are unspent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenReservation {
    /// The request's identity, hexadecimal.
    pub request: String,
    /// Command, amount and asset, for people.
    pub what: String,
    /// Its unspent coins.
    pub coins: BTreeSet<OutPoint>,
}

/// Why reservations cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReservationsError {
    /// The text has another form.
    #[error("the file does not hold reservations: {reason}")]
    Unreadable {
        /// The parser's message.
        reason: String,
    },
    /// Another version wrote it.
    #[error("found version {found}, expected {VERSION}")]
    Version {
        /// The version in the text.
        found: u32,
    },
}

impl ReservationsError {
    /// Its code.
    pub fn code(&self) -> Code {
        Code::Record
    }
}

impl Default for Reservations {
    fn default() -> Self {
        Reservations { version: VERSION, by_request: BTreeMap::new() }
    }
}

impl Reservations {
    /// Parses reservations.
    ///
    /// # Errors
    /// When the text has another form or version, or names a coin that cannot be read. Treating such a text as empty would
    /// use an address twice. Skipping the coin would reserve it for another request too.
    pub fn parse(text: &[u8]) -> Result<Self, ReservationsError> {
        let unreadable =
            |error: serde_json::Error| ReservationsError::Unreadable { reason: error.to_string() };
        let Versioned { version } = serde_json::from_slice(text).map_err(unreadable)?;
        match version {
            VERSION => serde_json::from_slice(text).map_err(unreadable),
            found => Err(ReservationsError::Version { found }),
        }
    }

    /// The JSON text.
    ///
    /// # Errors
    /// When the serializer fails, which no value of this type causes.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }

    /// The first index of each branch above all reserved ones: how far a scan has to go at least. An address of the treasury
    /// that a request pays may be far out. Indices beyond a gap do not count.
    pub fn next_unreserved(&self) -> UnusedIndices {
        let reserved = self.reserved();
        let end = |branch| reserved.end_within(branch, MAX_INDEX_GAP);
        UnusedIndices::from_first(end(Branch::External), end(Branch::Internal))
    }

    /// The indices that the selected requests reserve.
    fn indices(&self, selects: impl Fn(&str) -> bool) -> UsedIndices {
        let mut used = UsedIndices::default();
        for (_, reservation) in self.by_request.iter().filter(|(request, _)| selects(request)) {
            for (branch, indices) in
                [(Branch::External, &reservation.external), (Branch::Internal, &reservation.internal)]
            {
                indices.iter().for_each(|index| used.mark(KeyPath { branch, index: *index }));
            }
        }
        used
    }

    /// All reserved indices.
    pub fn reserved(&self) -> UsedIndices {
        self.indices(|_| true)
    }

    /// Whether a request was prepared before.
    pub fn knows(&self, request: &Request) -> bool {
        self.by_request.contains_key(&identity(request))
    }

    /// The indices that a request may use: those reserved for it first, then indices that are neither used on the chain nor
    /// reserved for another request.
    pub fn free(&self, request: &Request, seen: &FreeIndices) -> FreeIndices {
        let own = identity(request);
        seen.reserved_for(self.indices(|other| other == own), &self.indices(|other| other != own))
    }

    /// The coins reserved for a request.
    pub fn coins_of(&self, request: &Request) -> BTreeSet<OutPoint> {
        self.by_request.get(&identity(request)).map(Reservation::outpoints).unwrap_or_default()
    }

    /// The coins reserved for other requests.
    pub fn coins_of_others(&self, request: &Request) -> BTreeSet<OutPoint> {
        let own = identity(request);
        let others = self.by_request.iter().filter(|(other, _)| **other != own);
        others.flat_map(|(_, reservation)| reservation.outpoints()).collect()
    }

    /// Reserves the paths of a request's own outputs, and its coins. Coins of earlier PSETs of the same request stay
    /// reserved, since each of these PSETs may still be signed.
    pub fn reserve(
        &mut self,
        request: &Request,
        paths: impl IntoIterator<Item = KeyPath>,
        coins: impl IntoIterator<Item = OutPoint>,
    ) {
        let what = format!("{} {} of {}", request.command(), request.total().in_base_units(), request.asset);
        let known = self.by_request.entry(identity(request)).or_default();
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

    /// Reserves paths for outputs that no request of AMP's makes, such as those of an issuance. `by` names what makes them: the
    /// SHA-256 of its text, hexadecimal.
    pub fn reserve_paths(&mut self, by: &str, what: &str, paths: impl IntoIterator<Item = KeyPath>) {
        let known = self.by_request.entry(by.to_owned()).or_default();
        known.what = what.to_owned();
        for path in paths {
            match path.branch {
                Branch::External => known.external.insert(path.index),
                Branch::Internal => known.internal.insert(path.index),
            };
        }
    }

    /// Reserves the coins and indices of a plan.
    pub fn reserve_plan(&mut self, request: &Request, plan: &Plan) {
        let own = plan.outputs().iter().filter_map(|output| output.own.as_ref());
        let coins = plan.inputs().iter().map(|input| input.coin.outpoint);
        self.reserve(request, own.map(|own| own.path), coins);
    }

    /// The requests that reserve any of these coins: those whose transaction has not been sent.
    pub fn open(&self, unspent: &BTreeSet<OutPoint>) -> Vec<OpenReservation> {
        let all = self.by_request.iter().map(|(request, reservation)| OpenReservation {
            request: request.clone(),
            what: reservation.what.clone(),
            coins: reservation.outpoints().intersection(unspent).copied().collect(),
        });
        all.filter(|open| !open.coins.is_empty()).collect()
    }

    /// The requests that reserve coins, sent or not: identity and what it asks for.
    pub fn reserving(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.by_request.iter().filter(|(_, reservation)| !reservation.coins.is_empty());
        all.map(|(request, reservation)| (request.as_str(), reservation.what.as_str()))
    }

    /// Releases the coins of a request that will not be signed. Its indices stay reserved. False if it reserves no coins.
    pub fn release(&mut self, request: &str) -> bool {
        let reservation = self.by_request.get_mut(request).filter(|known| !known.coins.is_empty());
        reservation.map(|reservation| reservation.coins.clear()).is_some()
    }
}

impl Reservation {
    fn outpoints(&self) -> BTreeSet<OutPoint> {
        self.coins.iter().map(|Coin(outpoint)| *outpoint).collect()
    }
}

fn identity(request: &Request) -> String {
    RequestIdentity::of(request).0.to_lower_hex_string()
}

#[cfg(test)]
mod tests;
