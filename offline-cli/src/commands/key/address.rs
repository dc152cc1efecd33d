//! `coldamp key address`: one address, derived on the machine that holds the keys. Comparing it with what the online
//! machine shows tells a descriptor that was exchanged there.

use coldamp_cli::{Failure, output, screen};
use coldamp_core::treasury::{Branch, KeyPath};

use crate::args::AddressArguments;
use crate::commands::unlock::unlock;
use crate::entropy::blinded_secp;

/// Prints the confidential address.
///
/// # Errors
/// When the keystore does not open or stdout takes nothing.
pub(super) fn run(arguments: &AddressArguments) -> Result<(), Failure> {
    let secp = blinded_secp()?;
    let opened = unlock(&secp, &arguments.keystore)?;
    let path = KeyPath { branch: Branch::External, index: arguments.index };
    let descriptor = opened.descriptor();
    let address = descriptor.address_at(&secp, path, opened.network()).map_err(Failure::internal)?;
    for key in descriptor.keys() {
        let whole_path = key.source(path).1.to_string().replace('\'', "h");
        screen::say(&format!("path            m/{whole_path}"));
    }
    screen::say(&format!("unconfidential  {}", address.to_unconfidential()));
    Ok(output::print(&address.to_string())?)
}
