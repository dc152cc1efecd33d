//! Where the treasury's transactions come from: an Esplora server over the browser's fetch, or a transactions file.

use std::time::Duration;

use coldamp_core::treasury::UnusedIndices;
use coldamp_online::http::Http;
use coldamp_online::pace::Pause;
use coldamp_online::source::esplora::Esplora;
use coldamp_online::source::file::TransactionsFile;
use gloo_timers::future::TimeoutFuture;
use serde::Deserialize;
use tsify::Tsify;

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
        /// Its bytes.
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
    /// Opens it; `known` is what of the treasury's indices is known besides the chain.
    pub(crate) fn open(self, known: UnusedIndices) -> Result<Opened, Failure> {
        match self {
            Source::Esplora { url } => esplora(&url, known).map(Opened::Esplora),
            Source::Transactions { bytes } => {
                Ok(Opened::Transactions(TransactionsFile::parse(read::plain(&bytes)?)?))
            }
        }
    }
}

/// An Esplora server by the root of its API.
pub(crate) fn esplora(root: &str, known: UnusedIndices) -> Result<Esplora<Timer>, Failure> {
    Ok(Esplora::new(Http::new()?, root, Timer, known)?)
}

/// setTimeout, in page and worker alike.
pub(crate) struct Timer;

impl Pause for Timer {
    async fn pause(&self, duration: Duration) {
        TimeoutFuture::new(u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)).await;
    }

    fn elapsed(&self) -> Duration {
        // Milliseconds, which the conversion cuts to whole ones; never negative, and never near the end of u64.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "as said")]
        Duration::from_millis(js_sys::Date::now() as u64)
    }
}
