//! The issuer's own register of holders, held against what a distribution pays (docs/rules.md#register).
//!
//! A register is a CSV file that the issuer keeps: who is to get how much. [`Register::parse`] reads it, and
//! [`Register::differences`] names every way in which a request pays something else. Nobody else's list takes part in that:
//! AMP's assignments and the request may have been written by the same attacker.

mod compare;
mod csv;
mod read;

use elements::{Address, AssetId};

use crate::code::Code;
use crate::network::Network;
use crate::units::{AssetAmount, Precision};

pub use compare::{Difference, Paid};

/// A register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register {
    /// Its rows, in the order of the file.
    pub rows: Vec<Row>,
    /// The names of the columns that are not read: they are the issuer's own.
    pub not_read: Vec<String>,
}

/// One holder's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line of the file where it begins, counted from 1.
    pub line: usize,
    /// AMP's account of the holder. A row without an address has one.
    pub gaid: Option<String>,
    /// The address to pay.
    pub address: Option<Address>,
    /// How much the holder is to get, in base units.
    pub amount: AssetAmount,
}

/// Why a file is not a register that can be held against a request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegisterError {
    /// More bytes than any register has.
    #[error("found {found} bytes, expected at most {most}")]
    TooLarge {
        /// The bytes.
        found: usize,
        /// The limit.
        most: usize,
    },
    /// Bytes that are no UTF-8 text.
    #[error("found bytes that are no UTF-8 text")]
    NotText,
    /// The file breaks a rule of CSV (RFC 4180).
    #[error("line {line}: found {found}, expected {expected}")]
    Csv {
        /// The line, counted from 1.
        line: usize,
        /// What is there.
        found: String,
        /// What CSV has there.
        expected: &'static str,
    },
    /// The header lacks a column, or has one that makes the amounts ambiguous.
    #[error("the header: found {found}, expected {expected}")]
    Header {
        /// What the header has.
        found: String,
        /// What it must have.
        expected: &'static str,
    },
    /// A cell is not what its column holds.
    #[error("line {line}, {column}: {problem}")]
    Cell {
        /// The line where its row begins.
        line: usize,
        /// The name of the column.
        column: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// Amounts in units, and nothing proves how many decimals the asset has.
    #[error(
        "the column units: found decimal amounts, expected a contract that proves the precision of the asset"
    )]
    NoPrecision,
    /// A row without an address, where only addresses can be compared.
    #[error("line {line}: found no address, expected one in every row: here only addresses can be compared")]
    NoAddress {
        /// The line where its row begins.
        line: usize,
    },
}

impl RegisterError {
    /// Its code.
    pub fn code(&self) -> Code {
        match self {
            RegisterError::NoPrecision => Code::PrecisionUnproven,
            _ => Code::RegisterFile,
        }
    }
}

impl Register {
    /// Reads a register of `asset` (docs/formats.md, "The register of holders"). `precision` is the one that the asset's contract
    /// proves.
    ///
    /// # Errors
    /// When a byte of it is not understood exactly, except in columns of other names.
    pub fn parse(
        file: &[u8],
        network: &Network,
        asset: AssetId,
        precision: Option<Precision>,
    ) -> Result<Self, RegisterError> {
        read::register(file, network, asset, precision)
    }

    /// Checks that every row has an address. A machine without a network knows no holder's account.
    ///
    /// # Errors
    /// When a row has none.
    pub fn need_addresses(&self) -> Result<(), RegisterError> {
        match self.rows.iter().find(|row| row.address.is_none()) {
            Some(row) => Err(RegisterError::NoAddress { line: row.line }),
            None => Ok(()),
        }
    }

    /// The number of rows that are compared by their address, which the issuer wrote, and by their GAID, whose address is AMP's word.
    pub fn rows_by_address_and_by_gaid(&self) -> (usize, usize) {
        let by_address = self.rows.iter().filter(|row| row.address.is_some()).count();
        (by_address, self.rows.len().saturating_sub(by_address))
    }

    /// The number of rows with a GAID beside the address whose payment has none, so that the GAID was not compared.
    pub fn gaids_not_compared(&self, paid: &[Paid<'_>]) -> usize {
        let is_unknown = |row: &&Row| {
            row.gaid.is_some()
                && row.address.as_ref().is_some_and(|address| {
                    paid.iter().any(|paid| paid.address == address && paid.gaid.is_none())
                })
        };
        self.rows.iter().filter(is_unknown).count()
    }

    /// The sum of its rows, if it fits.
    pub fn total(&self) -> Option<AssetAmount> {
        AssetAmount::checked_sum(self.rows.iter().map(|row| row.amount))
    }
}
