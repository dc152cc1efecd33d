//! What decides, on few enough lines to be directly above the question on the smallest screen. All of it is in the review
//! above too, at length.

use std::fmt::Write as _;

use coldamp_core::sign::review::document::{AssetKind, OutputDocument};
use coldamp_core::sign::review::{ReviewDocument, Role};

use super::words::{amount, builds_on, can_confirm_beside, fact, job, replaces, ticker, two_fees};
use coldamp_cli::line::Line;

/// Characters of an address that are shown at its beginning and at its end; the review has the whole of it.
const ADDRESS_ENDS: usize = 12;

/// The lines, an empty one first.
pub(super) fn summary(document: &ReviewDocument, shows_code: bool) -> Vec<Line> {
    let mut lines = vec![Line::new("")];
    let Some(asset) = &document.asset else {
        lines.push(Line::new("NOT TO BE SIGNED: no request that can be read, and no approval code"));
        return lines;
    };
    lines.push(fact("job", job(document)));
    lines.push(fact("asset", asset));
    lines.extend(document.contract.as_ref().map(ticker));
    let recipients = document.outputs.iter().filter(|output| output.recipient.is_some());
    if let Some(largest) = recipients.max_by_key(|output| output.amount.base_units) {
        let address = largest.address.as_deref().unwrap_or_default();
        lines.push(fact("largest", format!("{} to {}", text(document, largest), short(address))));
    }
    let fee = document.fee.as_ref();
    let fee = fee.map_or_else(|| "none".to_owned(), |fee| amount(document, AssetKind::Policy, fee));
    lines.push(fact("fee", fee));
    let of_role = |role: Role| document.outputs.iter().filter(move |output| output.role == Some(role));
    let mut kept: Vec<String> =
        of_role(Role::Reissued).map(|new| format!("{}, newly made", text(document, new))).collect();
    let token = |token| format!("the reissuance token, {}", text(document, token));
    kept.extend(of_role(Role::Token).map(token));
    kept.extend(of_role(Role::AssetChange).map(|output| text(document, output)));
    kept.extend(of_role(Role::PolicyChange).map(|output| text(document, output)));
    if kept.is_empty() {
        kept.push("nothing".to_owned());
    }
    let names = std::iter::once("comes back").chain(std::iter::repeat(""));
    lines.extend(names.zip(kept).map(|(name, kept)| fact(name, kept)));
    for replaced in document.replaces.iter().rev().take(1) {
        lines.push(fact("replaces", replaces(replaced)));
        lines.push(fact("", two_fees(document, replaced)));
    }
    if !document.after.is_empty() {
        lines.push(fact("earlier", builds_on(document.after.len())));
    }
    if !document.open.is_empty() {
        lines.push(fact("earlier", can_confirm_beside(document.open.len())));
    }
    warnings(document, &mut lines);
    verdict(document, shows_code, &mut lines);
    lines
}

/// Of a review of which no input belongs to the treasury.
pub(super) fn of_foreign(text: &str) -> Vec<Line> {
    vec![Line::new(""), Line::new(format!("NOT TO BE SIGNED: {text}"))]
}

fn text(document: &ReviewDocument, output: &OutputDocument) -> String {
    amount(document, output.asset_kind, &output.amount)
}

/// Each warning on a line, by its code and in a few words.
fn warnings(document: &ReviewDocument, lines: &mut Vec<Line>) {
    let all: usize = document.warning_counts.iter().map(|warned| warned.count).sum();
    if all == 0 {
        return lines.push(fact("warnings", "none"));
    }
    lines.push(fact("warnings", format!("{all}, at length above")));
    for warned in &document.warning_counts {
        let mut text = format!("  {:<25} {}", warned.code.as_str(), warned.code.in_short());
        if warned.count > 1 {
            let _ = write!(text, " ({})", warned.count);
        }
        lines.push(Line::hanging(text, 28));
    }
}

/// Whether a signed file agrees.
pub(super) fn signed_file(said: &str) -> Line {
    fact("signed file", said)
}

/// Whether it may be signed, and by whose word.
fn verdict(document: &ReviewDocument, shows_code: bool, lines: &mut Vec<Line>) {
    for past in &document.open {
        if let Some(uuid) = past.distribution_uuid.as_ref().filter(|uuid| document.twins.contains(uuid)) {
            lines.push(fact("OPEN_TWIN", format!("{uuid}, signed as entry {}", past.entry)));
        }
    }
    match &document.approval {
        Some(code) => {
            let needs_approver = document.policy.as_ref().is_some_and(|policy| policy.approvers > 0);
            lines.push(Line::new(match needs_approver {
                true => "Checks passed. NOT APPROVED: needs a file from `coldamp approve`.",
                false => "Checks passed.",
            }));
            // Who has to bring the code must not be able to copy it from here.
            lines.push(fact(
                "approval",
                if shows_code { code } else { "the code that was given is compared now" },
            ));
        }
        None => {
            let why = match document.failed {
                _ if document.needs_only_twins => {
                    "OPEN_TWIN, unless the uuid of each open distribution above is typed"
                }
                1 => "1 rule failed, and there is no approval code",
                count => &format!("{count} rules failed, and there is no approval code"),
            };
            lines.push(Line::new(format!("NOT TO BE SIGNED: {why}")));
        }
    }
}

/// An address by its two ends.
fn short(text: &str) -> String {
    let count = text.chars().count();
    if count <= ADDRESS_ENDS.saturating_mul(2) {
        return text.to_owned();
    }
    let beginning: String = text.chars().take(ADDRESS_ENDS).collect();
    let ending: String = text.chars().skip(count.saturating_sub(ADDRESS_ENDS)).collect();
    format!("{beginning}…{ending}")
}
