//! Every way in which a request pays something else than the register says.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;

use elements::Address;

use super::{Register, Row};
use crate::units::AssetAmount;

/// A payment of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paid<'a> {
    /// The address that is paid.
    pub address: &'a Address,
    /// The holder's account as AMP shows it. A machine without a network does not know it.
    pub gaid: Option<&'a str>,
    /// How much, in base units.
    pub amount: AssetAmount,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// The register has a holder twice. The rows are not added up: the second one may be a copy.
    Twice {
        /// The line of the second row.
        line: usize,
        /// The line of the first one.
        first: usize,
        /// The address, or the GAID where the row has no address.
        holder: String,
    },
    /// The register has a holder whom the request does not pay.
    NotPaid {
        /// The line of the row.
        line: usize,
        /// The address, or the GAID where the row has no address.
        holder: String,
        /// What the register says.
        amount: AssetAmount,
    },
    /// The request pays a holder another amount.
    OtherAmount {
        /// The line of the row.
        line: usize,
        /// The address, or the GAID where the row has no address.
        holder: String,
        /// What the register says.
        register: AssetAmount,
        /// What the request pays.
        request: AssetAmount,
    },
    /// The register has an address for another account than AMP.
    OtherGaid {
        /// The line of the row.
        line: usize,
        /// The address.
        address: String,
        /// The account in the register.
        register: String,
        /// AMP's account of the address.
        amp: String,
    },
    /// The request pays somebody who is not in the register.
    NotInRegister {
        /// The address, and the GAID where AMP shows one.
        holder: String,
        /// What the request pays.
        amount: AssetAmount,
    },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Difference::Twice { line, first, holder } => {
                write!(f, "{holder}: lines {first} and {line} of the register both name it")
            }
            Difference::NotPaid { line, holder, amount } => write!(
                f,
                "{holder}: line {line} of the register says {}, the request pays nothing",
                amount.in_base_units()
            ),
            Difference::OtherAmount { line, holder, register, request } => write!(
                f,
                "{holder}: line {line} of the register says {}, the request pays {}",
                register.in_base_units(),
                request.in_base_units()
            ),
            Difference::OtherGaid { line, address, register, amp } => write!(
                f,
                "{address}: line {line} of the register says that it is of {register}, AMP that it is of {amp}"
            ),
            Difference::NotInRegister { holder, amount } => {
                write!(
                    f,
                    "{holder}: the request pays {}, the register does not name it",
                    amount.in_base_units()
                )
            }
        }
    }
}

impl Register {
    /// Everything that differs from what is paid: first by the rows of the register, then who is not in it.
    ///
    /// A row with an address is about that address. A row without one is about all payments to its account that no such row
    /// is about.
    pub fn differences(&self, paid: &[Paid<'_>]) -> Vec<Difference> {
        let mut open = Open::of(paid);
        let mut differences = self.twice();
        let lines: Vec<usize> = differences
            .iter()
            .filter_map(|found| match found {
                Difference::Twice { line, .. } => Some(*line),
                _ => None,
            })
            .collect();
        let once = || self.rows.iter().filter(|row| !lines.contains(&row.line));
        for row in once() {
            if let Some(address) = &row.address {
                differences.extend(open.take_address(row, address));
            }
        }
        for row in once().filter(|row| row.address.is_none()) {
            differences.extend(open.take_account(row));
        }
        differences.extend(open.rest());
        differences
    }

    /// The rows whose holder an earlier row names.
    fn twice(&self) -> Vec<Difference> {
        let mut first: BTreeMap<String, usize> = BTreeMap::new();
        let mut found = Vec::new();
        for row in &self.rows {
            match first.entry(holder(row)) {
                Entry::Vacant(free) => {
                    free.insert(row.line);
                }
                Entry::Occupied(taken) => found.push(Difference::Twice {
                    line: row.line,
                    first: *taken.get(),
                    holder: taken.key().clone(),
                }),
            }
        }
        found
    }
}

/// What a row is about. No address looks like a GAID: addresses have a checksum and are longer.
fn holder(row: &Row) -> String {
    match (&row.address, &row.gaid) {
        (Some(address), _) => address.to_string(),
        (None, gaid) => gaid.clone().unwrap_or_default(),
    }
}

/// The payments that no row was about so far, by address.
struct Open<'a>(BTreeMap<String, (AssetAmount, Option<&'a str>)>);

impl<'a> Open<'a> {
    fn of(paid: &[Paid<'a>]) -> Self {
        let mut open: BTreeMap<String, (AssetAmount, Option<&str>)> = BTreeMap::new();
        for one in paid {
            let (sum, gaid) = open.entry(one.address.to_string()).or_insert((AssetAmount::ZERO, one.gaid));
            *sum = added(*sum, one.amount);
            *gaid = gaid.or(one.gaid);
        }
        Open(open)
    }

    fn take_address(&mut self, row: &Row, address: &Address) -> Vec<Difference> {
        let address = address.to_string();
        let Some((amount, gaid)) = self.0.remove(&address) else {
            return vec![Difference::NotPaid { line: row.line, holder: address, amount: row.amount }];
        };
        let mut found = Vec::new();
        if let (Some(register), Some(amp)) = (row.gaid.as_deref(), gaid)
            && register != amp
        {
            found.push(Difference::OtherGaid {
                line: row.line,
                address: address.clone(),
                register: register.to_owned(),
                amp: amp.to_owned(),
            });
        }
        found.extend(other_amount(row, address, amount));
        found
    }

    fn take_account(&mut self, row: &Row) -> Option<Difference> {
        let gaid = row.gaid.as_deref();
        let ours: Vec<String> = self
            .0
            .iter()
            .filter(|(_, (_, of))| of.is_some() && *of == gaid)
            .map(|(key, _)| key.clone())
            .collect();
        let sum = ours.iter().filter_map(|key| self.0.remove(key));
        let sum = sum.fold(None, |sum: Option<AssetAmount>, (amount, _)| {
            Some(added(sum.unwrap_or(AssetAmount::ZERO), amount))
        });
        match sum {
            None => Some(Difference::NotPaid { line: row.line, holder: holder(row), amount: row.amount }),
            Some(sum) => other_amount(row, holder(row), sum),
        }
    }

    fn rest(self) -> impl Iterator<Item = Difference> {
        self.0.into_iter().map(|(address, (amount, gaid))| Difference::NotInRegister {
            holder: gaid.map_or(address.clone(), |gaid| format!("{address} (GAID {gaid})")),
            amount,
        })
    }
}

fn other_amount(row: &Row, holder: String, request: AssetAmount) -> Option<Difference> {
    (row.amount != request).then_some(Difference::OtherAmount {
        line: row.line,
        holder,
        register: row.amount,
        request,
    })
}

/// A sum that does not fit is more than any row says, and so differs.
fn added(one: AssetAmount, other: AssetAmount) -> AssetAmount {
    one.checked_add(other).unwrap_or(AssetAmount::from_base_units(u64::MAX))
}

#[cfg(test)]
mod tests {
    use std::str::FromStr as _;

    use super::*;

    const ONE: &str = "AzpjC7eBYvSm33G4veLDbXJKTe36BpdTPSaFGwv4vC1pFcqHMVekioxywWkHqM8NQUwdKN4He1ACM9uJ";
    const TWO: &str = "el1qqvrzhdsjapk4nx76mhqxn5rwxfmgaql0tn42a8n9s5r7p56c2x99a3a2h0avfkmwemf4xkk45gy9p8feyy5ukwehzfas5ek6r";

    fn row(line: usize, address: Option<&str>, gaid: Option<&str>, amount: u64) -> Row {
        Row {
            line,
            gaid: gaid.map(str::to_owned),
            address: address.map(|text| Address::from_str(text).unwrap()),
            amount: AssetAmount::from_base_units(amount),
        }
    }

    fn found(rows: Vec<Row>, paid: &[(&str, Option<&str>, u64)]) -> Vec<String> {
        let register = Register { rows, not_read: vec![] };
        let addresses: Vec<Address> =
            paid.iter().map(|(address, ..)| Address::from_str(address).unwrap()).collect();
        let paid: Vec<Paid<'_>> = addresses
            .iter()
            .zip(paid)
            .map(|(address, (_, gaid, amount))| Paid {
                address,
                gaid: *gaid,
                amount: AssetAmount::from_base_units(*amount),
            })
            .collect();
        register.differences(&paid).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_request_that_pays_the_register_has_no_difference() {
        let both = [(ONE, Some("GA1"), 5), (TWO, Some("GA2"), 7)];
        for rows in [
            vec![row(2, Some(ONE), None, 5), row(3, Some(TWO), None, 7)],
            vec![row(2, Some(ONE), Some("GA1"), 5), row(3, None, Some("GA2"), 7)],
            vec![row(2, None, Some("GA2"), 7), row(3, None, Some("GA1"), 5)],
        ] {
            assert_eq!(found(rows, &both), [""; 0]);
        }
        // Two addresses of one account.
        let one_account = [(ONE, Some("GA1"), 5), (TWO, Some("GA1"), 7)];
        assert_eq!(found(vec![row(2, None, Some("GA1"), 12)], &one_account), [""; 0]);
        assert_eq!(
            found(vec![row(2, Some(TWO), None, 7), row(3, None, Some("GA1"), 5)], &one_account),
            [""; 0]
        );
    }

    /// One difference a row, and what is said of it.
    #[test]
    fn every_difference_is_told() {
        let paid = [(ONE, Some("GA1"), 5), (TWO, Some("GA2"), 7)];
        let (one, two) = (row(2, Some(ONE), None, 5), row(5, Some(TWO), None, 7));
        for (rows, said) in [
            (vec![one.clone()], "the request pays 7 base units, the register does not name it"),
            (
                vec![one.clone(), row(3, Some(TWO), None, 8)],
                "line 3 of the register says 8 base units, the request pays 7",
            ),
            (
                vec![one.clone(), two.clone(), row(4, None, Some("GA3"), 1)],
                "GA3: line 4 of the register says 1 base unit, the request pays nothing",
            ),
            (
                vec![one.clone(), two.clone(), row(4, Some(ONE), None, 5)],
                "lines 2 and 4 of the register both name it",
            ),
            (vec![row(2, Some(ONE), Some("GA9"), 5), two.clone()], "is of GA9, AMP that it is of GA1"),
            (vec![one, row(3, None, Some("GA2"), 6)], "GA2: line 3 of the register says 6"),
            (vec![row(2, None, Some("GA1"), 5), row(3, None, Some("GA1"), 5), two], "GA1: lines 2 and 3"),
        ] {
            let found = found(rows, &paid);
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(found[0].contains(said), "{said}: {found:?}");
        }
        // A whole other list: each of its rows and each payment is told.
        assert_eq!(found(vec![row(2, None, Some("GA3"), 1)], &paid).len(), 3);
    }

    #[test]
    fn an_account_that_amp_does_not_show_is_nobodys() {
        let found = found(vec![row(2, None, Some("GA1"), 5)], &[(ONE, None, 5)]);
        assert_eq!(found.len(), 2, "{found:?}");
    }
}
