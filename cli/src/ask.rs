//! Questions to a person. They are asked on /dev/tty: neither stdin nor a pipe can answer them.

use std::fs::{File, OpenOptions};

use rpassword::ConfigBuilder;
use zeroize::Zeroizing;

use crate::failure::{Exit, Failure};
use crate::terminal::{Size, Terminal, question};

/// Why a question has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    /// The process has no controlling terminal.
    #[error("there is no terminal to ask for the {what}")]
    NobodyToAsk {
        /// What the question asks for, for example "passphrase of the keystore".
        what: &'static str,
    },
    /// The terminal was closed, or the operator left the question with Ctrl-C or Ctrl-D.
    #[error("stopped at the question for the {what}: it was not answered")]
    Declined {
        /// What the question asked for.
        what: &'static str,
    },
}

impl AskError {
    /// As a failure, for a question that the file of `flag` answers as well.
    pub fn into_failure(self, flag: &str) -> Failure {
        let failure = Failure::from(self);
        let hint = format!("{}, or name a file with {flag}", failure.hint);
        failure.with_hint(hint)
    }
}

impl From<AskError> for Failure {
    fn from(error: AskError) -> Self {
        let hint = match error {
            AskError::NobodyToAsk { .. } => "Run it in a terminal",
            AskError::Declined { .. } => "Run it again",
        };
        Failure::new(Exit::Declined, error.to_string(), hint)
    }
}

/// Checks that there is somebody to ask.
///
/// # Errors
/// When there is no terminal.
pub fn need_terminal(what: &'static str) -> Result<(), AskError> {
    open_terminal(what).map(drop)
}

/// Opens the terminal. Not stdin and stderr: these may be pipes while a person sits at the keyboard.
fn open_terminal(what: &'static str) -> Result<File, AskError> {
    let terminal = OpenOptions::new().read(true).write(true).open("/dev/tty");
    terminal.map_err(|_| AskError::NobodyToAsk { what })
}

/// Asks for one line, and shows what is typed.
///
/// # Errors
/// When there is no terminal, or no answer.
pub fn ask_line(what: &'static str, prompt: &str) -> Result<String, AskError> {
    Terminal::open(what)?.ask(prompt).map(|mut line| std::mem::take(&mut *line))
}

/// How often an answer may be typed.
pub const TRIES: usize = 3;

/// Asks up to [`TRIES`] times for a line that is accepted, and says `wrong` after each that is not. `None` if none was.
///
/// # Errors
/// As [`ask_line`].
pub fn ask_until(
    what: &'static str,
    prompt: &str,
    wrong: &str,
    is_right: impl Fn(&str) -> bool,
) -> Result<Option<String>, AskError> {
    let mut terminal = Terminal::open(what)?;
    for next in 2..=TRIES.saturating_add(1) {
        let mut line = terminal.ask(prompt)?;
        if is_right(&line) {
            return Ok(Some(std::mem::take(&mut *line)));
        }
        if next <= TRIES {
            terminal.say(&format!("{wrong} Try {next} of {TRIES} (Ctrl-C: stop)."))?;
        }
    }
    Ok(None)
}

/// Asks for a secret, and shows nothing of what is typed.
///
/// # Errors
/// When there is no terminal, or no answer.
pub fn ask_secret(what: &'static str, prompt: &str) -> Result<Zeroizing<String>, AskError> {
    let columns = Size::of(open_terminal(what)?).columns;
    rpassword::prompt_password_with_config(question(prompt, columns), ConfigBuilder::new().build())
        .map(Zeroizing::new)
        .map_err(|_| AskError::Declined { what })
}
