//! The page on 127.0.0.1, with the chosen Esplora and AMP below its own origin: neither has to allow foreign pages then,
//! and the page's Content-Security-Policy lets it talk to nobody else.
//!
//! First it is decided whether a request is answered at all ([`gate`]). Then it gets a file that was read at the start
//! ([`files`]), or is passed on as it is ([`proxy`]). Of an answer from Esplora or AMP, the page gets status, body and
//! Retry-After, and no other header. Nothing is kept or printed of a request or an answer.

mod files;
mod gate;
mod proxy;

use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{HeaderName, HeaderValue, RETRY_AFTER};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

pub(crate) use files::Files;
pub(crate) use proxy::Upstream;

/// Everything the page may load or talk to is its own origin; WASM is compiled, no text is ever run as a script.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; worker-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The path of the page's settings (`serve.json`).
const SETTINGS: &str = "/serve.json";

/// The files and servers that the page is made of.
pub(crate) struct Page {
    /// The page's files.
    pub(crate) files: Files,
    /// Esplora's API and AMP's.
    pub(crate) upstream: Upstream,
    /// The network that both are of.
    pub(crate) network: &'static str,
}

/// A page that listens.
pub(crate) struct Listening {
    listener: TcpListener,
    address: SocketAddr,
}

impl Listening {
    /// Takes a port on 127.0.0.1; 0 takes a free one.
    ///
    /// # Errors
    /// When it is taken.
    pub(crate) async fn on(port: u16) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        Ok(Listening { listener, address })
    }

    /// The URL that it listens on, without a slash at the end.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Serves until the process ends. Needs a `LocalSet`: every connection is a task of this thread.
    pub(crate) async fn serve(self, page: Page) {
        let shared = Rc::new((page, self.address));
        loop {
            let Ok((stream, _)) = self.listener.accept().await else {
                // Out of file descriptors, for instance: whoever holds them gives some back in a while.
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            };
            let shared = Rc::clone(&shared);
            tokio::task::spawn_local(async move {
                let service = service_fn(move |request| {
                    let shared = Rc::clone(&shared);
                    async move { converse(request, &shared.0, shared.1).await }
                });
                // A browser may close its connection at any time. That is no error of ours.
                let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
            });
        }
    }
}

/// Answers a request; an error breaks the connection, for an answer that was lost on its way here.
async fn converse(
    request: Request<Incoming>,
    page: &Page,
    address: SocketAddr,
) -> Result<Response<Full<Bytes>>, proxy::Lost> {
    let path = request.uri().path().to_owned();
    if let Err(refusal) = gate::admit(request.method(), &path, request.headers(), address) {
        return Ok(words(refusal.status(), &refusal.to_string()));
    }
    if let Some(answered) = page.upstream.pass_on(&path, request).await {
        return answered.map(|answer| {
            let mut response = response(answer.status, "application/octet-stream", answer.body);
            if let Some(seconds) = answer.retry_after {
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
            }
            response
        });
    }
    if path == SETTINGS {
        let settings = serde_json::json!({
            "network": page.network,
            "esplora": proxy::ESPLORA,
            "amp": proxy::AMP,
            "esplora_upstream": page.upstream.esplora(),
            "amp_upstream": page.upstream.amp(),
            "proxied": true,
            "version": env!("CARGO_PKG_VERSION"),
        });
        return Ok(response(StatusCode::OK, "application/json", settings.to_string().into_bytes()));
    }
    Ok(match page.files.get(&path) {
        Some(file) => response(StatusCode::OK, file.content_type, file.bytes.clone()),
        None => words(StatusCode::NOT_FOUND, "there is no such file"),
    })
}

fn words(status: StatusCode, text: &str) -> Response<Full<Bytes>> {
    response(status, "text/plain; charset=utf-8", format!("{text}\n").into_bytes())
}

/// A response that a browser takes for what it is said to be and keeps nowhere.
fn response(status: StatusCode, content_type: &'static str, body: Vec<u8>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    for (name, value) in [
        ("content-type", content_type),
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "no-store"),
    ] {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}

/// The methods that anything here answers.
const METHODS: [Method; 3] = [Method::GET, Method::HEAD, Method::POST];
