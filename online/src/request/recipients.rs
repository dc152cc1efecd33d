//! Whom a distribution pays: one row a recipient, with what AMP shows of the holder; and the rows as CSV.

use std::collections::{BTreeMap, BTreeSet};

use coldamp_core::amp::{Job, Request};
use coldamp_core::elements::Address;
use coldamp_core::network::Network;
use coldamp_core::register::Paid;
use coldamp_core::units::AssetAmount;

use super::check::canonical;
use crate::amp::Assignment;

/// The first line of the CSV (docs/formats.md, "The recipients as CSV").
pub const CSV_HEADER: &str = "assignment,user,gaid,address,amount,amp_amount";

/// One recipient.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecipientRow {
    /// AMP's numbers of the assignments that pay it. None where AMP was not asked or shows none.
    pub assignments: BTreeSet<u64>,
    /// AMP's number of the registered user. Only for display.
    pub user: Option<String>,
    /// The account of that user, as AMP shows it.
    pub gaid: Option<String>,
    /// The address. AMP may choose it only when the distribution is made.
    pub address: Option<String>,
    /// The amount, in base units.
    pub amount: AssetAmount,
}

impl RecipientRow {
    fn of(row: &Assignment) -> Self {
        RecipientRow {
            assignments: BTreeSet::from([row.id]),
            user: row.user.clone(),
            gaid: row.gaid.clone(),
            address: row.receiving_address.clone(),
            amount: row.amount,
        }
    }

    /// The cells of its line.
    fn cells(&self) -> [String; 6] {
        let text = |text: &Option<String>| text.as_deref().map(harmless).unwrap_or_default();
        let numbers: Vec<String> = self.assignments.iter().map(u64::to_string).collect();
        [
            numbers.join(" "),
            text(&self.user),
            text(&self.gaid),
            text(&self.address),
            self.amount.to_string(),
            self.amount.to_node_decimal(),
        ]
    }
}

/// Text of AMP's that begins like a formula is marked as text: a spreadsheet would carry it out. Control and direction characters,
/// which steer a terminal, are escaped.
fn harmless(text: &str) -> String {
    let mark = if text.starts_with(['=', '+', '-', '@']) { "'" } else { "" };
    let mut harmless = mark.to_owned();
    for character in text.chars() {
        match character {
            '"' | '\'' | '\\' => harmless.push(character),
            other => harmless.extend(other.escape_debug()),
        }
    }
    harmless
}

/// The recipients of a distribution that is not made yet, by AMP's numbers of the assignments.
pub fn of_assignments<'a>(taken: impl IntoIterator<Item = &'a Assignment>) -> Vec<RecipientRow> {
    let mut rows: Vec<&Assignment> = taken.into_iter().collect();
    rows.sort_by_key(|row| row.id);
    rows.into_iter().map(RecipientRow::of).collect()
}

/// The recipients of a request in its order. With AMP's assignments each has what AMP shows of the holder of its address.
pub fn of_request(request: &Request, assignments: &[Assignment], network: &Network) -> Vec<RecipientRow> {
    let Job::Distribute { uuid, recipients } = &request.job else { return Vec::new() };
    let mut by_address: BTreeMap<String, Vec<&Assignment>> = BTreeMap::new();
    for row in assignments.iter().filter(|row| row.distribution_uuid.as_ref() == Some(uuid)) {
        let address = row.receiving_address.as_deref().and_then(|text| canonical(text, network));
        if let Some(address) = address {
            by_address.entry(address).or_default().push(row);
        }
    }
    let of = |recipient: &coldamp_core::amp::Recipient| {
        let address = recipient.address.to_string();
        let rows = by_address.get(&address).map(Vec::as_slice).unwrap_or_default();
        RecipientRow {
            assignments: rows.iter().map(|row| row.id).collect(),
            user: common(rows.iter().map(|row| &row.user)),
            gaid: common(rows.iter().map(|row| &row.gaid)),
            address: Some(address),
            amount: recipient.amount,
        }
    };
    recipients.iter().map(of).collect()
}

/// What all of them say; none where they say different things.
fn common<'a>(all: impl Iterator<Item = &'a Option<String>>) -> Option<String> {
    let all: BTreeSet<&Option<String>> = all.collect();
    match all.len() {
        1 => all.into_iter().next().cloned().flatten(),
        _ => None,
    }
}

/// The rows of a request as payments that a register is held against.
pub fn paid<'a>(request: &'a Request, rows: &'a [RecipientRow]) -> Vec<Paid<'a>> {
    let Job::Distribute { recipients, .. } = &request.job else { return Vec::new() };
    let of = |address: &Address| rows.iter().find(|row| row.address.as_deref() == Some(&address.to_string()));
    let paid = recipients.iter().map(|recipient| Paid {
        address: &recipient.address,
        gaid: of(&recipient.address).and_then(|row| row.gaid.as_deref()),
        amount: recipient.amount,
    });
    paid.collect()
}

/// The rows as CSV by RFC 4180, with line feeds alone. It can be read as a register.
pub fn csv(rows: &[RecipientRow]) -> String {
    let line = |row: &RecipientRow| row.cells().map(|cell| quoted(&cell)).join(",");
    let lines = std::iter::once(CSV_HEADER.to_owned()).chain(rows.iter().map(line));
    lines.map(|line| format!("{line}\n")).collect()
}

/// A cell, in quotes where a reader would else see more than one.
fn quoted(cell: &str) -> String {
    match cell.contains([',', '"']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coldamp_core::elements::AssetId;
    use coldamp_core::network::Chain;
    use coldamp_core::register::Register;

    const ADDRESS: &str = "AzpjC7eBYvSm33G4veLDbXJKTe36BpdTPSaFGwv4vC1pFcqHMVekioxywWkHqM8NQUwdKN4He1ACM9uJ";

    fn row(user: &str) -> RecipientRow {
        RecipientRow {
            assignments: BTreeSet::from([12, 13]),
            user: Some(user.to_owned()),
            gaid: Some("GA2M8u2".to_owned()),
            address: Some(ADDRESS.to_owned()),
            amount: AssetAmount::from_base_units(1_250_000_000),
        }
    }

    #[test]
    fn the_rows_are_written_with_fixed_columns_and_read_back_as_a_register() {
        let text = csv(&[row("1936")]);
        assert_eq!(text, format!("{CSV_HEADER}\n12 13,1936,GA2M8u2,{ADDRESS},1250000000,12.50000000\n"));
        let register =
            Register::parse(text.as_bytes(), &Network::new(Chain::Regtest), AssetId::LIQUID_BTC, None)
                .unwrap();
        assert_eq!(register.not_read, ["assignment", "user", "amp_amount"]);
        assert_eq!(register.rows[0].amount.base_units(), 1_250_000_000);
    }

    #[test]
    fn text_of_amps_makes_no_other_cell_and_no_formula() {
        for (user, cell) in [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("@x", "'@x"),
            ("-1", "'-1"),
            ("a,b", "\"a,b\""),
            ("a\"b", "\"a\"\"b\""),
            ("a\nb", "a\\nb"),
            ("a\u{1b}[2J\u{202e}", "a\\u{1b}[2J\\u{202e}"),
            ("\t=1", "\\t=1"),
        ] {
            assert!(csv(&[row(user)]).contains(&format!("\n12 13,{cell},GA2M8u2")), "{user}");
        }
    }

    #[test]
    fn holders_of_one_address_are_named_only_where_they_are_the_same() {
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(common([text("a"), text("a")].iter()), text("a"));
        assert_eq!(common([text("a"), text("b")].iter()), None);
        assert_eq!(common([text("a"), None].iter()), None);
        assert_eq!(common([].iter()), None);
    }
}
