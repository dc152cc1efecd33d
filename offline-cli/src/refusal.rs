//! Failures that have a code, with the hint of this command line.

use coldamp_cli::Failure;
use coldamp_core::code::Code;

use crate::hints::HINTS;

/// A failure with the exit code and the hint of its code.
pub(crate) fn of(code: Code, message: impl Into<String>) -> Failure {
    Failure::coded(code, message, &HINTS)
}
