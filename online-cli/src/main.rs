//! `coldamp-online`: the online half of Coldamp. It knows the watch-only descriptor, which shows all amounts and spends
//! none, and makes what the air-gapped half then judges for itself.
//!
//! stdout carries data and stderr words (`output`, `screen`), files come in through `input`, and what a command starts
//! from is read by `desk`. What is remembered between commands lies in `state` and beside the files (`logfile`). Every
//! command ends with 0 or an exit code of `error::Exit`, in the words of `refusal`.

mod args;
mod bar;
mod coins;
mod commands;
mod credentials;
mod desk;
mod error;
mod esplora_login;
mod exposed;
mod input;
mod logfile;
mod looks;
mod output;
mod page;
mod refusal;
mod report_log;
mod runtime;
mod screen;
mod secret_file;
mod source;
mod state;
mod terminal;

use std::panic::{self, Location};
use std::process::ExitCode;

use crate::error::{Exit, Failure};

fn main() -> ExitCode {
    panic::set_hook(Box::new(|info| screen::fail(&panicked(info.location()))));
    let done = panic::catch_unwind(|| {
        let Some(arguments) = args::parse()? else { return Ok(()) };
        commands::run(&arguments)
    });
    let exit = match done {
        Ok(Ok(())) => return ExitCode::SUCCESS,
        Ok(Err(failure)) => {
            screen::fail(&failure);
            failure.exit
        }
        // The hook has said where.
        Err(_) => Exit::Internal,
    };
    ExitCode::from(exit as u8)
}

/// What a panic says: where, and never its payload, which may quote the view key.
fn panicked(location: Option<&Location<'_>>) -> Failure {
    let place = match location {
        Some(location) => format!("{}:{}", location.file(), location.line()),
        None => "an unknown place".to_owned(),
    };
    Failure::internal(format!("internal error at {place}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_says_where_and_not_what() {
        let here = Location::caller();
        let failure = panicked(Some(here));
        assert_eq!(failure.message, format!("internal error at {}:{}", here.file(), here.line()));
        assert_eq!(failure.exit, Exit::Internal);
    }
}
