//! The review as other tools read it: schema coldamp.review/1. Amounts are integers of base units.

use coldamp_core::elements::Address;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::network::Network;
use coldamp_core::sign::review::{InputEffect, OutputEffect, PastSigning, Review, Role};
use serde::Serialize;

use crate::hints::HINTS;

#[derive(Serialize)]
struct Document {
    schema: &'static str,
    approval: Option<String>,
    mismatches: Vec<Rule>,
    warnings: Vec<Rule>,
    /// Earlier signings that can still confirm beside this one.
    open: Vec<Signing>,
    /// Earlier signings that have to confirm before this one can.
    after: Vec<Signing>,
    /// With `--signed`: whether that file is what this PSET and these keys make.
    #[serde(skip_serializing_if = "Option::is_none")]
    signed_agrees: Option<bool>,
    effects: Effects,
}

#[derive(Serialize)]
struct Signing {
    entry: u32,
    command: &'static str,
    distribution_uuid: Option<String>,
    txid: String,
    asset: String,
    amount: u64,
}

#[derive(Serialize)]
struct Rule {
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'static str>,
}

#[derive(Serialize)]
struct Effects {
    network: &'static str,
    command: Option<&'static str>,
    asset: Option<String>,
    ticker: Option<String>,
    precision: Option<u8>,
    domain: Option<String>,
    entropy_proven: bool,
    asset_uuid: Option<String>,
    distribution_uuid: Option<String>,
    request_sha256: Option<String>,
    fee: Option<u64>,
    weight_bound: u64,
    discounted_weight_bound: u64,
    inputs: Vec<Input>,
    outputs: Vec<Output>,
}

#[derive(Serialize)]
struct Input {
    txid: String,
    vout: u32,
    path: Option<String>,
    asset: Option<String>,
    amount: Option<u64>,
    blinded: bool,
    opening_used: bool,
    issues: Option<u64>,
}

#[derive(Serialize)]
struct Output {
    role: &'static str,
    asset: String,
    amount: u64,
    script_pubkey: String,
    address: Option<String>,
    path: Option<String>,
    blinded: bool,
}

/// The document, indented.
///
/// # Errors
/// When the writer fails, which it does not for these values.
pub(super) fn report(
    network: &Network,
    review: &Review,
    signed_agrees: Option<bool>,
) -> Result<String, serde_json::Error> {
    let request = review.request();
    let contract = review.asset().contract();
    let outputs = review.outputs();
    let document = Document {
        schema: "coldamp.review/1",
        approval: review.approval_code().map(|code| code.to_string()),
        mismatches: review
            .mismatches
            .iter()
            .map(|mismatch| Rule {
                code: mismatch.code.as_str(),
                message: mismatch.message.clone(),
                hint: Some(HINTS.text(mismatch.code)),
            })
            .collect(),
        warnings: review
            .warnings
            .iter()
            .map(|warning| Rule { code: warning.code.as_str(), message: warning.message.clone(), hint: None })
            .collect(),
        open: review.open.iter().map(signing).collect(),
        after: review.after.iter().map(signing).collect(),
        signed_agrees,
        effects: Effects {
            network: network.chain().name(),
            command: request.map(|request| request.command().name()),
            asset: request.map(|request| request.asset.to_string()),
            ticker: contract.and_then(|contract| contract.ticker()).map(str::to_owned),
            precision: contract.map(|contract| contract.precision().decimals()),
            domain: contract.map(|contract| contract.domain().to_owned()),
            entropy_proven: review.asset().ids().is_some(),
            asset_uuid: request.map(|request| request.asset_uuid.to_string()),
            distribution_uuid: request
                .and_then(|request| request.distribution_uuid())
                .map(ToString::to_string),
            request_sha256: request.map(|request| request.sha256().to_lower_hex_string()),
            fee: review.checked().map(|checked| checked.fee().sat()),
            weight_bound: review.effects().bound.full.units(),
            discounted_weight_bound: review.effects().bound.discounted.units(),
            inputs: review.effects().inputs.iter().map(input).collect(),
            outputs: outputs.map(|(effect, role)| output(network, effect, role)).collect(),
        },
    };
    serde_json::to_string_pretty(&document)
}

fn signing(past: &PastSigning) -> Signing {
    Signing {
        entry: past.number,
        command: past.facts.command.name(),
        distribution_uuid: past.facts.distribution.as_ref().map(ToString::to_string),
        txid: past.facts.txid.to_string(),
        asset: past.facts.asset.to_string(),
        amount: past.facts.amount.base_units(),
    }
}

fn input(effect: &InputEffect) -> Input {
    Input {
        txid: effect.outpoint.txid.to_string(),
        vout: effect.outpoint.vout,
        path: effect.own.as_ref().map(|own| own.path.to_string()),
        asset: effect.secrets.map(|secrets| secrets.asset.to_string()),
        amount: effect.secrets.map(|secrets| secrets.value),
        blinded: effect.is_blinded(),
        opening_used: effect.opening_used,
        issues: effect.claimed_issuance.and_then(|issuance| issuance.amount),
    }
}

fn output(network: &Network, effect: &OutputEffect, role: Option<Role>) -> Output {
    let address = Address::from_script(&effect.script_pubkey, effect.blinding_key, network.address_params());
    Output {
        role: Role::name_of(role),
        asset: effect.asset.to_string(),
        amount: effect.amount.base_units(),
        script_pubkey: format!("{:x}", effect.script_pubkey),
        address: address.map(|address| address.to_string()),
        path: effect.own.as_ref().map(|own| own.path.to_string()),
        blinded: effect.blinding_key.is_some(),
    }
}
