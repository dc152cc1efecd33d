//! `coldamp-online request`: gets a request from AMP, after seeing that it could be carried out; or checks one.

mod ask;
mod check;
mod distribute;

use coldamp_cli::Failure;

use crate::args::RequestCommand;

/// Asks, or checks.
///
/// # Errors
/// Whatever stopped it; a request that AMP gave out is saved all the same.
pub(super) fn run(command: &RequestCommand) -> Result<(), Failure> {
    match command {
        RequestCommand::Reissue(arguments) => ask::run(ask::Job::Reissue, arguments),
        RequestCommand::Burn(arguments) => ask::run(ask::Job::Burn, arguments),
        RequestCommand::Distribute(arguments) => distribute::run(arguments),
        RequestCommand::Check(arguments) => check::run(arguments),
    }
}
