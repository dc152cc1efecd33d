//! Updater: what blinder and signer need to know of the coins and of the outputs to the treasury.

use elements::pset::PartiallySignedTransaction;

use super::plan::Plan;
use crate::pset::opening_key;
use crate::treasury::Opening;

/// Adds coins, their range proofs, and key origins to a PSET (BIP-370 Updater).
pub(super) struct Updater {
    pset: PartiallySignedTransaction,
}

impl Updater {
    pub(super) fn new(pset: PartiallySignedTransaction) -> Self {
        Updater { pset }
    }

    pub(super) fn update(mut self, plan: &Plan) -> PartiallySignedTransaction {
        for (input, planned) in self.pset.inputs_mut().iter_mut().zip(plan.inputs()) {
            let coin = &planned.coin;
            input.witness_utxo = Some(coin.txout.clone());
            if !coin.rangeproof.is_empty() {
                input.in_utxo_rangeproof = Some(coin.rangeproof.clone());
            }
            if coin.by_opening {
                input.proprietary.insert(opening_key(), Opening::of(&coin.secrets).to_bytes());
            }
            input.redeem_script = coin.own.redeem_script.clone();
            input.witness_script = coin.own.witness_script.clone();
            input.bip32_derivation = coin.own.derivations();
        }
        for (output, planned) in self.pset.outputs_mut().iter_mut().zip(plan.outputs()) {
            if let Some(own) = &planned.own {
                output.redeem_script = own.redeem_script.clone();
                output.witness_script = own.witness_script.clone();
                output.bip32_derivation = own.derivations();
            }
        }
        self.pset
    }
}
