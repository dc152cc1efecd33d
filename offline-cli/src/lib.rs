//! `coldamp`: the air-gapped half of Coldamp. It alone holds the keys of the treasury; it links no network crate,
//! reads and writes files, and asks on the terminal what no file answers.
//!
//! stdout carries data, stderr carries messages, and questions are asked on the terminal, by [`coldamp_cli`]; secrets come in
//! through `input::secret`. Every command ends with 0 or an exit code of [`coldamp_cli::Exit`].
//!
//! A library only so that fuzzing can reach its readers ([`fuzzing`]); the binary is `main.rs`, which calls [`run`].

mod approval_file;
mod args;
mod backup;
mod commands;
mod contract;
mod entropy;
mod fill;
mod hardening;
mod hints;
mod input;
mod journal;
mod keystore;
mod pager;
mod policy_approval;
mod policy_file;
mod refusal;

pub mod fuzzing;

use std::process::ExitCode;

/// The whole program: reads the command line, runs the command, and prints why it stopped.
pub fn run() -> ExitCode {
    coldamp_cli::program::run(|| {
        hardening::harden();
        match coldamp_cli::arguments::parse()? {
            Some::<args::Arguments>(mut arguments) => {
                fill::fill(&mut arguments)?;
                commands::run(&arguments)
            }
            None => Ok(()),
        }
    })
}
