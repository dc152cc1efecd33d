//! `coldamp key address`: one address, derived on the machine that holds the keys. Comparing it with what the online
//! machine shows tells a descriptor that was exchanged there.

use coldamp_cli::{Failure, output, screen};
use coldamp_core::treasury::{Branch, KeyPath};

use crate::args::AddressArguments;
use crate::commands::unlock::{read_journal, treasury, unlock};
use crate::entropy::blinded_secp;

/// Prints the confidential address.
///
/// # Errors
/// When keystore or journal do not open, or stdout takes nothing.
pub(super) fn run(arguments: &AddressArguments) -> Result<(), Failure> {
    let secp = blinded_secp()?;
    let opened = unlock(&secp, &arguments.keystore)?;
    let path = KeyPath { branch: Branch::External, index: arguments.index };
    let descriptor = treasury(&opened, &read_journal(arguments.keystore.path()?, &opened)?)?;
    let address = descriptor.address_at(&secp, path, opened.network()).map_err(Failure::internal)?;
    for key in descriptor.keys() {
        let (fingerprint, whole_path) = key.source(path);
        let whole_path = whole_path.to_string().replace('\'', "h");
        match descriptor.keys().len() {
            1 => screen::say(&format!("path            m/{whole_path}")),
            _ => screen::say(&format!("path            {fingerprint} m/{whole_path}")),
        }
    }
    screen::say(&format!("unconfidential  {}", address.to_unconfidential()));
    Ok(output::print(&address.to_string())?)
}
