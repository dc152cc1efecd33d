//! A reissue merges all listed token coins into one and pays the new units to the treasury. The issuance is on the input of
//! the first token. A listed token that the treasury does not hold is refused, unless the operator says that it is AMP's
//! split token (docs/rules.md#token-inputs).

use std::collections::BTreeMap;

use elements::{AssetBlindingNonce, OutPoint};

use super::draft::Draft;
use super::{PlanError, PlannedIssuance};
use crate::treasury::{Branch, Utxo};
use crate::units::AssetAmount;

pub(super) fn draft<'a>(
    mut draft: Draft<'a>,
    amount: AssetAmount,
    listed: &[OutPoint],
) -> Result<Draft<'a>, PlanError> {
    let asset = draft.task.asset;
    let (ids, claimed_kind) = draft.treasury.issuance.ok_or(PlanError::NoIssuance { asset })?;
    let coins: BTreeMap<OutPoint, &Utxo> =
        draft.treasury.coins.iter().map(|coin| (coin.outpoint, coin)).collect();
    let missing: Vec<OutPoint> =
        listed.iter().filter(|outpoint| !coins.contains_key(outpoint)).copied().collect();
    let mut tokens: Vec<Utxo> =
        listed.iter().filter_map(|outpoint| coins.get(outpoint).copied()).cloned().collect();
    if !missing.is_empty() && (tokens.is_empty() || !draft.settings.allow_missing_tokens) {
        return Err(PlanError::TokenMissing { missing });
    }
    // The token that is held decides, as it does for consensus (docs/rules.md#token-kind). The issuance transaction from the
    // chain source could be forged.
    let kind = tokens.first().and_then(|coin| ids.kind_of_token(coin.asset())).unwrap_or(claimed_kind);
    let token = ids.token(kind);
    for coin in &tokens {
        let outpoint = coin.outpoint;
        if coin.asset() != token {
            return Err(PlanError::NotTheToken { outpoint, found: coin.asset(), expected: token });
        }
        if !coin.is_blinded() {
            return Err(PlanError::TokenUnblinded { outpoint });
        }
    }
    Utxo::sort(&mut tokens);
    let held = AssetAmount::checked_sum(tokens.iter().map(Utxo::amount)).ok_or(PlanError::Overflow)?;
    draft.spend(tokens);
    if let Some(first) = draft.inputs.first_mut() {
        first.issuance = Some(PlannedIssuance {
            kind,
            asset,
            amount,
            nonce: AssetBlindingNonce::from_blinding_factor(first.coin.secrets.asset_bf),
            entropy: ids.entropy,
        });
    }
    // To the external branch and not to change: a node does so, and AMP's `details` list outputs that are not change.
    draft.pay_self(Branch::External, asset, amount)?;
    draft.pay_self(Branch::External, token, held)?;
    Ok(draft)
}
