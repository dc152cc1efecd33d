//! What the review and its summary say in the same words.

use coldamp_core::amp::Job;
use coldamp_core::elements::AssetId;
use coldamp_core::network::Network;
use coldamp_core::sign::review::Review;
use coldamp_core::treasury::ProvenContract;
use coldamp_core::units::AssetAmount;

use coldamp_cli::line::Line;

/// Where the values of facts begin, and their further rows.
const VALUES: usize = 13;

/// A fact on a line.
pub(super) fn fact(name: &str, value: impl std::fmt::Display) -> Line {
    Line::hanging(format!("{name:<12} {value}"), VALUES)
}

/// Earlier signings whose outputs this one spends.
pub(super) fn builds_on(count: usize) -> String {
    match count {
        1 => "Builds on 1 earlier signing. If it confirmed, nothing to do.".to_owned(),
        count => format!("Builds on {count} earlier signings. If they confirmed, nothing to do."),
    }
}

/// Earlier signings that have nothing to do with this one.
pub(super) fn can_confirm_beside(count: usize) -> String {
    match count {
        1 => "1 earlier signing can still confirm beside this one.".to_owned(),
        count => format!("{count} earlier signings can still confirm beside this one."),
    }
}

/// The ticker of a proven contract, or that it has none.
pub(super) fn ticker(contract: &ProvenContract) -> Line {
    fact(
        "ticker",
        contract.ticker().map_or_else(
            || "none: its contract has no ticker, compare the asset id".to_owned(),
            |ticker| format!("{ticker}, proven by its contract"),
        ),
    )
}

/// What AMP asked for.
pub(super) fn job(network: &Network, review: &Review) -> String {
    let Some(request) = review.request() else { return "unknown".to_owned() };
    let amount = |units| amount(network, review, request.asset, units);
    match &request.job {
        Job::Distribute { recipients, .. } => {
            let recipients = match recipients.len() {
                1 => "1 recipient".to_owned(),
                count => format!("{count} recipients"),
            };
            format!("DISTRIBUTE {} to {recipients}", amount(request.total()))
        }
        Job::Reissue { amount: units, tokens } => {
            format!("REISSUE {}, with {} token outputs merged into one", amount(*units), tokens.len())
        }
        Job::Burn { amount: units, .. } => format!("BURN {} (irreversible)", amount(*units)),
    }
}

/// An amount with its unit: L-BTC with its satoshi; the request's asset at its proven precision; of anything else, and
/// unproven, base units / 10^8 as AMP and the node write it.
pub(super) fn amount(network: &Network, review: &Review, asset: AssetId, amount: AssetAmount) -> String {
    if asset == network.policy_asset() {
        return format!("{} L-BTC ({amount} sat)", amount.to_node_decimal());
    }
    let contract = review.asset().contract().filter(|contract| contract.ids().asset == asset);
    match contract {
        Some(contract) => {
            let decimal = amount.to_decimal(contract.precision());
            format!("{decimal} {} ({amount} base units)", contract.unit())
        }
        None => format!("{} ({amount} base units)", amount.to_node_decimal()),
    }
}
