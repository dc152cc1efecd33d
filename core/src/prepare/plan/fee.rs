//! The fee: L-BTC coins, the fee output, and the L-BTC change that always remains.
//!
//! Even one satoshi of change is kept: blinded outputs have no dust rule, and at least one blinded output must exist. Where
//! no input is blinded, the amount of a single blinded output would be public, so another coin is added.

use super::draft::Draft;
use super::replace;
use super::select::{LargestFirst, outpoints, worth};
use super::{Dust, FeeBasis, Plan, PlanError, PlannedInput, Shortfall, shape};
use crate::consensus::{InputShape, OutputShape, WeightBound};
use crate::treasury::{Branch, IssuanceKind, Utxo};
use crate::units::{AssetAmount, Satoshi};

/// The least L-BTC change.
const LEAST_CHANGE: AssetAmount = AssetAmount::from_base_units(1);

/// L-BTC of the treasury for the fee.
struct Lbtc<'a> {
    /// The coins that hold more than it costs to spend them.
    coins: LargestFirst<'a>,
    /// The other coins. Anybody can send the treasury any number of them.
    dust: Option<Dust>,
}

/// The L-BTC coins that pay the fee.
struct Funding<'a> {
    coins: Vec<&'a Utxo>,
    fee: Satoshi,
    change: AssetAmount,
}

/// Adds L-BTC and closes the plan.
pub(super) fn finish(mut draft: Draft<'_>) -> Result<Plan, PlanError> {
    let first = replacing(&draft)?;
    let lbtc = worth_spending(&draft);
    let mut funding = fund(&draft, &lbtc, first.clone())?;

    if too_few_blinded(&draft, &funding).is_some() {
        let funding_coins = outpoints(&funding.coins);
        // A blinded L-BTC coin makes one input blinded.
        let blinded = lbtc
            .coins
            .coins()
            .iter()
            .filter(|coin| coin.is_blinded() && !funding_coins.contains(&coin.outpoint));
        let smallest = blinded.min_by_key(|coin| (coin.amount(), coin.outpoint)).copied();
        if let Some(coin) = smallest {
            funding = fund(&draft, &lbtc, first.into_iter().chain([coin]).collect())?;
        } else if let Some(coin) =
            draft.spare.iter().copied().min_by_key(|coin| (coin.amount(), coin.outpoint))
        {
            // Another coin of the asset gives a second blinded change. A plan with change of the asset has two already.
            let asset = coin.asset();
            let amount = coin.amount();
            draft.spend([coin.clone()]);
            draft.pay_self(Branch::Internal, asset, amount)?;
            funding = fund(&draft, &lbtc, first)?;
        }
    }
    if let Some((found, needed)) = too_few_blinded(&draft, &funding) {
        return Err(PlanError::TooFewBlinded { found, needed });
    }

    draft.spend(funding.coins.iter().map(|coin| (*coin).clone()));
    draft.pay_self(Branch::Internal, draft.policy_asset(), funding.change)?;
    Plan::balanced(draft, funding.fee)
}

/// The L-BTC that is missing to pay for a draft. `None` where there is enough.
pub(super) fn missing(draft: &Draft<'_>) -> Vec<Shortfall> {
    match fund(draft, &worth_spending(draft), Vec::new()) {
        Err(PlanError::MissingCoins(shortfalls)) => shortfalls,
        _ => Vec::new(),
    }
}

fn worth_spending<'a>(draft: &Draft<'a>) -> Lbtc<'a> {
    let cost = cost_of_spending(draft).unwrap_or(AssetAmount::ZERO);
    let all = draft.coins_of(draft.policy_asset());
    let (coins, dust): (Vec<&Utxo>, Vec<&Utxo>) = all.into_iter().partition(|coin| coin.amount() > cost);
    let dust = (!dust.is_empty()).then(|| Dust { coins: dust.len(), amount: worth(&dust) });
    Lbtc { coins: LargestFirst::of(coins), dust }
}

/// What one input more costs.
fn cost_of_spending(draft: &Draft<'_>) -> Option<AssetAmount> {
    let with = |count| Some(fee_with(draft, &[], count).ok()?.as_asset_amount());
    with(2)?.checked_sub(with(1)?)
}

/// The L-BTC coin of the replaced transaction that must be spent, because the job spends no other coin of it.
fn replacing<'a>(draft: &Draft<'a>) -> Result<Vec<&'a Utxo>, PlanError> {
    let Some(replaced) = &draft.settings.replace else { return Ok(Vec::new()) };
    let spent: Vec<&Utxo> = draft.inputs.iter().map(|input| &input.coin).collect();
    if !replaced.coins_among(&spent).is_empty() {
        return Ok(Vec::new());
    }
    match replace::largest(&replaced.coins_among(&draft.coins_of(draft.policy_asset()))) {
        Some(coin) => Ok(vec![coin]),
        None => Err(replaced.why_not_excluded(draft.treasury.coins)),
    }
}

/// Picks L-BTC for the fee, with `forced` coins first. Each coin makes the transaction heavier. So this repeats until as
/// many coins are picked as were assumed, or fewer. The number only grows.
fn fund<'a>(draft: &Draft<'a>, lbtc: &Lbtc<'a>, forced: Vec<&'a Utxo>) -> Result<Funding<'a>, PlanError> {
    let coins = &lbtc.coins;
    let mut assumed = forced.len().max(1);
    loop {
        let fee = fee_with(draft, coins.coins(), assumed)?;
        let target = fee.as_asset_amount().checked_add(LEAST_CHANGE).ok_or(PlanError::Overflow)?;
        let Some(picked) = coins.select_from(forced.clone(), target) else {
            let (asset, found) = (draft.policy_asset(), worth(coins.coins()));
            let shortfall = Shortfall { asset, needed: target, found, dust: lbtc.dust };
            return Err(PlanError::MissingCoins(vec![shortfall]));
        };
        if picked.len() <= assumed {
            // The fee is for the coins that were picked, which may be fewer. The change takes the rest.
            let fee = fee_with(draft, coins.coins(), picked.len())?;
            let change = worth(&picked).checked_sub(fee.as_asset_amount()).ok_or(PlanError::Overflow)?;
            return Ok(Funding { coins: picked, fee, change });
        }
        assumed = picked.len();
    }
}

/// The fee with this many L-BTC coins.
fn fee_with(draft: &Draft<'_>, coins: &[&Utxo], count: usize) -> Result<Satoshi, PlanError> {
    let WeightBound { full, discounted } = bound_with(draft, coins, count);
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

fn bound_with(draft: &Draft<'_>, coins: &[&Utxo], count: usize) -> WeightBound {
    let descriptor = draft.treasury.descriptor;
    let spend_size = descriptor.spend_size();
    let mut shape = shape(&draft.inputs, &draft.outputs, spend_size);
    let funding = InputShape { spend_size, issuance: None };
    shape.inputs.extend(std::iter::repeat_n(funding, count));
    // The proof of the change is larger above 2^52 base units. The sum of all coins gives the bound.
    let blinded_value = Some(worth(coins).base_units());
    shape.outputs.push(OutputShape { script_length: descriptor.kind().script_length(), blinded_value });
    shape.outputs.push(OutputShape { script_length: 0, blinded_value: None });
    shape.bound()
}

/// How many blinded outputs were found and are needed, if they are too few. One is needed always, and two where no input is
/// blinded (docs/rules.md#enough-blinded).
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
