//! A transaction that replaces an earlier one. It spends at least one of the same coins, so only one of the two can ever
//! confirm (docs/rules.md#replacement), and pays the fee that nodes demand of a replacement (BIP-125,
//! docs/rules.md#replacement-fee).

use std::collections::BTreeSet;

use elements::{AssetId, OutPoint, Transaction, Txid};

use super::PlanError;
use crate::limits::INCREMENTAL_RELAY_FEE_RATE;
use crate::treasury::Utxo;
use crate::units::{FeeRate, Satoshi, VirtualSize, Weight};

/// What has to be known of an earlier transaction to replace it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    txid: Txid,
    inputs: BTreeSet<OutPoint>,
    fee: Satoshi,
    full_size: VirtualSize,
}

impl Replaced {
    /// Takes id, inputs, fee and full size from a signed transaction. `policy_asset` is L-BTC.
    pub fn of(transaction: &Transaction, policy_asset: AssetId) -> Self {
        let fees = transaction.output.iter().filter(|output| output.script_pubkey.is_empty());
        let fees = fees.filter(|output| output.asset.explicit() == Some(policy_asset));
        let fee = fees.filter_map(|output| output.value.explicit()).fold(0, u64::saturating_add);
        let weight = u64::try_from(transaction.weight()).unwrap_or(u64::MAX);
        Replaced {
            txid: transaction.txid(),
            inputs: transaction.input.iter().map(|input| input.previous_output).collect(),
            fee: Satoshi::from_sat(fee),
            full_size: Weight::new(weight).virtual_size(),
        }
    }

    /// The id of the earlier transaction.
    pub fn txid(&self) -> Txid {
        self.txid
    }

    /// The coins that the earlier transaction spends.
    pub fn inputs(&self) -> &BTreeSet<OutPoint> {
        &self.inputs
    }

    /// The least fee with which nodes accept a transaction of this full size as the replacement. Elements charges by the full
    /// size, without the discount of ELIP-200 (validation.cpp ReplacementChecks). Transactions that spend outputs of the
    /// earlier one would raise the fee; they are not known here. `None` where the fee does not fit.
    pub fn least_fee(&self, size: VirtualSize) -> Option<Satoshi> {
        // policy/rbf.cpp PaysForRBF: the earlier fee, and the relay fee of the new size.
        let relay = INCREMENTAL_RELAY_FEE_RATE.fee(size)?;
        let by_size = self.fee.sat().checked_add(relay.sat()).map(Satoshi::from_sat)?;
        // policy/rbf.cpp PaysMoreThanConflicts: a higher rate, both rounded down.
        let higher = FeeRate::of(self.fee, self.full_size)?.sat_per_kvb().checked_add(1)?;
        let by_rate = FeeRate::from_sat_per_kvb(higher).fee(size)?;
        Some(by_size.max(by_rate))
    }

    /// The coins among these that the earlier transaction spends.
    pub(super) fn coins_among<'a>(&self, coins: &[&'a Utxo]) -> Vec<&'a Utxo> {
        coins.iter().filter(|coin| self.inputs.contains(&coin.outpoint)).copied().collect()
    }

    /// The coins of the earlier transaction that are unspent.
    pub(super) fn unspent_in(&self, coins: &[Utxo]) -> Result<Vec<OutPoint>, PlanError> {
        let mut unspent: Vec<OutPoint> = coins.iter().map(|coin| coin.outpoint).collect();
        unspent.retain(|outpoint| self.inputs.contains(outpoint));
        unspent.sort();
        if unspent.is_empty() { Err(PlanError::NothingToReplace { txid: self.txid }) } else { Ok(unspent) }
    }

    /// Why no plan can spend a coin of the earlier transaction.
    pub(super) fn why_not_excluded(&self, coins: &[Utxo]) -> PlanError {
        match self.unspent_in(coins) {
            Ok(unspent) => PlanError::CannotReplace { txid: self.txid, unspent },
            Err(error) => error,
        }
    }
}

/// The coin to start from. With the largest coin the fewest others are needed.
pub(super) fn largest<'a>(coins: &[&'a Utxo]) -> Option<&'a Utxo> {
    coins.iter().min_by_key(|coin| (std::cmp::Reverse(coin.amount()), coin.outpoint)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(fee: u64, weight: u64) -> Replaced {
        Replaced {
            txid: Txid::from_byte_array([1; 32]),
            inputs: BTreeSet::new(),
            fee: Satoshi::from_sat(fee),
            full_size: Weight::new(weight).virtual_size(),
        }
    }

    fn least(earlier: &Replaced, weight: u64) -> u64 {
        earlier.least_fee(Weight::new(weight).virtual_size()).unwrap().sat()
    }

    #[test]
    fn a_fee_for_the_discounted_size_is_raised_by_one_for_the_full_size() {
        // 81 recipients, as elementsd 23.3.3 made them: 572 sat for a discounted size of 5,712 vB. The replacement pays
        // 9,907 sat more, for its full size of 99,067 vB.
        assert_eq!(least(&replaced(572, 396_265), 396_265), 572 + 9_907);
        // The second time costs as much again.
        assert_eq!(least(&replaced(10_479, 396_265), 396_265), 10_479 + 9_907);
    }

    #[test]
    fn a_transaction_that_is_much_larger_pays_a_higher_rate_too() {
        // 1,000 vB for 900 sat are 900 sat/kvB: of 5,000 vB nodes want 901.
        assert_eq!(least(&replaced(900, 4_000), 20_000), 4_505);
        // One that is smaller pays for itself on top of the earlier fee.
        assert_eq!(least(&replaced(4_500, 20_000), 4_000), 4_600);
    }

    #[test]
    fn a_fee_that_cannot_be_raised_is_none() {
        let size = Weight::new(4_000).virtual_size();
        assert_eq!(replaced(u64::MAX, 4_000).least_fee(size), None);
    }
}
