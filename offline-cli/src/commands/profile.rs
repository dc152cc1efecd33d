//! `coldamp profile show`: each value in force, and where it comes from.

use coldamp_cli::Failure;
use coldamp_cli::profile::{Others, show};
use coldamp_cli::screen::printable_path;

use crate::args::ProfileCommand;

/// Shows the profile.
///
/// # Errors
/// When stdout takes no data.
pub(super) fn run(command: &ProfileCommand) -> Result<(), Failure> {
    let ProfileCommand::Show(arguments) = command;
    let flags = arguments.keystore.iter().map(|path| ("keystore", printable_path(path))).collect();
    let built_in = vec![("jobs", "~/coldamp-jobs".to_owned())];
    show(arguments.read.as_ref(), &Others { flags, without: Vec::new(), built_in })
}
