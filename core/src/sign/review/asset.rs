//! What is known about the request's asset: nothing, that it is an asset and not a reissuance token, or also its ticker and
//! precision.
//!
//! What a PSET says about the asset is not in the content, so approval codes do not cover it (docs/rules.md#content). Each
//! claim is either proven by hashes that lead to the asset id of the request, or refused. A contract proves ids, ticker and
//! precision (docs/rules.md#contract). An entropy, in a field of its own or in the reissuance, proves the ids alone
//! (docs/rules.md#asset-entropy).
//!
//! A PSET that proves nothing is not refused; the review warns of it. An attacker can always leave the proof out. Only the
//! issuer's policy pins the asset, whatever the PSET says.

use elements::AssetId;

use super::effects::Effects;
use super::mismatch::Mismatch;
use crate::code::Code;
use crate::pset::{ClaimedAssetMetadata, ClaimedMetadata, ClaimedTokenMetadata};
use crate::treasury::{IssuanceIds, IssuanceKind, ProvenContract, contract_ids};

/// What is proven about the request's asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AssetKnowledge {
    /// Nothing is proven: it may be a reissuance token.
    Unproven,
    /// Its ids are proven: an entropy leads to it, so it is an asset and not a token.
    Entropy(IssuanceIds),
    /// Its ids, ticker, precision, name and domain are proven by its contract.
    Contract(ProvenContract),
}

impl AssetKnowledge {
    /// Entropy, asset and token ids, if proven.
    pub fn ids(&self) -> Option<&IssuanceIds> {
        match self {
            AssetKnowledge::Unproven => None,
            AssetKnowledge::Entropy(ids) => Some(ids),
            AssetKnowledge::Contract(contract) => Some(contract.ids()),
        }
    }

    /// What the contract says, if proven.
    pub fn contract(&self) -> Option<&ProvenContract> {
        match self {
            AssetKnowledge::Contract(contract) => Some(contract),
            AssetKnowledge::Unproven | AssetKnowledge::Entropy(_) => None,
        }
    }
}

/// What is known about the request's asset, and the claims about it that are wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) asset: AssetKnowledge,
    pub(super) mismatches: Vec<Mismatch>,
}

/// Establishes what the request's asset is. `pinned` is what the issuer's policy says about it.
pub(super) fn known(
    asset: AssetId,
    claimed: &ClaimedMetadata,
    effects: &Effects,
    pinned: &AssetKnowledge,
) -> Known {
    let mut claims = Claims { asset, effects, mismatches: Vec::new() };
    let mut contract = None;
    for metadata in &claimed.assets {
        contract = contract.or(claims.contract(metadata));
    }
    let given = claimed.entropy.map(IssuanceIds::from_entropy).and_then(|ids| claims.entropy(ids));
    let reissued = effects.claimed_issuance().and_then(|claim| claim.issuance.entropy);
    let reissued = reissued.map(IssuanceIds::from_entropy).filter(|ids| ids.asset == asset);

    let pinned_contract = pinned.contract().filter(|contract| contract.ids().asset == asset);
    let pinned_ids = pinned.ids().filter(|ids| ids.asset == asset);
    let known = match contract.or(pinned_contract.cloned()) {
        Some(contract) => AssetKnowledge::Contract(contract),
        None => given
            .or(reissued)
            .or(pinned_ids.copied())
            .map_or(AssetKnowledge::Unproven, AssetKnowledge::Entropy),
    };
    claims.tokens(&claimed.tokens, known.ids());
    Known { asset: known, mismatches: claims.mismatches }
}

/// Compares the claims of one PSET with the request's asset.
struct Claims<'a> {
    asset: AssetId,
    effects: &'a Effects,
    mismatches: Vec<Mismatch>,
}

impl Claims<'_> {
    fn report(
        &mut self,
        code: Code,
        place: &str,
        found: impl std::fmt::Display,
        expected: impl std::fmt::Display,
    ) {
        self.mismatches.push(Mismatch::new(code, place, found, expected));
    }

    /// Refuses a request that names a token as its asset: whoever receives the token can reissue, and a burn destroys it.
    fn is_token(&mut self, place: &str, of: AssetId) {
        let found = format!("{}, the reissuance token of {of}, named as the request's asset", self.asset);
        self.report(Code::TokenUnexpected, place, found, "an asset");
    }

    fn contract(&mut self, claimed: &ClaimedAssetMetadata) -> Option<ProvenContract> {
        let place = "asset metadata (ELIP-100)";
        let ids = contract_ids(claimed.contract.as_bytes(), claimed.prevout);
        if ids.kind_of_token(self.asset).is_some() {
            self.is_token(place, ids.asset);
            return None;
        }
        if claimed.asset != self.asset {
            let found = format!("metadata of asset {}", claimed.asset);
            self.report(Code::UnknownField, place, found, "metadata of the request's asset only");
            return None;
        }
        let proven = ProvenContract::prove(claimed.contract.as_bytes(), claimed.prevout, self.asset);
        proven
            .map_err(|error| self.report(Code::Contract, place, error, "the contract of the request's asset"))
            .ok()
    }

    fn entropy(&mut self, ids: IssuanceIds) -> Option<IssuanceIds> {
        let place = "entropy of the asset";
        if ids.asset == self.asset {
            return Some(ids);
        }
        match ids.kind_of_token(self.asset) {
            Some(_) => self.is_token(place, ids.asset),
            None => {
                let expected = format!("that of {}", self.asset);
                self.report(Code::Entropy, place, format!("the entropy of asset {}", ids.asset), expected);
            }
        }
        None
    }

    /// Checks token metadata, which says which token an asset has and how it was issued. Each asset has two token ids but only
    /// one token. The id tells how the asset was issued, and the coins that are spent show which of the two exists.
    fn tokens(&mut self, claimed: &[ClaimedTokenMetadata], ids: Option<&IssuanceIds>) {
        let mut seen = false;
        for metadata in claimed {
            let place = "token metadata (ELIP-100)";
            let ClaimedTokenMetadata { token, asset, blinded } = *metadata;
            if token == self.asset {
                self.is_token(place, asset);
                continue;
            }
            let kind = ids.and_then(|ids| ids.kind_of_token(token));
            let Some(kind) = kind else {
                let found = format!("token {token} of asset {asset}");
                match asset == self.asset && ids.is_none() {
                    true => {
                        self.report(Code::Contract, place, found, "a contract or an entropy that proves it")
                    }
                    false => {
                        self.report(Code::UnknownField, place, found, "the request's asset's own token only")
                    }
                }
                continue;
            };
            if asset != self.asset {
                self.report(Code::Contract, place, format!("a token of asset {asset}"), self.asset);
            }
            let flagged = if blinded { IssuanceKind::Blinded } else { IssuanceKind::Explicit };
            if flagged != kind {
                let found = format!("an asset issued {}", flagged.name());
                self.report(Code::Contract, place, found, format!("{}, as the token's id says", kind.name()));
            }
            let held = ids.and_then(|ids| self.kind_held(ids));
            if seen || held.is_some_and(|held| held != kind) {
                let expected = "the one token that the asset has";
                self.report(Code::Contract, place, format!("token {token}"), expected);
            }
            seen = true;
        }
    }

    /// The kind of the asset's token, if the transaction spends one.
    fn kind_held(&self, ids: &IssuanceIds) -> Option<IssuanceKind> {
        let mut secrets = self.effects.inputs.iter().filter_map(|input| input.secrets.as_ref());
        secrets.find_map(|secrets| ids.kind_of_token(secrets.asset))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consensus::TransactionShape;
    use elements::{AssetEntropy, OutPoint};

    const CONTRACT: &str =
        r#"{"entity":{"domain":"example.com"},"name":"Share","precision":2,"ticker":"DTST"}"#;

    fn effects() -> Effects {
        let shape = TransactionShape { inputs: Vec::new(), outputs: Vec::new() };
        Effects { inputs: Vec::new(), outputs: Vec::new(), bound: shape.bound() }
    }

    fn pinned() -> (AssetId, AssetKnowledge) {
        let asset = contract_ids(CONTRACT.as_bytes(), OutPoint::default()).asset;
        let contract = ProvenContract::prove(CONTRACT.as_bytes(), OutPoint::default(), asset).unwrap();
        (asset, AssetKnowledge::Contract(contract))
    }

    #[test]
    fn what_policy_pins_is_known_although_the_pset_says_nothing() {
        let (asset, contract) = pinned();
        let entropy = AssetKnowledge::Entropy(*contract.ids().unwrap());
        for pinned in [contract, entropy, AssetKnowledge::Unproven] {
            let found = known(asset, &ClaimedMetadata::default(), &effects(), &pinned);
            assert_eq!(found, Known { asset: pinned, mismatches: Vec::new() });
        }
    }

    #[test]
    fn what_policy_pins_of_another_asset_is_nothing_to_this_one() {
        let (_, contract) = pinned();
        let asset = AssetId::from_byte_array([7; 32]);
        let found = known(asset, &ClaimedMetadata::default(), &effects(), &contract);
        assert_eq!(found, Known { asset: AssetKnowledge::Unproven, mismatches: Vec::new() });
    }

    #[test]
    fn a_wrong_claim_is_refused_although_policy_knows_better() {
        let (asset, contract) = pinned();
        let entropy = Some(AssetEntropy::from_byte_array([7; 32]));
        let claimed = ClaimedMetadata { entropy, ..ClaimedMetadata::default() };
        let found = known(asset, &claimed, &effects(), &contract);
        assert_eq!(found.asset, contract);
        assert_eq!(
            found.mismatches.iter().map(|mismatch| mismatch.code).collect::<Vec<_>>(),
            [Code::Entropy]
        );
    }
}
