//! The source of the treasury's transactions: an Esplora server over the browser's fetch, or a transactions file.

use std::time::Duration;

use coldamp_online::http::Http;
use coldamp_online::pace::Pause;
use coldamp_online::source::ScanRange;
use coldamp_online::source::esplora::Esplora;
use coldamp_online::source::file::TransactionsFile;
use gloo_timers::future::TimeoutFuture;
use serde::Deserialize;
use tsify::Tsify;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{Failure, read};

/// A chain source.
#[derive(Deserialize, Tsify)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Source {
    /// An Esplora server.
    Esplora {
        /// The root of its API.
        url: String,
    },
    /// A transactions file: a JSON array of `{txid, height, hex}`.
    Transactions {
        /// The bytes of the file.
        #[serde(with = "serde_bytes")]
        #[tsify(type = "Uint8Array")]
        bytes: Vec<u8>,
    },
}

/// An open source.
pub(crate) enum Opened {
    Esplora(Esplora<Timer>),
    Transactions(TransactionsFile),
}

impl Source {
    /// Opens it. `scan_range` says which addresses are read besides those that the chain shows as used.
    pub(crate) fn open(self, scan_range: ScanRange) -> Result<Opened, Failure> {
        match self {
            Source::Esplora { url } => Ok(Opened::Esplora(esplora(&url)?.scanning(scan_range))),
            Source::Transactions { bytes } => {
                let file = TransactionsFile::parse(read::plain(&bytes)?)?;
                Ok(Opened::Transactions(file.scanning(scan_range)))
            }
        }
    }
}

/// An Esplora server by the root of its API.
pub(crate) fn esplora(root: &str) -> Result<Esplora<Timer>, Failure> {
    Ok(Esplora::new(Http::new()?, root, Timer)?)
}

#[wasm_bindgen]
extern "C" {
    /// Milliseconds since the worker started. Unlike the clock of `Date`, it is never set back.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn milliseconds() -> f64;
}

/// The clock, in seconds since 1970. It tells the age of a source's newest block, and decides nothing.
pub(crate) fn now() -> u64 {
    // The conversion rounds down to milliseconds, and takes a clock before 1970 for 1970.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "as said")]
    let milliseconds = js_sys::Date::now() as u64;
    Duration::from_millis(milliseconds).as_secs()
}

/// setTimeout, in page and worker alike.
pub(crate) struct Timer;

impl Pause for Timer {
    async fn pause(&self, duration: Duration) {
        TimeoutFuture::new(u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)).await;
    }

    fn elapsed(&self) -> Duration {
        // The conversion rounds down to milliseconds. The value is never negative, and far below 2^64.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "as said")]
        Duration::from_millis(milliseconds() as u64)
    }
}
