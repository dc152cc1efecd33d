//! `coldamp-online`: the online half of Coldamp. It has the watch-only descriptor, which shows all amounts and cannot spend.
//! It prepares PSETs, which the air-gapped half checks by itself.
//!
//! Data goes to stdout and messages to stderr, by [`coldamp_cli`]. `input` reads files, and `load` parses the files and
//! options that most commands need. `fill` puts values of the profile where the command line has none. `state` keeps what is needed between commands. Every command ends with 0 or an exit code
//! of [`coldamp_cli::Exit`]. `refusal` has the messages and hints.

mod amount;
mod args;
mod bar;
mod commands;
mod credentials;
mod curve;
mod esplora_login;
mod fill;
mod hints;
mod indented;
mod input;
mod job;
mod load;
mod page;
mod precision;
mod recipients;
mod refusal;
mod runtime;
mod secret_file;
mod source;
mod state;
mod top_up;

use std::process::ExitCode;

fn main() -> ExitCode {
    coldamp_cli::program::run(|| match args::parse()? {
        Some(mut arguments) => {
            fill::fill(&mut arguments)?;
            commands::run(&arguments)
        }
        None => Ok(()),
    })
}
