//! What should be known of how a request was prepared, whether or not it could be.

use std::fmt;

use coldamp_core::code::Code;
use coldamp_core::limits::MAX_INDEX_GAP;

/// Something to know. Its Display text is what a person is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// It was prepared before: two PSETs of it exist from now on.
    PreparedBefore,
    /// The coins reserved earlier for this request no longer cover it.
    OtherCoins,
    /// Coins of the treasury are far above the addresses that it is known to have used.
    FarIndex {
        /// How many.
        coins: usize,
        /// The highest index that is not far above those addresses.
        in_sight: u32,
    },
    /// An own output goes to an index more than a gap above every coin and every reserved address. Only the chain source says
    /// that the addresses below it were used, and a signer with a journal may refuse it (CHANGE_PATH).
    FarChange {
        /// The index.
        index: u32,
    },
    /// Coins are skipped, since other prepared requests have reserved them.
    Reserved {
        /// How many.
        coins: usize,
    },
}

impl Notice {
    /// Its code.
    pub fn code(self) -> Code {
        match self {
            Notice::PreparedBefore => Code::PreparedBefore,
            Notice::OtherCoins => Code::OtherCoins,
            Notice::FarIndex { .. } | Notice::FarChange { .. } => Code::FarIndex,
            Notice::Reserved { .. } => Code::Promised,
        }
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Notice::PreparedBefore => write!(
                f,
                "this request was prepared before: sign only one of the PSETs, unless both spend a coin in common"
            ),
            Notice::OtherCoins => {
                write!(
                    f,
                    "the coins reserved earlier for this request no longer cover it; more coins were added"
                )
            }
            Notice::FarIndex { coins, in_sight } => write!(
                f,
                "{coins} coins of the treasury are above index {in_sight}, far above the addresses that it has used; they can be spent, and no change goes there"
            ),
            Notice::FarChange { index } => write!(
                f,
                "change goes to index {index}, more than {MAX_INDEX_GAP} above every coin of the treasury and every reserved address; only the chain source says that the addresses below it were used, and a signer whose journal has not come so far refuses it (CHANGE_PATH)"
            ),
            Notice::Reserved { coins } => {
                write!(f, "{coins} coins skipped: reserved by other prepared requests")
            }
        }
    }
}
