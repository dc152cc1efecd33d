//! The coins that prepared requests reserve, and the release of one request.

use std::collections::BTreeSet;

use coldamp_core::amp::request::RequestIdentity;
use coldamp_core::elements::OutPoint;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_online::state::reservations::OpenReservation;
use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{Coins, Failure, Request, read};

/// A prepared request that reserves coins.
#[derive(Serialize, Tsify)]
pub struct ReservationView {
    /// The request's identity, hexadecimal; `release` takes it.
    pub request: String,
    /// Its command, amount and asset, for reading.
    pub what: String,
    /// The coins that it reserves, as `txid:vout`.
    pub coins: Vec<String>,
}

impl From<OpenReservation> for ReservationView {
    fn from(open: OpenReservation) -> Self {
        let coins = open.coins.into_iter().map(read::place).collect();
        ReservationView { request: open.request, what: open.what, coins }
    }
}

#[wasm_bindgen]
impl Coins {
    /// The prepared requests that reserve unspent coins of the treasury.
    ///
    /// # Errors
    /// Throws a Failure when the record cannot be read.
    pub fn reservations(&self, record: Option<String>) -> Result<Vec<Ts<ReservationView>>, Failure> {
        let record = read::record(record.as_deref())?;
        let unspent: BTreeSet<OutPoint> = self.holdings.coins.iter().map(|coin| coin.outpoint).collect();
        let open = record.open(&unspent).into_iter();
        open.map(|open| Ok(ReservationView::from(open).into_ts()?)).collect()
    }
}

#[wasm_bindgen]
impl Request {
    /// The coins that this request reserved when it was prepared before. Spent ones are listed too, because one spent coin
    /// prevents that the request is prepared again (COINS_SPENT). Null if it reserves none.
    ///
    /// # Errors
    /// Throws a Failure when the record cannot be read.
    pub fn reservation(&self, record: Option<String>) -> Result<Option<Ts<ReservationView>>, Failure> {
        let record = read::record(record.as_deref())?;
        let own = record.coins_of(&self.request);
        let identity = RequestIdentity::of(&self.request).0.to_lower_hex_string();
        let open = record.open(&own).into_iter().find(|open| open.request == identity);
        open.map(|open| Ok(ReservationView::from(open).into_ts()?)).transpose()
    }
}

/// The record without the coins that one request reserves. Its change addresses stay reserved, and so does everything of
/// the other requests.
///
/// # Errors
/// Throws a Failure when the record cannot be read, or this request reserves no coins.
#[wasm_bindgen]
pub fn release(record: &str, request: &str) -> Result<String, Failure> {
    let mut record = read::record(Some(record))?;
    if !record.release(request) {
        return Err(Failure::argument("no prepared request with this id reserves coins"));
    }
    record.to_json().map_err(Failure::internal)
}
