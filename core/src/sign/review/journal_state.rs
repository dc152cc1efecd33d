//! What the signing machine's journal says: the policies in force and the signings so far.

use elements::{AssetId, OutPoint};

use super::history::{History, LaterUnknown};
use super::policy::Policy;

/// What the journal says, as far as a review needs it. The default is no journal at all, as on the online machine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JournalState {
    /// The policies in force, at most one for each asset.
    pub policies: Vec<Policy>,
    /// The signings so far. `None` where no journal exists.
    pub history: Option<History>,
    /// One for each time that the journal was restored from a backup, until the entries after the backup are accounted for.
    pub later_unknown: Vec<LaterUnknown>,
    /// The highest address index that the treasury has used, as the operator stated it. A restored keystore does not know it.
    /// On the online machine it is the highest index that the chain shows as used without a gap.
    pub used_up_to: Option<u32>,
}

impl JournalState {
    /// The policy for an asset.
    pub fn policy(&self, asset: AssetId) -> Option<&Policy> {
        self.policies.iter().find(|policy| policy.asset == asset)
    }

    /// The highest index that the treasury is known to have used.
    pub(super) fn known_index(&self) -> Option<u32> {
        self.history.as_ref().and_then(History::highest_own_index).max(self.used_up_to)
    }

    /// The highest index with evidence that it was used: a signing whose outputs are spent by `coins` or by another signing,
    /// or the operator's statement.
    pub(super) fn shown_index(&self, coins: impl Iterator<Item = OutPoint>) -> Option<u32> {
        let spent = self.history.as_ref().and_then(|history| history.highest_spent_index(coins));
        spent.max(self.used_up_to)
    }
}
