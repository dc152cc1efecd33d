//! All data: on stdout. Words go through `screen`.

use std::io::{self, Write as _};

use crate::error::{Exit, Failure};

/// Why data could not be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OutputError {
    /// stdout is closed or full.
    #[error("cannot write to standard output: {reason}")]
    Stdout {
        /// What the system said.
        reason: io::Error,
    },
}

impl From<OutputError> for Failure {
    fn from(error: OutputError) -> Self {
        let hint = match &error {
            OutputError::Stdout { .. } => "whoever reads the output stopped before its end; run it again",
        };
        Failure::new(Exit::Output, error.to_string(), hint)
    }
}

/// Prints a line of data.
///
/// # Errors
/// When stdout is closed or full. A pipe whose reader left counts as such: the data has not arrived.
pub(crate) fn print(line: &str) -> Result<(), OutputError> {
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(format!("{line}\n").as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(|reason| OutputError::Stdout { reason })
}
