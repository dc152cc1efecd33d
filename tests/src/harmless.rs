//! Whether an altered PSET that passes still does no harm.
//!
//! Several changes together can make another honest transaction: a unit more of fee and one less of change. So nothing
//! is asked of fee and change but what keeps the money: everybody else gets what the request gives him, the rest comes
//! back to us, and what goes in comes out.

use std::collections::{BTreeMap, BTreeSet};

use coldamp_core::elements::confidential::{Asset, Value};
use coldamp_core::elements::{AssetId, Script};
use coldamp_core::pset::{Content, ContentInput, ContentOutput, UnsignedPset};
use coldamp_core::treasury::Branch;

use crate::Honest;

/// More than the fee cap of every small job, and no loss.
const MAX_FEE: u64 = 5_000;

impl Honest {
    /// A PSET that passes answers the same request and harms nobody; one with another request is told by the request
    /// that is given beside it. Says whether it passes.
    ///
    /// # Panics
    ///
    /// If it passes and does harm.
    pub fn harmless_or_refused(&self, pset: &UnsignedPset) -> bool {
        let Some(found) = self.passing(pset, None) else { return false };
        if found.request_hash != self.content.request_hash {
            let given = self.passing(pset, Some(&self.request));
            assert!(given.is_none(), "passes with another request than the one given");
        } else if found != self.content {
            self.assert_harmless(&found);
        }
        true
    }

    fn assert_harmless(&self, found: &Content) {
        let own = self.own_scripts();
        let is_foreign = |output: &&ContentOutput| {
            !own.contains(&output.script_pubkey) && !output.script_pubkey.is_empty()
        };
        let foreign = |content: &Content| -> BTreeMap<Script, ContentOutput> {
            let outputs = content.outputs.iter().filter(is_foreign);
            outputs.map(|output| (output.script_pubkey.clone(), output.clone())).collect()
        };
        assert_eq!(foreign(found), foreign(&self.content), "somebody else gets something else");
        assert_eq!(
            found.outputs.iter().filter(is_foreign).count(),
            foreign(found).len(),
            "somebody is paid twice"
        );
        for output in &found.outputs {
            if output.script_pubkey.is_empty() {
                assert_eq!(output.asset, self.policy_asset(), "a fee in another asset");
                assert!(output.amount.base_units() <= MAX_FEE, "a fee of {} sat", output.amount);
            } else if own.contains(&output.script_pubkey) {
                let key = self.own_blinding_key(&output.script_pubkey).inner;
                assert_eq!(output.blinding_key, Some(key), "our own output is hidden from us");
            }
        }
        assert_eq!(self.sums_in(found), sums_out(found), "not balanced");
    }

    fn own_scripts(&self) -> BTreeSet<Script> {
        let indices = 0..=self.highest_allowed_index();
        let paths = indices.flat_map(|index| Branch::BOTH.map(|branch| (branch, index)));
        paths.map(|(branch, index)| self.own(branch, index).script_pubkey).collect()
    }

    fn sums_in(&self, content: &Content) -> BTreeMap<AssetId, u128> {
        let mut sums = BTreeMap::new();
        for input in &content.inputs {
            let (asset, value) = self.worth(input);
            *sums.entry(asset).or_default() += u128::from(value);
            if let Some(issuance) = &input.issuance {
                let asset = AssetId::from_entropy(issuance.entropy);
                *sums.entry(asset).or_default() += u128::from(issuance.amount.base_units());
            }
        }
        sums
    }

    /// What a coin holds: explicit, or as the sync opened the coin of this commitment.
    fn worth(&self, input: &ContentInput) -> (AssetId, u64) {
        if let (Asset::Explicit(asset), Value::Explicit(value)) = (input.spent.asset, input.spent.value) {
            return (asset, value);
        }
        let known = self.coins.iter().find(|coin| coin.txout.value == input.spent.value);
        let coin = known.expect("a blinded coin of the treasury");
        assert_eq!(coin.txout.asset, input.spent.asset, "a coin's value with another coin's asset");
        (coin.asset(), coin.secrets.value)
    }
}

fn sums_out(content: &Content) -> BTreeMap<AssetId, u128> {
    let mut sums = BTreeMap::new();
    for output in &content.outputs {
        *sums.entry(output.asset).or_default() += u128::from(output.amount.base_units());
    }
    sums
}
