//! Scripts that a source does not name all unspent outputs of. Anybody who knows an address can pay it so often that a
//! server does not list them: such a script stops nothing, and what is left out of it is said.

use std::fmt;

use coldamp_core::treasury::KeyPath;

/// A script, and what of it is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Where in the treasury.
    pub path: KeyPath,
    /// Unspent outputs that are left out.
    pub coins: u64,
    /// Why.
    pub why: WhyUnread,
}

/// Why outputs are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyUnread {
    /// Only so many of its newest transactions were looked through.
    Older {
        /// How many.
        transactions: usize,
    },
    /// More transactions of it wait for a block than the server lists: what they spend cannot be told.
    Waiting {
        /// How many.
        transactions: u64,
    },
    /// The server does not list its history either.
    Refused {
        /// The server's words.
        words: String,
    },
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Unread { path, coins, why } = self;
        write!(f, "{coins} unspent outputs of script {path} are left out: the server does not list so many")?;
        match why {
            WhyUnread::Older { transactions } => {
                write!(f, ", and only its newest {transactions} transactions were looked through")
            }
            WhyUnread::Waiting { transactions } => {
                write!(f, ", and {transactions} transactions of it wait for a block")
            }
            WhyUnread::Refused { words } => write!(f, ", nor its transactions: {words}"),
        }
    }
}
