//! A burn: an explicit output to a bare OP_RETURN, from coins that AMP listed (security.md 12).

use elements::OutPoint;
use elements::opcodes::all::OP_RETURN;
use elements::script::Builder;

use super::draft::Draft;
use super::select::{select, worth};
use super::{PlanError, fee};
use crate::treasury::Branch;
use crate::units::AssetAmount;

pub(super) fn draft<'a>(
    mut draft: Draft<'a>,
    amount: AssetAmount,
    listed: &[OutPoint],
) -> Result<Draft<'a>, PlanError> {
    let asset = draft.request.asset;
    // One byte: `Script::new_op_return(&[])` would push an empty string behind it.
    draft.pay_explicit(Builder::new().push_opcode(OP_RETURN).into_script(), asset, amount);
    let mut coins = draft.coins_of(asset);
    coins.retain(|coin| listed.contains(&coin.outpoint));
    let Some(picked) = select(&coins, amount) else {
        return Err(fee::missing(draft, &coins, amount));
    };
    let change = worth(&picked).checked_sub(amount).ok_or(PlanError::Overflow)?;
    let spare = coins.iter().filter(|coin| !picked.contains(coin)).map(|coin| (*coin).clone());
    draft.spare = spare.collect();
    draft.spend(picked.into_iter().cloned());
    if change > AssetAmount::ZERO {
        draft.pay_self(Branch::Internal, asset, change)?;
    }
    Ok(draft)
}
