//! A plan in the making: the job's inputs and outputs, before L-BTC for the fee is added.

use elements::{Address, AssetId, Script};

use super::{PlanError, PlannedInput, PlannedOutput, Settings, Task, Treasury};
use crate::Secp;
use crate::amp::Job;
use crate::treasury::{Branch, FreeIndices, Utxo};
use crate::units::AssetAmount;

/// A plan in the making. Coins and outputs are added, then [`super::fee`] closes it.
pub(super) struct Draft<'a> {
    pub(super) secp: &'a Secp,
    pub(super) task: Task<'a>,
    pub(super) treasury: Treasury<'a>,
    pub(super) settings: &'a Settings,
    pub(super) inputs: Vec<PlannedInput>,
    pub(super) outputs: Vec<PlannedOutput>,
    /// Coins of the asset that may still be spent. [`super::fee`] makes a second blinded output from one.
    pub(super) spare: Vec<&'a Utxo>,
    free: FreeIndices,
}

impl<'a> Draft<'a> {
    pub(super) fn new(
        secp: &'a Secp,
        task: Task<'a>,
        treasury: &Treasury<'a>,
        settings: &'a Settings,
    ) -> Self {
        let mut free = treasury.free.clone();
        // An address of the treasury that is a recipient does not take change as well.
        if let Job::Distribute { recipients, .. } = task.job {
            for recipient in recipients {
                if let Some(own) = treasury.scripts.find(&recipient.address.script_pubkey()) {
                    free.take(own.path);
                }
            }
        }
        Draft {
            secp,
            task,
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

    /// Adds coins as inputs.
    pub(super) fn spend(&mut self, coins: impl IntoIterator<Item = Utxo>) {
        self.inputs.extend(coins.into_iter().map(|coin| PlannedInput { coin, issuance: None }));
    }

    /// Pays a recipient: blinded to the key of the address, or explicit where the address is unconfidential.
    pub(super) fn pay(&mut self, address: &Address, asset: AssetId, amount: AssetAmount) {
        let script_pubkey = address.script_pubkey();
        let own = self.treasury.scripts.find(&script_pubkey).cloned();
        let blinding_key = address.blinding_pubkey;
        self.outputs.push(PlannedOutput { asset, amount, script_pubkey, blinding_key, own });
    }

    /// Pays a script with an explicit output, as a burn does.
    pub(super) fn pay_explicit(&mut self, script_pubkey: Script, asset: AssetId, amount: AssetAmount) {
        self.outputs.push(PlannedOutput { asset, amount, script_pubkey, blinding_key: None, own: None });
    }

    /// Pays the treasury at the next free path of a branch, always blinded.
    pub(super) fn pay_self(
        &mut self,
        branch: Branch,
        asset: AssetId,
        amount: AssetAmount,
    ) -> Result<(), PlanError> {
        let own = self.treasury.descriptor.script_at(self.secp, self.free.next(branch))?;
        let blinding_key = self.treasury.descriptor.blinding_key(self.secp, &own.script_pubkey);
        self.free.take(own.path);
        self.outputs.push(PlannedOutput {
            asset,
            amount,
            script_pubkey: own.script_pubkey.clone(),
            blinding_key: Some(blinding_key),
            own: Some(own),
        });
        Ok(())
    }
}
