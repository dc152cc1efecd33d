//! What the next distribution would be, from AMP's assignments.

use std::collections::{BTreeMap, BTreeSet};

use coldamp_core::units::AssetAmount;

use crate::amp::Assignment;

/// The next distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    /// The base units that each address would be paid.
    pub by_address: BTreeMap<String, AssetAmount>,
    /// The base units of assignments whose address AMP has not chosen yet, by AMP's number of the assignment. A second
    /// assignment to one address is also here: AMP may add it to the first or pay it separately, and a separate output is
    /// heavier.
    pub without_address: BTreeMap<u64, AssetAmount>,
    /// The sum, in base units.
    pub total: AssetAmount,
    /// The uuids of distributions that were made and not reported.
    pub open: BTreeSet<String>,
}

/// The assignments add up to more than fits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the assignments add up to more than 2^64 base units")]
pub struct TooMuch;

impl Outlook {
    /// Reads the next distribution from the assignments.
    ///
    /// # Errors
    /// When the amounts add up to more than 2^64 base units.
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

    /// The number of outputs to recipients. An address that is not known yet counts as a recipient of its own.
    pub fn recipients(&self) -> usize {
        self.by_address.len().saturating_add(self.without_address.len())
    }

    /// The number of recipients and the sum, for a message.
    pub(super) fn in_short(&self) -> String {
        format!("{} recipients and {} in all", self.recipients(), self.total.in_base_units())
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
            is_locked: None,
            user: None,
            gaid: None,
        }
    }

    #[test]
    fn each_unknown_or_repeated_address_counts_as_a_recipient() {
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
