//! Who signed a signed.json, and where each signer's journal records it.

use std::collections::BTreeMap;

use elements::bitcoin::bip32::Fingerprint;
use elements::hex::{DisplayHex as _, decode_to_vec};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The entry of a signing machine's journal that records a signing. A gap in the numbers that the online machine has seen
/// means that a signed file may be missing. Two heads for one number mean that the journal was rolled back
/// (docs/rules.md#journal-positions).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JournalPosition {
    /// The chain's random id.
    #[serde(serialize_with = "hexadecimal", deserialize_with = "bytes")]
    pub id: [u8; 16],
    /// The entry's number, counted from 0.
    pub number: u32,
    /// The entry's MAC, which the next entry continues.
    #[serde(serialize_with = "hexadecimal", deserialize_with = "bytes")]
    pub head: [u8; 32],
}

/// Who signed. There is one way of writing it: a single signer with a journal is [`Signers::One`], and everything else is
/// [`Signers::Several`]. Nothing signs this statement, so it decides nothing about the transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signers {
    /// Field `signer`, of version 1: the position in the journal of the one signer.
    One(JournalPosition),
    /// Field `signers`, of version 2: by the fingerprint of the master key, the position in each signer's journal. `None` for a
    /// signer that has no journal, as other wallets have none.
    Several(BTreeMap<Fingerprint, Option<JournalPosition>>),
}

impl Signers {
    /// The signers in the one way of writing them.
    pub fn of(cosigners: BTreeMap<Fingerprint, Option<JournalPosition>>) -> Self {
        let mut all = cosigners.values();
        match (all.next(), all.next()) {
            (Some(Some(position)), None) => Signers::One(*position),
            _ => Signers::Several(cosigners),
        }
    }

    /// The position in each signer's journal, where it has one, in the order of the file, with the fingerprint of the signer's master
    /// key where the file names it: a single signer is not named.
    pub fn positions_by_signer(&self) -> Vec<(Option<Fingerprint>, &JournalPosition)> {
        match self {
            Signers::One(position) => vec![(None, position)],
            Signers::Several(cosigners) => {
                let of = |(fingerprint, position)| (Some(fingerprint), position);
                let recorded = cosigners.iter().filter_map(|(fingerprint, position)| {
                    position.as_ref().map(|position| (*fingerprint, position))
                });
                recorded.map(of).collect()
            }
        }
    }

    /// The version of a signed.json with these signers.
    pub(super) fn version(&self) -> u32 {
        match self {
            Signers::One(_) => 1,
            Signers::Several(_) => 2,
        }
    }

    /// The field `signer`, where the file has it.
    pub(super) fn one(&self) -> Option<&JournalPosition> {
        match self {
            Signers::One(position) => Some(position),
            Signers::Several(_) => None,
        }
    }

    /// The field `signers`, where the file has it.
    pub(super) fn several(&self) -> Option<Vec<Cosigner<String>>> {
        let Signers::Several(cosigners) = self else { return None };
        let item = |(fingerprint, position): (&Fingerprint, &Option<JournalPosition>)| Cosigner {
            fingerprint: fingerprint.to_string(),
            id: position.map(|position| position.id.to_lower_hex_string()),
            number: position.map(|position| position.number),
            head: position.map(|position| position.head.to_lower_hex_string()),
        };
        Some(cosigners.iter().map(item).collect())
    }

    /// Reads the field `signer`. `None` if it is not one.
    pub(super) fn read_one(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Signers::One)
    }

    /// Reads the field `signers`. `None` if it is not one: it names nobody, somebody or a journal twice, is out of order, or says
    /// what the field `signer` says. A journal belongs to one signer: two positions in one would take the place of each other
    /// where `broadcast` remembers them.
    pub(super) fn read_several(text: &str) -> Option<Self> {
        let wire: Vec<Cosigner<&str>> = serde_json::from_str(text).ok()?;
        let mut cosigners: BTreeMap<Fingerprint, Option<JournalPosition>> = BTreeMap::new();
        for wire in &wire {
            let fingerprint = Fingerprint::from(array::<4>(wire.fingerprint)?);
            let is_last = cosigners.keys().next_back().is_none_or(|last| *last < fingerprint);
            let position = match (wire.id, wire.number, wire.head) {
                (None, None, None) => None,
                (Some(id), Some(number), Some(head)) => {
                    Some(JournalPosition { id: array(id)?, number, head: array(head)? })
                }
                _ => return None,
            };
            let names_its_journal =
                |other: &JournalPosition| position.is_some_and(|own: JournalPosition| own.id == other.id);
            if !is_last || cosigners.values().flatten().any(names_its_journal) {
                return None;
            }
            cosigners.insert(fingerprint, position);
        }
        let signers = Signers::of(cosigners);
        let names_somebody = !wire.is_empty() && matches!(signers, Signers::Several(_));
        names_somebody.then_some(signers)
    }
}

/// An item of the field `signers`. Without a journal it has a fingerprint alone.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cosigner<Text> {
    fingerprint: Text,
    #[serde(skip_serializing_if = "Option::is_none", default = "Option::default")]
    id: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    number: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none", default = "Option::default")]
    head: Option<Text>,
}

fn array<const N: usize>(hexadecimal: &str) -> Option<[u8; N]> {
    decode_to_vec(hexadecimal).ok()?.try_into().ok()
}

fn hexadecimal<const N: usize, S: Serializer>(bytes: &[u8; N], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&bytes.to_lower_hex_string())
}

fn bytes<'de, const N: usize, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; N], D::Error> {
    array(<&str>::deserialize(deserializer)?)
        .ok_or_else(|| serde::de::Error::custom("hexadecimal digits of another number of bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An entry of a journal of its own.
    fn at(number: u8) -> JournalPosition {
        JournalPosition { id: [number; 16], number: u32::from(number), head: [9; 32] }
    }

    fn fingerprint(byte: u8) -> Fingerprint {
        Fingerprint::from([byte; 4])
    }

    fn written(signers: &Signers) -> String {
        match signers {
            Signers::One(position) => serde_json::to_string(position).unwrap(),
            Signers::Several(_) => serde_json::to_string(&signers.several()).unwrap(),
        }
    }

    #[test]
    fn a_single_signer_with_a_journal_is_written_in_one_way() {
        let one = Signers::of(BTreeMap::from([(fingerprint(1), Some(at(3)))]));
        assert_eq!((&one, one.version()), (&Signers::One(at(3)), 1));
        assert_eq!(Signers::read_one(&written(&one)), Some(one));
        let said_as_several = Signers::Several(BTreeMap::from([(fingerprint(1), Some(at(3)))]));
        assert_eq!(Signers::read_several(&written(&said_as_several)), None);
    }

    #[test]
    fn several_signers_are_read_as_they_are_written() {
        let of = |entries: &[(u8, Option<u8>)]| {
            Signers::of(entries.iter().map(|(byte, number)| (fingerprint(*byte), number.map(at))).collect())
        };
        for signers in [of(&[(1, None)]), of(&[(2, Some(4)), (1, Some(5))]), of(&[(9, None), (1, Some(5))])] {
            assert_eq!(signers.version(), 2);
            assert_eq!(Signers::read_several(&written(&signers)), Some(signers));
        }
        assert_eq!(
            of(&[(2, Some(4)), (1, Some(5)), (3, None)]).positions_by_signer(),
            [(Some(fingerprint(1)), &at(5)), (Some(fingerprint(2)), &at(4))]
        );
    }

    #[test]
    fn what_is_written_otherwise_is_not_read() {
        let head = "09".repeat(32);
        // Each has a journal of its own.
        let item = |fingerprint: &str| {
            let id = fingerprint.repeat(4);
            format!(r#"{{"fingerprint":"{fingerprint}","id":"{id}","number":1,"head":"{head}"}}"#)
        };
        let list = |items: &[String]| format!("[{}]", items.join(","));
        let (one, two) = (item("01010101"), item("02020202"));
        assert!(Signers::read_several(&list(&[one.clone(), two.clone()])).is_some());
        for refused in [
            "[]".to_owned(),
            list(std::slice::from_ref(&one)),
            list(&[two.clone(), one.clone()]),
            list(&[one.clone(), one.clone()]),
            list(&[one.clone(), two.replace(&"02".repeat(16), &"01".repeat(16))]),
            list(&[one.clone(), two.replace("02020202", "020202")]),
            list(&[one.clone(), two.replace("\"number\":1,", "")]),
            list(&[one.clone(), two.replace("\"number\":1", "\"number\":-1")]),
            list(&[one.clone(), two.replace("\"number\":1", "\"number\":1,\"number\":1")]),
            list(&[one.clone(), two.replace("\"number\":1", "\"number\":1,\"more\":1")]),
            list(&[one, two.replace("\"head\":\"09", "\"head\":\"")]),
        ] {
            assert_eq!(Signers::read_several(&refused), None, "{refused}");
        }
    }
}
