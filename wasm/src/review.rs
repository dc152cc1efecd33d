//! The review as the page shows it: as `coldamp review --json` has it, amounts as strings.

use coldamp_core::elements::Address;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::network::Network;
use coldamp_core::sign::review::{self, InputEffect, OutputEffect, Review, Role};
use coldamp_core::units::{FeeRate, Weight};
use serde::Serialize;
use tsify::Tsify;

use crate::{Failure, read};

/// What a PSET does, and whether that is what AMP's request asks for.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct ReviewView {
    /// The treasury's network.
    pub network: String,
    /// L-BTC.
    pub policy_asset: String,
    /// What is to be done; null where the PSET carries no request.
    #[tsify(type = "\"distribute\" | \"reissue\" | \"burn\" | null")]
    pub command: Option<String>,
    /// The request's asset.
    pub asset: Option<String>,
    /// Its ticker, where the contract proves it; null with a precision where the contract has no ticker.
    pub ticker: Option<String>,
    /// Its precision, where the contract proves it.
    pub precision: Option<u8>,
    /// The issuer's domain, where the contract proves it.
    pub domain: Option<String>,
    /// The reissuance token that is spent.
    pub token: Option<String>,
    /// AMP's name for the asset.
    pub asset_uuid: Option<String>,
    /// AMP's name for the distribution.
    pub distribution_uuid: Option<String>,
    /// SHA-256 of the request, hexadecimal.
    pub request_sha256: Option<String>,
    /// The approval code, which the cold side prints too; null while any rule fails.
    pub approval: Option<String>,
    /// Every rule that failed.
    pub mismatches: Vec<Failure>,
    /// What should be known although nothing failed.
    pub warnings: Vec<WarningView>,
    /// Satoshi; null while any rule fails.
    pub fee: Option<String>,
    /// The fee for the discounted size, sat/kvB.
    #[tsify(type = "number | null")]
    pub fee_rate_discounted: Option<u32>,
    /// The most that the finished transaction weighs.
    pub weight_bound: u32,
    /// The same by ELIP-200.
    pub discounted_weight_bound: u32,
    /// What goes in.
    pub inputs: Vec<InputView>,
    /// What comes out.
    pub outputs: Vec<OutputView>,
}

/// Something to know.
#[derive(Serialize, Tsify)]
pub struct WarningView {
    /// Which.
    pub code: String,
    /// In words.
    pub message: String,
}

/// An input.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct InputView {
    /// `txid:vout`.
    pub outpoint: String,
    /// Where in the treasury; null where it is not the treasury's.
    pub path: Option<String>,
    /// The asset; null where the coin cannot be opened.
    pub asset: Option<String>,
    /// How much, base units.
    pub amount: Option<String>,
    /// Whether both are hidden on chain.
    pub blinded: bool,
    /// Whether an opening opened it and not its own range proof.
    pub opening_used: bool,
    /// What it issues anew, base units.
    pub issues: Option<String>,
}

/// An output.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct OutputView {
    /// What it is for, as `coldamp review --json` names it.
    #[tsify(
        type = "\"recipient\" | \"reissued\" | \"token back\" | \"burn\" | \"asset change\" | \"L-BTC change\" | \"fee\" | \"UNEXPLAINED\""
    )]
    pub role: String,
    /// Of a recipient: its number in AMP's request, from 1 on. Outputs have another order, which says nothing to whoever
    /// lacks the view key.
    pub recipient: Option<u32>,
    /// The asset.
    pub asset: String,
    /// How much, base units.
    pub amount: String,
    /// Where to; null for a fee, a burn, and scripts without an address.
    pub address: Option<String>,
    /// Where in the treasury; null where it is not the treasury's.
    pub path: Option<String>,
    /// Whether asset and amount get hidden.
    pub blinded: bool,
}

impl ReviewView {
    pub(crate) fn of(network: &Network, review: &Review) -> Self {
        let request = review.request();
        let contract = review.asset().contract();
        let bound = review.effects().bound;
        let fee = review.checked().map(review::CheckedPset::fee);
        let rate = fee.and_then(|fee| FeeRate::of(fee, bound.discounted_size()));
        let token = |input: &InputEffect| {
            let asset = input.secrets?.asset;
            review.asset().ids()?.kind_of_token(asset).map(|_| asset.to_string())
        };
        let outputs = review.outputs();
        ReviewView {
            network: network.chain().name().to_owned(),
            policy_asset: network.policy_asset().to_string(),
            command: request.map(|request| request.command().name().to_owned()),
            asset: request.map(|request| request.asset.to_string()),
            ticker: contract.and_then(|contract| contract.ticker()).map(str::to_owned),
            precision: contract.map(|contract| contract.precision().decimals()),
            domain: contract.map(|contract| contract.domain().to_owned()),
            token: review.effects().inputs.iter().find_map(token),
            asset_uuid: request.map(|request| request.asset_uuid.to_string()),
            distribution_uuid: request
                .and_then(|request| request.distribution_uuid())
                .map(ToString::to_string),
            request_sha256: request.map(|request| request.sha256().to_lower_hex_string()),
            approval: review.approval_code().map(|code| code.to_string()),
            mismatches: review.mismatches.iter().map(Failure::from).collect(),
            warnings: review.warnings.iter().map(warning).collect(),
            fee: fee.map(|fee| fee.sat().to_string()),
            fee_rate_discounted: rate.and_then(|rate| u32::try_from(rate.sat_per_kvb()).ok()),
            weight_bound: units(bound.full),
            discounted_weight_bound: units(bound.discounted),
            inputs: review.effects().inputs.iter().map(input).collect(),
            outputs: outputs.map(|(effect, role)| output(network, effect, role)).collect(),
        }
    }
}

/// A weight as a number that JavaScript holds exactly.
fn units(weight: Weight) -> u32 {
    u32::try_from(weight.units()).unwrap_or(u32::MAX)
}

fn warning(warning: &review::Warning) -> WarningView {
    WarningView { code: warning.code.to_string(), message: warning.message.clone() }
}

impl From<&review::Mismatch> for Failure {
    fn from(mismatch: &review::Mismatch) -> Self {
        Failure::new(mismatch.code, &mismatch.message)
    }
}

fn input(effect: &InputEffect) -> InputView {
    let issued = effect.claimed_issuance.and_then(|issuance| issuance.amount);
    InputView {
        outpoint: read::place(effect.outpoint),
        path: effect.own.as_ref().map(|own| own.path.to_string()),
        asset: effect.secrets.map(|secrets| secrets.asset.to_string()),
        amount: effect.secrets.map(|secrets| secrets.value.to_string()),
        blinded: effect.is_blinded(),
        opening_used: effect.opening_used,
        issues: issued.map(|amount| amount.to_string()),
    }
}

fn output(network: &Network, effect: &OutputEffect, role: Option<Role>) -> OutputView {
    let address = Address::from_script(&effect.script_pubkey, effect.blinding_key, network.address_params());
    OutputView {
        role: Role::name_of(role).to_owned(),
        recipient: match role {
            Some(Role::Recipient(position)) => u32::try_from(position.saturating_add(1)).ok(),
            _ => None,
        },
        asset: effect.asset.to_string(),
        amount: effect.amount.to_string(),
        address: address.map(|address| address.to_string()),
        path: effect.own.as_ref().map(|own| own.path.to_string()),
        blinded: effect.blinding_key.is_some(),
    }
}
