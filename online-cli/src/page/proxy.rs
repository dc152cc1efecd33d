//! Esplora and AMP below the page's own origin. A request is passed on once, as it is: path, body and the token of AMP's
//! session, and nothing else of what a browser adds. The two addresses were chosen when the server was started.
//!
//! Of an answer the page gets the status, the body, and the seconds of Retry-After. An answer that repeats what was secret in
//! the request is not passed on: the page must not learn the login to Esplora, and what a page shows gets printed.

use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE};
use hyper::{Method, Request, StatusCode};
use serde::Deserialize;

use coldamp_online::http::{Http, HttpError, Question, TIMEOUT};
use coldamp_online::secrets::Secrets;
use coldamp_online::source::esplora::{Esplora, EsploraError};

use crate::runtime::Clock;

/// The path of Esplora's API below the page's origin.
pub(super) const ESPLORA: &str = "/esplora";
/// The path of AMP's API below the page's origin.
pub(super) const AMP: &str = "/api";

/// Bytes that a request's body may have: a transaction in hexadecimal, or a report of as many outputs as fit into one.
const MAX_BODY: usize = 8 * 1024 * 1024;

/// The servers that requests are passed on to.
pub(crate) struct Upstream {
    http: Http,
    /// With its pace, which all requests of the page share, and its credentials, which the page never sees.
    esplora: Esplora<Clock>,
    amp: String,
}

/// The answer of the server.
pub(super) struct Passed {
    pub(super) status: StatusCode,
    /// Seconds that the server asks to wait for, if it said so.
    pub(super) retry_after: Option<u64>,
    pub(super) body: Vec<u8>,
}

/// A login to AMP, as far as it is secret.
#[derive(Deserialize)]
struct LogIn {
    password: String,
}

/// In place of an answer that repeats a secret. Not 502 or 504: after those the page asks again.
const REPEATS_SECRETS: &str = "the server's answer repeats the credentials that it was sent, so it is not passed on; what was asked for may have happened";

/// The answer did not arrive here; the page has to hear of it in the same way, and look what became of its request.
#[derive(Debug, thiserror::Error)]
#[error("the answer did not arrive")]
pub(super) struct Lost;

impl Upstream {
    /// The Esplora server, and the root of AMP's API.
    pub(crate) fn new(http: Http, esplora: Esplora<Clock>, amp: &str) -> Self {
        Upstream { http, esplora, amp: amp.trim_end_matches('/').to_owned() }
    }

    /// The Esplora server's root. It holds no credentials: it is shown in the page.
    pub(super) fn esplora(&self) -> &str {
        self.esplora.root()
    }

    /// The root of AMP's API.
    pub(super) fn amp(&self) -> &str {
        &self.amp
    }

    /// Passes a request on whose path belongs to one of them.
    pub(super) async fn pass_on(
        &self,
        path: &str,
        request: Request<Incoming>,
    ) -> Option<Result<Passed, Lost>> {
        let (root, rest) = self.below(path)?;
        let refuse = |status, text: &str| {
            Some(Ok(Passed { status, retry_after: None, body: text.as_bytes().to_vec() }))
        };
        let query = request.uri().query().map(str::to_owned);
        let Some(url) = address(root, rest, query.as_deref()) else {
            return refuse(StatusCode::BAD_REQUEST, "found a path that no endpoint has");
        };
        let (head, body) = request.into_parts();
        let Ok(body) = Limited::new(body, MAX_BODY).collect().await else {
            return refuse(StatusCode::PAYLOAD_TOO_LARGE, "the body is too long, or did not arrive");
        };
        let body = body.to_bytes();
        // Only AMP knows who is asking.
        let authorization = head
            .headers
            .get(AUTHORIZATION)
            .filter(|_| root == self.amp)
            .and_then(|value| value.to_str().ok());
        let content_type = match head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) {
            Some(named) if named.starts_with("application/json") => "application/json",
            _ => "text/plain",
        };
        let question = match head.method == Method::POST {
            true => Question::post(&url, content_type, &body),
            false => Question::get(&url),
        };
        let question = Question { authorization, timeout: TIMEOUT, ..question };
        let answer = match root == self.amp {
            true => self.http.ask(question).await,
            false => match self.esplora.pass_on(question).await {
                Ok(answer) => Ok(answer),
                Err(EsploraError::Http { source, .. }) => Err(source),
                Err(other) => return refuse(StatusCode::BAD_GATEWAY, &other.to_string()),
            },
        };
        // After the request: a login to Esplora may only now have given a token.
        let mut secrets = self.esplora.secrets();
        if root == self.amp {
            add_secrets_of(&mut secrets, authorization, &body);
        }
        match answer {
            Ok(answer) if secrets.are_in(&answer.body) => {
                refuse(StatusCode::INTERNAL_SERVER_ERROR, REPEATS_SECRETS)
            }
            Ok(answer) => {
                let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::BAD_GATEWAY);
                Some(Ok(Passed { status, retry_after: answer.retry_after, body: answer.body }))
            }
            Err(HttpError::Unreachable { reason } | HttpError::Client { reason }) => {
                refuse(StatusCode::BAD_GATEWAY, &format!("no connection: {reason}"))
            }
            Err(HttpError::Lost { .. } | HttpError::TooLarge { .. } | HttpError::Stopped { .. }) => {
                Some(Err(Lost))
            }
        }
    }

    /// Whose a path is, and what of it is the endpoint's.
    fn below<'a>(&self, path: &'a str) -> Option<(&str, &'a str)> {
        let esplora = endpoint(path, ESPLORA).map(|rest| (self.esplora.root(), rest));
        esplora.or_else(|| endpoint(path, AMP).map(|rest| (self.amp.as_str(), rest)))
    }
}

/// What is secret in a request to AMP: the token of the session, or the password of a login.
fn add_secrets_of(secrets: &mut Secrets, authorization: Option<&str>, body: &[u8]) {
    if let Some(token) = authorization.and_then(|header| header.split_whitespace().last()) {
        secrets.add(token);
    }
    if let Ok(LogIn { password }) = serde_json::from_slice(body) {
        secrets.add(&password);
    }
}

/// Whether a path belongs to Esplora or AMP, so that a request for it is passed on.
pub(super) fn passes_on(path: &str) -> bool {
    [ESPLORA, AMP].iter().any(|prefix| endpoint(path, prefix).is_some())
}

/// The rest of a path below a prefix.
fn endpoint<'a>(path: &'a str, prefix: &str) -> Option<&'a str> {
    path.strip_prefix(prefix)?.strip_prefix('/')
}

/// The endpoint's address: below the root, whatever the path tries.
fn address(root: &str, path: &str, query: Option<&str>) -> Option<String> {
    let plain = |text: &str, more: &str| {
        text.bytes().all(|byte| {
            byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) || more.as_bytes().contains(&byte)
        })
    };
    let segments = path.trim_end_matches('/').split('/');
    let goes_down = segments.clone().all(|segment| !segment.is_empty() && segment != "." && segment != "..");
    if !goes_down || !plain(path, "/:") || !query.is_none_or(|query| plain(query, "=&,:")) {
        return None;
    }
    Some(match query {
        Some(query) => format!("{root}/{path}?{query}"),
        None => format!("{root}/{path}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: &str = "https://amp.example/api";

    #[test]
    fn an_endpoint_is_found_below_the_root() {
        for (path, query, expected) in [
            (
                "assets/a1-b2/distributions/create",
                None,
                "https://amp.example/api/assets/a1-b2/distributions/create",
            ),
            ("tx/00ff/raw", None, "https://amp.example/api/tx/00ff/raw"),
            ("user/obtain_token/", None, "https://amp.example/api/user/obtain_token/"),
            ("assets", Some("start=0&count=10"), "https://amp.example/api/assets?start=0&count=10"),
        ] {
            assert_eq!(address(ROOT, path, query).as_deref(), Some(expected));
        }
    }

    #[test]
    fn no_path_leaves_the_root() {
        for path in
            ["", "..", "../x", "a/../../x", "a//b", "%2e%2e/x", "a\\b", "a@b", "./a", "a#b", "a b", "ä"]
        {
            assert_eq!(address(ROOT, path, None), None, "{path}");
        }
        for query in ["a=/../", "a=#", "a=%0d", "a=\"b\""] {
            assert_eq!(address(ROOT, "a", Some(query)), None, "{query}");
        }
    }

    #[test]
    fn what_is_secret_in_a_request_to_amp_is_found_in_the_answer() {
        let found = |authorization: Option<&str>, body: &str, answer: &str| {
            let mut secrets = Secrets::default();
            add_secrets_of(&mut secrets, authorization, body.as_bytes());
            secrets.are_in(answer.as_bytes())
        };
        let login = r#"{"username":"issuer","password":"hunter2 & co"}"#;
        assert!(found(Some("token abcdef"), "", "{\"detail\":\"bad header 'token abcdef'\"}"));
        assert!(found(None, login, "no such user: issuer, hunter2+%26+co"));
        assert!(!found(None, login, "no such user: issuer"), "a name is no secret");
        assert!(!found(Some("token abcdef"), "{\"amount\":5}", "{\"amount\":5}"));
        assert!(!found(None, "", "anything"));
    }

    #[test]
    fn a_path_belongs_to_one_api_or_to_none() {
        let (http, esplora) = (Http::new().unwrap(), "https://esplora.example/liquid/api");
        let server = Esplora::new(http.clone(), &format!("{esplora}/"), Clock);
        let upstream = Upstream::new(http, server.unwrap(), ROOT);
        assert_eq!(upstream.below("/esplora/tx/00"), Some((esplora, "tx/00")));
        assert_eq!(upstream.below("/api/assets"), Some((ROOT, "assets")));
        for path in ["/", "/index.html", "/apis/x", "/api", "/esploratx"] {
            assert_eq!(upstream.below(path), None, "{path}");
        }
    }
}
