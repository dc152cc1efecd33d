//! From `main` to an exit code.

use std::panic::{self, Location, UnwindSafe};
use std::process::ExitCode;

use crate::failure::{Exit, Failure};
use crate::screen;

/// Runs a program, prints why it stopped, and returns its exit code. A panic prints where it happened and exits with
/// [`Exit::Internal`].
pub fn run(program: impl FnOnce() -> Result<(), Failure> + UnwindSafe) -> ExitCode {
    panic::set_hook(Box::new(|info| screen::fail(&panicked(info.location()))));
    let exit = match panic::catch_unwind(program) {
        Ok(Ok(())) => return ExitCode::SUCCESS,
        Ok(Err(failure)) => {
            screen::fail(&failure);
            failure.exit
        }
        // The hook has printed where.
        Err(_) => Exit::Internal,
    };
    ExitCode::from(exit as u8)
}

/// What a panic prints: the place, never the payload. A payload may quote the value that caused it, which may be a key.
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
    fn a_panic_prints_its_place_and_not_its_payload() {
        let here = Location::caller();
        let failure = panicked(Some(here));
        assert_eq!(failure.message, format!("internal error at {}:{}", here.file(), here.line()));
        assert_eq!(failure.exit, Exit::Internal);
    }
}
