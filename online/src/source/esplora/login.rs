//! Login to an Esplora server: with a bearer token, or with OAuth2's client credentials grant (RFC 6749, 4.4). Blockstream's
//! paid API uses the second one. Its tokens last for some minutes.
//!
//! Credentials name the server that they are for. A token is sent to that server only, and the client's secret to the token
//! server only, each over https or to this machine. Credentials for another server than the one in use are never sent: an
//! address that was mistyped or changed must not get the token of the paid server.

mod token_server;

use std::cell::RefCell;
use std::time::Duration;

use reqwest::Url;

use super::{EsploraError, is_this_machine};
use crate::http::Http;
use crate::pace::Pause;
use crate::secrets::Secrets;
use token_server::{Client, OneAtATime};

/// The token server of Blockstream's paid API (its help pages, "Make a REST API request with your API keys").
pub const TOKEN_SERVER: &str =
    "https://login.blockstream.com/realms/blockstream-public/protocol/openid-connect/token";

/// The server that these tokens are for.
const TOKEN_SERVER_IS_FOR: &str = "enterprise.blockstream.info";

/// A token is renewed this long before it expires.
const MARGIN: Duration = Duration::from_secs(30);

/// Credentials for one server. They have no Debug: anybody who has them can send requests at the operator's expense.
pub struct Credentials {
    /// The server's host as in its address: `HOST`, or `HOST:PORT`.
    pub host: String,
    /// The credentials themselves.
    pub grant: Grant,
}

/// How to log in. It has no Debug either.
pub enum Grant {
    /// A bearer token.
    Token(String),
    /// A client of a token server.
    Client {
        /// The client's id.
        id: String,
        /// The client's secret.
        secret: String,
        /// The token server's endpoint. Without it [`TOKEN_SERVER`], if the server is Blockstream's.
        token_url: Option<String>,
    },
}

/// Credentials for one server, and the present token.
pub(super) struct Login {
    kind: Kind,
    kept: RefCell<Option<Token>>,
    /// The token before. An answer to a request that was sent with it may still arrive.
    last: RefCell<Option<Token>>,
    /// Requests that are sent together share one token request.
    renewal: OneAtATime,
}

enum Kind {
    Token,
    Client(Client),
}

/// A token, and when it expires.
#[derive(Clone, PartialEq)]
pub(super) struct Token {
    text: String,
    until: Option<Duration>,
}

impl Token {
    /// The `Authorization` header.
    pub(super) fn header(&self) -> String {
        format!("Bearer {}", self.text)
    }
}

impl Login {
    /// Credentials for the server at `root`.
    pub(super) fn new(root: &str, credentials: Credentials) -> Result<Self, EsploraError> {
        let root = secure(root, "the server's address is plain http and not this machine")?;
        let Credentials { host, grant } = credentials;
        if !is_host_of(&host, &root) {
            return Err(refused(&format!(
                "they are for the host {}, but the server is {}; nothing was sent",
                host.escape_debug(),
                host_of(&root)
            )));
        }
        let login = |kind, token| Login {
            kind,
            kept: RefCell::new(token),
            last: RefCell::new(None),
            renewal: OneAtATime::default(),
        };
        match grant {
            Grant::Token(text) => {
                let token = Token { text: header_text(text)?, until: None };
                Ok(login(Kind::Token, Some(token)))
            }
            Grant::Client { id, secret, token_url } => {
                let is_blockstreams = root.host_str() == Some(TOKEN_SERVER_IS_FOR);
                let token_url = token_url.or_else(|| is_blockstreams.then(|| TOKEN_SERVER.to_owned()));
                let token_url = token_url
                    .ok_or_else(|| refused("a client's id and secret need the address of a token server"))?;
                secure(&token_url, "the token server's address is plain http and not this machine")?;
                if id.is_empty() || secret.is_empty() {
                    return Err(refused("an id or a secret is empty"));
                }
                Ok(login(Kind::Client(Client { id, secret, token_url }), None))
            }
        }
    }

    /// The present token, or a new one if that expires.
    pub(super) async fn token<P: Pause>(&self, http: &Http, clock: &P) -> Result<Token, EsploraError> {
        if let Some(token) = self.valid_token(clock) {
            return Ok(token);
        }
        let Kind::Client(client) = &self.kind else {
            return Err(refused("the server does not accept the token"));
        };
        let _passage = self.renewal.enter().await;
        // Another request may have renewed it meanwhile.
        if let Some(token) = self.valid_token(clock) {
            return Ok(token);
        }
        let token = client.request(http, clock, &self.secrets()).await?;
        self.keep(Some(token.clone()));
        Ok(token)
    }

    fn valid_token<P: Pause>(&self, clock: &P) -> Option<Token> {
        let soon = clock.elapsed().saturating_add(MARGIN);
        self.kept.borrow().clone().filter(|token| token.until.is_none_or(|until| until > soon))
    }

    /// Keeps a token, and the one before it.
    fn keep(&self, token: Option<Token>) {
        if let Some(earlier) = self.kept.replace(token) {
            *self.last.borrow_mut() = Some(earlier);
        }
    }

    /// Forgets a token that the server refused. Returns whether a new one can be requested.
    pub(super) fn forget(&self, token: &Token) -> bool {
        if matches!(self.kind, Kind::Token) {
            return false;
        }
        // Another request may have renewed it already.
        let is_kept = self.kept.borrow().as_ref() == Some(token);
        if is_kept {
            self.keep(None);
        }
        true
    }

    /// The texts that must not be shown: the tokens, and the client's secret and id.
    pub(super) fn secrets(&self) -> Secrets {
        let mut secrets = Secrets::default();
        for token in [&self.kept, &self.last] {
            token.borrow().iter().for_each(|token| secrets.add(&token.text));
        }
        if let Kind::Client(Client { id, secret, .. }) = &self.kind {
            secrets.add_name(id);
            secrets.add(secret);
        }
        secrets
    }
}

fn refused(reason: &str) -> EsploraError {
    EsploraError::Credentials { reason: reason.to_owned() }
}

/// An address to which credentials may be sent.
fn secure(address: &str, reason: &str) -> Result<Url, EsploraError> {
    let url = Url::parse(address).map_err(|_| refused("the token server's address is not valid"))?;
    let is_plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    match url.scheme() {
        "https" if is_plain => Ok(url),
        "http" if is_plain && is_this_machine(&url) => Ok(url),
        _ => Err(refused(reason)),
    }
}

/// Whether a host is that of an address, port included. A host without a port has the default port of the address's scheme.
fn is_host_of(host: &str, root: &Url) -> bool {
    let Ok(named) = Url::parse(&format!("{}://{host}/", root.scheme())) else { return false };
    // A path, a user or a query would not be compared.
    let is_host_alone = named.as_str() == format!("{}://{}/", root.scheme(), host_of(&named));
    is_host_alone
        && named.host() == root.host()
        && named.port_or_known_default() == root.port_or_known_default()
}

/// The host of an address, with the port if it has one.
fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// A token that fits into a header.
fn header_text(text: String) -> Result<String, EsploraError> {
    let text = text.trim().to_owned();
    match !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        true => Ok(text),
        false => Err(refused("the token holds characters that a token cannot have")),
    }
}

#[cfg(test)]
mod tests;
