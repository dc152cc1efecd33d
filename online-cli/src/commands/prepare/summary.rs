//! The summary of a prepared PSET. Amounts are in base units, with AMP's decimal (base units / 10^8) beside them.

use std::collections::BTreeSet;

use coldamp_core::amp::{Job, Request};
use coldamp_core::elements::{AssetId, Script};
use coldamp_core::limits::MAX_STANDARD_WEIGHT;
use coldamp_core::listed::CoinName;
use coldamp_core::network::Network;
use coldamp_core::prepare::{FeeBasis, Plan, PlanError, Settings};
use coldamp_core::treasury::{Branch, ProvenContract};
use coldamp_core::units::AssetAmount;

use crate::amount::{amount, of_lbtc, with_units};

/// The lines of the summary.
///
/// # Errors
/// When the recipients' amounts overflow, which the plan has excluded.
pub(super) fn lines(
    request: &Request,
    plan: &Plan,
    settings: &Settings,
    network: &Network,
    contract: Option<&ProvenContract>,
) -> Result<Vec<String>, PlanError> {
    let mut lines = vec![
        format!("command        {} on {}", request.command(), network.chain()),
        format!("asset          {}", request.asset),
        format!("asset uuid     {}", request.asset_uuid),
    ];
    let mut recipients: BTreeSet<Script> = BTreeSet::new();
    match &request.job {
        Job::Distribute { uuid, recipients: paid } => {
            recipients.extend(paid.iter().map(|recipient| recipient.address.script_pubkey()));
            let total = AssetAmount::checked_sum(paid.iter().map(|recipient| recipient.amount))
                .ok_or(PlanError::Overflow)?;
            lines.push(format!("distribution   {uuid}"));
            lines.push(format!("recipients     {}", paid.len()));
            lines.push(format!("in total       {}", with_units(total, contract)));
        }
        Job::Reissue { amount: made, .. } => {
            lines.push(format!("reissued       {}", with_units(*made, contract)));
            for issuance in plan.inputs().iter().filter_map(|input| input.issuance) {
                lines.push(format!("on the chain   {}, as the asset was issued", issuance.kind.name()));
            }
        }
        Job::Burn { amount: destroyed, .. } => {
            lines.push(format!("destroyed      {}", with_units(*destroyed, contract)))
        }
    }
    let of_asset = |asset: AssetId| match asset {
        asset if asset == request.asset => "of the asset".to_owned(),
        asset if asset == network.policy_asset() => "of L-BTC".to_owned(),
        // A plan moves no other asset than the token of a reissue.
        token => format!("of its reissuance token {token}"),
    };
    let shown = |asset: AssetId, of: AssetAmount| match asset {
        asset if asset == request.asset => with_units(of, contract),
        asset if asset == network.policy_asset() => of_lbtc(of),
        _ => amount(of),
    };
    lines.push(format!("inputs         {}", plan.inputs().len()));
    for input in plan.inputs() {
        let (coin, outpoint) = (&input.coin, input.coin.outpoint);
        let what = of_asset(coin.asset());
        lines.push(format!(
            "               {} {} {what}",
            CoinName(outpoint),
            shown(coin.asset(), coin.amount())
        ));
    }
    for output in plan.outputs().iter().filter(|output| !recipients.contains(&output.script_pubkey)) {
        let Some(own) = &output.own else { continue };
        let label = match own.path.branch {
            Branch::Internal => "change        ",
            Branch::External => "to ourselves  ",
        };
        lines.push(format!(
            "{label} {} {} at {}",
            shown(output.asset, output.amount),
            of_asset(output.asset),
            own.path
        ));
    }
    let (basis, size) = match settings.fee_basis {
        FeeBasis::Discounted => ("discounted", plan.bound().discounted_size()),
        FeeBasis::Full => ("full", plan.bound().full_size()),
    };
    lines.push(format!("fee            {}: {} of the {basis} size, {size}", plan.fee(), settings.fee_rate));
    if let Some(replaced) = &settings.replace {
        lines.push(format!(
            "replaces       {}; nodes require its fee plus relay of the full size, {}",
            replaced.txid(),
            plan.bound().full_size()
        ));
    }
    lines.push(format!(
        "weight         at most {}; nodes relay up to {MAX_STANDARD_WEIGHT}",
        plan.bound().full
    ));
    Ok(lines)
}
