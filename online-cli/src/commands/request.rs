//! `coldamp-online request`: gets a request from AMP, after seeing that it could be carried out; or checks one.

mod ask;
mod at_most;
mod check;
mod distribute;
mod show;
mod unlock;

use coldamp_cli::Failure;

use crate::args::{AskArguments, RequestCommand};

/// Asks, or checks.
///
/// # Errors
/// Whatever stopped it; a request that AMP gave out is saved all the same.
pub(super) fn run(command: &RequestCommand) -> Result<(), Failure> {
    match command {
        RequestCommand::Reissue(arguments) => {
            in_folder(arguments, |arguments| ask::run(ask::Job::Reissue, arguments))
        }
        RequestCommand::Burn(arguments) => {
            in_folder(arguments, |arguments| ask::run(ask::Job::Burn, arguments))
        }
        RequestCommand::Distribute(arguments) => in_folder(arguments, distribute::run),
        RequestCommand::Check(arguments) => check::run(arguments),
        RequestCommand::Show(arguments) => show::run(arguments),
        RequestCommand::Unlock(arguments) => unlock::run(arguments),
    }
}

/// Makes the folder of the job, where no file is named, and asks. Where nothing was written, no folder is left behind.
fn in_folder(
    arguments: &AskArguments,
    ask: impl FnOnce(&AskArguments) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let Some(job) = &arguments.job else { return ask(arguments) };
    job.create()?;
    let asked = ask(arguments);
    if asked.is_err() {
        job.remove_if_empty();
    }
    asked
}
