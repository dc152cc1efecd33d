//! Which facts of a transaction the operator is warned of. Policy and history add their own warnings.

use super::change_limit::ChangeLimit;
use super::effects::Effects;
use super::findings::Findings;
use super::role::Role;
use super::warning::Warning;
use crate::amp::Job;
use crate::amp::request::KNOWN_CLIENT_VERSION;
use crate::code::Code;
use crate::listed::CoinName;

/// The warnings that follow from the findings of a review.
pub(super) fn warnings(findings: &Findings, limit: ChangeLimit) -> Vec<Warning> {
    let Findings { request, effects, asset, .. } = findings;
    let mut warnings = beyond_a_scan(effects, limit);
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
                "ticker not proven: asset {} is known by its id alone. Amounts are shown in base units and in base units / 10^8",
                request.asset
            ),
        );
    }
    // Without an entropy that leads to the asset, a forged request could name the token's own id as the asset's.
    if asset.ids().is_none() {
        warn(
            Code::MayBeToken,
            format!(
                "nothing proves that {} is not a REISSUANCE TOKEN. A treasury that gives its token away can no longer reissue",
                request.asset
            ),
        );
    }
    for (index, input) in effects.inputs.iter().enumerate().filter(|(_, input)| input.opening_used) {
        let message = format!(
            "input {index}, {}: its range proof cannot be read with this treasury's view key. The opening in the PSET gives its asset and amount, and rebuilds both commitments",
            CoinName(input.outpoint)
        );
        warn(Code::OpeningUsed, message);
    }
    if let Job::Distribute { recipients, .. } = &request.job {
        for recipient in recipients.iter().filter(|recipient| recipient.address.blinding_pubkey.is_none()) {
            let message = format!(
                "{} is unconfidential: its {} will be public, and AMP shows the blinders of such an output as missing",
                recipient.address,
                recipient.amount.in_base_units()
            );
            warn(Code::UnconfidentialRecipient, message);
        }
    }
    for (output, role) in findings.outputs() {
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

/// Coins and own outputs above the index that a scan reaches.
fn beyond_a_scan(effects: &Effects, limit: ChangeLimit) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |message| warnings.push(Warning { code: Code::FarIndex, message });
    // An output above the allowed index is refused, and needs no warning.
    let far = limit.scanned().saturating_add(1)..=limit.allowed();
    for (index, output) in effects.outputs.iter().enumerate() {
        if let Some(own) = output.own.as_ref().filter(|own| far.contains(&own.path.index)) {
            warn(format!(
                "output {index} pays our own address at path {}. From the addresses shown to be used, a scan reaches index {} and does not find this output",
                own.path,
                limit.scanned()
            ));
        }
    }
    for (index, input) in effects.inputs.iter().enumerate() {
        if let Some(own) = input.own.as_ref().filter(|own| own.path.index > limit.scanned()) {
            warn(format!(
                "input {index}, {}, at path {}: this coin is above index {}, the highest that a scan reaches from the addresses shown to be used. Anybody who knows an address can pay there, so the coin raises no limit",
                CoinName(input.outpoint),
                own.path,
                limit.scanned()
            ));
        }
    }
    warnings
}
