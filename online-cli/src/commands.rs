//! The commands, one file each: arguments in; data, words and an exit code out.

use crate::args::{Arguments, Command};
use crate::error::Failure;

mod prepare;

/// Does what the arguments ask for.
///
/// # Errors
/// Whatever stopped the command.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.command {
        Command::Prepare(arguments) => prepare::run(arguments),
    }
}
