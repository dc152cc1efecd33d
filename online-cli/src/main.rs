//! `coldamp-online`: the online half of Coldamp. It knows the watch-only descriptor, which shows all amounts and spends
//! none, and makes what the air-gapped half then judges for itself.
//!
//! stdout carries data and stderr messages, by [`coldamp_cli`]. Files are read by `input`, and what most commands start from
//! by `desk`. What is kept between commands lies in `state` and beside the files (`logfile`). Every command ends with 0 or an
//! exit code of [`coldamp_cli::Exit`], in the words of `refusal`.

mod args;
mod bar;
mod coins;
mod commands;
mod credentials;
mod desk;
mod esplora_login;
mod exposed;
mod hints;
mod input;
mod logfile;
mod looks;
mod page;
mod refusal;
mod report_log;
mod runtime;
mod secret_file;
mod source;
mod state;

use std::process::ExitCode;

fn main() -> ExitCode {
    coldamp_cli::program::run(|| match args::parse()? {
        Some(arguments) => commands::run(&arguments),
        None => Ok(()),
    })
}
