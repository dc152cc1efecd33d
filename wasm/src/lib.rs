//! The page's face of core and the online half. Parse, call, serialize: whatever decides something stands in those two,
//! where the command line uses it too.
//!
//! Amounts cross as strings of base units, since JavaScript's numbers are floats; counts, heights and rates as numbers;
//! bytes as `Uint8Array`. Whatever fails throws one shape, [`Failure`]. The types of what crosses are written into the
//! package by their derives.

mod amp;
mod audited;
mod bbqr;
mod call;
mod coin_cache;
mod coins;
mod failure;
mod hints;
mod log;
mod network;
mod prepared;
mod read;
mod request;
mod reservations;
mod review;
mod signed;
mod source;
mod treasury;
mod watch;

pub use amp::{Amp, Findings, HolderView, Outlook, OutlookView};
pub use audited::{Audited, BroadcastView, ReportView};
pub use bbqr::{BbqrJoin, BbqrProgress, bbqr_split};
pub use coins::{AssetView, CoinView, Coins, CoinsView};
pub use failure::Failure;
pub use network::{NetworkView, network};
pub use prepared::{FeeBasisName, NoticeView, Prepared, Settings};
pub use request::{RecipientView, Request, RequestView};
pub use reservations::{ReservationView, release};
pub use review::{InputView, OutputView, ReviewView, WarningView};
pub use signed::{JournalView, Signed, SignedView};
pub use source::Source;
pub use treasury::{Treasury, TreasuryView};
pub use watch::Progress;

use wasm_bindgen::prelude::wasm_bindgen;

/// The version of Coldamp that the page runs.
#[wasm_bindgen]
#[must_use]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// Runs once, when the module is loaded: a mistake in this program is thrown like any other failure, instead of a bare
/// trap. The place is told and nothing of the data.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        wasm_bindgen::throw_val(Failure::internal(format!("a mistake in this program, at {place}")).into());
    }));
}
