//! `coldamp-online treasury`: what the treasury holds, and what AMP knows of it. A file for each subcommand.

use coldamp_cli::Failure;

use crate::args::{DeskArguments, TreasuryCommand};

mod address;
mod blinders;
mod issue;
mod register;
mod setup;
mod show;

/// Shows the treasury, or does what the subcommand says.
///
/// # Errors
/// Whatever stopped it.
pub(super) fn run(arguments: &DeskArguments) -> Result<(), Failure> {
    match &arguments.command {
        None => show::run(&arguments.show),
        Some(TreasuryCommand::Address(arguments)) => address::run(arguments),
        Some(TreasuryCommand::Register(arguments)) => register::run(arguments),
        Some(TreasuryCommand::Issue(arguments)) => issue::run(arguments),
        Some(TreasuryCommand::Setup(arguments)) => setup::run(arguments),
        Some(TreasuryCommand::Blinders(arguments)) => blinders::run(arguments),
    }
}
