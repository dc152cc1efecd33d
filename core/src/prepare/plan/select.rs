//! Coin selection: the smallest single coin that suffices, else the largest coins first. Few inputs keep the transaction
//! light and link fewer of the treasury's earlier transactions. Of equal coins the lower outpoint is picked, so equal sets
//! give equal picks.

use std::collections::BTreeSet;

use elements::OutPoint;

use crate::treasury::Utxo;
use crate::units::AssetAmount;

/// Coins of one asset, the largest first, of equal ones the lower outpoint first. They are sorted once, however often coins are
/// picked from them.
#[derive(Debug, Clone)]
pub(super) struct LargestFirst<'a>(Vec<&'a Utxo>);

impl<'a> LargestFirst<'a> {
    /// Sorts coins.
    pub(super) fn of(mut coins: Vec<&'a Utxo>) -> Self {
        coins.sort_by_key(|coin| (std::cmp::Reverse(coin.amount()), coin.outpoint));
        LargestFirst(coins)
    }

    /// The coins, the largest first.
    pub(super) fn coins(&self) -> &[&'a Utxo] {
        &self.0
    }

    /// The coins for which `keep` is true.
    pub(super) fn only(&self, keep: impl Fn(&Utxo) -> bool) -> Self {
        LargestFirst(self.0.iter().filter(|coin| keep(coin)).copied().collect())
    }

    /// Picks coins that hold at least `target`. `None` where all of them together hold less.
    pub(super) fn select(&self, target: AssetAmount) -> Option<Vec<&'a Utxo>> {
        let suffice = self.0.partition_point(|coin| coin.amount() >= target);
        let smallest = suffice.checked_sub(1).and_then(|last| self.0.get(last));
        if let Some(smallest) = smallest {
            let first = self.0.partition_point(|coin| coin.amount() > smallest.amount());
            return self.0.get(first).map(|coin| vec![*coin]);
        }
        let mut picked = Vec::new();
        let mut sum = AssetAmount::ZERO;
        for coin in &self.0 {
            sum = sum.checked_add(coin.amount())?;
            picked.push(*coin);
            if sum >= target {
                return Some(picked);
            }
        }
        None
    }

    /// Picks coins that hold at least `target`. The coins in `first` are always picked.
    pub(super) fn select_from(&self, first: Vec<&'a Utxo>, target: AssetAmount) -> Option<Vec<&'a Utxo>> {
        let mut picked = first;
        let missing = target.checked_sub(worth(&picked)).filter(|missing| *missing > AssetAmount::ZERO);
        if let Some(missing) = missing {
            let taken = outpoints(&picked);
            picked.extend(self.only(|coin| !taken.contains(&coin.outpoint)).select(missing)?);
        }
        Some(picked)
    }
}

/// The outpoints of coins. No two coins have the same one.
pub(super) fn outpoints(coins: &[&Utxo]) -> BTreeSet<OutPoint> {
    coins.iter().map(|coin| coin.outpoint).collect()
}

/// The sum of the coins' amounts, at most `u64::MAX` base units.
pub(super) fn worth(coins: &[&Utxo]) -> AssetAmount {
    let sum = coins.iter().map(|coin| coin.amount().base_units()).fold(0, u64::saturating_add);
    AssetAmount::from_base_units(sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Secp;
    use crate::network::Chain;
    use crate::treasury::{Branch, CtDescriptor, KeyPath};
    use elements::confidential::{Asset, Nonce, Value};
    use elements::{AssetId, RangeProof, SurjectionProof, TxOut, TxOutWitness, Txid};

    const DESCRIPTOR: &str = "ct(slip77(9c8e4f05c7711a98c838be228bcb84924d4570ca53f35fa1c793e58841d47023),elwpkh([73c5da0a/84h/1h/0h]tpubDC8msFGeGuwnKG9Upg7DM2b4DaRqg3CUZa5g8v2SRQ6K4NSkxUgd7HsL2XVWbVm39yBA4LAxysQAm397zwQSQoQgewGiYZqrA9DsP4zbQ1M/<0;1>/*))";

    fn coins(amounts: &[u64]) -> Vec<Utxo> {
        let secp = Secp::new();
        let descriptor = CtDescriptor::parse(DESCRIPTOR, Chain::Regtest).unwrap();
        let own = descriptor.script_at(&secp, KeyPath { branch: Branch::External, index: 0 }).unwrap();
        let coin = |(number, amount): (usize, &u64)| {
            let txout = TxOut {
                asset: Asset::Explicit(AssetId::from_byte_array([1; 32])),
                value: Value::Explicit(*amount),
                nonce: Nonce::Null,
                script_pubkey: own.script_pubkey.clone(),
                witness: TxOutWitness {
                    surjection_proof: SurjectionProof::EMPTY,
                    rangeproof: RangeProof::EMPTY,
                },
            };
            let outpoint = OutPoint::new(Txid::from_byte_array([9; 32]), u32::try_from(number).unwrap());
            Utxo::open(&secp, &descriptor, outpoint, &txout, own.clone()).unwrap()
        };
        amounts.iter().enumerate().map(coin).collect()
    }

    fn picked(amounts: &[u64], target: u64) -> Option<Vec<u64>> {
        let coins = coins(amounts);
        let all: Vec<&Utxo> = coins.iter().collect();
        let mut reversed = all.clone();
        reversed.reverse();
        let target = AssetAmount::from_base_units(target);
        let amounts =
            |picked: Vec<&Utxo>| picked.iter().map(|coin| coin.amount().base_units()).collect::<Vec<_>>();
        let first = LargestFirst::of(all).select(target).map(amounts);
        let other = LargestFirst::of(reversed).select(target).map(amounts);
        assert_eq!(first, other, "the order of the coins plays no part");
        first
    }

    #[test]
    fn one_coin_is_better_than_two_and_a_small_one_better_than_a_large_one() {
        assert_eq!(picked(&[5, 9, 7, 100], 6), Some(vec![7]));
        assert_eq!(picked(&[5, 9, 7], 9), Some(vec![9]));
    }

    #[test]
    fn without_a_single_coin_the_largest_come_first() {
        assert_eq!(picked(&[5, 9, 7], 10), Some(vec![9, 7]));
        assert_eq!(picked(&[5, 9, 7], 21), Some(vec![9, 7, 5]));
    }

    #[test]
    fn what_comes_first_stays_and_only_the_rest_is_picked() {
        let coins = coins(&[5, 9, 7, 100]);
        let all: Vec<&Utxo> = coins.iter().collect();
        let from = |target: u64| {
            let picked = LargestFirst::of(all.clone())
                .select_from(vec![&coins[1]], AssetAmount::from_base_units(target));
            picked.map(|picked| picked.iter().map(|coin| coin.amount().base_units()).collect::<Vec<_>>())
        };
        assert_eq!(from(1), Some(vec![9]));
        assert_eq!(from(9), Some(vec![9]));
        assert_eq!(from(15), Some(vec![9, 7]));
        assert_eq!(from(121), Some(vec![9, 100, 7, 5]));
        assert_eq!(from(122), None);
    }

    /// The rule as the module's documentation states it, by scanning all coins.
    fn picked_by_scanning(coins: &[Utxo], target: AssetAmount) -> Option<Vec<OutPoint>> {
        let smallest = coins.iter().filter(|coin| coin.amount() >= target);
        if let Some(coin) = smallest.min_by_key(|coin| (coin.amount(), coin.outpoint)) {
            return Some(vec![coin.outpoint]);
        }
        let mut left: Vec<&Utxo> = coins.iter().collect();
        let (mut picked, mut sum) = (Vec::new(), 0);
        while sum < target.base_units() {
            let largest = left.iter().min_by_key(|coin| (std::cmp::Reverse(coin.amount()), coin.outpoint));
            let largest = (*largest?).clone();
            left.retain(|coin| coin.outpoint != largest.outpoint);
            sum += largest.amount().base_units();
            picked.push(largest.outpoint);
        }
        Some(picked)
    }

    #[test]
    fn sorted_coins_are_picked_as_a_scan_of_all_picks_them() {
        for amounts in [&[][..], &[4], &[4, 4, 4], &[1, 2, 3, 3, 2, 1, 9, 9, 5], &[8, 1, 8, 1, 8]] {
            let coins = coins(amounts);
            let sorted = LargestFirst::of(coins.iter().collect());
            for target in 1..=amounts.iter().sum::<u64>() + 1 {
                let target = AssetAmount::from_base_units(target);
                let picked = sorted.select(target);
                let picked = picked.map(|picked| picked.iter().map(|coin| coin.outpoint).collect::<Vec<_>>());
                assert_eq!(picked, picked_by_scanning(&coins, target), "{amounts:?}: {target:?}");
            }
        }
    }

    #[test]
    fn too_little_is_none() {
        assert_eq!(picked(&[5, 9, 7], 22), None);
        assert_eq!(picked(&[], 1), None);
        assert_eq!(worth(&[]), AssetAmount::ZERO);
    }
}
