//! The interface of the page to core and to the online library. It parses, calls and serializes. Every decision is made in
//! those two, which the command line uses too.
//!
//! Amounts are strings of base units, since JavaScript's numbers are floating-point numbers. Counts, heights and rates are
//! numbers, bytes are `Uint8Array`. All failures have one shape, [`Failure`]. The TypeScript types are made from the Rust types.

mod amp;
mod audited;
mod bbqr;
mod call;
mod coin_cache;
mod coins;
mod combine;
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
pub use bbqr::{BbqrJoin, BbqrProgress, qr_frames};
pub use coins::{AssetView, CoinView, Coins, CoinsView};
pub use combine::combine;
pub use failure::Failure;
pub use network::{NetworkView, network};
pub use prepared::{FeeBasisName, NoticeView, Prepared, Settings};
pub use request::{RecipientView, Request, RequestView};
pub use reservations::{ReservationView, release};
pub use signed::{JournalView, Signed, SignedView, SignerView};
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

/// Runs once, when the module is loaded. A panic then throws a failure like any other, instead of a bare trap. It names the
/// place in the source and no data.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        wasm_bindgen::throw_val(Failure::internal(format!("a mistake in this program, at {place}")).into());
    }));
}
