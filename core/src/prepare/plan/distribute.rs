//! A distribution pays the asset to each recipient, and what is left to the next change address.

use super::PlanError;
use super::draft::Draft;
use super::spend::spend_asset;
use crate::amp::Recipient;
use crate::units::AssetAmount;

pub(super) fn draft<'a>(mut draft: Draft<'a>, recipients: &[Recipient]) -> Result<Draft<'a>, PlanError> {
    let asset = draft.task.asset;
    let needed = recipients.iter().map(|recipient| recipient.amount);
    let needed = AssetAmount::checked_sum(needed).ok_or(PlanError::Overflow)?;
    for recipient in recipients {
        draft.pay(&recipient.address, asset, recipient.amount);
    }
    let coins = draft.coins_of(asset);
    spend_asset(draft, coins, needed)
}
