//! What a person reads of a new asset: the order before it is confirmed, and what is proven of the issuance.

use coldamp_cli::screen;
use coldamp_core::treasury::IssuanceKind;
use coldamp_core::units::{AssetAmount, grouped_digits};
use coldamp_online::treasury::addresses::ReceivingAddress;
use coldamp_online::treasury::issue::{Answered, Order, ProvenIssue, Terms};

/// What is asked for, whole.
pub(super) fn show(order: &Order) {
    let terms = &order.terms;
    let line = |name: &str, text: String| screen::say(&format!("{name:15}{text}"));
    line("new asset", format!("{} ({}) of {}", terms.name, terms.ticker, terms.domain));
    let one = coldamp_core::units::base_units(terms.precision.base_units_in_one());
    line("decimals", format!("{}: 1 {} is {one}", terms.precision.decimals(), terms.ticker));
    line("amount", in_both(terms.amount, terms));
    receiver(&order.units);
    match (&order.tokens, terms.tokens) {
        (Some(tokens), Some(amount)) => {
            line("tokens", format!("{} of the reissuance token", amount.in_base_units()));
            receiver(tokens);
        }
        _ => line("tokens", "none: no more of it can ever be issued".to_owned()),
    }
    line(
        "issued amounts",
        match terms.kind {
            IssuanceKind::Explicit => "public, those of later reissues too",
            IssuanceKind::Blinded => "hidden, those of later reissues too",
        }
        .to_owned(),
    );
    line(
        "holders",
        match terms.transfer_restricted {
            true => "registered users of AMP alone",
            false => "anybody",
        }
        .to_owned(),
    );
    line("issuer key", terms.pubkey.clone());
    if !terms.has_documented_ticker() {
        screen::warn("AMP's documentation asks for a ticker of 3 to 5 letters. AMP may refuse this one");
    }
    screen::say(
        "Compare each address with what `coldamp key address --index N` shows on the air-gapped machine.",
    );
    screen::say(
        "Name, ticker, domain, decimals and issuer key are part of the asset id. None of this can be changed afterwards.",
    );
}

fn receiver(to: &ReceivingAddress) {
    screen::say(&format!("  to index {:5} {}", to.path.index, to.address));
}

/// An amount in base units, and in units of the asset.
fn in_both(amount: AssetAmount, terms: &Terms) -> String {
    let decimal = grouped_digits(&amount.to_decimal(terms.precision));
    format!("{} ({decimal} {})", amount.in_base_units(), terms.ticker)
}

/// What is proven of an issuance.
pub(in crate::commands::treasury) fn show_proven(order: &Order, answered: &Answered, proven: &ProvenIssue) {
    screen::say(&format!("issued         {}", answered.txid));
    screen::say(&format!("asset          {}", proven.asset()));
    if let Some(token) = proven.token {
        screen::say(&format!("token          {token}"));
    }
    screen::say(&format!("amount         {}", in_both(order.terms.amount, &order.terms)));
    screen::say(
        "proven         the contract by the asset id; the amounts and addresses by the transaction, opened with the view key",
    );
    for line in &proven.unproven {
        screen::warn(line);
    }
}
