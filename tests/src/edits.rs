//! Changes to the raw pairs of a PSET, one at a time: what a disk, a wire or a clumsy tool does to a field, and what an
//! attacker tries first.

use crate::pairs::{Pair, Pairs};

/// What happens to one pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A bit of the value is another.
    Flip(usize),
    /// It is left out.
    Remove,
    /// It is there twice.
    Duplicate,
    /// The value ends early, with this many bytes.
    Truncate(usize),
    /// A byte follows the value.
    Extend(u8),
    /// It has the value that the same key has in another map of its kind, where there is one.
    Replace(usize),
    /// It has this value.
    Set(Vec<u8>),
    /// Another pair, of this key and this value, is before it.
    Insert(Vec<u8>, Vec<u8>),
}

/// A change of one pair. Numbers that are too large count on from the start, so that all bytes that a fuzzer makes are
/// some edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The index of the map: 0 is the global one, then come inputs and outputs.
    pub map: usize,
    /// The index of the pair in the map.
    pub pair: usize,
    /// What happens to it.
    pub change: Change,
}

impl Edit {
    /// Does it. A map that an earlier edit has emptied stays as it is.
    pub fn apply(&self, pairs: &mut Pairs) {
        let maps = pairs.maps().count();
        let map = self.map % maps;
        let other = match self.change {
            Change::Replace(other) => pairs.maps().nth(other % maps).cloned().unwrap_or_default(),
            _ => Vec::new(),
        };
        let Some(map) = pairs.maps_mut().nth(map).filter(|map| !map.is_empty()) else { return };
        let position = self.pair % map.len();
        let (key, value) = &mut map[position];
        match &self.change {
            Change::Flip(_) if value.is_empty() => {}
            Change::Flip(bit) => {
                let bit = bit % (value.len() * 8);
                value[bit / 8] ^= 1 << (bit % 8);
            }
            Change::Truncate(length) => value.truncate(*length),
            Change::Extend(byte) => value.push(*byte),
            Change::Replace(_) => {
                if let Some(found) = value_of(&other, key) {
                    *value = found.clone();
                }
            }
            Change::Set(bytes) => value.clone_from(bytes),
            Change::Remove => drop(map.remove(position)),
            Change::Duplicate => map.insert(position, map[position].clone()),
            Change::Insert(key, value) => map.insert(position, (key.clone(), value.clone())),
        }
    }
}

fn value_of<'a>(map: &'a [Pair], key: &[u8]) -> Option<&'a Vec<u8>> {
    map.iter().find(|(found, _)| found == key).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(map: usize, pair: usize, change: Change) -> Pairs {
        let pair_of = |key: u8, value: &[u8]| (vec![key], value.to_vec());
        let mut pairs = Pairs {
            global: vec![pair_of(1, b"one")],
            inputs: vec![vec![pair_of(2, b"two"), pair_of(3, b"three")]],
            outputs: vec![vec![pair_of(3, b"other")]],
        };
        Edit { map, pair, change }.apply(&mut pairs);
        pairs
    }

    #[test]
    fn an_edit_changes_the_pair_it_names_and_counts_on_from_the_start() {
        let value = |pairs: &Pairs| pairs.inputs[0][1].1.clone();
        assert_eq!(value(&edited(1, 1, Change::Flip(1))), b"vhree");
        assert_eq!(value(&edited(4, 3, Change::Flip(41))), b"vhree");
        assert_eq!(value(&edited(1, 1, Change::Truncate(2))), b"th");
        assert_eq!(value(&edited(1, 1, Change::Extend(b'!'))), b"three!");
        assert_eq!(value(&edited(1, 1, Change::Replace(2))), b"other");
        assert_eq!(value(&edited(1, 1, Change::Replace(0))), b"three", "the global map has no such key");
        assert_eq!(value(&edited(1, 1, Change::Set(b"3".to_vec()))), b"3");
    }

    #[test]
    fn pairs_come_and_go() {
        assert_eq!(edited(1, 0, Change::Remove).inputs[0].len(), 1);
        let twice = edited(0, 0, Change::Duplicate).global;
        assert_eq!(twice[0], twice[1]);
        let inserted = edited(0, 0, Change::Insert(vec![9], Vec::new())).global;
        assert_eq!(inserted[0], (vec![9], Vec::new()));
    }

    #[test]
    fn an_emptied_map_stays_empty() {
        let mut pairs = edited(0, 0, Change::Remove);
        for change in [Change::Flip(0), Change::Duplicate, Change::Replace(1)] {
            Edit { map: 0, pair: 0, change }.apply(&mut pairs);
        }
        assert!(pairs.global.is_empty());
    }
}
