//! What the process gives up before it meets a secret: core dumps, being traced, and panic texts.

use std::panic::{self, Location};

use rustix::process::{Resource, Rlimit, setrlimit};

use crate::error::Failure;
use crate::screen;

/// Closes the ways by which memory ends up in files and logs.
///
/// Best effort: where the system refuses, the operator is no worse off than with any other program, and a machine
/// that cannot sign at all would be the greater harm.
pub(crate) fn harden() {
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
    panic::set_hook(Box::new(|info| {
        screen::fail(&panicked(info.location()));
    }));
}

/// What a panic says: where, and never its payload, which may quote the value it stumbled over.
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
    fn a_hardened_process_leaves_no_core_dump() {
        harden();
        assert_eq!(rustix::process::getrlimit(Resource::Core).current, Some(0));
        #[cfg(target_os = "linux")]
        assert_eq!(
            rustix::process::dumpable_behavior().unwrap(),
            rustix::process::DumpableBehavior::NotDumpable
        );
        let _ = panic::take_hook();
    }

    #[test]
    fn a_panic_says_where_and_not_what() {
        let here = Location::caller();
        let failure = panicked(Some(here));
        assert_eq!(failure.message, format!("internal error at {}:{}", here.file(), here.line()));
    }
}
