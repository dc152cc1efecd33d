//! What the next distribution would be, from the assignments alone.

use std::collections::{BTreeMap, BTreeSet};

use coldamp_core::units::AssetAmount;

use crate::amp::Assignment;

/// The next distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    /// Who would be paid, by address; base units.
    pub by_address: BTreeMap<String, AssetAmount>,
    /// What would go to addresses that AMP has yet to choose, by assignment; also a second assignment to one address, which
    /// AMP may add to the first or pay apart: planned is the heavier way.
    pub without_address: BTreeMap<u64, AssetAmount>,
    /// In all.
    pub total: AssetAmount,
    /// Distributions that were made and not reported.
    pub open: BTreeSet<String>,
}

/// The assignments add up to more than fits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the assignments add up to more than 2^64 base units")]
pub struct TooMuch;

impl Outlook {
    /// Reads it off.
    ///
    /// # Errors
    /// When the amounts do not fit.
    pub fn of(assignments: &[Assignment]) -> Result<Self, TooMuch> {
        let mut outlook = Outlook {
            by_address: BTreeMap::new(),
            without_address: BTreeMap::new(),
            total: AssetAmount::ZERO,
            open: assignments.iter().filter_map(|row| row.open_in().map(ToString::to_string)).collect(),
        };
        for row in assignments.iter().filter(|row| row.is_ready()) {
            let amount = row.amount;
            outlook.total = outlook.total.checked_add(amount).ok_or(TooMuch)?;
            match &row.receiving_address {
                Some(address) if !outlook.by_address.contains_key(address) => {
                    outlook.by_address.insert(address.clone(), amount);
                }
                _ => {
                    outlook.without_address.insert(row.id, amount);
                }
            }
        }
        Ok(outlook)
    }

    /// Outputs that pay somebody: an address that is not known yet may be any, so each counts.
    pub fn recipients(&self) -> usize {
        self.by_address.len().saturating_add(self.without_address.len())
    }

    /// Its numbers, for a message.
    pub(super) fn in_short(&self) -> String {
        format!("{} recipients and {} base units in all", self.recipients(), self.total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coldamp_core::amp::request::Uuid;

    const ONE: &str = "025b413f-8a9a-421e-a648-a7dd06839eb9";
    const TWO: &str = "125b413f-8a9a-421e-a648-a7dd06839eb9";

    fn row(id: u64, amount: u64, address: Option<&str>, uuid: Option<&str>, done: bool) -> Assignment {
        Assignment {
            id,
            amount: AssetAmount::from_base_units(amount),
            receiving_address: address.map(str::to_owned),
            distribution_uuid: uuid.map(|uuid| Uuid::parse(uuid).unwrap()),
            ready_for_distribution: true,
            has_vested: true,
            is_distributed: done,
            user: None,
            gaid: None,
        }
    }

    #[test]
    fn an_address_that_is_unknown_or_taken_counts_for_itself() {
        let rows = [
            row(1, 5, Some("a"), None, false),
            row(2, 7, Some("a"), None, false),
            row(3, 1, None, None, false),
            row(4, 1, None, None, false),
            row(5, 9, Some("b"), Some(TWO), true),
        ];
        let outlook = Outlook::of(&rows).unwrap();
        assert_eq!(outlook.recipients(), 4);
        assert_eq!(outlook.total, AssetAmount::from_base_units(14));
        assert_eq!(outlook.by_address.get("a"), Some(&AssetAmount::from_base_units(5)));
        assert!(outlook.open.is_empty());
    }

    #[test]
    fn a_distribution_that_was_not_reported_is_open() {
        let rows = [row(1, 5, Some("a"), Some(ONE), false), row(2, 5, Some("b"), Some(TWO), true)];
        assert_eq!(Outlook::of(&rows).unwrap().open, BTreeSet::from([ONE.to_owned()]));
    }

    #[test]
    fn amounts_that_do_not_fit_are_refused() {
        let rows = [row(1, u64::MAX, Some("a"), None, false), row(2, 1, Some("b"), None, false)];
        assert_eq!(Outlook::of(&rows), Err(TooMuch));
    }
}
