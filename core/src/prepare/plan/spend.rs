//! Spending coins of the task's asset: which coins are picked, and what is missing where they are too few.

use super::draft::Draft;
use super::select::{LargestFirst, outpoints, worth};
use super::{PlanError, Shortfall, fee};
use crate::treasury::{Branch, Utxo};
use crate::units::AssetAmount;

/// Spends enough of these coins of the task's asset, and pays what is left to the next change address. The other coins stay
/// spare.
pub(super) fn spend_asset<'a>(
    mut draft: Draft<'a>,
    coins: Vec<&'a Utxo>,
    needed: AssetAmount,
) -> Result<Draft<'a>, PlanError> {
    let coins = LargestFirst::of(coins);
    let Some(picked) = pick(&draft, &coins, needed) else {
        return Err(missing(draft, coins.coins(), needed));
    };
    let change = worth(&picked).checked_sub(needed).ok_or(PlanError::Overflow)?;
    let taken = outpoints(&picked);
    let spare = coins.coins().iter().filter(|coin| !taken.contains(&coin.outpoint));
    draft.spare = spare.copied().collect();
    draft.spend(picked.into_iter().cloned());
    if change > AssetAmount::ZERO {
        draft.pay_self(Branch::Internal, draft.task.asset, change)?;
    }
    Ok(draft)
}

/// The usual choice. In a replacement, coins of the replaced transaction come first, where they suffice by themselves, or
/// where no L-BTC coin can exclude that transaction instead.
fn pick<'a>(draft: &Draft<'a>, coins: &LargestFirst<'a>, needed: AssetAmount) -> Option<Vec<&'a Utxo>> {
    let Some(replaced) = &draft.settings.replace else { return coins.select(needed) };
    let replaced_coins = coins.only(|coin| replaced.inputs().contains(&coin.outpoint));
    let picked = replaced_coins.select(needed).or_else(|| coins.select(needed))?;
    let excludes = !replaced.coins_among(&picked).is_empty();
    let fee_can = || !replaced.coins_among(&draft.coins_of(draft.policy_asset())).is_empty();
    match replaced_coins.coins().first() {
        Some(first) if !excludes && !fee_can() => coins.select_from(vec![first], needed),
        _ => Some(picked),
    }
}

/// What is missing when these coins of the task's asset hold less than is needed. L-BTC is named as well, if it does not
/// pay the fee even for a transaction with these coins. So the operator can fetch both at once.
fn missing(mut draft: Draft<'_>, coins: &[&Utxo], needed: AssetAmount) -> PlanError {
    let found = worth(coins);
    let mut shortfalls = vec![Shortfall { asset: draft.task.asset, needed, found, dust: None }];
    draft.spend(coins.iter().map(|coin| (*coin).clone()));
    shortfalls.extend(fee::missing(&draft));
    PlanError::MissingCoins(shortfalls)
}
