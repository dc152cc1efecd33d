//! Credentials of an Esplora server that asks for a login: from a file, else from the environment. They stay in memory, and
//! leave to that server, or to the token server that they name.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use coldamp_online::source::esplora::Credentials;

use crate::error::{Exit, Failure};
use crate::input::read_file;

/// A token of OAuth2 may be a signed document of some thousand bytes.
const MAX_FILE_BYTES: usize = 16 * 1024;

const SHAPE: &str = "one line with a token, or two with a client's id and its secret, and the token server's address in a third";

/// Obtains them, where there are any: the file if one is named, else the environment.
///
/// # Errors
/// When the file is none or others can read it, or the environment names half of them.
pub(crate) fn obtain(file: Option<&Path>) -> Result<Option<Credentials>, Failure> {
    let Some(path) = file else {
        return from_environment(variable);
    };
    let what = "the file of Esplora's credentials";
    // Whoever can read it asks the server at the operator's expense.
    let others = path.metadata().is_ok_and(|metadata| metadata.mode() & 0o077 != 0);
    if others {
        let message = format!("others than its owner can read {what}, {}", path.display());
        let hint = format!("chmod 600 {}", path.display());
        return Err(Failure::new(Exit::Input, message, hint).with_code("CREDENTIALS_OPEN"));
    }
    let bytes = read_file(path, MAX_FILE_BYTES).map_err(|error| error.into_failure(what, path))?;
    let credentials = from_lines(&String::from_utf8_lossy(&bytes));
    credentials.map(Some).ok_or_else(|| {
        let message =
            format!("{what} {}: found neither a token nor a client's id and secret", path.display());
        Failure::new(Exit::Input, message, SHAPE)
    })
}

/// One line is a token, two or three are a client.
fn from_lines(text: &str) -> Option<Credentials> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    match lines.as_slice() {
        [token] => Some(Credentials::Token((*token).to_owned())),
        [id, secret, token_url @ ..] if token_url.len() <= 1 => Some(Credentials::Client {
            id: (*id).to_owned(),
            secret: (*secret).to_owned(),
            token_url: token_url.first().map(|url| (*url).to_owned()),
        }),
        _ => None,
    }
}

fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Result<Option<Credentials>, Failure> {
    let client = (variable("COLDAMP_ESPLORA_CLIENT_ID"), variable("COLDAMP_ESPLORA_CLIENT_SECRET"));
    let token_url = variable("COLDAMP_ESPLORA_TOKEN_URL");
    match (variable("COLDAMP_ESPLORA_TOKEN"), client) {
        (Some(token), (None, None)) if token_url.is_none() => Ok(Some(Credentials::Token(token))),
        (None, (Some(id), Some(secret))) => Ok(Some(Credentials::Client { id, secret, token_url })),
        (None, (None, None)) if token_url.is_none() => Ok(None),
        _ => {
            let message = "the environment names half of Esplora's credentials, or two of them";
            let hint = "set COLDAMP_ESPLORA_TOKEN, or COLDAMP_ESPLORA_CLIENT_ID and COLDAMP_ESPLORA_CLIENT_SECRET, with COLDAMP_ESPLORA_TOKEN_URL where the server is not Blockstream's";
            Err(Failure::new(Exit::Usage, message, hint))
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a server's credentials may come this way, so that they stand in no argument"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_file_holds_a_token_or_a_client() {
        assert!(matches!(from_lines("\u{feff}abc\r\n"), Some(Credentials::Token(token)) if token == "abc"));
        for (text, url) in
            [("me\nsecret\n", None), ("me\nsecret\nhttps://x/token\n", Some("https://x/token"))]
        {
            let Some(Credentials::Client { id, secret, token_url }) = from_lines(text) else {
                panic!("{text}")
            };
            assert_eq!((id.as_str(), secret.as_str(), token_url.as_deref()), ("me", "secret", url));
        }
        for text in ["", "\n\n", "a\nb\nc\nd"] {
            assert!(from_lines(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn a_file_that_others_can_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("login");
        #[expect(clippy::disallowed_methods, reason = "a test's own file")]
        std::fs::write(&path, "abc\n").unwrap();
        for (mode, taken) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false)] {
            std::fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            assert_eq!(obtain(Some(&path)).is_ok(), taken, "{mode:o}");
        }
    }

    #[test]
    fn the_environment_names_all_of_them_or_none() {
        let read = |set: &[&str]| {
            let set: Vec<String> = set.iter().map(|name| format!("COLDAMP_ESPLORA_{name}")).collect();
            from_environment(|name| set.iter().any(|own| own == name).then(|| "x".to_owned()))
                .map(|found| found.is_some())
        };
        for set in
            [&["TOKEN"][..], &["CLIENT_ID", "CLIENT_SECRET"], &["CLIENT_ID", "CLIENT_SECRET", "TOKEN_URL"]]
        {
            assert!(read(set).unwrap(), "{set:?}");
        }
        assert!(!read(&[]).unwrap());
        for set in [
            &["CLIENT_ID"][..],
            &["CLIENT_SECRET"],
            &["TOKEN_URL"],
            &["TOKEN", "CLIENT_ID", "CLIENT_SECRET"],
            &["TOKEN", "TOKEN_URL"],
        ] {
            assert_eq!(read(set).err().unwrap().exit, Exit::Usage, "{set:?}");
        }
    }
}
