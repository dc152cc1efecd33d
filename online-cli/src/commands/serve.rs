//! `coldamp-online serve --sandbox`: an embedded chain and AMP beside it, on this machine alone.

use crate::args::ServeArguments;
use crate::error::Failure;

/// Serves until it is stopped.
pub(super) fn run(_arguments: &ServeArguments) -> Result<(), Failure> {
    Err(Failure::internal("not yet"))
}
