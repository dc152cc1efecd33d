//! The commands, one file each: arguments in; data, words and an exit code out.

use coldamp_cli::Failure;

use crate::args::{Arguments, Command};

mod approve;
mod backup;
mod combine;
mod journal;
mod key;
mod policy;
mod restore;
mod review;
mod sign;
mod unlock;

/// Does what the arguments ask for.
///
/// # Errors
/// Whatever stopped the command.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.command {
        Command::Key(command) => key::run(command),
        Command::Policy(command) => policy::run(command),
        Command::Backup(arguments) => backup::run(arguments),
        Command::Restore(arguments) => restore::run(arguments),
        Command::Approve(arguments) => approve::run(arguments),
        Command::Journal(command) => journal::run(command),
        Command::Review(arguments) => review::run(arguments),
        Command::Sign(arguments) => sign::run(arguments),
        Command::Combine(arguments) => combine::run(arguments),
    }
}
