//! A distribution: the asset to each recipient, what is left to the next change address.

use super::draft::Draft;
use super::select::{select, worth};
use super::{PlanError, fee};
use crate::amp::Recipient;
use crate::treasury::Branch;
use crate::units::AssetAmount;

pub(super) fn draft<'a>(mut draft: Draft<'a>, recipients: &[Recipient]) -> Result<Draft<'a>, PlanError> {
    let asset = draft.request.asset;
    let needed = recipients.iter().map(|recipient| recipient.amount);
    let needed = AssetAmount::checked_sum(needed).ok_or(PlanError::Overflow)?;
    for recipient in recipients {
        draft.pay(&recipient.address, asset, recipient.amount);
    }
    let coins = draft.coins_of(asset);
    let Some(picked) = select(&coins, needed) else {
        return Err(fee::missing(draft, &coins, needed));
    };
    let change = worth(&picked).checked_sub(needed).ok_or(PlanError::Overflow)?;
    let spare = coins.iter().filter(|coin| !picked.contains(coin)).map(|coin| (*coin).clone());
    draft.spare = spare.collect();
    draft.spend(picked.into_iter().cloned());
    if change > AssetAmount::ZERO {
        draft.pay_self(Branch::Internal, asset, change)?;
    }
    Ok(draft)
}
