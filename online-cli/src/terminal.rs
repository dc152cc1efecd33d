//! Questions to a person, on the terminal itself: neither stdin nor a pipe can answer them.

use std::fs::OpenOptions;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};

use crate::error::{Exit, Failure};
use crate::screen::visible;

/// Bytes that an answer may have.
const MAX_LINE_BYTES: u64 = 4_096;

/// Asks, and takes one line.
///
/// # Errors
/// When there is no terminal, or no answer on it.
pub(crate) fn ask_line(what: &str, prompt: &str, unattended: &str) -> Result<String, Failure> {
    let nobody = || Failure::new(Exit::Declined, format!("nobody to ask for {what}"), unattended);
    let mut terminal = OpenOptions::new().read(true).write(true).open("/dev/tty").map_err(|_| nobody())?;
    terminal.write_all(visible(prompt).as_bytes()).map_err(|_| nobody())?;
    let mut line = String::new();
    let read = BufReader::new(terminal.take(MAX_LINE_BYTES)).read_line(&mut line);
    match read {
        Ok(count) if count > 0 && line.ends_with('\n') => Ok(line.trim().to_owned()),
        Ok(_) | Err(_) => Err(Failure::new(Exit::Declined, format!("{what} was not typed"), unattended)),
    }
}

/// Asks for something that is not shown.
///
/// # Errors
/// When there is no terminal, or no answer on it.
pub(crate) fn ask_secret(what: &str, prompt: &str, unattended: &str) -> Result<String, Failure> {
    rpassword::prompt_password(visible(prompt))
        .map_err(|_| Failure::new(Exit::Declined, format!("nobody to ask for {what}"), unattended))
}
