//! The commands, one file each: arguments in; data, words and an exit code out.

use coldamp_cli::Failure;

use crate::args::{Arguments, Command};

mod broadcast;
mod combine;
mod contract;
mod descriptor;
mod init;
mod jobs;
mod prepare;
mod profile;
mod qr;
mod report;
mod request;
mod serve;
mod status;
mod treasury;

/// Does what the arguments ask for.
///
/// # Errors
/// Whatever stopped the command.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.command {
        Command::Descriptor(command) => descriptor::run(command),
        Command::Request(command) => request::run(command),
        Command::Prepare(arguments) => prepare::run(arguments),
        Command::Combine(arguments) => combine::run(arguments),
        Command::Init => init::run(&arguments.profile),
        Command::Profile(command) => profile::run(command),
        Command::Jobs(arguments) => jobs::run(arguments),
        Command::Qr(command) => qr::run(command),
        Command::Broadcast(arguments) => broadcast::run(arguments),
        Command::Report(arguments) => report::run(arguments),
        Command::Status(arguments) => status::run(arguments),
        Command::Treasury(arguments) => treasury::run(arguments),
        Command::Contract(arguments) => contract::run(arguments),
        Command::Serve(arguments) => serve::run(arguments),
    }
}
