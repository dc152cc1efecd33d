//! What the operator should know although no rule failed.

use super::asset::AssetKnowledge;
use super::check::Role;
use super::effects::Effects;
use super::reach::Reach;
use crate::amp::request::KNOWN_CLIENT_VERSION;
use crate::amp::{Job, Request};
use crate::code::Code;
use crate::limits::MAX_LISTED_OF_A_CODE;
use crate::listed::{CoinName, at_most_of_each};

/// Something to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Which.
    pub code: Code,
    /// In words.
    pub message: String,
}

/// At most so many of each code as fit a screen, in their order. The last of a code says how many more there are.
pub(super) fn bounded(warnings: Vec<Warning>) -> Vec<Warning> {
    at_most_of_each(
        warnings,
        |warning| warning.code,
        |_| MAX_LISTED_OF_A_CODE,
        |last, more| {
            last.message.push_str(&format!(" (and {more} more like this)"));
        },
    )
}

pub(super) fn warnings(
    request: &Request,
    effects: &Effects,
    reach: Reach,
    roles: &[Option<Role>],
    asset: &AssetKnowledge,
) -> Vec<Warning> {
    let mut warnings = far_away(effects, reach);
    let mut warn = |code, message: String| warnings.push(Warning { code, message });
    if let Some(contract) = asset.contract().filter(|contract| contract.ticker().is_none()) {
        let message = format!(
            "the contract of asset {} has no ticker: compare the id; amounts have {} decimals, as the contract says",
            request.asset,
            contract.precision().decimals()
        );
        warn(Code::NoTicker, message);
    }
    if asset.contract().is_none() {
        warn(
            Code::TickerNotProven,
            format!(
                "ticker not proven: asset {} is known by its id alone; amounts are base units and base units / 10^8",
                request.asset
            ),
        );
    }
    // Without an entropy that leads to the asset, a forged request could name the token's own id as the asset's.
    if asset.ids().is_none() {
        warn(
            Code::MayBeToken,
            format!(
                "nothing here proves that {} is not a REISSUANCE TOKEN: compare the id with your asset's on paper; without the token there is no power to reissue",
                request.asset
            ),
        );
    }
    for (index, input) in effects.inputs.iter().enumerate().filter(|(_, input)| input.opening_used) {
        let message = format!(
            "input {index}, {}: its range proof cannot be read with this treasury's view key; what it holds is known by the opening in the PSET, which rebuilds both commitments",
            CoinName(input.outpoint)
        );
        warn(Code::OpeningUsed, message);
    }
    if let Job::Distribute { recipients, .. } = &request.job {
        for recipient in recipients.iter().filter(|recipient| recipient.address.blinding_pubkey.is_none()) {
            let message = format!(
                "{} is unconfidential: its {} base units will be public, and AMP shows the blinders of such an output as missing",
                recipient.address, recipient.amount
            );
            warn(Code::UnconfidentialRecipient, message);
        }
    }
    for (output, role) in effects.outputs.iter().zip(roles) {
        if let (Some(own), Some(Role::Recipient(_))) = (&output.own, role) {
            let message = format!("the recipient at our own path {} is this treasury itself", own.path);
            warn(Code::OwnRecipient, message);
        }
    }
    if !request.not_understood.is_empty() {
        let message =
            format!("fields of the request that are not understood: {}", request.not_understood.join(", "));
        warn(Code::NotUnderstood, message);
    }
    if request.client_version < KNOWN_CLIENT_VERSION {
        let message = format!(
            "AMP asks for client version {}; {KNOWN_CLIENT_VERSION} is known",
            request.client_version
        );
        warn(Code::OldClientVersion, message);
    }
    warnings
}

/// Coins and own outputs far above the used addresses.
fn far_away(effects: &Effects, reach: Reach) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |message| warnings.push(Warning { code: Code::FarIndex, message });
    for (index, output) in effects.outputs.iter().enumerate() {
        // An output above the limit is refused, and needs no warning.
        let told = |index| reach.is_far(index) && index <= reach.limit();
        if let Some(own) = output.own.as_ref().filter(|own| told(own.path.index)) {
            warn(format!(
                "output {index} pays our own address at path {}. From the addresses that are shown to be used here a scan looks up to index {} and does not find it",
                own.path,
                reach.in_sight()
            ));
        }
    }
    let inputs = effects.inputs.iter().enumerate();
    let far = inputs.filter_map(|(index, input)| {
        let own = input.own.as_ref().filter(|own| reach.is_far(own.path.index))?;
        Some(format!("input {index}, {}, at path {}", CoinName(input.outpoint), own.path))
    });
    for coin in far {
        warn(format!(
            "{coin}: this coin lies above index {}, up to which a scan looks from the addresses that are shown to be used here. Anybody who knows an address can pay there, so the coin lifts no limit",
            reach.in_sight()
        ));
    }
    warnings
}
