//! Which requests are answered at all: the page's own. Any page that a person has open can make a browser send requests
//! to 127.0.0.1, and a name that is pointed there (DNS rebinding) even lets it read the answers.

use std::net::SocketAddr;

use hyper::header::{HOST, HeaderMap, HeaderName, ORIGIN};
use hyper::{Method, StatusCode};

use super::{METHODS, SETTINGS, proxy};

/// What browsers say of where a request comes from, and let no page change.
const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// What browsers say of how an answer will be used: `empty` for `fetch`, else `document`, `script`, `image` and so on.
const DESTINATION: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// Why a request is not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    /// A name that leads here.
    #[error("found another host, expected {0}: open http://{0}/")]
    Host(SocketAddr),
    /// Another page.
    #[error("this comes from another page, and is not answered")]
    Foreign,
    /// A browser opens or loads what only the page's own `fetch` may ask for.
    #[error(
        "this address answers the page's own requests only: it cannot be opened, or loaded as a script or an image"
    )]
    Loaded,
    /// Neither read nor handed over.
    #[error("found another method, expected GET, HEAD or POST")]
    Method,
}

impl Refusal {
    /// What the response says.
    pub(super) fn status(self) -> StatusCode {
        match self {
            Refusal::Host(_) => StatusCode::MISDIRECTED_REQUEST,
            Refusal::Foreign | Refusal::Loaded => StatusCode::FORBIDDEN,
            Refusal::Method => StatusCode::METHOD_NOT_ALLOWED,
        }
    }
}

/// Lets in what the page itself asks, files that a person opens in the address bar, and programs of this machine. A link on
/// another page may lead to a file of the page.
///
/// What is passed on, and the settings, are for the page's `fetch` alone. Any page could otherwise make the browser go to
/// `/esplora/…` again and again: the answer is a download, the page stays where it is, and the operator's login and quota
/// at the Esplora server are spent. A script in the page's worker could send data by `import("/esplora/…")`, past the guard.
///
/// # Errors
/// The reason why it is refused.
pub(super) fn admit(
    method: &Method,
    path: &str,
    headers: &HeaderMap,
    address: SocketAddr,
) -> Result<(), Refusal> {
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    if text(&HOST) != Some(address.to_string().as_str()) {
        return Err(Refusal::Host(address));
    }
    if text(&ORIGIN).is_some_and(|origin| origin != format!("http://{address}")) {
        return Err(Refusal::Foreign);
    }
    if (path == SETTINGS || proxy::passes_on(path))
        && text(&DESTINATION).is_some_and(|destination| destination != "empty")
    {
        return Err(Refusal::Loaded);
    }
    let navigates = headers.get("sec-fetch-mode").is_some_and(|mode| mode == "navigate");
    match text(&SITE) {
        None | Some("same-origin" | "none") => {}
        Some(_) if navigates && *method == Method::GET && text(&DESTINATION) == Some("document") => {}
        Some(_) => return Err(Refusal::Foreign),
    }
    if !METHODS.contains(method) {
        return Err(Refusal::Method);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
