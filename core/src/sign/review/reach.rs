//! How high the index of the treasury's own outputs may be (docs/rules.md#change-index).
//!
//! A wallet that scans finds a coin if at most a gap of unused addresses lies before it. Whoever knows an address can pay
//! dust to it, and the online machine knows all of them. So a coin at index 19,999 does not prove that the treasury has
//! used that index, and neither do a hundred coins with a gap between each two. Coins raise the limit once, and only from
//! an index that is known to be used: by what this machine has signed itself, or by the operator's word.

use super::effects::InputEffect;
use super::policy::Records;
use crate::limits::{MAX_INDEX, MAX_INDEX_GAP};

/// See the module.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reach {
    /// The highest index that a scan is sure to come by.
    in_sight: u32,
    /// The highest index that an own output may have.
    limit: u32,
}

impl Reach {
    /// From what the records know, and the coins that go in.
    pub(super) fn of(records: &Records, inputs: &[InputEffect]) -> Self {
        let known = records.known_index().unwrap_or_default();
        let from_known = known.saturating_add(MAX_INDEX_GAP);
        let coins = inputs.iter().filter_map(|input| input.own.as_ref()).map(|own| own.path.index);
        let highest = coins.filter(|index| *index <= from_known).chain([known]).max().unwrap_or(known);
        let in_sight = highest.saturating_add(MAX_INDEX_GAP).min(MAX_INDEX);
        // Only the journal of the machine that signs knows how far the treasury has come. Elsewhere what lies further out
        // is told and not refused: the one that signs refuses it.
        let limit = if records.history.is_some() && !records.is_audit { in_sight } else { MAX_INDEX };
        Reach { in_sight, limit }
    }

    /// The highest index that an own output may have.
    pub(super) fn limit(self) -> u32 {
        self.limit
    }

    /// The highest index that is in sight.
    pub(super) fn in_sight(self) -> u32 {
        self.in_sight
    }

    /// Whether an index lies where a scan may not come by.
    pub(super) fn is_far(self, index: u32) -> bool {
        index > self.in_sight
    }
}
