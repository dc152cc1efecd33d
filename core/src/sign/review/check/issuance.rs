//! Issuance fields. A distribution or burn has none. A reissue has exactly one issuance: on the first token input, of the
//! request's asset, with the token's blinding factor as nonce, and of the kind that the token id implies
//! (docs/rules.md#issuance, docs/rules.md#token-kind).

use elements::{AssetBlindingNonce, AssetId};

use super::super::effects::ClaimOnInput;
use super::Rules;
use crate::code::Code;
use crate::pset::ClaimedIssuance;
use crate::treasury::{IssuanceIds, IssuanceKind};
use crate::units::{AssetAmount, base_units};

/// The reissuance token that a valid reissuance uses.
pub(super) struct ProvenToken {
    pub(super) token: AssetId,
}

impl Rules<'_> {
    pub(super) fn no_issuance(&mut self) {
        for (index, input) in self.effects.inputs.iter().enumerate() {
            if input.claimed_issuance.is_some() {
                let expected = format!("none in a {}", self.request.command());
                self.report(Code::IssuanceUnexpected, &format!("input {index}"), "issuance fields", expected);
            }
        }
    }

    /// Checks the reissuance. Returns the token that it is proven to use.
    pub(super) fn one_issuance(&mut self, amount: AssetAmount) -> Option<ProvenToken> {
        let effects = self.effects;
        let Some(ClaimOnInput { input: index, issuance }) = effects.claimed_issuance() else {
            self.report(
                Code::IssuanceAmount,
                "the inputs",
                "no issuance",
                format!("{} reissued", amount.in_base_units()),
            );
            return None;
        };
        for (other, input) in effects.inputs.iter().enumerate() {
            if other != index && input.claimed_issuance.is_some() {
                self.report(
                    Code::IssuanceUnexpected,
                    &format!("input {other}"),
                    "a second issuance",
                    "one issuance",
                );
            }
        }
        let place = format!("input {index}");
        if issuance.nonce.is_null() {
            self.report(
                Code::IssuanceKind,
                &place,
                "a zero nonce, which makes a new asset",
                "the token's blinding factor",
            );
        }
        if issuance.amount != Some(amount.base_units()) {
            let found = issuance.amount.map_or("no amount".to_owned(), base_units);
            self.report(Code::IssuanceAmount, &place, found, amount.in_base_units());
        }
        let ids = issuance.entropy.map(IssuanceIds::from_entropy);
        let Some(ids) = ids.filter(|ids| ids.asset == self.request.asset) else {
            let found =
                ids.map_or("no entropy".to_owned(), |ids| format!("the entropy of asset {}", ids.asset));
            self.report(Code::IssuanceAsset, &place, found, format!("that of {}", self.request.asset));
            return None;
        };
        self.check_issuance_on_token_input(index, issuance, &ids)
    }

    fn check_issuance_on_token_input(
        &mut self,
        index: usize,
        issuance: &ClaimedIssuance,
        ids: &IssuanceIds,
    ) -> Option<ProvenToken> {
        let effects = self.effects;
        let place = format!("input {index}");
        let token_inputs = effects.inputs.iter().enumerate().filter_map(|(index, input)| {
            let secrets = input.secrets.as_ref()?;
            ids.kind_of_token(secrets.asset).map(|kind| (index, secrets, kind))
        });
        let Some((first, secrets, kind)) = token_inputs.into_iter().next() else {
            let expected = format!("token {} or {}", ids.explicit_token, ids.blinded_token);
            self.report(
                Code::IssuanceInput,
                &place,
                "no input that holds the asset's reissuance token",
                expected,
            );
            return None;
        };
        if first != index {
            self.report(
                Code::IssuanceInput,
                &place,
                "the issuance",
                format!("the issuance on the first token input, input {first}"),
            );
        }
        if effects.inputs.get(first).is_some_and(|input| !input.is_blinded()) {
            self.report(
                Code::IssuanceInput,
                &format!("input {first}"),
                "an unblinded token",
                "a blinded one, which alone can reissue",
            );
        }
        // The nonce is published and must be the blinding factor of the very token that is spent.
        if issuance.nonce != AssetBlindingNonce::from_blinding_factor(secrets.asset_bf) {
            self.report(
                Code::IssuanceNonce,
                &place,
                "another nonce",
                "the asset blinding factor of the token",
            );
        }
        let flagged = match issuance.blinded_flag {
            None => IssuanceKind::Blinded,
            Some(_) => IssuanceKind::Explicit,
        };
        if flagged != kind || issuance.blinded_flag.is_some_and(|flag| flag != 0) {
            let expected = format!("{}, as the asset was issued", kind.name());
            self.report(
                Code::IssuanceBlinded,
                &place,
                format!("an amount marked {}", flagged.name()),
                expected,
            );
        }
        Some(ProvenToken { token: secrets.asset })
    }
}
