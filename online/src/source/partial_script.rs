//! Scripts of which a source does not list all unspent outputs. Anybody who knows an address can pay it so often that a
//! server no longer lists its outputs. Such a script does not stop a scan. The outputs that are missing are counted and told.

use std::fmt;

use coldamp_core::treasury::KeyPath;

/// A script, and how many of its unspent outputs are ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartialScript {
    /// The script's path in the treasury.
    pub path: KeyPath,
    /// Unspent outputs that are ignored.
    pub coins: u64,
    /// Why they are ignored.
    pub why: PartialReason,
}

/// Why outputs of a script are ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartialReason {
    /// Only the newest transactions of the script were read.
    Older {
        /// How many were read.
        transactions: usize,
    },
    /// More transactions of the script wait for a block than the server lists, so what they spend is not known.
    Waiting {
        /// The number of transactions that wait.
        transactions: u64,
    },
    /// The server does not list the script's history either.
    Refused {
        /// The server's message.
        words: String,
    },
}

impl fmt::Display for PartialScript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let PartialScript { path, coins, why } = self;
        write!(
            f,
            "address {path}: {coins} unspent outputs are ignored, because the server does not list so many"
        )?;
        match why {
            PartialReason::Older { transactions } => {
                write!(f, " and only the newest {transactions} transactions were read")?;
            }
            PartialReason::Waiting { transactions } => {
                write!(f, " and {transactions} transactions of the address wait for a block")?;
            }
            PartialReason::Refused { words } => write!(f, ", nor the transactions ({words})")?,
        }
        write!(f, ". An Elements node lists all")
    }
}
