//! Credentials of an Esplora server, from a file or the environment. They stay in memory. They name the host that they are
//! for, and are sent to that host or to the token server that they name.

use std::path::Path;

use coldamp_cli::screen::printable_path;
use coldamp_cli::{Exit, Failure};
use coldamp_online::source::esplora::{Credentials, Grant};

use crate::secret_file;

/// A token of OAuth2 may be a signed document of some thousand bytes.
const MAX_FILE_BYTES: usize = 16 * 1024;

/// What the line with the host begins with. No token and no client's id has a blank.
const HOST: &str = "host ";

const SHAPE: &str = "The first line is `host HOST`, with the host of --esplora. After it comes one line with a token, or two with a client's id and secret. A third may name the token server.";

/// Obtains them, where there are any: the file if one is named, else the environment.
///
/// # Errors
/// When the file cannot be read, others can read it, or it has another shape; when the environment holds only a part of
/// them.
pub(crate) fn obtain(file: Option<&Path>) -> Result<Option<Credentials>, Failure> {
    let Some(path) = file else {
        return from_environment(variable);
    };
    let what = "the file of Esplora's credentials";
    let text = secret_file::read(path, MAX_FILE_BYTES, what)?;
    // What it holds instead is not quoted: it may be the secret.
    from_lines(&text)
        .map(Some)
        .map_err(|why| Failure::new(Exit::Input, format!("{what} {}: {why}", printable_path(path)), SHAPE))
}

/// First the host; then one line is a token, two or three are a client.
fn from_lines(text: &str) -> Result<Credentials, &'static str> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let Some((host, lines)) = lines.split_first() else { return Err("it is empty") };
    let Some(host) = host.strip_prefix(HOST).map(str::trim) else {
        return Err("it names no host, and credentials are sent only to the host that they are for");
    };
    let grant = match lines {
        [token] => Grant::Token((*token).to_owned()),
        [id, secret, token_url @ ..] if token_url.len() <= 1 => Grant::Client {
            id: (*id).to_owned(),
            secret: (*secret).to_owned(),
            token_url: token_url.first().map(|url| (*url).to_owned()),
        },
        _ => return Err("found neither a token nor a client's id and secret"),
    };
    Ok(Credentials { host: host.to_owned(), grant })
}

fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Result<Option<Credentials>, Failure> {
    let client = (variable("COLDAMP_ESPLORA_CLIENT_ID"), variable("COLDAMP_ESPLORA_CLIENT_SECRET"));
    let (host, token_url) = (variable("COLDAMP_ESPLORA_HOST"), variable("COLDAMP_ESPLORA_TOKEN_URL"));
    let grant = match (variable("COLDAMP_ESPLORA_TOKEN"), client) {
        (Some(token), (None, None)) if token_url.is_none() => Grant::Token(token),
        (None, (Some(id), Some(secret))) => Grant::Client { id, secret, token_url },
        (None, (None, None)) if token_url.is_none() && host.is_none() => return Ok(None),
        _ => {
            let message = "the environment has only a part of Esplora's credentials, or two kinds";
            let hint = "Set COLDAMP_ESPLORA_HOST with COLDAMP_ESPLORA_TOKEN, or with COLDAMP_ESPLORA_CLIENT_ID and COLDAMP_ESPLORA_CLIENT_SECRET. Set COLDAMP_ESPLORA_TOKEN_URL too if the server is not Blockstream's.";
            return Err(Failure::new(Exit::Usage, message, hint));
        }
    };
    let Some(host) = host else {
        let message = "the environment has credentials for Esplora, but does not name their host";
        let hint = "Set COLDAMP_ESPLORA_HOST to the host that they are for, or unset them. They are sent to no other host.";
        return Err(Failure::new(Exit::Usage, message, hint));
    };
    Ok(Some(Credentials { host, grant }))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a server's credentials may come this way, so that no argument holds them"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_names_the_host_and_holds_a_token_or_a_client() {
        let token = from_lines("host x:3\r\nabc\r\n").unwrap();
        assert!(token.host == "x:3" && matches!(token.grant, Grant::Token(token) if token == "abc"));
        for (text, url) in [
            ("host  x\nme\nsecret\n", None),
            ("host x\nme\nsecret\nhttps://x/token\n", Some("https://x/token")),
        ] {
            let client = from_lines(text).unwrap();
            assert_eq!(client.host, "x", "{text}");
            let Grant::Client { id, secret, token_url } = client.grant else { panic!("{text}") };
            assert_eq!((id.as_str(), secret.as_str(), token_url.as_deref()), ("me", "secret", url));
        }
        for (text, why) in [
            ("", "empty"),
            ("\n\n", "empty"),
            ("abc\n", "no host"),
            ("me\nsecret\n", "no host"),
            ("hostx\nabc\n", "no host"),
            ("abc\nhost x\n", "no host"),
            ("host x\n", "neither a token"),
            ("host x\na\nb\nc\nd", "neither a token"),
        ] {
            let error = from_lines(text).err().unwrap_or_else(|| panic!("{text:?}"));
            assert!(error.contains(why), "{text:?}: {error}");
        }
    }

    #[test]
    fn the_environment_names_all_of_them_or_none() {
        let read = |set: &[&str]| {
            let set: Vec<String> = set.iter().map(|name| format!("COLDAMP_ESPLORA_{name}")).collect();
            from_environment(|name| set.iter().any(|own| own == name).then(|| "x".to_owned()))
                .map(|found| found.is_some())
        };
        for set in [
            &["HOST", "TOKEN"][..],
            &["HOST", "CLIENT_ID", "CLIENT_SECRET"],
            &["HOST", "CLIENT_ID", "CLIENT_SECRET", "TOKEN_URL"],
        ] {
            assert!(read(set).unwrap(), "{set:?}");
        }
        assert!(!read(&[]).unwrap());
        for set in [
            &["TOKEN"][..],
            &["CLIENT_ID", "CLIENT_SECRET"],
            &["CLIENT_ID", "CLIENT_SECRET", "TOKEN_URL"],
            &["HOST"],
            &["CLIENT_ID"],
            &["CLIENT_SECRET"],
            &["TOKEN_URL"],
            &["HOST", "TOKEN", "CLIENT_ID", "CLIENT_SECRET"],
            &["HOST", "TOKEN", "TOKEN_URL"],
        ] {
            assert_eq!(read(set).err().unwrap().exit, Exit::Usage, "{set:?}");
        }
    }
}
