//! How high the index of the treasury's own outputs may be (docs/rules.md#change-index).
//!
//! A wallet that scans finds a coin if at most a gap of unused addresses precedes it. Whoever knows an address can pay dust
//! to it, and the online machine knows all of them. So a coin at index 19,999 does not prove that the treasury has used that
//! index. A hundred coins with a gap between each two do not prove it either. Coins raise the limit once, and only from an
//! index that is known to be used: by what this machine has signed, or by the operator's statement.
//!
//! What was signed may never have been sent. A preparer can prepare one request again and again, each time with change at a
//! higher index, and send none of the transactions: each signing raises the limit for the next one. So the review also warns
//! of an output that lies that far above every coin that is spent and above every signing whose own outputs are spent.

use super::effects::InputEffect;
use super::journal_state::JournalState;
use crate::limits::{MAX_INDEX, MAX_INDEX_GAP};

/// Two limits on the index of an own output: one above which it is refused, and one above which a scan may miss it.
#[derive(Debug, Clone, Copy)]
pub(super) struct ChangeLimit {
    scanned: u32,
    allowed: u32,
}

impl ChangeLimit {
    /// The limits that follow from the journal and from the coins that are spent. In an audit no index below
    /// [`MAX_INDEX`] is refused.
    pub(super) fn of(journal: &JournalState, is_audit: bool, inputs: &[InputEffect]) -> Self {
        let coins = inputs.iter().map(|input| input.outpoint);
        let scanned = above(journal.shown_index(coins).unwrap_or_default(), inputs);
        // Only the journal of the signing machine knows which indices the treasury has used. Other machines warn of a higher
        // output and do not refuse it: the signing machine refuses it.
        let allowed = match journal.history.is_some() && !is_audit {
            true => above(journal.known_index().unwrap_or_default(), inputs),
            false => MAX_INDEX,
        };
        ChangeLimit { scanned, allowed }
    }

    /// The highest index that an own output may have.
    pub(super) fn allowed(self) -> u32 {
        self.allowed
    }

    /// The highest index that a scan reaches from the addresses that are shown to be used.
    pub(super) fn scanned(self) -> u32 {
        self.scanned
    }
}

/// The index one gap above the highest used one. A coin within one gap of `used` counts as used.
fn above(used: u32, inputs: &[InputEffect]) -> u32 {
    let first = used.saturating_add(MAX_INDEX_GAP);
    let coins = inputs.iter().filter_map(|input| input.own.as_ref()).map(|own| own.path.index);
    let highest = coins.filter(|index| *index <= first).fold(used, u32::max);
    highest.saturating_add(MAX_INDEX_GAP).min(MAX_INDEX)
}
