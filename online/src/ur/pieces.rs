//! Pieces and mixed pieces back to the whole: a system of linear equations over bits.
//!
//! The `ur` crate's own decoder keeps every code that it was ever shown, notices no contradiction, and needs more codes than
//! the equations do. Here a code that follows from those before it is not kept, so there are never more rows than pieces.

use std::collections::BTreeMap;

use super::UrError;

/// A mixed piece: which pieces it is the sum of, and the sum.
#[derive(Clone)]
struct Row {
    /// A bit for each piece.
    of: Vec<u64>,
    bytes: Vec<u8>,
}

/// Rows of which none follows from the others, each under the first piece in it.
#[derive(Clone)]
pub(super) struct Pieces {
    count: usize,
    rows: BTreeMap<usize, Row>,
}

impl Row {
    fn first(&self) -> Option<usize> {
        let word = self.of.iter().position(|word| *word != 0)?;
        let bit = usize::try_from(self.of.get(word)?.trailing_zeros()).ok()?;
        word.checked_mul(64)?.checked_add(bit)
    }

    fn has(&self, piece: usize) -> bool {
        self.of.get(piece / 64).is_some_and(|word| word >> (piece % 64) & 1 == 1)
    }

    fn add(&mut self, other: &Row) {
        self.of.iter_mut().zip(&other.of).for_each(|(own, other)| *own ^= other);
        self.bytes.iter_mut().zip(&other.bytes).for_each(|(own, other)| *own ^= other);
    }
}

impl Pieces {
    /// None yet, of so many.
    pub(super) fn of(count: usize) -> Self {
        Pieces { count, rows: BTreeMap::new() }
    }

    /// Takes the sum of some pieces. Returns whether it says something new.
    ///
    /// # Errors
    /// When it contradicts those before.
    pub(super) fn add(&mut self, of: &[usize], bytes: Vec<u8>) -> Result<bool, UrError> {
        let mut row = Row { of: vec![0; self.count.div_ceil(64)], bytes };
        for piece in of {
            if let Some(word) = row.of.get_mut(piece / 64) {
                *word ^= 1_u64 << (piece % 64);
            }
        }
        while let Some(first) = row.first() {
            match self.rows.get(&first) {
                Some(known) => row.add(known),
                None => {
                    self.rows.insert(first, row);
                    return Ok(true);
                }
            }
        }
        if row.bytes.iter().all(|byte| *byte == 0) { Ok(false) } else { Err(UrError::Conflict) }
    }

    /// How much is known: as many as pieces mean the whole.
    pub(super) fn have(&self) -> usize {
        self.rows.len()
    }

    /// The pieces one behind the other, once all are known.
    pub(super) fn whole(&self) -> Option<Vec<u8>> {
        if self.have() != self.count {
            return None;
        }
        // From the last row up: what a row has besides its first piece is known by then.
        let mut known: BTreeMap<usize, Row> = BTreeMap::new();
        for (first, row) in self.rows.iter().rev() {
            let mut row = row.clone();
            for (piece, other) in &known {
                if row.has(*piece) {
                    row.add(other);
                }
            }
            known.insert(*first, row);
        }
        Some(known.into_values().flat_map(|row| row.bytes).collect())
    }
}
