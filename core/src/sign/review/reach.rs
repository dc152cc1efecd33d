//! How high the index of the treasury's own outputs may be (docs/rules.md#change-index).
//!
//! A wallet that scans finds a coin if at most a gap of unused addresses lies before it. Whoever knows an address can pay
//! dust to it, and the online machine knows all of them. So a coin at index 19,999 does not prove that the treasury has
//! used that index, and neither do a hundred coins with a gap between each two. Coins raise the limit once, and only from
//! an index that is known to be used: by what this machine has signed itself, or by the operator's word.
//!
//! What was signed may never have been sent. A preparer can have one request prepared again and again, each time with change
//! at a higher index, and send none of the transactions: each signing raises the limit for the next one. So the review also
//! warns of an output, without refusing it, where it lies that far above every coin that is spent and above every signing
//! whose own outputs are spent.

use super::effects::InputEffect;
use super::policy::Records;
use crate::limits::{MAX_INDEX, MAX_INDEX_GAP};

/// See the module.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reach {
    /// The highest index that a scan finds from the addresses that are shown to be used.
    in_sight: u32,
    /// The highest index that an own output may have.
    limit: u32,
}

impl Reach {
    /// From what the records know, and the coins that go in.
    pub(super) fn of(records: &Records, inputs: &[InputEffect]) -> Self {
        let coins = inputs.iter().map(|input| input.outpoint);
        let in_sight = from(records.shown_index(coins).unwrap_or_default(), inputs);
        // Only the journal of the machine that signs knows how far the treasury has come. Other machines warn of an output
        // further out and do not refuse it: the machine that signs refuses it.
        let limit = match records.history.is_some() && !records.is_audit {
            true => from(records.known_index().unwrap_or_default(), inputs),
            false => MAX_INDEX,
        };
        Reach { in_sight, limit }
    }

    /// The highest index that an own output may have.
    pub(super) fn limit(self) -> u32 {
        self.limit
    }

    /// The highest index that a scan finds from the addresses that are shown to be used.
    pub(super) fn in_sight(self) -> u32 {
        self.in_sight
    }

    /// Whether a scan may not find an index.
    pub(super) fn is_far(self, index: u32) -> bool {
        index > self.in_sight
    }
}

/// A gap above an index that the treasury has used, or above the highest coin that lies within a gap of it.
fn from(used: u32, inputs: &[InputEffect]) -> u32 {
    let first = used.saturating_add(MAX_INDEX_GAP);
    let coins = inputs.iter().filter_map(|input| input.own.as_ref()).map(|own| own.path.index);
    let highest = coins.filter(|index| *index <= first).fold(used, u32::max);
    highest.saturating_add(MAX_INDEX_GAP).min(MAX_INDEX)
}
