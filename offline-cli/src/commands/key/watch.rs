//! `coldamp key watch`: the watch-only CT descriptor, the one thing that the online machine must be given.

use coldamp_cli::{Failure, output, screen};

use crate::args::KeystoreArguments;
use crate::commands::unlock::unlock;
use crate::entropy::blinded_secp;

/// Prints the descriptor with its checksum.
///
/// # Errors
/// When the keystore does not open or stdout takes nothing.
pub(super) fn run(arguments: &KeystoreArguments) -> Result<(), Failure> {
    let secp = blinded_secp()?;
    let opened = unlock(&secp, arguments)?;
    screen::say(&format!("network        {}", opened.network().chain()));
    screen::say(&format!("fingerprint    {}", opened.descriptor().fingerprints()));
    screen::say(&format!("journal chain  {}", opened.chain_id()));
    screen::say("whoever has the descriptor sees every amount of the treasury and can spend none of it");
    Ok(output::print(&opened.descriptor().with_checksum())?)
}
