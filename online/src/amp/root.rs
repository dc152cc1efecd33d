//! The address of AMP's API. Nothing is sent anywhere else.

use std::fmt;

use coldamp_core::amp::request::ApiRoot;
use coldamp_core::network::Chain;
use reqwest::Url;

/// The root of the API that requests are sent to, `/api` included, without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmpRoot(String);

/// The operator's `--amp` is no root of AMP's API.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{reason}; expected https://HOST/api, or http://127.0.0.1:PORT/api", quoted(.found.as_deref()))]
pub struct RootError {
    /// What was given, cut; none where it may hold a password.
    pub found: Option<String>,
    /// What is wrong with it.
    pub reason: &'static str,
}

/// The address that was given, as the beginning of the message.
fn quoted(found: Option<&str>) -> String {
    found.map(|found| format!("found {found:?}: ")).unwrap_or_default()
}

impl AmpRoot {
    /// The root that a request or a signed file names: its host is one of the network's built-in ones already.
    pub fn of(api: &ApiRoot) -> Self {
        AmpRoot(api.as_str().to_owned())
    }

    /// The operator's own choice: any host over https, plain http for 127.0.0.1 alone. `/api`, `/api/` and AMP's own
    /// `/api/{}` are taken.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn parse(text: &str) -> Result<Self, RootError> {
        // First, by the character itself: without `https://` in front a user and a password are parsed as a scheme and a path.
        if text.contains('@') {
            return Err(RootError { found: None, reason: "it names a user or a password" });
        }
        // A query may hold a token.
        let quotable = text.split(['?', '#']).next().unwrap_or_default();
        let refuse = |reason| RootError { found: Some(quotable.chars().take(100).collect()), reason };
        let without_braces = text.strip_suffix("{}").unwrap_or(text).trim_end_matches('/');
        let url = Url::parse(without_braces).map_err(|_| refuse("it is no address"))?;
        let host = url.host_str().ok_or_else(|| refuse("it names no host"))?;
        match url.scheme() {
            "https" => {}
            "http" if host == "127.0.0.1" => {}
            "http" => return Err(refuse("it is plain http, and not to 127.0.0.1")),
            _ => return Err(refuse("it is not https")),
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(refuse("it has a query"));
        }
        if !url.path().ends_with("/api") {
            return Err(refuse("its path does not end in /api"));
        }
        Ok(AmpRoot(url.as_str().to_owned()))
    }

    /// The root that a file may name for this one: itself where it is built in, else the network's first built-in one. A
    /// request that names another one is refused by its readers.
    pub fn named(&self, chain: Chain) -> ApiRoot {
        ApiRoot::parse(&self.0, chain).unwrap_or_else(|_| ApiRoot::built_in(chain))
    }

    /// The address of an endpoint.
    pub(super) fn join(&self, path: &str) -> String {
        format!("{}/{path}", self.0)
    }
}

impl fmt::Display for AmpRoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_operators_root_is_https_or_this_machine() {
        for (given, root) in [
            ("https://amp.example.org/api", "https://amp.example.org/api"),
            ("https://amp.example.org/api/", "https://amp.example.org/api"),
            ("https://amp.example.org/x/api/{}", "https://amp.example.org/x/api"),
            ("http://127.0.0.1:8080/api", "http://127.0.0.1:8080/api"),
        ] {
            assert_eq!(AmpRoot::parse(given).unwrap().to_string(), root);
        }
    }

    #[test]
    fn whatever_would_carry_the_password_elsewhere_or_in_the_open_is_refused() {
        for given in [
            "http://amp.blockstream.com/api",
            "http://localhost/api",
            "http://127.0.0.1.example.org/api",
            "http://127.0.0.1@example.org/api",
            "https://me:secret@amp.blockstream.com/api",
            "ftp://127.0.0.1/api",
            "https://amp.blockstream.com/",
            "me:secret@amp.blockstream.com/api",
            "//me:secret@amp.blockstream.com/api",
            "https:me:secret@amp.blockstream.com/api",
            "https://amp.blockstream.com/api?token=secret",
            "https://amp.blockstream.com/api#secret",
            "https://amp.blockstream.com/api/v1",
            "amp.blockstream.com/api",
            "",
        ] {
            let error = AmpRoot::parse(given).unwrap_err();
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }

    #[test]
    fn a_file_names_the_root_where_it_may_and_a_built_in_one_where_it_may_not() {
        let named = |root: &str, chain| AmpRoot::parse(root).unwrap().named(chain).to_string();
        let beta = "https://amp-beta.blockstream.com/api";
        assert_eq!(named(beta, Chain::Liquid), beta);
        assert_eq!(named("http://127.0.0.1:8480/api", Chain::Regtest), "http://127.0.0.1:8480/api");
        let first = "https://amp.blockstream.com/api";
        assert_eq!(named("http://127.0.0.1:8480/amp/api", Chain::Liquid), first);
        assert_eq!(named("https://amp.example.org/api", Chain::Liquid), first);
    }
}
