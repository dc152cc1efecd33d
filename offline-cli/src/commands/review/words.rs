//! What the review and its summary say in the same words.

use coldamp_core::amp::request::Command;
use coldamp_core::sign::review::ReviewDocument;
use coldamp_core::sign::review::document::{AssetKind, ContractDocument, Money, Replaced};
use coldamp_core::units::{Satoshi, grouped_digits};

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
        1 => "This transaction spends outputs of 1 earlier signing.".to_owned(),
        count => format!("This transaction spends outputs of {count} earlier signings."),
    }
}

/// Earlier signings that neither exclude this one nor are spent by it.
pub(super) fn can_confirm_beside(count: usize) -> String {
    match count {
        1 => "1 earlier signing can still confirm as well as this one.".to_owned(),
        count => format!("{count} earlier signings can still confirm as well as this one."),
    }
}

/// That this is a second transaction for a request that was signed before.
pub(super) fn replaces(replaced: &Replaced) -> String {
    let (entry, txid) = (replaced.signing.entry, &replaced.signing.txid);
    let txid = txid.get(..8).unwrap_or(txid);
    let why = match replaced.shared_coins.as_slice() {
        [] => "they exclude each other through earlier transactions".to_owned(),
        [coin] => format!("they share coin {coin}"),
        [coin, more @ ..] => format!("they share coin {coin} and {} more", more.len()),
    };
    format!("entry {entry} (this same request, transaction {txid}…): {why}, only one can confirm")
}

/// The two fees of a replacement.
pub(super) fn two_fees(document: &ReviewDocument, replaced: &Replaced) -> String {
    let now = document.fee.as_ref().map_or_else(|| "unknown".to_owned(), sat);
    format!("fee {now} instead of {}", sat(&replaced.signing.fee))
}

/// Satoshi with their unit.
pub(super) fn sat(fee: &Money) -> String {
    Satoshi::from_sat(fee.base_units.base_units()).to_string()
}

/// The ticker of a proven contract, or that it has none.
pub(super) fn ticker(contract: &ContractDocument) -> Line {
    fact(
        "ticker",
        contract.ticker.as_ref().map_or_else(
            || "none: its contract has no ticker, compare the asset id".to_owned(),
            |ticker| format!("{ticker}, proven by its contract"),
        ),
    )
}

/// What AMP asked for.
pub(super) fn job(document: &ReviewDocument) -> String {
    let (Some(command), Some(total)) = (document.command, &document.total) else {
        return "unknown".to_owned();
    };
    let total = amount(document, AssetKind::Asset, total);
    match (command, document.listed.unwrap_or_default()) {
        (Command::Distribute, 1) => format!("DISTRIBUTE {total} to 1 recipient"),
        (Command::Distribute, count) => format!("DISTRIBUTE {total} to {count} recipients"),
        (Command::Reissue, 1) => format!("REISSUE {total}, AMP lists 1 token output"),
        (Command::Reissue, count) => format!("REISSUE {total}, with {count} token outputs merged into one"),
        (Command::Burn, _) => format!("BURN {total} (irreversible)"),
    }
}

/// An amount with its unit: L-BTC with its satoshi; the request's asset at its proven precision; of anything else, and
/// unproven, base units / 10^8 as AMP and the node write it.
pub(super) fn amount(document: &ReviewDocument, kind: AssetKind, amount: &Money) -> String {
    let Money { base_units, whole_units } = amount;
    let decimal = whole_units.clone().unwrap_or_else(|| base_units.to_node_decimal());
    let decimal = grouped_digits(&decimal);
    match (kind, &document.contract) {
        (AssetKind::Policy, _) => format!("{decimal} L-BTC ({})", sat(amount)),
        (AssetKind::Asset, Some(contract)) => {
            format!("{decimal} {} ({})", unit(contract), base_units.in_base_units())
        }
        _ => format!("{decimal} ({})", base_units.in_base_units()),
    }
}

/// What a whole unit of the asset is called.
pub(super) fn unit(contract: &ContractDocument) -> &str {
    contract.ticker.as_deref().unwrap_or("units of the asset")
}
