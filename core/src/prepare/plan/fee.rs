//! The fee: L-BTC coins, the fee output, and the L-BTC change that always remains.
//!
//! Change is kept however small: blinded outputs have no dust rule, and one blinded output at least must exist. Where
//! nothing on the input side is blinded one blinded output would have a public amount, so a coin is added instead.

use super::draft::Draft;
use super::replace;
use super::select::{select_from, worth};
use super::{FeeBasis, Plan, PlanError, PlannedInput, Shortfall, shape};
use crate::consensus::{OutputShape, WeightBound};
use crate::treasury::{Branch, IssuanceKind, Utxo};
use crate::units::{AssetAmount, Satoshi};

/// The least L-BTC change.
const LEAST_CHANGE: AssetAmount = AssetAmount::from_base_units(1);

/// Adds L-BTC and closes the plan.
pub(super) fn finish(mut draft: Draft<'_>) -> Result<Plan, PlanError> {
    let all = draft.coins_of(draft.policy_asset());
    let first = replacing(&draft, &all)?;
    let coins = worth_spending(&draft, &all);
    let mut funding = fund(&draft, &coins, first.clone())?;

    if too_few_blinded(&draft, &funding).is_some() {
        // A blinded L-BTC coin puts something blinded on the input side.
        let blinded = coins.iter().filter(|coin| coin.is_blinded() && !funding.coins.contains(coin));
        let smallest = blinded.min_by_key(|coin| (coin.amount(), coin.outpoint)).copied();
        if let Some(coin) = smallest {
            funding = fund(&draft, &coins, first.into_iter().chain([coin]).collect())?;
        } else if let Some(coin) =
            draft.spare.iter().min_by_key(|coin| (coin.amount(), coin.outpoint)).cloned()
        {
            // Another coin of the asset gives a second blinded change. Plans with asset change have none to spare for.
            let asset = coin.asset();
            let amount = coin.amount();
            draft.spend([coin]);
            draft.pay_self(Branch::Internal, asset, amount)?;
            funding = fund(&draft, &coins, first)?;
        }
    }
    if let Some((found, needed)) = too_few_blinded(&draft, &funding) {
        return Err(PlanError::TooFewBlinded { found, needed });
    }

    let policy_asset = draft.policy_asset();
    draft.spend(funding.coins.iter().map(|coin| (*coin).clone()));
    draft.pay_self(Branch::Internal, policy_asset, funding.change)?;
    let fee = (policy_asset, funding.fee);
    Plan::balanced(draft.inputs, draft.outputs, fee, draft.request, draft.treasury.descriptor)
}

/// The coins that hold more than it costs to spend them: anybody can send any number of the others.
fn worth_spending<'a>(draft: &Draft<'_>, coins: &[&'a Utxo]) -> Vec<&'a Utxo> {
    let cost = cost_of_spending(draft).unwrap_or(AssetAmount::ZERO);
    coins.iter().filter(|coin| coin.amount() > cost).copied().collect()
}

/// What one input more costs.
fn cost_of_spending(draft: &Draft<'_>) -> Option<AssetAmount> {
    let with = |count| Some(fee_with(draft, &[], count).ok()?.as_asset_amount());
    with(2)?.checked_sub(with(1)?)
}

/// The L-BTC coin that a replacement starts from where the job itself spends nothing of what it replaces.
fn replacing<'a>(draft: &Draft<'a>, coins: &[&'a Utxo]) -> Result<Vec<&'a Utxo>, PlanError> {
    let Some(replaced) = &draft.settings.replace else { return Ok(Vec::new()) };
    let spent: Vec<&Utxo> = draft.inputs.iter().map(|input| &input.coin).collect();
    if !replaced.coins_among(&spent).is_empty() {
        return Ok(Vec::new());
    }
    match replace::largest(&replaced.coins_among(coins)) {
        Some(coin) => Ok(vec![coin]),
        None => Err(replaced.out_of_reach(draft.treasury.coins)),
    }
}

/// What is missing when `coins` of the request's asset are worth less than `needed`. L-BTC is told along with it where
/// even these coins leave no fee: whoever fetches coins then goes once.
pub(super) fn missing(mut draft: Draft<'_>, coins: &[&Utxo], needed: AssetAmount) -> PlanError {
    let mut shortfalls = vec![Shortfall { asset: draft.request.asset, needed, found: worth(coins) }];
    draft.spend(coins.iter().map(|coin| (*coin).clone()));
    if let Err(PlanError::MissingCoins(more)) =
        fund(&draft, &worth_spending(&draft, &draft.coins_of(draft.policy_asset())), Vec::new())
    {
        shortfalls.extend(more);
    }
    PlanError::MissingCoins(shortfalls)
}

struct Funding<'a> {
    coins: Vec<&'a Utxo>,
    fee: Satoshi,
    change: AssetAmount,
}

/// Picks L-BTC for the fee, `forced` coins first. Each coin makes the transaction heavier, so it repeats until the
/// number of coins it assumed is the number it picked; that number only grows.
fn fund<'a>(draft: &Draft<'a>, coins: &[&'a Utxo], forced: Vec<&'a Utxo>) -> Result<Funding<'a>, PlanError> {
    let mut assumed = forced.len().max(1);
    loop {
        let fee = fee_with(draft, coins, assumed)?;
        let target = fee.as_asset_amount().checked_add(LEAST_CHANGE).ok_or(PlanError::Overflow)?;
        let Some(picked) = select_from(forced.clone(), coins, target) else {
            let asset = draft.policy_asset();
            let shortfall = Shortfall { asset, needed: target, found: worth(coins) };
            return Err(PlanError::MissingCoins(vec![shortfall]));
        };
        if picked.len() <= assumed {
            // Fewer coins than assumed may do; the fee is theirs, and the change takes the rest.
            let fee = fee_with(draft, coins, picked.len())?;
            let change = worth(&picked).checked_sub(fee.as_asset_amount()).ok_or(PlanError::Overflow)?;
            return Ok(Funding { coins: picked, fee, change });
        }
        assumed = picked.len();
    }
}

/// The fee with this many L-BTC coins.
fn fee_with(draft: &Draft<'_>, coins: &[&Utxo], count: usize) -> Result<Satoshi, PlanError> {
    let WeightBound { full, discounted } = bound_with(draft, coins, count)?;
    let size = match draft.settings.fee_basis {
        FeeBasis::Discounted => discounted.virtual_size(),
        FeeBasis::Full => full.virtual_size(),
    };
    let asked = draft.settings.fee_rate.fee(size).ok_or(PlanError::Overflow)?;
    match &draft.settings.replace {
        Some(replaced) => {
            let least = replaced.least_fee(full.virtual_size()).ok_or(PlanError::Overflow)?;
            Ok(asked.max(least))
        }
        None => Ok(asked),
    }
}

fn bound_with(draft: &Draft<'_>, coins: &[&Utxo], count: usize) -> Result<WeightBound, PlanError> {
    // The change's proof grows above 2^52 base units: all the L-BTC there is gives the bound.
    let change = draft.own_output(Branch::Internal, draft.policy_asset(), worth(coins))?;
    let mut outputs = draft.outputs.clone();
    outputs.push(change);
    let mut shape = shape(&draft.inputs, &outputs, draft.treasury.descriptor.script_type());
    let script_type = draft.treasury.descriptor.script_type();
    let funding = crate::consensus::InputShape { script_type, issuance: None };
    shape.inputs.extend(std::iter::repeat_n(funding, count));
    shape.outputs.push(OutputShape { script_length: 0, blinded_value: None });
    Ok(shape.bound())
}

/// Blinded outputs found and needed, if they are too few: one always, two when nothing that goes in is blinded.
fn too_few_blinded(draft: &Draft<'_>, funding: &Funding<'_>) -> Option<(usize, usize)> {
    let blinded_input = |input: &PlannedInput| {
        let blinded_issuance =
            matches!(input.issuance, Some(issuance) if issuance.kind == IssuanceKind::Blinded);
        input.coin.is_blinded() || blinded_issuance
    };
    let any = draft.inputs.iter().any(blinded_input) || funding.coins.iter().any(|coin| coin.is_blinded());
    let needed = if any { 1 } else { 2 };
    // The L-BTC change is always blinded.
    let found = draft.outputs.iter().filter(|output| output.blinding_key.is_some()).count().saturating_add(1);
    (found < needed).then_some((found, needed))
}
