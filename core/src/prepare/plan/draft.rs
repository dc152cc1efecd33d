//! A plan in the making: the job's inputs and outputs, before L-BTC for the fee is added.

use elements::{Address, AssetId, Script};

use super::fee;
use super::replace;
use super::select::{select, select_from, worth};
use super::{PlanError, PlannedInput, PlannedOutput, Settings, Treasury};
use crate::Secp;
use crate::amp::{Job, Request};
use crate::treasury::{Branch, FreeIndices, Utxo};
use crate::units::AssetAmount;

/// See the module.
pub(super) struct Draft<'a> {
    pub(super) secp: &'a Secp,
    pub(super) request: &'a Request,
    pub(super) treasury: Treasury<'a>,
    pub(super) settings: &'a Settings,
    pub(super) inputs: Vec<PlannedInput>,
    pub(super) outputs: Vec<PlannedOutput>,
    /// Coins of the request's asset that may still be added, for [`super::fee`] to make a change output from.
    pub(super) spare: Vec<Utxo>,
    free: FreeIndices,
}

impl<'a> Draft<'a> {
    pub(super) fn new(
        secp: &'a Secp,
        request: &'a Request,
        treasury: &Treasury<'a>,
        settings: &'a Settings,
    ) -> Self {
        let mut free = treasury.free.clone();
        // An own address among the recipients is not given out a second time as change.
        if let Job::Distribute { recipients, .. } = &request.job {
            for recipient in recipients {
                if let Some(own) = treasury.scripts.find(&recipient.address.script_pubkey()) {
                    free.take(own.path);
                }
            }
        }
        Draft {
            secp,
            request,
            treasury: *treasury,
            settings,
            inputs: Vec::new(),
            outputs: Vec::new(),
            spare: Vec::new(),
            free,
        }
    }

    pub(super) fn policy_asset(&self) -> AssetId {
        self.treasury.network.policy_asset()
    }

    /// The treasury's coins of an asset.
    pub(super) fn coins_of(&self, asset: AssetId) -> Vec<&'a Utxo> {
        self.treasury.coins.iter().filter(|coin| coin.asset() == asset).collect()
    }

    pub(super) fn spend(&mut self, coins: impl IntoIterator<Item = Utxo>) {
        self.inputs.extend(coins.into_iter().map(|coin| PlannedInput { coin, issuance: None }));
    }

    /// Spends enough of these coins of the request's asset, and pays what is left to the next change address. Coins not
    /// picked are kept as spare.
    pub(super) fn take(mut self, coins: &[&'a Utxo], needed: AssetAmount) -> Result<Self, PlanError> {
        let Some(picked) = self.choose(coins, needed) else {
            return Err(fee::missing(self, coins, needed));
        };
        let change = worth(&picked).checked_sub(needed).ok_or(PlanError::Overflow)?;
        let spare = coins.iter().filter(|coin| !picked.contains(coin)).map(|coin| (*coin).clone());
        self.spare = spare.collect();
        self.spend(picked.into_iter().cloned());
        if change > AssetAmount::ZERO {
            self.pay_self(Branch::Internal, self.request.asset, change)?;
        }
        Ok(self)
    }

    /// The ordinary choice, but for a replacement: coins of what it replaces come first where they are enough by
    /// themselves, or where no L-BTC coin could exclude it in their place.
    fn choose(&self, coins: &[&'a Utxo], needed: AssetAmount) -> Option<Vec<&'a Utxo>> {
        let Some(replaced) = &self.settings.replace else { return select(coins, needed) };
        let its = replaced.coins_among(coins);
        let picked = select(&its, needed).or_else(|| select(coins, needed))?;
        let excludes = !replaced.coins_among(&picked).is_empty();
        let fee_can = || !replaced.coins_among(&self.coins_of(self.policy_asset())).is_empty();
        match replace::largest(&its) {
            Some(first) if !excludes && !fee_can() => select_from(vec![first], coins, needed),
            _ => Some(picked),
        }
    }

    /// Pays an address of the request: blinded to its key, or explicit where the address itself is unconfidential.
    pub(super) fn pay(&mut self, address: &Address, asset: AssetId, amount: AssetAmount) {
        let script_pubkey = address.script_pubkey();
        let own = self.treasury.scripts.find(&script_pubkey).cloned();
        let blinding_key = address.blinding_pubkey;
        self.outputs.push(PlannedOutput { asset, amount, script_pubkey, blinding_key, own });
    }

    /// Pays an explicit script, such as a burn's.
    pub(super) fn pay_explicit(&mut self, script_pubkey: Script, asset: AssetId, amount: AssetAmount) {
        self.outputs.push(PlannedOutput { asset, amount, script_pubkey, blinding_key: None, own: None });
    }

    /// Pays ourselves at the next free path of a branch, always blinded.
    pub(super) fn pay_self(
        &mut self,
        branch: Branch,
        asset: AssetId,
        amount: AssetAmount,
    ) -> Result<(), PlanError> {
        let output = self.own_output(branch, asset, amount)?;
        self.free.take(self.free.next(branch));
        self.outputs.push(output);
        Ok(())
    }

    /// The output that [`Draft::pay_self`] would add.
    pub(super) fn own_output(
        &self,
        branch: Branch,
        asset: AssetId,
        amount: AssetAmount,
    ) -> Result<PlannedOutput, PlanError> {
        let own = self.treasury.descriptor.script_at(self.secp, self.free.next(branch))?;
        let blinding_key = self.treasury.descriptor.blinding_key(self.secp, &own.script_pubkey);
        Ok(PlannedOutput {
            asset,
            amount,
            script_pubkey: own.script_pubkey.clone(),
            blinding_key: Some(blinding_key),
            own: Some(own),
        })
    }
}
