//! Time and what a person sees meanwhile: both come in from outside, so that no test waits and no library draws.

mod turns;

use std::time::Duration;

pub use turns::{Rate, Turn, Turns};

/// Lets time pass, and measures it.
#[expect(async_fn_in_trait, reason = "everything here runs on one thread, natively and in the browser")]
pub trait Pause {
    /// Waits.
    async fn pause(&self, duration: Duration);

    /// The time since a moment that stays the same as long as the program runs.
    fn elapsed(&self) -> Duration;
}

/// How far something has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// The treasury's scripts: looked at, of so many that are known to be needed by now.
    Scripts {
        /// Looked at.
        done: usize,
        /// Needed; grows when one of the last ones was used.
        of: usize,
        /// Seconds that the rest takes at the pace that the server is asked at; none where it is not paced.
        seconds_left: Option<u64>,
    },
    /// The treasury's coins: read and opened.
    Coins {
        /// Opened.
        done: usize,
        /// In all.
        of: usize,
    },
    /// A transaction's confirmations.
    Confirmations {
        /// Seen; none while the transaction is nowhere to be seen.
        found: Option<u32>,
        /// Enough.
        of: u32,
    },
}

/// Is told how far something has come.
pub trait Watch {
    /// Takes note.
    fn at(&self, progress: Progress);
}

/// Tells nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn at(&self, _progress: Progress) {}
}
