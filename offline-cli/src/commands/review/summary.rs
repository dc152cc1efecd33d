//! What decides, on few enough lines to stand directly above the question on the smallest screen. Everything of it stands in
//! the review above too, at length.

use std::fmt::Write as _;

use coldamp_core::amp::Job;
use coldamp_core::elements::{Address, AssetId};
use coldamp_core::network::Network;
use coldamp_core::sign::review::{JournalState, Review, Role};
use coldamp_core::units::AssetAmount;

use super::words::{amount, builds_on, can_confirm_beside, fact, job, ticker};
use coldamp_cli::line::Line;

/// Characters of an address that are shown at its beginning and at its end; the whole of it stands in the review.
const ADDRESS_ENDS: usize = 12;

/// The lines, an empty one first.
pub(super) fn summary(network: &Network, review: &Review, records: &JournalState) -> Vec<Line> {
    let mut lines = vec![Line::new("")];
    let Some(request) = review.request() else {
        lines.push(Line::new("NOT TO BE SIGNED: no request that can be read, and no approval code"));
        return lines;
    };
    lines.push(fact("job", job(network, review)));
    lines.push(fact("asset", request.asset));
    if let Some(contract) = review.asset().contract() {
        lines.push(ticker(contract));
    }
    if let Job::Distribute { recipients, .. } = &request.job
        && let Some(largest) = recipients.iter().max_by_key(|recipient| recipient.amount)
    {
        let units = amount(network, review, request.asset, largest.amount);
        lines.push(fact("largest", format!("{units} to {}", short(&largest.address))));
    }
    let of_role = |wanted: Role| {
        let outputs = review.outputs();
        outputs
            .filter(move |(_, role)| *role == Some(wanted))
            .map(|(output, _)| (output.asset, output.amount))
    };
    let fee = AssetAmount::checked_sum(of_role(Role::Fee).map(|(_, amount)| amount)).unwrap_or_default();
    lines.push(fact("fee", amount(network, review, network.policy_asset(), fee)));
    let text = |(asset, units): (AssetId, AssetAmount)| amount(network, review, asset, units);
    let mut kept: Vec<String> =
        of_role(Role::Reissued).map(|new| format!("{}, newly made", text(new))).collect();
    kept.extend(of_role(Role::Token).map(|token| format!("the reissuance token, {}", text(token))));
    kept.extend(of_role(Role::AssetChange).map(text));
    kept.extend(of_role(Role::PolicyChange).map(text));
    if kept.is_empty() {
        kept.push("nothing".to_owned());
    }
    let names = std::iter::once("comes back").chain(std::iter::repeat(""));
    lines.extend(names.zip(kept).map(|(name, kept)| fact(name, kept)));
    if !review.after.is_empty() {
        lines.push(fact("earlier", builds_on(review.after.len())));
    }
    if !review.open.is_empty() {
        lines.push(fact("earlier", can_confirm_beside(review.open.len())));
    }
    warnings(review, &mut lines);
    verdict(review, records, &mut lines);
    lines
}

/// Each warning on a line, by its code and in a few words.
fn warnings(review: &Review, lines: &mut Vec<Line>) {
    let all: usize = review.warned.values().sum();
    if all == 0 {
        return lines.push(fact("warnings", "none"));
    }
    lines.push(fact("warnings", format!("{all}, at length above")));
    for (code, count) in &review.warned {
        let mut text = format!("  {:<25} {}", code.as_str(), code.in_short());
        if *count > 1 {
            let _ = write!(text, " ({count})");
        }
        lines.push(Line::hanging(text, 28));
    }
}

/// Whether it may be signed, and by whose word.
fn verdict(review: &Review, records: &JournalState, lines: &mut Vec<Line>) {
    for past in &review.open {
        if let Some(uuid) = past.facts.distribution.as_ref().filter(|uuid| review.twins.contains(uuid)) {
            lines.push(fact("OPEN_TWIN", format!("{uuid}, signed as entry {}", past.number)));
        }
    }
    let Some(code) = review.approval_code() else {
        let why = match review.failed {
            _ if review.needs_only_twins() => {
                "OPEN_TWIN, unless the uuid of each open distribution above is typed"
            }
            1 => "1 rule failed, and there is no approval code",
            count => &format!("{count} rules failed, and there is no approval code"),
        };
        return lines.push(Line::new(format!("NOT TO BE SIGNED: {why}")));
    };
    let request = review.request();
    let policy = request.and_then(|request| records.policy(request.asset));
    lines.push(Line::new(match policy.is_some_and(|policy| !policy.approvers.is_empty()) {
        true => "Checks passed. NOT APPROVED: needs a file from `coldamp approve`.",
        false => "Checks passed.",
    }));
    lines.push(fact("approval", code));
}

/// An address by its two ends.
fn short(address: &Address) -> String {
    let text = address.to_string();
    let count = text.chars().count();
    if count <= ADDRESS_ENDS.saturating_mul(2) {
        return text;
    }
    let beginning: String = text.chars().take(ADDRESS_ENDS).collect();
    let ending: String = text.chars().skip(count.saturating_sub(ADDRESS_ENDS)).collect();
    format!("{beginning}…{ending}")
}
