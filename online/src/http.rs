//! HTTP with limits: every request has a time-out, every answer a size limit, and no redirect is followed. A request is sent
//! once. The caller decides whether to repeat it.

use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder};

use crate::secrets::Secrets;

/// The time-out of every request except a node's scan of all unspent outputs.
pub const TIMEOUT: Duration = Duration::from_secs(60);

/// The largest answer in bytes. A transaction has at most 4 MB, in hexadecimal 8 MB, and a node's scan of ten thousand coins
/// 5 MB.
const MAX_ANSWER_BYTES: usize = 64 * 1024 * 1024;

/// The most characters of a server's message that an error shows.
const MAX_WORDS: usize = 300;

/// A client.
#[derive(Debug, Clone)]
pub struct Http {
    client: Client,
}

/// A server's answer, with any status.
#[derive(Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Seconds that the server asks to wait, if it says so.
    pub retry_after: Option<u64>,
    /// The body.
    pub body: Vec<u8>,
}

/// A request. Its credentials are in a header and never in an error.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// `GET`, `POST` or `PUT`.
    pub method: &'static str,
    /// The whole address, without credentials.
    pub url: &'a str,
    /// The `Authorization` header.
    pub authorization: Option<&'a str>,
    /// The body and its type.
    pub body: Option<(&'static str, &'a [u8])>,
    /// The time-out.
    pub timeout: Duration,
    /// The largest answer in bytes.
    pub most: usize,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// No client could be made.
    #[error("no HTTP client could be made: {reason}")]
    Client {
        /// The library's message.
        reason: String,
    },
    /// The connection failed. The server has not received the request.
    #[error("no connection: {reason}")]
    Unreachable {
        /// The library's message, without the address.
        reason: String,
    },
    /// The connection broke or timed out after the request may have arrived. The server may have acted on it.
    #[error("the answer did not arrive: {reason}")]
    Lost {
        /// The library's message, without the address.
        reason: String,
    },
    /// In the page: a person cancelled it, or the guard of the worker refused it. The guard does not say whether the request had
    /// left by then, so the server may have acted on it. It is never sent again.
    #[error("stopped: {reason}")]
    Stopped {
        /// What the guard said.
        reason: String,
    },
    /// The answer is larger than any honest one.
    #[error("the answer has more than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
}

impl HttpError {
    /// Whether the server may have acted on the request.
    pub fn may_have_acted(&self) -> bool {
        matches!(self, HttpError::Lost { .. } | HttpError::Stopped { .. } | HttpError::TooLarge { .. })
    }
}

impl Answer {
    /// The server's message for an error: the first 300 characters of a text. An HTML page is not shown.
    pub fn words(&self) -> String {
        self.words_without(&Secrets::default())
    }

    /// The same without these credentials.
    pub fn words_without(&self, secrets: &Secrets) -> String {
        let text = String::from_utf8_lossy(&self.body);
        let text = text.trim();
        if text.starts_with('<') {
            return "an HTML page".to_owned();
        }
        // Cut after the credentials are removed: a cut password would no longer be found.
        secrets.left_out_of(text).chars().take(MAX_WORDS).collect()
    }
}

impl<'a> Question<'a> {
    /// A GET request.
    pub fn get(url: &'a str) -> Self {
        Question {
            method: "GET",
            url,
            authorization: None,
            body: None,
            timeout: TIMEOUT,
            most: MAX_ANSWER_BYTES,
        }
    }

    /// A PUT request without a body.
    pub fn put(url: &'a str) -> Self {
        Question { method: "PUT", ..Self::get(url) }
    }

    /// A POST request.
    pub fn post(url: &'a str, content_type: &'static str, body: &'a [u8]) -> Self {
        Question { method: "POST", body: Some((content_type, body)), ..Self::get(url) }
    }
}

impl Http {
    /// Makes a client.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new() -> Result<Self, HttpError> {
        Ok(Http { client: client()? })
    }

    /// Sends a request once.
    ///
    /// # Errors
    /// When no complete answer arrives in time. An answer with any status is an answer.
    pub async fn ask(&self, question: Question<'_>) -> Result<Answer, HttpError> {
        let method = match question.method {
            "POST" => Method::POST,
            "PUT" => Method::PUT,
            _ => Method::GET,
        };
        let request = self.client.request(method, question.url).timeout(question.timeout);
        let mut request: RequestBuilder = without_browser_credentials(request);
        if let Some(authorization) = question.authorization {
            request = request.header("authorization", authorization);
        }
        if let Some((content_type, body)) = question.body {
            request = request.header("content-type", content_type).body(body.to_vec());
        }
        let response = request.send().await.map_err(send_error)?;
        let status = response.status().as_u16();
        let retry_after = response.headers().get("retry-after");
        let retry_after = retry_after.and_then(|value| value.to_str().ok()?.trim().parse().ok());
        Ok(Answer { status, retry_after, body: read_body(response, question.most).await? })
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn client() -> Result<Client, HttpError> {
    let failed = |reason: String| HttpError::Client { reason };
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| failed(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Client::builder()
        .tls_backend_preconfigured(tls)
        // A redirect would carry a password or a transaction to a host that nobody chose.
        .redirect(reqwest::redirect::Policy::none())
        // No setting comes from the environment.
        .no_proxy()
        .connect_timeout(Duration::from_secs(20))
        .build()
        .map_err(|error| failed(error.without_url().to_string()))
}

/// A native client adds no credentials.
#[cfg(not(target_arch = "wasm32"))]
fn without_browser_credentials(request: RequestBuilder) -> RequestBuilder {
    request
}

/// Without the browser's cookies and logins, and without its cache: an old answer would hide a spent coin.
#[cfg(target_arch = "wasm32")]
fn without_browser_credentials(request: RequestBuilder) -> RequestBuilder {
    request.fetch_credentials_omit().fetch_cache_no_store()
}

/// The browser provides TLS.
#[cfg(target_arch = "wasm32")]
fn client() -> Result<Client, HttpError> {
    Client::builder().build().map_err(|error| HttpError::Client { reason: error.without_url().to_string() })
}

#[cfg(not(target_arch = "wasm32"))]
fn send_error(error: reqwest::Error) -> HttpError {
    let (never_arrived, reason) = (error.is_connect() || error.is_builder(), spelled_out(error));
    if never_arrived { HttpError::Unreachable { reason } } else { HttpError::Lost { reason } }
}

/// A browser does not say whether a request arrived.
#[cfg(target_arch = "wasm32")]
fn send_error(error: reqwest::Error) -> HttpError {
    thrown(&spelled_out(error))
}

/// The error that a browser threw instead of an answer. The guard of the page's worker (`web/src/network.ts`) throws an
/// `AbortError` for what it refuses and for what a person ended, and nothing else that a request meets has this name.
#[cfg(any(target_arch = "wasm32", test))]
fn thrown(words: &str) -> HttpError {
    let reason = browser_words(words);
    match words.contains("JsValue(AbortError: ") {
        true => HttpError::Stopped { reason },
        false => HttpError::Lost { reason },
    }
}

/// A browser's error without type names. A browser gives one reason for all network errors.
#[cfg(any(target_arch = "wasm32", test))]
fn browser_words(thrown: &str) -> String {
    let no_answer = ["Failed to fetch", "NetworkError", "Load failed"];
    if no_answer.iter().any(|known| thrown.contains(known)) {
        return "the browser got no answer: the server may be down, or may not allow requests from this page"
            .to_owned();
    }
    let Some((_, value)) = thrown.split_once("JsValue(") else { return thrown.to_owned() };
    let value = value.strip_suffix(')').unwrap_or(value);
    let words = ["TypeError: ", "AbortError: ", "Error: "].iter().find_map(|kind| value.strip_prefix(kind));
    words.unwrap_or(value).trim().to_owned()
}

/// The library's message with its causes, without the address, which may name a wallet.
fn spelled_out(error: reqwest::Error) -> String {
    use std::error::Error as _;
    let error = error.without_url();
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        words = format!("{words}: {deeper}");
        cause = deeper.source();
    }
    words.chars().take(MAX_WORDS).collect()
}

#[cfg(not(target_arch = "wasm32"))]
async fn read_body(mut response: reqwest::Response, limit: usize) -> Result<Vec<u8>, HttpError> {
    let mut body = Vec::new();
    while let Some(part) =
        response.chunk().await.map_err(|error| HttpError::Lost { reason: spelled_out(error) })?
    {
        body.extend_from_slice(&part);
        if body.len() > limit {
            return Err(HttpError::TooLarge { limit });
        }
    }
    Ok(body)
}

#[cfg(target_arch = "wasm32")]
async fn read_body(response: reqwest::Response, limit: usize) -> Result<Vec<u8>, HttpError> {
    let body = response.bytes().await.map_err(send_error)?;
    if body.len() > limit { Err(HttpError::TooLarge { limit }) } else { Ok(body.to_vec()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(body: &str) -> Answer {
        Answer { status: 500, retry_after: None, body: body.as_bytes().to_vec() }
    }

    #[test]
    fn what_a_server_says_is_cut_and_a_page_is_not_passed_on() {
        assert_eq!(answer("  {\"detail\": \"no\"}\n").words(), "{\"detail\": \"no\"}");
        assert_eq!(answer("<html>…").words(), "an HTML page");
        assert_eq!(answer(&"x".repeat(1_000)).words().len(), MAX_WORDS);
    }

    #[test]
    fn what_a_browser_throws_is_told_without_the_names_of_its_types() {
        for (thrown, told) in [
            ("error sending request: JsValue(TypeError: Failed to fetch)", "the browser got no answer"),
            (
                "JsValue(AbortError: https://b.example was not confirmed)",
                "https://b.example was not confirmed",
            ),
            ("JsValue(AbortError: the person cut the network)", "the person cut the network"),
            ("builder error", "builder error"),
        ] {
            let words = browser_words(thrown);
            assert!(words.starts_with(told) && !words.contains("JsValue"), "{thrown}: {words}");
        }
    }

    #[test]
    fn what_the_guard_or_a_person_ended_is_told_from_a_line_that_broke() {
        let stopped = thrown("error sending request: JsValue(AbortError: the person cancelled it)");
        assert_eq!(stopped, HttpError::Stopped { reason: "the person cancelled it".to_owned() });
        assert!(stopped.may_have_acted());
        for lost in ["error sending request: JsValue(TypeError: Failed to fetch)", "operation timed out"] {
            assert!(matches!(thrown(lost), HttpError::Lost { .. }), "{lost}");
        }
    }

    #[test]
    fn an_answer_is_read_no_further_than_it_may_be_long() {
        use std::io::{Read as _, Write as _};
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || {
            for _ in 0..2 {
                let (mut stream, _) = listener.accept().unwrap();
                let _ = stream.read(&mut [0; 1024]).unwrap();
                stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n12345").unwrap();
            }
        });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let http = Http::new().unwrap();
        let ask = |most| runtime.block_on(http.ask(Question { most, ..Question::get(&url) }));
        assert_eq!(ask(5).unwrap().body, b"12345");
        assert_eq!(ask(4).err(), Some(HttpError::TooLarge { limit: 4 }));
        server.join().unwrap();
    }

    #[test]
    fn only_what_never_arrived_is_known_not_to_have_acted() {
        let lost = HttpError::Lost { reason: String::new() };
        let unreachable = HttpError::Unreachable { reason: String::new() };
        assert!(lost.may_have_acted() && HttpError::TooLarge { limit: 1 }.may_have_acted());
        assert!(!unreachable.may_have_acted());
    }
}
