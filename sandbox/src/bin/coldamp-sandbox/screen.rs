//! Data to stdout, words to stderr.

use std::io::{self, Write as _};

use crate::failure::{Exit, Failure};

/// Prints a line of data.
///
/// # Errors
/// When stdout is closed or full.
pub(crate) fn print(line: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(format!("{line}\n").as_bytes()).and_then(|()| stdout.flush());
    written.map_err(|error| {
        let message = format!("cannot write to standard output: {error}");
        Failure::new(Exit::Output, message, "what reads the output has ended or is full; run it again")
    })
}

/// Says a line to a person. When stderr is closed nobody is left to be told.
pub(crate) fn say(line: &str) {
    let _ = io::stderr().write_all(format!("{}\n", visible(line)).as_bytes());
}

/// Says why the program ends and what to do next.
pub(crate) fn fail(failure: &Failure) {
    match failure.code {
        Some(code) => say(&format!("error[{code}]: {}", failure.message)),
        None => say(&format!("error: {}", failure.message)),
    }
    say(&format!("hint: {}", failure.hint));
}

/// The line with every control and direction character spelled out, line breaks too: a file name or an argument may hold
/// escape sequences that recolour, overwrite or hide the lines around it.
fn visible(line: &str) -> String {
    let mut visible = String::with_capacity(line.len());
    for character in line.chars() {
        match character {
            '"' | '\'' | '\\' => visible.push(character),
            other => visible.extend(other.escape_debug()),
        }
    }
    visible
}
