//! `coldamp-online treasury`: what the treasury holds, and what AMP knows of it. A file for each subcommand.

use coldamp_cli::Failure;

use crate::args::TreasuryCommand;

mod blinders;
mod issue;

/// Does what the subcommand says.
///
/// # Errors
/// Whatever stopped it.
pub(super) fn run(command: &TreasuryCommand) -> Result<(), Failure> {
    match command {
        TreasuryCommand::Issue(arguments) => issue::run(arguments),
        TreasuryCommand::Blinders(arguments) => blinders::run(arguments),
    }
}
