//! Tracks the journal positions of the signed files that were broadcast from here (docs/rules.md#journal-positions). A number
//! that is skipped is reported. A number that was used for two signings is refused: somebody may have signed with a copy of
//! the journal, which does not know what the other one signed.
//!
//! A journal also counts what is no signing (policies, approvals), so a gap is no proof of a signature that was kept back.
//! It says where to look: `coldamp journal list`.
//!
//! A keystore that is restored from an older backup uses the numbers after that backup once more, although nothing is wrong.
//! Only the operator knows, so the operator says so, once: [`SeenSignatures::forget_from`].

use std::collections::BTreeMap;

use coldamp_core::code::Code;
use coldamp_core::elements::Txid;
use coldamp_core::elements::bitcoin::bip32::Fingerprint;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::signed::JournalPosition;
use serde::{Deserialize, Serialize};

/// Version of the record's shape.
const VERSION: u32 = 1;

/// The signings that were broadcast from here, of all journals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeenSignatures {
    version: u32,
    /// By the journal's id, then by the entry's number.
    journals: BTreeMap<String, BTreeMap<u32, Signing>>,
    /// By the journal's id, the fingerprint of the signer who used it first. A journal of files that name no fingerprint is not here.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    signers: BTreeMap<String, String>,
}

/// One signing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signing {
    head: String,
    txid: String,
}

/// Entries of a journal that were not broadcast from here, between the last that was and the one that is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The id of the journal, in hexadecimal.
    pub journal: String,
    /// The first that is missing.
    pub first: u32,
    /// The last.
    pub last: u32,
}

/// A position that contradicts the record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fork {
    /// One number of a journal was used for two signings: the journal was put back to an older state, or two machines sign with
    /// copies of it.
    #[error(
        "entry {number} of the signing machine's journal was transaction {earlier} before: the journal was put back to an older state, or two machines sign with copies of it"
    )]
    Number {
        /// The number of the entry in the signing machine's journal.
        number: u32,
        /// The transaction that had it before.
        earlier: String,
    },
    /// A signer names the journal of another one. Written into that journal's record, it would make the other's next file a fork.
    #[error(
        "the part names journal {journal}, which signer {first} used before. A journal belongs to one signer"
    )]
    OtherSigner {
        /// The id of the journal, in hexadecimal.
        journal: String,
        /// The fingerprint of the signer who used it first.
        first: String,
    },
}

impl Fork {
    /// The stable code.
    pub fn code(&self) -> Code {
        Code::JournalFork
    }
}

/// Why a record is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SeenSignaturesError {
    /// No record at all.
    #[error("it is no record of signings: {reason}")]
    Unreadable {
        /// What the parser said.
        reason: String,
    },
    /// Written by another version.
    #[error("found version {found}, expected {VERSION}")]
    Version {
        /// What was found.
        found: u32,
    },
}

impl Default for SeenSignatures {
    fn default() -> Self {
        SeenSignatures { version: VERSION, journals: BTreeMap::new(), signers: BTreeMap::new() }
    }
}

impl SeenSignatures {
    /// Reads a record.
    ///
    /// # Errors
    /// When it is none, or of another version.
    pub fn parse(text: &[u8]) -> Result<Self, SeenSignaturesError> {
        let signers: SeenSignatures = serde_json::from_slice(text)
            .map_err(|error| SeenSignaturesError::Unreadable { reason: error.to_string() })?;
        if signers.version == VERSION {
            Ok(signers)
        } else {
            Err(SeenSignaturesError::Version { found: signers.version })
        }
    }

    /// The record's text.
    ///
    /// # Errors
    /// Never for what this type can hold; the writer's error is passed on all the same.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }

    /// Takes note of a signing. Entries that are missing before it come back; the same signing again misses nothing. `signer` is the
    /// fingerprint that the file names: a journal belongs to the first signer who used it.
    ///
    /// # Errors
    /// When its number was used for another signing, or the journal by another signer. The record then stays as it is.
    pub fn see(
        &mut self,
        signer: Option<Fingerprint>,
        position: &JournalPosition,
        txid: Txid,
    ) -> Result<Option<Gap>, Fork> {
        let JournalPosition { id, number, head } = position;
        let id = id.to_lower_hex_string();
        let signer = signer.map(|signer| signer.to_string());
        if let Some((first, _)) =
            self.signers.get(&id).zip(signer.as_ref()).filter(|(first, now)| first != now)
        {
            return Err(Fork::OtherSigner { journal: id, first: first.clone() });
        }
        let journal = self.journals.entry(id.clone()).or_default();
        let signing = Signing { head: head.to_lower_hex_string(), txid: txid.to_string() };
        if let Some(known) = journal.get(number) {
            return match *known == signing {
                true => Ok(None),
                false => Err(Fork::Number { number: *number, earlier: known.txid.clone() }),
            };
        }
        // Before the first that was ever broadcast from here nothing is missing: the journal may be older than this folder.
        let before = journal.range(..*number).next_back().map(|(number, _)| *number);
        journal.insert(*number, signing);
        let first = before.map(|before| before.saturating_add(1)).filter(|first| first < number);
        if let Some(signer) = signer {
            self.signers.insert(id.clone(), signer);
        }
        Ok(first.map(|first| Gap { journal: id, first, last: number.saturating_sub(1) }))
    }

    /// Forgets the signings of a journal from this position's number on: the journal was restored from an older backup, and
    /// uses these numbers once more. Forgets who used it first: the operator has said whose it is.
    pub fn forget_from(&mut self, position: &JournalPosition) {
        let id = position.id.to_lower_hex_string();
        if let Some(journal) = self.journals.get_mut(&id) {
            journal.split_off(&position.number);
        }
        self.signers.remove(&id);
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
    fn signings_in_a_row_and_the_same_one_again_miss_nothing() {
        let mut signers = SeenSignatures::default();
        assert_eq!(signers.see(None, &at(4, 1), txid(1)), Ok(None));
        assert_eq!(signers.see(None, &at(5, 2), txid(2)), Ok(None));
        assert_eq!(signers.see(None, &at(4, 1), txid(1)), Ok(None));
        let other = JournalPosition { id: [8; 16], ..at(9, 1) };
        assert_eq!(signers.see(None, &other, txid(3)), Ok(None), "another journal");
    }

    fn gap(first: u32, last: u32) -> Gap {
        Gap { journal: "07".repeat(16), first, last }
    }

    #[test]
    fn a_number_that_is_skipped_is_told_and_one_that_was_used_is_refused() {
        let mut signers = SeenSignatures::default();
        signers.see(None, &at(1, 1), txid(1)).unwrap();
        assert_eq!(signers.see(None, &at(4, 2), txid(2)), Ok(Some(gap(2, 3))));
        let late = signers.see(None, &at(3, 3), txid(3));
        assert_eq!(late, Ok(Some(gap(2, 2))), "late, and one still missing");
        let before = signers.clone();
        let fork = Fork::Number { number: 4, earlier: txid(2).to_string() };
        assert_eq!(signers.see(None, &at(4, 9), txid(4)), Err(fork.clone()));
        assert_eq!(signers.see(None, &at(4, 2), txid(4)), Err(fork), "one head, two transactions");
        assert_eq!(signers, before);
    }

    #[test]
    fn a_restored_journal_uses_its_numbers_once_more_when_the_operator_says_so_once() {
        let mut signers = SeenSignatures::default();
        let other = JournalPosition { id: [8; 16], ..at(5, 1) };
        signers.see(None, &other, txid(9)).unwrap();
        for number in 1..=6 {
            signers.see(None, &at(number, 1), txid(1)).unwrap();
        }
        // A backup made at entry 3 was restored: entries 4 and 5 say so, entry 6 is the next signing.
        assert!(signers.see(None, &at(4, 2), txid(2)).is_err());
        signers.forget_from(&at(4, 2));
        for number in 4..=8 {
            assert_eq!(signers.see(None, &at(number, 2), txid(2)), Ok(None), "{number}");
        }
        assert!(signers.see(None, &at(3, 2), txid(2)).is_err(), "what lies before the backup stays");
        assert!(
            signers.see(None, &JournalPosition { head: [2; 32], ..other }, txid(9)).is_err(),
            "another journal"
        );
    }

    #[test]
    fn a_journal_belongs_to_the_first_signer_who_used_it() {
        let [honest, hostile] = [[1; 4], [2; 4]].map(|bytes| Some(Fingerprint::from(bytes)));
        let mut signers = SeenSignatures::default();
        signers.see(honest, &at(4, 1), txid(1)).unwrap();
        let before = signers.clone();
        let other = Fork::OtherSigner { journal: "07".repeat(16), first: "01010101".to_owned() };
        assert_eq!(signers.see(hostile, &at(5, 9), txid(2)), Err(other.clone()), "a next number");
        assert_eq!(signers.see(hostile, &at(4, 1), txid(1)), Err(other), "the same position");
        assert_eq!(signers, before);
        assert_eq!(signers.see(honest, &at(5, 2), txid(2)), Ok(None));
        // Whoever names it first has it, until the operator says whose it is.
        signers.forget_from(&at(5, 2));
        assert_eq!(signers.see(hostile, &at(5, 9), txid(2)), Ok(None));
        assert!(signers.see(honest, &at(6, 2), txid(3)).is_err());
    }

    #[test]
    fn a_record_is_read_as_it_was_written_and_nothing_else_is() {
        let mut signers = SeenSignatures::default();
        signers.see(None, &at(1, 1), txid(1)).unwrap();
        assert!(!signers.to_json().unwrap().contains("signers"), "as it was before signers were recorded");
        signers.see(Some(Fingerprint::from([1; 4])), &at(2, 1), txid(1)).unwrap();
        assert_eq!(SeenSignatures::parse(signers.to_json().unwrap().as_bytes()), Ok(signers.clone()));
        let newer = signers.to_json().unwrap().replace("\"version\": 1", "\"version\": 2");
        assert_eq!(SeenSignatures::parse(newer.as_bytes()), Err(SeenSignaturesError::Version { found: 2 }));
        assert!(matches!(SeenSignatures::parse(b"{}"), Err(SeenSignaturesError::Unreadable { .. })));
    }
}
