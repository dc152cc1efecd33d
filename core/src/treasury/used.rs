//! Which of the treasury's addresses are taken, and which one an own output takes next.

use std::collections::BTreeSet;

use super::{Branch, KeyPath};
use crate::limits::MAX_INDEX_GAP;

/// Unused addresses in a row after which a wallet takes none for its own any more (BIP-44).
const WALLET_GAP: u32 = 20;

/// Indices of both branches: those that a transaction pays, or those that prepared requests have reserved.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UsedIndices {
    external: BTreeSet<u32>,
    internal: BTreeSet<u32>,
}

/// Where own outputs may go.
///
/// What is reserved for the same request comes first, so that preparing it again gives the same bytes. Then the index
/// behind those that were used from 0 on without a wallet's gap: a node shows no address whose coins are all spent, and a
/// hole between used ones is most likely such an address. An index behind a gap does not count: anybody who knows an address
/// can pay a coin to one far out, and a scan would not find change next to it. Above the highest index that every signer signs
/// for, whatever its journal knows, the lowest unused index is taken, so that nobody can push it further.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FreeIndices {
    own: UsedIndices,
    used: UsedIndices,
}

impl UsedIndices {
    /// Takes note of a path.
    pub fn mark(&mut self, path: KeyPath) {
        self.branch_mut(path.branch).insert(path.index);
    }

    /// Takes note of all that another one holds.
    pub(crate) fn mark_all(&mut self, other: &UsedIndices) {
        for branch in Branch::BOTH {
            self.branch_mut(branch).extend(other.branch(branch));
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.external.is_empty() && self.internal.is_empty()
    }

    /// The indices of a branch, in order.
    pub fn branch(&self, branch: Branch) -> &BTreeSet<u32> {
        match branch {
            Branch::External => &self.external,
            Branch::Internal => &self.internal,
        }
    }

    /// The first index above all of a branch; 0 where it has none.
    pub fn end(&self, branch: Branch) -> u32 {
        self.branch(branch).last().map_or(0, |last| last.saturating_add(1))
    }

    /// The first index above those of a branch that a search with this gap reaches from 0.
    pub fn end_within(&self, branch: Branch, gap: u32) -> u32 {
        let mut end = 0_u32;
        for index in self.branch(branch) {
            if index.saturating_sub(end) >= gap {
                break;
            }
            end = index.saturating_add(1);
        }
        end
    }

    /// The lowest path of a branch that is not among them.
    pub fn lowest_unused(&self, branch: Branch) -> KeyPath {
        let used = self.branch(branch);
        let first_gap = (0_u32..).zip(used).find(|(expected, index)| expected != *index);
        let behind_all = || u32::try_from(used.len()).unwrap_or(u32::MAX);
        KeyPath { branch, index: first_gap.map_or_else(behind_all, |(expected, _)| expected) }
    }

    fn branch_mut(&mut self, branch: Branch) -> &mut BTreeSet<u32> {
        match branch {
            Branch::External => &mut self.external,
            Branch::Internal => &mut self.internal,
        }
    }
}

impl FreeIndices {
    /// All but these.
    pub fn besides(used: UsedIndices) -> Self {
        FreeIndices { own: UsedIndices::default(), used }
    }

    /// The same for a request that has reserved `own`, while other requests have reserved `others`.
    #[must_use]
    pub fn reserved_for(&self, own: UsedIndices, others: &UsedIndices) -> Self {
        let mut used = self.used.clone();
        used.mark_all(others);
        FreeIndices { own, used }
    }

    /// The path that an own output takes next.
    pub fn next(&self, branch: Branch) -> KeyPath {
        match self.own.branch(branch).first() {
            Some(index) => KeyPath { branch, index: *index },
            None => KeyPath { branch, index: self.after_used(branch) },
        }
    }

    fn after_used(&self, branch: Branch) -> u32 {
        let behind = self.used.end_within(branch, WALLET_GAP);
        if behind <= MAX_INDEX_GAP { behind } else { self.used.lowest_unused(branch).index }
    }

    /// Takes note that a path is no longer free.
    pub fn take(&mut self, path: KeyPath) {
        self.own.branch_mut(path.branch).remove(&path.index);
        self.used.mark(path);
    }

    /// How far the treasury has used its addresses, on the branch where it is further: without the coins far out that
    /// anybody can pay.
    pub fn used_up_to(&self) -> u32 {
        Branch::BOTH.into_iter().map(|branch| self.after_used(branch)).max().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn internal(index: u32) -> KeyPath {
        KeyPath { branch: Branch::Internal, index }
    }

    fn used(indices: &[u32]) -> UsedIndices {
        let mut used = UsedIndices::default();
        indices.iter().for_each(|index| used.mark(internal(*index)));
        used
    }

    #[test]
    fn the_lowest_index_that_nothing_has_used_is_next() {
        for (indices, lowest, end, reached) in [
            (&[][..], 0, 0, 0),
            (&[0, 1, 2], 3, 3, 3),
            (&[1, 2], 0, 3, 3),
            (&[0, 2, 5], 1, 6, 6),
            (&[0, 199, 398], 1, 399, 399),
            (&[0, 201, 402], 1, 403, 1),
            (&[19_999], 0, 20_000, 0),
        ] {
            let used = used(indices);
            assert_eq!(used.lowest_unused(Branch::Internal), internal(lowest), "{indices:?}");
            assert_eq!(used.lowest_unused(Branch::External).index, 0, "{indices:?}");
            assert_eq!(used.end(Branch::Internal), end, "{indices:?}");
            assert_eq!(used.end_within(Branch::Internal, 200), reached, "{indices:?}");
        }
    }

    #[test]
    fn a_request_takes_what_it_was_promised_and_nobody_else_does() {
        let seen = FreeIndices::besides(used(&[0, 1, 5, 6]));
        let mut free = seen.reserved_for(used(&[4, 7]), &used(&[2]));
        let mut taken = Vec::new();
        for _ in 0..5 {
            let path = free.next(Branch::Internal);
            free.take(path);
            taken.push(path.index);
        }
        assert_eq!(taken, [4, 7, 8, 9, 10]);
        let mut other = seen.reserved_for(UsedIndices::default(), &used(&[2, 4, 7]));
        other.take(internal(3));
        assert_eq!(other.next(Branch::Internal), internal(8));
        assert_eq!(other.used_up_to(), 8);
    }

    #[test]
    fn what_is_taken_is_promised_no_more() {
        let mut free = FreeIndices::default().reserved_for(used(&[4]), &UsedIndices::default());
        free.take(internal(4));
        assert_eq!(free.next(Branch::Internal), internal(5));
    }

    #[test]
    fn coins_far_out_move_nothing_however_many_there_are() {
        let dust = |step: usize| (0..=20_000).step_by(step).collect::<Vec<u32>>();
        for (case, indices, next) in [
            ("nothing", vec![], 0),
            ("a hole, as a node shows an address whose coins are spent", vec![0, 3, 9], 10),
            ("one far out", vec![0, 1, 2, 19_999], 3),
            ("used and spent far out", vec![0, 1, 2, 150, 250], 3),
            ("one behind a wallet's gap", vec![0, 1, 2, 23], 3),
            ("one within it", vec![0, 1, 2, 22], 23),
            ("at every gap", dust(200), 1),
            ("at every 20th", dust(20), 1),
            ("at every 19th", dust(19), 1),
            ("at every other", dust(2), 1),
            ("up to where every signer signs", (0..200).collect(), 200),
            ("and beyond", (0..700).collect(), 700),
            ("all but one", (0..700).filter(|index| *index != 41).collect(), 41),
        ] {
            let free = FreeIndices::besides(used(&indices));
            assert_eq!(free.next(Branch::Internal), internal(next), "{case}");
            assert_eq!(free.used_up_to(), next, "{case}");
        }
    }
}
