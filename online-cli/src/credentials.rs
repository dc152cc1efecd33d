//! AMP's credentials, from a file, the environment or the terminal. They stay in memory and are sent to one host only.

use std::path::Path;

use coldamp_cli::ask::{AskError, ask_line, ask_secret};
use coldamp_cli::screen::printable_path;
use coldamp_cli::{Exit, Failure};
use coldamp_online::amp::Credentials;

use crate::secret_file;

/// The largest credentials file in bytes.
const MAX_FILE_BYTES: usize = 4 * 1024;

const UNATTENDED: &str = "Set COLDAMP_AMP_TOKEN, or COLDAMP_AMP_USERNAME and COLDAMP_AMP_PASSWORD, or name --amp-credentials FILE.";

/// Obtains the credentials: from the named file, or the environment, or the terminal.
///
/// # Errors
/// When the file cannot be used, or nobody answers.
pub(crate) fn obtain(file: Option<&Path>) -> Result<Credentials, Failure> {
    if let Some(path) = file {
        let what = "the credentials file";
        let text = secret_file::read(path, MAX_FILE_BYTES, what)?;
        return from_lines(&text).ok_or_else(|| {
            let message =
                format!("{what} {}: found neither a token nor a name and a password", printable_path(path));
            Failure::new(
                Exit::Input,
                message,
                "The file has one line with a token, or two lines: AMP's user name and the password.",
            )
        });
    }
    if let Some(token) = variable("COLDAMP_AMP_TOKEN") {
        return Ok(Credentials::Token(token));
    }
    let username = match variable("COLDAMP_AMP_USERNAME") {
        Some(username) => username,
        None => ask_line("AMP user name", "AMP user name: ").map_err(no_terminal_failure)?.trim().to_owned(),
    };
    let password = match variable("COLDAMP_AMP_PASSWORD") {
        Some(password) => password,
        None => {
            ask_secret("AMP password", "AMP password (not shown): ").map_err(no_terminal_failure)?.to_string()
        }
    };
    Ok(Credentials::Password { username, password })
}

/// A question that could not be asked, or was not answered.
fn no_terminal_failure(error: AskError) -> Failure {
    Failure::from(error).with_hint(UNATTENDED)
}

/// One line is a token, two are name and password.
fn from_lines(text: &str) -> Option<Credentials> {
    let mut lines = text.lines().map(|line| line.trim_end_matches('\r')).filter(|line| !line.is_empty());
    match (lines.next(), lines.next(), lines.next()) {
        (Some(token), None, None) => Some(Credentials::Token(token.to_owned())),
        (Some(username), Some(password), None) => {
            Some(Credentials::Password { username: username.to_owned(), password: password.to_owned() })
        }
        _ => None,
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "credentials of AMP and of an Esplora server may come from the environment"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_holds_a_token_or_a_name_and_a_password() {
        assert!(matches!(from_lines("abc\n"), Some(Credentials::Token(token)) if token == "abc"));
        let both = from_lines("me\r\npass word\r\n");
        assert!(
            matches!(both, Some(Credentials::Password { username, password }) if username == "me" && password == "pass word")
        );
        for text in ["", "\n\n", "a\nb\nc"] {
            assert!(from_lines(text).is_none(), "{text:?}");
        }
    }
}
