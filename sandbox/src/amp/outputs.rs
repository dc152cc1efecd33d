//! The outputs that AMP knows of an asset and its tokens: how each opens and whose it is.

use std::collections::BTreeMap;

use coldamp_core::elements::{AssetId, OutPoint, Txid};
use coldamp_core::units::AssetAmount;
use serde_json::json;

use super::answers::Refusal;
use super::asset::Asset;
use super::open::Opening;
use super::routes::Route;
use super::users::User;
use super::{Amp, body};
use crate::exchange::Answer;
use crate::ledger::Ledger;

/// Confirmations that AMP's script waits for, and below which nothing counts here.
pub(super) const ENOUGH_CONFIRMATIONS: u32 = 2;

/// Whose an output is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    /// The issuer's.
    Treasury,
    /// A registered user's.
    User(u64),
    /// Nobody's any more.
    Burnt,
}

/// An output that AMP knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known {
    /// How it opens. Zero blinders of a blinded output are missing ones.
    pub(super) opening: Opening,
    /// Whose it is.
    pub(super) holder: Holder,
}

/// The mined transaction that spends an output. What only waits in the mempool may still go.
pub(super) fn mined_spender(ledger: &dyn Ledger, outpoint: OutPoint) -> Option<Txid> {
    let mined = |txid: &Txid| ledger.confirmations(*txid).is_some_and(|confirmations| confirmations > 0);
    ledger.spender(outpoint).filter(mined)
}

impl Asset {
    /// The treasury's outputs of an asset that no mined transaction spends; those that the chain does not know count
    /// too, since AMP goes by its own books.
    pub(super) fn treasury_unspent(
        &self,
        ledger: &dyn Ledger,
        asset: AssetId,
    ) -> impl Iterator<Item = (OutPoint, &Known)> {
        let unspent = move |outpoint: &OutPoint| mined_spender(ledger, *outpoint).is_none();
        let outputs = self.outputs.iter().map(|(outpoint, known)| (*outpoint, known));
        outputs
            .filter(move |(_, known)| known.holder == Holder::Treasury && known.opening.asset == asset)
            .filter(move |(outpoint, _)| unspent(outpoint))
    }

    /// What the treasury holds of the asset with enough confirmations, in base units.
    pub(super) fn treasury_balance(&self, ledger: &dyn Ledger) -> AssetAmount {
        let settled = self
            .treasury_unspent(ledger, self.record.asset)
            .filter(|(outpoint, known)| {
                is_settled(ledger, *outpoint) && !self.is_out_of_sight(ledger, *outpoint, known)
            })
            .map(|(_, known)| known.opening.amount);
        AssetAmount::checked_sum(settled).unwrap_or(AssetAmount::ZERO)
    }
}

/// Whether an output has enough confirmations.
pub(super) fn is_settled(ledger: &dyn Ledger, outpoint: OutPoint) -> bool {
    ledger.confirmations(outpoint.txid).is_some_and(|confirmations| confirmations >= ENOUGH_CONFIRMATIONS)
}

impl Amp {
    /// Who holds how much, the treasury as nobody's, with the lost outputs.
    pub(super) fn balance(&self, ledger: &dyn Ledger, route: &Route<'_>) -> Result<Answer, Refusal> {
        let asset = self.asset(route)?;
        let mut held: BTreeMap<Option<u64>, AssetAmount> = BTreeMap::new();
        for (outpoint, known) in self.holdings(ledger, asset) {
            if is_settled(ledger, outpoint) {
                let owner = match known.holder {
                    Holder::User(id) => Some(id),
                    Holder::Treasury | Holder::Burnt => None,
                };
                let sum = held.entry(owner).or_default();
                *sum = sum.checked_add(known.opening.amount).unwrap_or(*sum);
            }
        }
        let rows: Vec<_> = held
            .into_iter()
            .map(|(owner, amount)| {
                let user = owner.and_then(|id| self.users.get(&id));
                json!({
                    "owner": user.map(|user| &user.name),
                    "amount": amount.base_units(),
                    "GAID": user.map(|user| &user.gaid),
                })
            })
            .collect();
        let mut answer = asset.lost(ledger).to_json();
        if let Some(members) = answer.as_object_mut() {
            members.insert("confirmed_balance".to_owned(), json!(rows));
        }
        Ok(Answer::json(200, &answer))
    }

    /// Every holder's outputs. `gaid` is in small letters here and in capitals elsewhere, as in AMP.
    pub(super) fn utxos(&self, ledger: &dyn Ledger, route: &Route<'_>) -> Result<Answer, Refusal> {
        let asset = self.asset(route)?;
        let rows: Vec<_> = self
            .holdings(ledger, asset)
            .map(|(outpoint, known)| {
                let user = self.holder_of(known);
                json!({
                    "txid": outpoint.txid.to_string(),
                    "vout": outpoint.vout,
                    "asset": known.opening.asset.to_string(),
                    "amount": known.opening.amount.base_units(),
                    "registered_user": user.map(|user| user.id),
                    "gaid": user.map(|user| &user.gaid),
                    "blacklisted": false,
                })
            })
            .collect();
        Ok(Answer::json(200, &json!(rows)))
    }

    /// The user that holds an output.
    pub(super) fn holder_of(&self, known: &Known) -> Option<&User> {
        match known.holder {
            Holder::User(id) => self.users.get(&id),
            Holder::Treasury | Holder::Burnt => None,
        }
    }

    fn holdings<'a>(
        &'a self,
        ledger: &'a dyn Ledger,
        asset: &'a Asset,
    ) -> impl Iterator<Item = (OutPoint, &'a Known)> {
        let outputs = asset.outputs.iter().map(|(outpoint, known)| (*outpoint, known));
        outputs
            .filter(|(_, known)| known.opening.asset == asset.record.asset && known.holder != Holder::Burnt)
            .filter(|(outpoint, _)| mined_spender(ledger, *outpoint).is_none())
    }
}

/// Outputs as AMP names them.
pub(super) fn named<'a>(outputs: impl Iterator<Item = (OutPoint, &'a Known)>) -> Vec<body::Named> {
    outputs.map(|(outpoint, _)| outpoint.into()).collect()
}
