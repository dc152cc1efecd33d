//! A coin as the record names it.

use coldamp_core::elements::OutPoint;
use coldamp_core::listed::{CoinName, beginning};
use serde::{Deserialize, Serialize};

/// Characters of a text that are quoted: a coin's name has at most 75.
const MAX_QUOTED: usize = 80;

/// A coin, in the record's text `txid:vout`. A text that is anything else makes the whole record unreadable: a coin that
/// was left out would be free for the next request.
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
