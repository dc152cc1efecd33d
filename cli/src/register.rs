//! The issuer's register of holders at both command lines: read, and held against what a distribution pays.

use std::path::Path;

use coldamp_core::amp::{Job, Request};
use coldamp_core::code::{Code, Hints};
use coldamp_core::elements::AssetId;
use coldamp_core::listed::listed;
use coldamp_core::network::Network;
use coldamp_core::register::{Paid, Register, RegisterError};
use coldamp_core::units::{Precision, base_units};

use crate::failure::Failure;
use crate::screen::{self, printable_path};

/// Differences that are printed. A register of another asset has thousands, and their number is told.
const MAX_DIFFERENCES: usize = 500;

/// The register of a file's bytes. Columns that are not read are told by name.
///
/// # Errors
/// When it is no register of this network, or its amounts are in units and `precision` is not known.
pub fn read(
    path: &Path,
    bytes: &[u8],
    network: &Network,
    asset: AssetId,
    precision: Option<Precision>,
    hints: &Hints,
) -> Result<Register, Failure> {
    let register = Register::parse(bytes, network, asset, precision)
        .map_err(|error| no_register(path, &error, hints))?;
    if !register.not_read.is_empty() {
        screen::say(&format!(
            "register       these columns of {} are not read: {}",
            printable_path(path),
            listed(&register.not_read)
        ));
    }
    Ok(register)
}

/// A file that is not a register which can be compared.
pub fn no_register(path: &Path, error: &RegisterError, hints: &Hints) -> Failure {
    Failure::coded(error.code(), format!("the register {}: {error}", printable_path(path)), hints)
}

/// A request that pays a register and nobody else.
#[derive(Debug)]
pub struct Agreement {
    /// That it does.
    said: String,
    /// What the register does not say, so that it is not compared.
    not_compared: Vec<String>,
}

impl Agreement {
    /// Says so.
    pub fn say(&self) {
        screen::say(&format!("agrees         {}", self.said));
        self.not_compared.iter().for_each(|line| screen::warn(line));
    }
}

/// Checks that a request pays a register and nobody else. `paid` are the request's recipients, with what is known of them.
///
/// # Errors
/// When anything differs: each difference is a line of the failure.
pub fn compare(
    path: &Path,
    register: &Register,
    paid: &[Paid<'_>],
    hints: &Hints,
) -> Result<Agreement, Failure> {
    let differences = register.differences(paid);
    if differences.is_empty() {
        let total = register.total().map_or(u128::from(u64::MAX), |total| u128::from(total.base_units()));
        let (by_address, by_gaid) = register.rows_by_address_and_by_gaid();
        let mut not_compared = Vec::new();
        if by_gaid > 0 {
            not_compared.push(format!(
                "{by_gaid} rows of the register have a GAID and no address. That the addresses which are paid belong to these GAIDs is AMP's word alone"
            ));
        }
        let gaids = register.gaids_not_compared(paid);
        if gaids > 0 {
            not_compared.push(format!(
                "{gaids} rows of the register have a GAID beside the address, and none is known here: only the address was compared"
            ));
        }
        let said = format!(
            "the {} recipients and their {} are those of the register {}: {by_address} rows by address, {by_gaid} by GAID",
            paid.len(),
            base_units(total),
            printable_path(path)
        );
        return Ok(Agreement { said, not_compared });
    }
    let shown = differences.iter().take(MAX_DIFFERENCES);
    let mut lines: Vec<String> = shown.map(|difference| format!("differs        {difference}")).collect();
    if let Some(more) = differences.len().checked_sub(MAX_DIFFERENCES).filter(|more| *more > 0) {
        lines.push(format!("               and {more} more"));
    }
    let points = match differences.len() {
        1 => "1 point".to_owned(),
        count => format!("{count} points"),
    };
    let message = format!("the request differs from the register {} in {points}", printable_path(path));
    Err(Failure::coded(Code::RegisterDiffers, message, hints).with_lines(lines))
}

/// The recipients of a request by address alone.
///
/// # Errors
/// When it is no distribution.
pub fn recipients<'a>(request: &'a Request, hints: &Hints) -> Result<Vec<Paid<'a>>, Failure> {
    let Job::Distribute { recipients, .. } = &request.job else {
        let message = format!("found a {}, which pays nobody of a register", request.command());
        let hint = "Leave out --register: it is for a distribution.";
        return Err(Failure::coded(Code::RegisterDiffers, message, hints).with_hint(hint));
    };
    let paid = recipients.iter();
    Ok(paid.map(|paid| Paid { address: &paid.address, gaid: None, amount: paid.amount }).collect())
}
