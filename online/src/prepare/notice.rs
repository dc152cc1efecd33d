//! What the operator should know about how a request was prepared, or why it could not be.

use std::fmt;

use coldamp_core::code::Code;
use coldamp_core::limits::MAX_INDEX_GAP;

/// Something that the operator should know. `Display` writes it as a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// The request was prepared before, so two PSETs of it exist from now on.
    PreparedBefore,
    /// The coins reserved earlier for this request no longer cover it.
    OtherCoins,
    /// Coins of the treasury are far above the addresses that it is known to have used.
    FarIndex {
        /// The number of such coins.
        coins: usize,
        /// The highest index that is not far above those addresses.
        limit: u32,
    },
    /// An output to the treasury goes to an index more than a gap above every coin and every reserved address. Only the chain source says
    /// that the addresses below it were used, and a signer with a journal may refuse it (CHANGE_PATH).
    FarChange {
        /// The index of the output's address.
        index: u32,
    },
    /// Coins are skipped, since other prepared requests have reserved them.
    Reserved {
        /// The number of such coins.
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
            Notice::PreparedBefore => {
                f.write_str("this request was prepared before, so there are two PSETs of it")
            }
            Notice::OtherCoins => {
                write!(
                    f,
                    "the coins reserved earlier for this request no longer cover it; more coins were added"
                )
            }
            Notice::FarIndex { coins, limit } => write!(
                f,
                "{coins} coins of the treasury are above index {limit}, far above the addresses that it has used; they can be spent, and no change goes there"
            ),
            Notice::FarChange { index } => write!(
                f,
                "change goes to index {index}, more than {MAX_INDEX_GAP} above every coin of the treasury and every reserved address; only the chain source says that the addresses below it were used, and a signer whose journal does not know indices that high refuses it (CHANGE_PATH)"
            ),
            Notice::Reserved { coins } => {
                write!(f, "{coins} coins skipped: reserved by other prepared requests")
            }
        }
    }
}
