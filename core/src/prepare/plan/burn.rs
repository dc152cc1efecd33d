//! A burn: an explicit output to a bare OP_RETURN, paid from coins that AMP listed (docs/rules.md#burn).

use std::collections::BTreeSet;

use elements::OutPoint;
use elements::opcodes::all::OP_RETURN;
use elements::script::Builder;

use super::PlanError;
use super::draft::Draft;
use super::spend::spend_asset;
use crate::units::AssetAmount;

pub(super) fn draft<'a>(
    mut draft: Draft<'a>,
    amount: AssetAmount,
    listed: &[OutPoint],
) -> Result<Draft<'a>, PlanError> {
    let asset = draft.task.asset;
    // One byte: `Script::new_op_return(&[])` would add a push of an empty string.
    draft.pay_explicit(Builder::new().push_opcode(OP_RETURN).into_script(), asset, amount);
    let mut coins = draft.coins_of(asset);
    let listed: BTreeSet<OutPoint> = listed.iter().copied().collect();
    coins.retain(|coin| listed.contains(&coin.outpoint));
    spend_asset(draft, coins, amount)
}
