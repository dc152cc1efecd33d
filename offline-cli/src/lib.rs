//! `coldamp`: the air-gapped half of Coldamp. It alone holds the keys of the treasury; it links no network crate,
//! reads and writes files, and asks on the terminal what no file answers.
//!
//! stdout carries data (`output`), stderr carries words (`screen`), questions whose answer is shown go through
//! `terminal`, files come in through `input` and secrets through `input::secret`. Every command ends with 0 or an exit
//! code of `error::Exit`.
//!
//! A library only so that fuzzing can reach its readers ([`fuzzing`]); the binary is `main.rs`, which calls [`run`].

mod approval_file;
mod args;
mod backup;
mod commands;
mod contract;
mod entropy;
mod error;
mod hardening;
mod input;
mod journal;
mod keystore;
mod layout;
mod output;
mod pager;
mod policy_approval;
mod policy_file;
mod screen;
mod terminal;

pub mod fuzzing;

use std::panic;
use std::process::ExitCode;

use crate::error::Exit;

/// The whole program: reads the command line, does what it asks for, and says how that ended.
pub fn run() -> ExitCode {
    hardening::harden();
    let done = panic::catch_unwind(|| {
        let Some(arguments) = args::parse()? else { return Ok(()) };
        commands::run(&arguments)
    });
    let failed = match done {
        Ok(Ok(())) => return ExitCode::SUCCESS,
        Ok(Err(failure)) => {
            screen::fail(&failure);
            failure.exit
        }
        // The hook has said where.
        Err(_) => Exit::Internal,
    };
    ExitCode::from(failed as u8)
}
