//! All words to people: on stderr, and questions for secrets on the terminal; `terminal` asks what may be shown. Data
//! goes through `output`.

use std::io::Write as _;

use rpassword::ConfigBuilder;
use zeroize::Zeroizing;

use crate::error::{Exit, Failure};

/// Why a question got no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AskError {
    /// The process has no controlling terminal.
    #[error("there is no terminal to ask for the {what}")]
    NobodyToAsk {
        /// What was asked for.
        what: &'static str,
    },
    /// The terminal was closed, or the question left with Ctrl-C or Ctrl-D.
    #[error("the {what} was asked for and not given")]
    Declined {
        /// What was asked for.
        what: &'static str,
    },
}

impl AskError {
    /// As a failure, for a question that the file of `flag` answers as well.
    pub(crate) fn into_failure(self, flag: &str) -> Failure {
        let failure = Failure::from(self);
        Failure { hint: format!("{}, or name a file with {flag}", failure.hint), ..failure }
    }
}

impl From<AskError> for Failure {
    fn from(error: AskError) -> Self {
        let hint = match error {
            AskError::NobodyToAsk { .. } => "run it in a terminal",
            AskError::Declined { .. } => "run it again",
        };
        Failure::new(Exit::Declined, error.to_string(), hint)
    }
}

/// Says something that the operator may want to know. When stderr is closed nobody is left to be told.
pub(crate) fn say(words: &str) {
    let _ = std::io::stderr().write_all(format!("{}\n", visible(words)).as_bytes());
}

/// Says something that the operator should change.
pub(crate) fn warn(words: &str) {
    say(&format!("warning: {words}"));
}

/// Says why a command stopped and what to do next.
pub(crate) fn fail(failure: &Failure) {
    say(&format!("error: {}\nhint: {}", failure.message, failure.hint));
}

/// A path as it stands in a message: on one line, or a file from a stick could be named to forge the next.
pub(crate) fn shown(path: &std::path::Path) -> String {
    path.display().to_string().replace('\n', "\\n")
}

/// Looks whether there is anybody to ask.
///
/// # Errors
/// When there is no terminal.
pub(crate) fn need_terminal(what: &'static str) -> Result<(), AskError> {
    // The terminal itself, not stdin and stderr: those may be pipes while a person sits at the keyboard.
    let terminal = std::fs::OpenOptions::new().read(true).write(true).open("/dev/tty");
    terminal.map(drop).map_err(|_| AskError::NobodyToAsk { what })
}

/// Asks on the terminal for a secret; what is typed is not shown.
///
/// # Errors
/// When there is no terminal, or no answer.
pub(crate) fn ask_secret(what: &'static str, prompt: &str) -> Result<Zeroizing<String>, AskError> {
    need_terminal(what)?;
    rpassword::prompt_password_with_config(prompt, ConfigBuilder::new().build())
        .map(Zeroizing::new)
        .map_err(|_| AskError::Declined { what })
}

/// The words with every control character spelled out: a file name that came on a stick may hold escape sequences
/// that recolour, overwrite or hide the lines around it.
pub(crate) fn visible(words: &str) -> String {
    let mut visible = String::with_capacity(words.len());
    for character in words.chars() {
        match character {
            '\n' | '"' | '\'' | '\\' => visible.push(character),
            other => visible.extend(other.escape_debug()),
        }
    }
    visible
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_on_its_line() {
        assert_eq!(shown(std::path::Path::new("x\nevery rule holds")), "x\\nevery rule holds");
    }

    #[test]
    fn control_and_direction_characters_are_spelled_out() {
        assert_eq!(visible("a \"b\" it's\nc:\\d … é"), "a \"b\" it's\nc:\\d … é");
        assert_eq!(visible("x\u{1b}[2Ky\r\u{202e}z\u{7f}"), "x\\u{1b}[2Ky\\r\\u{202e}z\\u{7f}");
    }
}
