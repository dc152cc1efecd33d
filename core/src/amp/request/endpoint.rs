//! The API root that a request names (docs/rules.md#request-host), and the uuids that it uses there. Both become part of a
//! URL, so both are parsed exactly.

use std::fmt;

use super::{Command, RequestError};
use crate::json::shown;
use crate::network::Chain;

/// A uuid in its canonical form: 8-4-4-4-12 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Uuid(String);

/// The root of AMP's API, `/api` included, e.g. `https://amp.blockstream.com/api`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiRoot(String);

impl Uuid {
    /// The nil UUID (RFC 9562). AMP never gives it out: it takes the place of a uuid that is not known yet.
    pub fn nil() -> Self {
        Uuid("00000000-0000-0000-0000-000000000000".to_owned())
    }

    /// Parses the canonical form. `None` for any other text, upper case included.
    pub fn parse(text: &str) -> Option<Self> {
        let groups: Vec<&str> = text.split('-').collect();
        let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
        let hex =
            groups.iter().all(|group| group.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')));
        (lengths == [8, 4, 4, 4, 12] && hex).then(|| Uuid(text.to_owned()))
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl ApiRoot {
    /// Reads AMP's `base_url`, a Python format string that ends in `/api/{}`. `/api/` and `/api` are accepted too. The
    /// host must be a built-in one: whoever writes the file must not choose where report and password go.
    ///
    /// # Errors
    /// When scheme, host or path is another. Plain http is accepted for 127.0.0.1 on regtest only.
    pub fn parse(text: &str, chain: Chain) -> Result<Self, RequestError> {
        let refuse = || RequestError::Host { found: shown(text), expected: chain.amp_hosts().join(", ") };
        let (scheme, rest) = text.split_once("://").ok_or_else(refuse)?;
        let (authority, path) = rest.split_once('/').ok_or_else(refuse)?;
        if !matches!(path, "api" | "api/" | "api/{}") {
            return Err(refuse());
        }
        let (host, port) = match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        };
        let local = host == "127.0.0.1";
        let scheme_fits = scheme == "https" || (scheme == "http" && local);
        let port_fits = match port {
            None => true,
            Some(port) => {
                local && port.parse::<u16>().is_ok_and(|number| number > 0 && number.to_string() == port)
            }
        };
        if !scheme_fits || !port_fits || !chain.amp_hosts().contains(&host) {
            return Err(refuse());
        }
        Ok(ApiRoot(format!("{scheme}://{authority}/api")))
    }

    /// The API at the first built-in host of a network, which is used when neither a file nor the operator names another.
    pub fn built_in(chain: Chain) -> Self {
        ApiRoot(format!("https://{}/api", chain.amp_hosts().first().copied().unwrap_or_default()))
    }

    /// The URL of the root, without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ApiRoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The path of a report below the API's root. A distribution is named by its uuid.
pub(crate) fn confirm_path(asset: &Uuid, command: Command, distribution: Option<&Uuid>) -> String {
    match distribution {
        Some(uuid) => format!("assets/{asset}/distributions/{uuid}/confirm"),
        None => format!("assets/{asset}/{command}-confirm"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_root_is_one_that_a_file_may_name() {
        for chain in [Chain::Liquid, Chain::LiquidTestnet, Chain::Regtest] {
            let root = ApiRoot::built_in(chain);
            assert_eq!(ApiRoot::parse(root.as_str(), chain), Ok(root));
        }
    }

    #[test]
    fn the_nil_uuid_has_the_canonical_form() {
        assert_eq!(Uuid::parse(&Uuid::nil().to_string()), Some(Uuid::nil()));
    }
}
