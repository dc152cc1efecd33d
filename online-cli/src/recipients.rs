//! Recipients on a screen of 80 columns: three short lines each. An address has about 80 characters and stays whole, so it has a
//! line of its own.

use coldamp_core::listed::listed;
use coldamp_core::treasury::ProvenContract;
use coldamp_core::units::{AssetAmount, base_units};
use coldamp_online::request::recipients::RecipientRow;

use crate::amount::with_units;

/// The lines of all recipients, and their number and sum below.
pub(crate) fn lines(rows: &[RecipientRow], contract: Option<&ProvenContract>) -> Vec<String> {
    let mut lines = Vec::new();
    for (number, row) in (1_usize..).zip(rows) {
        lines.push(format!("{number:>4}  {}", holder(row)));
        lines.push(format!("      {}", with_units(row.amount, contract)));
        lines.push(match &row.address {
            Some(address) => address.clone(),
            None => "      no address yet: AMP chooses it when it makes the distribution".to_owned(),
        });
    }
    let sum: u128 = rows.iter().map(|row| u128::from(row.amount.base_units())).sum();
    lines.push(format!("recipients     {}", rows.len()));
    lines.push(match u64::try_from(sum) {
        Ok(sum) => format!("in total       {}", with_units(AssetAmount::from_base_units(sum), contract)),
        Err(_) => format!("in total       {}", base_units(sum)),
    });
    lines
}

fn holder(row: &RecipientRow) -> String {
    let assignments = match row.assignments.len() {
        0 => None,
        1 => Some(format!("assignment {}", listed(&row.assignments))),
        _ => Some(format!("assignments {}", listed(&row.assignments))),
    };
    let user = row.user.as_ref().map(|user| format!("user {user}"));
    let gaid = row.gaid.as_ref().map(|gaid| format!("GAID {gaid}"));
    let parts: Vec<String> = [assignments, user, gaid].into_iter().flatten().collect();
    if parts.is_empty() { "holder not shown".to_owned() } else { parts.join("  ") }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_line_of_a_recipient_is_wider_than_a_screen() {
        let row = RecipientRow {
            assignments: BTreeSet::from([123_456]),
            user: Some("1936".to_owned()),
            gaid: Some("GA2M8u2rCJ3jP4YGuE8o4Po61ftwbQ".to_owned()),
            address: Some(
                "AzpjC7eBYvSm33G4veLDbXJKTe36BpdTPSaFGwv4vC1pFcqHMVekioxywWkHqM8NQUwdKN4He1ACM9uJ".to_owned(),
            ),
            amount: AssetAmount::from_base_units(2_100_000_000_000_000),
        };
        let nowhere = RecipientRow { address: None, gaid: None, user: None, ..row.clone() };
        let lines = lines(&[row, nowhere], None);
        assert!(lines.iter().all(|line| line.chars().count() <= 80), "{lines:?}");
        assert_eq!(lines[0], "   1  assignment 123456  user 1936  GAID GA2M8u2rCJ3jP4YGuE8o4Po61ftwbQ");
        assert_eq!(lines[1], "      2 100 000 000 000 000 base units");
        assert!(lines[5].contains("no address yet"));
        assert_eq!(lines[6], "recipients     2");
        assert_eq!(lines[7], "in total       4 200 000 000 000 000 base units");
    }
}
