//! Tracks the journal positions of the signed files that were seen here, and reports gaps and forks
//! (docs/rules.md#journal-positions).
//!
//! A journal also counts what is no signing (policies, approvals), so a gap is no proof of a signature that was kept back.
//! It says where to look: `coldamp journal list`.

use std::collections::BTreeMap;

use coldamp_core::elements::Txid;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::signed::JournalPosition;
use serde::{Deserialize, Serialize};

/// Version of the record's shape.
const VERSION: u32 = 1;

/// What came by, of all journals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signers {
    version: u32,
    /// By the journal's id, then by the entry's number.
    journals: BTreeMap<String, BTreeMap<u32, Signing>>,
}

/// One signing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signing {
    head: String,
    txid: String,
}

/// Something about a journal that should be looked into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// Entries between the last that came by and this one never did.
    Gap {
        /// The first that is missing.
        first: u32,
        /// The last.
        last: u32,
    },
    /// One number, two entries: the journal was rolled back, or two machines sign with copies of it.
    Fork {
        /// Which number.
        number: u32,
        /// The transaction that had it before.
        earlier: String,
    },
}

/// Why a record is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignersError {
    /// No record at all.
    #[error("it is no record of signings: {reason}")]
    Unreadable {
        /// What the parser said.
        reason: String,
    },
    /// Written by another version.
    #[error("found version {found}, expected {VERSION}")]
    Version {
        /// What stands there.
        found: u32,
    },
}

impl Default for Signers {
    fn default() -> Self {
        Signers { version: VERSION, journals: BTreeMap::new() }
    }
}

impl Signers {
    /// Reads a record.
    ///
    /// # Errors
    /// When it is none, or of another version.
    pub fn parse(text: &[u8]) -> Result<Self, SignersError> {
        let signers: Signers = serde_json::from_slice(text)
            .map_err(|error| SignersError::Unreadable { reason: error.to_string() })?;
        if signers.version == VERSION {
            Ok(signers)
        } else {
            Err(SignersError::Version { found: signers.version })
        }
    }

    /// The record's text.
    ///
    /// # Errors
    /// Never for what this type can hold; the writer's error is passed on all the same.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }

    /// Takes note of a signing; what is odd about it comes back. The same one again is not.
    pub fn see(&mut self, position: &JournalPosition, txid: Txid) -> Vec<Notice> {
        let JournalPosition { id, number, head } = position;
        let journal = self.journals.entry(id.to_lower_hex_string()).or_default();
        let signing = Signing { head: head.to_lower_hex_string(), txid: txid.to_string() };
        if let Some(known) = journal.get(number) {
            return match *known == signing {
                true => Vec::new(),
                false => vec![Notice::Fork { number: *number, earlier: known.txid.clone() }],
            };
        }
        // The first that ever came by has nothing behind it to miss: the journal may be older than this folder.
        let before = journal.range(..*number).next_back().map(|(number, _)| *number);
        journal.insert(*number, signing);
        let first = before.map(|before| before.saturating_add(1)).filter(|first| first < number);
        first.map(|first| Notice::Gap { first, last: number.saturating_sub(1) }).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(number: u32, head: u8) -> JournalPosition {
        JournalPosition { id: [7; 16], number, head: [head; 32] }
    }

    fn txid(digit: u8) -> Txid {
        Txid::from_byte_array([digit; 32])
    }

    #[test]
    fn signings_in_a_row_and_the_same_one_again_are_nothing_odd() {
        let mut signers = Signers::default();
        assert_eq!(signers.see(&at(4, 1), txid(1)), []);
        assert_eq!(signers.see(&at(5, 2), txid(2)), []);
        assert_eq!(signers.see(&at(4, 1), txid(1)), []);
        let other = JournalPosition { id: [8; 16], ..at(9, 1) };
        assert_eq!(signers.see(&other, txid(3)), [], "another journal");
    }

    #[test]
    fn a_number_that_is_skipped_is_told_and_so_is_one_with_two_heads() {
        let mut signers = Signers::default();
        signers.see(&at(1, 1), txid(1));
        assert_eq!(signers.see(&at(4, 2), txid(2)), [Notice::Gap { first: 2, last: 3 }]);
        assert_eq!(
            signers.see(&at(3, 3), txid(3)),
            [Notice::Gap { first: 2, last: 2 }],
            "late, and one still missing"
        );
        let fork = Notice::Fork { number: 4, earlier: txid(2).to_string() };
        assert_eq!(signers.see(&at(4, 9), txid(4)), std::slice::from_ref(&fork));
        assert_eq!(signers.see(&at(4, 2), txid(4)), [fork], "one head, two transactions");
    }

    #[test]
    fn a_record_is_read_as_it_was_written_and_nothing_else_is() {
        let mut signers = Signers::default();
        signers.see(&at(1, 1), txid(1));
        assert_eq!(Signers::parse(signers.to_json().unwrap().as_bytes()), Ok(signers.clone()));
        let newer = signers.to_json().unwrap().replace("\"version\": 1", "\"version\": 2");
        assert_eq!(Signers::parse(newer.as_bytes()), Err(SignersError::Version { found: 2 }));
        assert!(matches!(Signers::parse(b"{}"), Err(SignersError::Unreadable { .. })));
    }
}
