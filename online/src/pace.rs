//! Time and progress. The caller provides both, so that no test waits and the library draws nothing.

mod rate_limiter;

use std::time::Duration;

pub(crate) use rate_limiter::LONGEST_WAIT;
pub use rate_limiter::{Permit, Rate, RateLimiter, Retry};

/// A clock that can wait.
#[expect(async_fn_in_trait, reason = "everything here runs on one thread, natively and in the browser")]
pub trait Pause {
    /// Waits.
    async fn pause(&self, duration: Duration);

    /// The time since a fixed moment. The moment stays the same as long as the program runs.
    fn elapsed(&self) -> Duration;
}

/// How far a command has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Scripts of the treasury that the server was asked about.
    Scripts {
        /// Scripts asked about so far.
        done: usize,
        /// Scripts to ask about, as far as known. It grows when one of the last scripts turns out to be used.
        total: usize,
        /// Seconds that the rest takes at the request rate. None without a rate limit.
        seconds_left: Option<u64>,
    },
    /// Transactions that were read from a node.
    Transactions {
        /// Transactions read so far.
        done: usize,
        /// Transactions to read.
        total: usize,
    },
    /// Coins of the treasury that were read and opened.
    Coins {
        /// Coins opened so far.
        done: usize,
        /// Coins to open.
        total: usize,
    },
    /// Confirmations of a transaction.
    Confirmations {
        /// Confirmations so far. None while the chain source does not show the transaction.
        found: Option<u32>,
        /// Confirmations that are needed.
        total: u32,
    },
}

/// Receives progress.
pub trait Watch {
    /// Receives one step of progress.
    fn at(&self, progress: Progress);
}

/// Ignores progress.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn at(&self, _progress: Progress) {}
}

#[cfg(test)]
pub(crate) mod tests {
    use std::cell::Cell;
    use std::time::Duration;

    use super::Pause;

    /// A clock that a wait moves forward, so that no test waits.
    #[derive(Default)]
    pub(crate) struct ManualClock(pub(crate) Cell<Duration>);

    impl Pause for &ManualClock {
        async fn pause(&self, duration: Duration) {
            self.0.set(self.0.get() + duration);
        }

        fn elapsed(&self) -> Duration {
            self.0.get()
        }
    }
}
