//! `coldamp key watch`: the watch-only CT descriptor, the one thing that the online machine must be given.

use coldamp_cli::{Failure, output, screen};
use coldamp_core::elements::hex::DisplayHex as _;

use crate::args::WatchArguments;
use crate::commands::unlock::{read_journal, say_keys, treasury, unlock};
use crate::commands::write_or_print;
use crate::entropy::blinded_secp;

/// Writes the descriptor with its checksum to a new file, or prints it.
///
/// # Errors
/// When the file exists, keystore or journal do not open, or the output cannot be written.
pub(super) fn run(arguments: &WatchArguments) -> Result<(), Failure> {
    arguments.output.as_deref().map(output::check_free).transpose()?;
    let secp = blinded_secp()?;
    let opened = unlock(&secp, &arguments.keystore)?;
    let descriptor = treasury(&opened, &read_journal(arguments.keystore.path()?, &opened)?)?;
    screen::say(&format!("network        {}", opened.network().chain()));
    say_keys(&descriptor);
    screen::say(&format!("SHA-256        {}", descriptor.canonical_hash().to_lower_hex_string()));
    screen::say(&format!("journal chain  {} (differs for each keystore file)", opened.chain_id()));
    screen::say("Whoever has the descriptor sees every amount of the treasury and can spend none of it.");
    write_or_print(arguments.output.as_deref(), &format!("{}\n", descriptor.with_checksum()))
}
