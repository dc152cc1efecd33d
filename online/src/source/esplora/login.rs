//! Logging in to a server: with a bearer token, or with OAuth2's client credentials grant (RFC 6749, 4.4), by which
//! Blockstream's paid API gives out tokens that last for some minutes.
//!
//! Credentials name the server that they are for. A token is sent to that server alone, the client's secret to the token
//! server alone, each over https, or to this machine. With credentials for another server than the one that is asked,
//! nothing is sent at all: an address that was mistyped, or changed, must not get the token of the paid server.

use std::cell::RefCell;
use std::time::Duration;

use reqwest::Url;
use serde::Deserialize;

use super::{EsploraError, is_this_machine};
use crate::http::{Answer, Http, Question};
use crate::pace::Pause;
use crate::secrets::Secrets;

/// The token server of Blockstream's paid API (its help pages, "Make a REST API request with your API keys").
pub const TOKEN_SERVER: &str =
    "https://login.blockstream.com/realms/blockstream-public/protocol/openid-connect/token";

/// The server whose tokens that one gives out.
const TOKEN_SERVER_IS_FOR: &str = "enterprise.blockstream.info";

/// A token is renewed so long before it ends.
const MARGIN: Duration = Duration::from_secs(30);

/// Bytes that a token server's answer may have.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// Credentials for one server. No Debug: whoever has them sends requests at the operator's expense.
pub struct Credentials {
    /// The server that they are for, as in its address: `HOST`, or `HOST:PORT` where the address has a port.
    pub host: String,
    /// The credentials themselves.
    pub grant: Grant,
}

/// How a server is logged in to. No Debug, as above.
pub enum Grant {
    /// A token.
    Token(String),
    /// A client of a token server.
    Client {
        /// Its id.
        id: String,
        /// Its secret.
        secret: String,
        /// The token server's endpoint; [`TOKEN_SERVER`] where the server is Blockstream's.
        token_url: Option<String>,
    },
}

/// Credentials for one server, and the token that they gave.
pub(super) struct Login {
    kind: Kind,
    kept: RefCell<Option<Token>>,
    /// The token before that one: an answer to a request that was sent with it may still arrive.
    last: RefCell<Option<Token>>,
}

enum Kind {
    Token,
    Client { id: String, secret: String, token_url: String },
}

/// A token, and when it ends.
#[derive(Clone, PartialEq)]
pub(super) struct Token {
    text: String,
    until: Option<Duration>,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    token_type: String,
    expires_in: Option<u64>,
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
        let root = secure(root, "the server is asked by plain http, and is not this machine")?;
        let Credentials { host, grant } = credentials;
        if !is_host_of(&host, &root) {
            return Err(refused(&format!(
                "they are for the host {}, and the server that is asked is {}; nothing was sent",
                host.escape_debug(),
                host_of(&root)
            )));
        }
        let login = |kind, token| Login { kind, kept: RefCell::new(token), last: RefCell::new(None) };
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
                secure(&token_url, "the token server is asked by plain http, and is not this machine")?;
                if id.is_empty() || secret.is_empty() {
                    return Err(refused("an id or a secret is empty"));
                }
                Ok(login(Kind::Client { id, secret, token_url }, None))
            }
        }
    }

    /// The token at hand, or a new one where that ends.
    pub(super) async fn token<P: Pause>(&self, http: &Http, clock: &P) -> Result<Token, EsploraError> {
        let kept = self.kept.borrow().clone();
        let is_good =
            |token: &Token| token.until.is_none_or(|until| until > clock.elapsed().saturating_add(MARGIN));
        if let Some(token) = kept.filter(is_good) {
            return Ok(token);
        }
        let Kind::Client { id, secret, token_url } = &self.kind else {
            return Err(refused("the server does not take the token"));
        };
        let form = form(&[
            ("grant_type", "client_credentials"),
            ("client_id", id),
            ("client_secret", secret),
            ("scope", "openid"),
        ]);
        let question = Question::post(token_url, "application/x-www-form-urlencoded", form.as_bytes());
        let answer = http.ask(Question { most: MAX_ANSWER_BYTES, ..question }).await;
        let answer = answer.map_err(|error| refused(&format!("no answer from the token server: {error}")))?;
        let token = self.granted(&answer, clock.elapsed())?;
        self.keep(Some(token.clone()));
        Ok(token)
    }

    /// Keeps a token, and the one before it.
    fn keep(&self, token: Option<Token>) {
        if let Some(earlier) = self.kept.replace(token) {
            *self.last.borrow_mut() = Some(earlier);
        }
    }

    fn granted(&self, answer: &Answer, now: Duration) -> Result<Token, EsploraError> {
        if answer.status != 200 {
            let words = answer.words_without(&self.secrets());
            return Err(refused(&format!("the token server answers with status {}: {words}", answer.status)));
        }
        // What does not parse is not quoted: it may be the token.
        let granted: Granted = serde_json::from_slice(&answer.body)
            .map_err(|_| refused("the token server's answer is not what it should be"))?;
        if !granted.token_type.eq_ignore_ascii_case("bearer") {
            return Err(refused("the token server gives out another kind of token than bearer"));
        }
        // One that does not say how long it is good for is used until the server refuses it.
        let until = granted.expires_in.map(|seconds| now.saturating_add(Duration::from_secs(seconds)));
        Ok(Token { text: header_text(granted.access_token)?, until })
    }

    /// Forgets a token that the server did not take. Whether another one can be had.
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

    /// What must not be shown: the tokens, the client's secret and its id.
    pub(super) fn secrets(&self) -> Secrets {
        let mut secrets = Secrets::default();
        for token in [&self.kept, &self.last] {
            token.borrow().iter().for_each(|token| secrets.add(&token.text));
        }
        if let Kind::Client { id, secret, .. } = &self.kind {
            secrets.add_name(id);
            secrets.add(secret);
        }
        secrets
    }
}

fn refused(reason: &str) -> EsploraError {
    EsploraError::Credentials { reason: reason.to_owned() }
}

/// An address that credentials may be sent to.
fn secure(address: &str, reason: &str) -> Result<Url, EsploraError> {
    let url = Url::parse(address).map_err(|_| refused("the token server's address is none"))?;
    let is_plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    match url.scheme() {
        "https" if is_plain => Ok(url),
        "http" if is_plain && is_this_machine(&url) => Ok(url),
        _ => Err(refused(reason)),
    }
}

/// Whether a host is that of an address, port included. Without a port it means the one that the address has by its scheme.
fn is_host_of(host: &str, root: &Url) -> bool {
    let Ok(named) = Url::parse(&format!("{}://{host}/", root.scheme())) else { return false };
    // A path, a user or a query would be compared with nothing.
    let is_host_alone = named.as_str() == format!("{}://{}/", root.scheme(), host_of(&named));
    is_host_alone
        && named.host() == root.host()
        && named.port_or_known_default() == root.port_or_known_default()
}

/// The host of an address, with the port where it has one of its own.
fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// A text that a header can hold.
fn header_text(text: String) -> Result<String, EsploraError> {
    let text = text.trim().to_owned();
    match !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        true => Ok(text),
        false => Err(refused("the token holds characters that no token has")),
    }
}

/// A form's body.
fn form(fields: &[(&str, &str)]) -> String {
    // The library knows how to encode a query, which is encoded in the same way.
    let Ok(mut url) = Url::parse("http://form/") else { return String::new() };
    url.query_pairs_mut().extend_pairs(fields);
    url.query().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(root: &str, token_url: Option<&str>) -> Result<Login, EsploraError> {
        let token_url = token_url.map(str::to_owned);
        Login::new(
            root,
            own(root, Grant::Client { id: "me".to_owned(), secret: "hunter2".to_owned(), token_url }),
        )
    }

    /// Credentials for the very server that is asked.
    fn own(root: &str, grant: Grant) -> Credentials {
        Credentials { host: host_of(&Url::parse(root).unwrap()), grant }
    }

    #[test]
    fn credentials_go_to_the_host_that_they_name_and_to_no_other() {
        let login = |host: &str, root: &str| {
            let grant = Grant::Token("hunter2".to_owned());
            Login::new(root, Credentials { host: host.to_owned(), grant }).err()
        };
        for (host, root) in [
            ("example.org", "https://example.org/liquid/api"),
            ("Example.ORG", "https://example.org/liquid/api"),
            ("example.org:443", "https://example.org/api"),
            ("example.org", "https://example.org:443/api"),
            ("example.org:8443", "https://example.org:8443/api"),
            ("127.0.0.1:3000", "http://127.0.0.1:3000"),
            ("[::1]:3000", "http://[::1]:3000"),
        ] {
            assert_eq!(login(host, root), None, "{host} {root}");
        }
        for (host, root) in [
            ("example.org", "https://example.com/api"),
            ("example.org", "https://example.org.attacker.example/api"),
            ("example.org", "https://login.example.org/api"),
            ("example.org", "https://example.org:8443/api"),
            ("example.org:8443", "https://example.org/api"),
            ("127.0.0.1", "http://127.0.0.1:3000"),
            ("", "https://example.org/api"),
            ("https://example.org", "https://example.org/api"),
            ("example.org/api", "https://example.org/api"),
            ("me@example.org", "https://example.org/api"),
            ("example.org#", "https://example.org/api"),
            ("example.org?", "https://example.org/api"),
            ("*", "https://example.org/api"),
        ] {
            let error = login(host, root).unwrap_or_else(|| panic!("{host} {root}"));
            assert_eq!(error.code().as_str(), "ESPLORA_CREDENTIALS");
            let words = error.to_string();
            assert!(words.contains(&format!("they are for the host {host}, ")), "{words}");
            assert!(!words.contains("hunter2"), "{words}");
        }
    }

    #[test]
    fn credentials_go_nowhere_in_the_open() {
        let token = |root: &str| Login::new(root, own(root, Grant::Token("hunter2".to_owned())));
        assert!(token("https://example.org/api").is_ok() && token("http://127.0.0.1:3000").is_ok());
        for root in ["http://example.org/api", "http://127.0.0.1.example.org/api", "ftp://127.0.0.1/"] {
            let error = token(root).err().unwrap();
            assert_eq!(error.code().as_str(), "ESPLORA_CREDENTIALS");
            assert!(!error.to_string().contains("hunter2"));
        }
        let root = "https://example.org/api";
        assert!(client(root, Some("https://login.example.org/token")).is_ok());
        assert!(client("https://enterprise.blockstream.info/liquid/api", None).is_ok());
        for token_url in [None, Some("http://login.example.org/token"), Some("login.example.org")] {
            assert!(client(root, token_url).is_err(), "{token_url:?}");
        }
    }

    #[test]
    fn a_token_that_no_header_holds_is_refused_without_quoting_it() {
        for text in ["", "a b", "a\nb", "é"] {
            let root = "https://example.org";
            let error = Login::new(root, own(root, Grant::Token(text.to_owned()))).err().unwrap();
            assert_eq!(
                error.to_string(),
                "the credentials for Esplora: the token holds characters that no token has"
            );
        }
    }

    #[test]
    fn what_the_token_server_says_is_read_and_never_quoted() {
        let login = client("https://example.org/api", Some("https://login.example.org/token")).unwrap();
        let granted = |status: u16, body: &str| {
            let answer = Answer { status, retry_after: None, body: body.as_bytes().to_vec() };
            login.granted(&answer, Duration::from_secs(100))
        };
        let token = granted(200, r#"{"access_token":"abc","expires_in":300,"token_type":"Bearer"}"#).unwrap();
        assert_eq!((token.header().as_str(), token.until), ("Bearer abc", Some(Duration::from_secs(400))));
        for body in [
            r#"{"access_token":"abc","expires_in":300,"token_type":"mac"}"#,
            r#"{"access_token":"abc"}"#,
            r#"["abc"]"#,
            r#"{"access_token":"a b","token_type":"bearer"}"#,
        ] {
            let error = granted(200, body).err().unwrap();
            assert!(!error.to_string().contains("abc"), "{error}");
        }
        let error = granted(401, "unknown client me with secret hunter2").err().unwrap();
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }

    #[test]
    fn a_form_is_encoded() {
        assert_eq!(form(&[("client_secret", "a&b=c d+é")]), "client_secret=a%26b%3Dc+d%2B%C3%A9");
    }
}
