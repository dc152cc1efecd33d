//! `coldamp key`: what is done with a keystore besides signing.

use coldamp_cli::Failure;

use crate::args::KeyCommand;

mod account;
mod address;
mod approver;
mod create;
mod new;
mod numbered;
mod register;
mod restore;
mod watch;

/// Runs a command of this group.
///
/// # Errors
/// Whatever stopped the command.
pub(super) fn run(command: &KeyCommand) -> Result<(), Failure> {
    match command {
        KeyCommand::New(arguments) => new::run(arguments),
        KeyCommand::Restore(arguments) => restore::run(arguments),
        KeyCommand::Address(arguments) => address::run(arguments),
        KeyCommand::Approver(arguments) => approver::run(arguments),
        KeyCommand::Account(arguments) => account::run(arguments),
        KeyCommand::Register(arguments) => register::run(arguments),
        KeyCommand::Watch(arguments) => watch::run(arguments),
    }
}
