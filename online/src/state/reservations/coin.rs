//! A coin in the JSON text of the reservations.

use coldamp_core::elements::OutPoint;
use coldamp_core::listed::{CoinName, beginning};
use serde::{Deserialize, Serialize};

/// The most characters of a bad text that are quoted. A coin's name has at most 75.
const MAX_QUOTED: usize = 80;

/// A coin, in JSON `txid:vout`. Any other text makes the whole file unreadable: a skipped coin would be free for the next
/// request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct Coin(pub(super) OutPoint);

impl TryFrom<String> for Coin {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let read = text.parse::<OutPoint>();
        read.map(Coin)
            .map_err(|_| format!("found {:?}, expected a coin as TXID:VOUT", beginning(&text, MAX_QUOTED)))
    }
}

impl From<Coin> for String {
    fn from(Coin(outpoint): Coin) -> Self {
        CoinName(outpoint).to_string()
    }
}
