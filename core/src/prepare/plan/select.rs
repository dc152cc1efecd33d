//! Coin selection: the smallest single coin that suffices, else the largest coins first. Few inputs keep the transaction
//! light and link fewer of the treasury's earlier transactions. Of equal coins the lower outpoint is picked, so equal sets
//! give equal picks.

use crate::treasury::Utxo;
use crate::units::AssetAmount;

/// Picks coins that hold at least `target`. `None` where all of them together hold less.
pub(super) fn select<'a>(coins: &[&'a Utxo], target: AssetAmount) -> Option<Vec<&'a Utxo>> {
    let smallest =
        coins.iter().filter(|coin| coin.amount() >= target).min_by_key(|coin| (coin.amount(), coin.outpoint));
    if let Some(coin) = smallest {
        return Some(vec![*coin]);
    }
    let mut largest_first = coins.to_vec();
    largest_first.sort_by_key(|coin| (std::cmp::Reverse(coin.amount()), coin.outpoint));
    let mut picked = Vec::new();
    let mut sum = AssetAmount::ZERO;
    for coin in largest_first {
        sum = sum.checked_add(coin.amount())?;
        picked.push(coin);
        if sum >= target {
            return Some(picked);
        }
    }
    None
}

/// Picks coins that hold at least `target`. The coins in `first` are always picked.
pub(super) fn select_from<'a>(
    first: Vec<&'a Utxo>,
    coins: &[&'a Utxo],
    target: AssetAmount,
) -> Option<Vec<&'a Utxo>> {
    let mut picked = first;
    let missing = target.checked_sub(worth(&picked)).filter(|missing| *missing > AssetAmount::ZERO);
    if let Some(missing) = missing {
        let others: Vec<&Utxo> = coins.iter().filter(|coin| !picked.contains(coin)).copied().collect();
        picked.extend(select(&others, missing)?);
    }
    Some(picked)
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
    use elements::{AssetId, OutPoint, RangeProof, SurjectionProof, TxOut, TxOutWitness, Txid};

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
        let first = select(&all, target).map(amounts);
        assert_eq!(first, select(&reversed, target).map(amounts), "the order of the coins plays no part");
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
            let picked = select_from(vec![&coins[1]], &all, AssetAmount::from_base_units(target));
            picked.map(|picked| picked.iter().map(|coin| coin.amount().base_units()).collect::<Vec<_>>())
        };
        assert_eq!(from(1), Some(vec![9]));
        assert_eq!(from(9), Some(vec![9]));
        assert_eq!(from(15), Some(vec![9, 7]));
        assert_eq!(from(121), Some(vec![9, 100, 7, 5]));
        assert_eq!(from(122), None);
    }

    #[test]
    fn too_little_is_none() {
        assert_eq!(picked(&[5, 9, 7], 22), None);
        assert_eq!(picked(&[], 1), None);
        assert_eq!(worth(&[]), AssetAmount::ZERO);
    }
}
