//! Change: of the asset and of L-BTC at most one output each, to the treasury, on branch 1, blinded to its key
//! (docs/rules.md#own-outputs).

use super::super::role::Role;
use super::Rules;
use crate::amp::Job;
use crate::code::Code;
use crate::treasury::Branch;

impl Rules<'_> {
    /// Explains one change output of each asset. A second one stays unexplained.
    pub(super) fn change(&mut self) {
        let mut assets = vec![(self.policy_asset(), Role::PolicyChange)];
        // A reissue spends none of the asset, so none of it is left over.
        if !matches!(self.request.job, Job::Reissue { .. }) {
            assets.push((self.request.asset, Role::AssetChange));
        }
        for (asset, role) in assets {
            let candidate = self
                .unexplained()
                .into_iter()
                .find(|(_, output)| output.asset == asset && output.own.is_some());
            if let Some((index, _)) = candidate {
                self.assign(index, role);
                self.own_output(index, Branch::Internal, Code::MustBeBlinded);
            }
        }
    }
}
