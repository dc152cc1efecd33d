//! How far the setting up of an asset has come, and what shows that a step was forgotten.
//!
//! AMP's documentation and its clients name the steps after an issuance: register the treasury's addresses, register the asset,
//! authorize it, tell the blinders. What AMP does where one of them is missing is not known. The sandbox then refuses, or
//! shows the outputs as lost, so that a step which was forgotten is seen here and not with real assets. The texts of these
//! refusals are the sandbox's own.

use coldamp_core::elements::confidential::{AssetBlindingFactor, ValueBlindingFactor};
use coldamp_core::elements::{Address, AddressParams, AssetId, OutPoint};
use coldamp_core::listed::CoinName;

use super::Amp;
use super::answers::Refusal;
use super::asset::Asset;
use super::outputs::{ENOUGH_CONFIRMATIONS, Holder, Known, is_settled};
use super::routes::Route;
use super::txs::Kind;
use crate::exchange::Answer;
use crate::ledger::Ledger;
use crate::treasury::Issuance;

/// How far the setting up of an asset has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Standing {
    /// Whether the public asset registry has it.
    pub(super) is_registered: bool,
    /// Whether AMP enforces who may hold it.
    pub(super) is_authorized: bool,
    /// Whether only registered users may hold it.
    pub(super) transfer_restricted: bool,
    /// The issuance by AMP's own node; none of an asset that AMP was told of. The treasury's addresses of such an asset all
    /// count as registered.
    issuance: Option<Issuance>,
}

impl Standing {
    /// Of an asset whose treasury is ready.
    pub(super) fn founded() -> Self {
        Standing { is_registered: true, is_authorized: true, transfer_restricted: true, issuance: None }
    }

    /// Of an asset that was just issued.
    pub(super) fn issued(issuance: Issuance, transfer_restricted: bool) -> Self {
        let issuance = Some(issuance);
        Standing { is_registered: false, is_authorized: false, transfer_restricted, issuance }
    }
}

impl Asset {
    /// Whether AMP has lost sight of an output of the treasury, because the address that it pays was not registered: outputs
    /// of the issuance, and tokens that a reissuance moved. amp-rs registers both since an asset of it was lost. Change is
    /// not among them: reports tell AMP of it.
    pub(super) fn is_out_of_sight(&self, ledger: &dyn Ledger, outpoint: OutPoint, known: &Known) -> bool {
        if self.standing.issuance.is_none()
            || known.holder != Holder::Treasury
            || !is_settled(ledger, outpoint)
        {
            return false;
        }
        let by_address = match self.report(outpoint.txid).map(|report| &report.kind) {
            Some(Kind::Issuance) => true,
            Some(Kind::Reissuance { .. }) => known.opening.asset != self.record.asset,
            _ => false,
        };
        by_address && !self.pays_registered(ledger, outpoint)
    }

    /// Whether an output pays a registered address, in either form of it.
    fn pays_registered(&self, ledger: &dyn Ledger, outpoint: OutPoint) -> bool {
        let transaction = ledger.transaction(outpoint.txid);
        let vout = usize::try_from(outpoint.vout).ok();
        let output =
            transaction.as_ref().zip(vout).and_then(|(transaction, vout)| transaction.output.get(vout));
        let script = output.map(|output| &output.script_pubkey);
        let mut registered = self.treasury_addresses.iter().filter_map(|address| {
            Address::parse_with_params(address, &AddressParams::ELEMENTS)
                .ok()
                .map(|address| address.script_pubkey())
        });
        registered.any(|registered| Some(&registered) == script)
    }

    /// Refuses where AMP lacks the blinders of a coin of the treasury.
    pub(super) fn has_all_blinders(&self, ledger: &dyn Ledger, asset: AssetId) -> Result<(), Refusal> {
        let lacks = |(outpoint, known): &(OutPoint, &Known)| {
            let opening = &known.opening;
            let missing = opening.asset_blinder == AssetBlindingFactor::zero()
                || opening.amount_blinder == ValueBlindingFactor::zero();
            missing && is_blinded(ledger, *outpoint)
        };
        match self.treasury_unspent(ledger, asset).find(lacks) {
            None => Ok(()),
            Some((outpoint, _)) => Err(Refusal::detail(format!(
                "The sandbox's AMP lacks the blinders of {}. Tell it with update-blinders first.",
                CoinName(outpoint)
            ))),
        }
    }

    /// Refuses a distribution where a step of setting up is missing.
    pub(super) fn may_be_distributed(&self, ledger: &dyn Ledger) -> Result<(), Refusal> {
        if self.standing.transfer_restricted && !self.standing.is_authorized {
            return Err(Refusal::detail(
                "The sandbox's AMP has not authorized this asset. Ask for register-authorized first.",
            ));
        }
        self.has_all_blinders(ledger, self.record.asset)
    }

    /// Refuses what AMP is known to do only after some confirmations of the issuance.
    fn is_confirmed(&self, ledger: &dyn Ledger) -> Result<(), Refusal> {
        let confirmations = ledger.confirmations(self.record.txid).unwrap_or(0);
        if confirmations >= ENOUGH_CONFIRMATIONS {
            return Ok(());
        }
        Err(Refusal::detail(format!(
            "The issuance has {confirmations} confirmations; {ENOUGH_CONFIRMATIONS} are needed."
        )))
    }
}

impl Amp {
    /// Puts the asset into the public registry. AMP first looks for the domain's proof; the sandbox takes it as given.
    pub(super) fn register(&mut self, ledger: &mut dyn Ledger, route: &Route<'_>) -> Result<Answer, Refusal> {
        let asset = self.asset_mut(route)?;
        if asset.standing.is_registered {
            return Err(Refusal::detail("The asset is already registered."));
        }
        asset.is_confirmed(ledger)?;
        asset.standing.is_registered = true;
        if let Some(issuance) = &asset.standing.issuance {
            ledger.publish(issuance);
        }
        Ok(Answer::json(200, &asset.describe()))
    }

    /// Makes AMP enforce who may hold the asset.
    pub(super) fn register_authorized(
        &mut self,
        ledger: &dyn Ledger,
        route: &Route<'_>,
    ) -> Result<Answer, Refusal> {
        let asset = self.asset_mut(route)?;
        if asset.standing.is_authorized {
            return Err(Refusal::detail("The asset is already authorized."));
        }
        asset.is_confirmed(ledger)?;
        asset.standing.is_authorized = true;
        Ok(Answer::json(200, &asset.describe()))
    }
}

fn is_blinded(ledger: &dyn Ledger, outpoint: OutPoint) -> bool {
    let transaction = ledger.transaction(outpoint.txid);
    let output = transaction.as_ref().and_then(|tx| tx.output.get(usize::try_from(outpoint.vout).ok()?));
    output.is_some_and(|output| output.asset.is_confidential() || output.value.is_confidential())
}
