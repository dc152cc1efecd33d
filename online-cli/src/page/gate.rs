//! Which requests are answered at all: the page's own. Any page that a person has open can make a browser send requests
//! to 127.0.0.1, and a name that is pointed there (DNS rebinding) even lets it read the answers.

use std::net::SocketAddr;

use hyper::header::{HOST, HeaderMap, HeaderName, ORIGIN};
use hyper::{Method, StatusCode};

use super::METHODS;

/// What browsers say of where a request comes from, and let no page change.
const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Why a request is not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    /// A name that leads here.
    #[error("found another host, expected {0}: open http://{0}/")]
    Host(SocketAddr),
    /// Another page.
    #[error("this comes from another page, and is not answered")]
    Foreign,
    /// Neither read nor handed over.
    #[error("found another method, expected GET, HEAD or POST")]
    Method,
}

impl Refusal {
    /// What the response says.
    pub(super) fn status(self) -> StatusCode {
        match self {
            Refusal::Host(_) => StatusCode::MISDIRECTED_REQUEST,
            Refusal::Foreign => StatusCode::FORBIDDEN,
            Refusal::Method => StatusCode::METHOD_NOT_ALLOWED,
        }
    }
}

/// Lets in what the page itself asks, what a person types into the address bar, and programs of this machine.
///
/// # Errors
/// The reason why it stays out.
pub(super) fn admit(method: &Method, headers: &HeaderMap, address: SocketAddr) -> Result<(), Refusal> {
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    if text(&HOST) != Some(address.to_string().as_str()) {
        return Err(Refusal::Host(address));
    }
    if text(&ORIGIN).is_some_and(|origin| origin != format!("http://{address}")) {
        return Err(Refusal::Foreign);
    }
    // A link on another page may lead to this one, and nothing else here may be asked for from there.
    let navigates = headers.get("sec-fetch-mode").is_some_and(|mode| mode == "navigate");
    match text(&SITE) {
        None | Some("same-origin" | "none") => {}
        Some(_)
            if navigates
                && *method == Method::GET
                && headers.get("sec-fetch-dest").is_some_and(|to| to == "document") => {}
        Some(_) => return Err(Refusal::Foreign),
    }
    if !METHODS.contains(method) {
        return Err(Refusal::Method);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(method: Method, headers: &[(&'static str, &'static str)]) -> Result<(), Refusal> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(HeaderName::from_static(name), value.parse().unwrap());
        }
        admit(&method, &map, "127.0.0.1:8480".parse().unwrap())
    }

    const OURS: (&str, &str) = ("host", "127.0.0.1:8480");

    #[test]
    fn the_page_itself_the_address_bar_and_programs_of_this_machine_are_let_in() {
        for headers in [
            vec![OURS],
            vec![OURS, ("sec-fetch-site", "none")],
            vec![OURS, ("sec-fetch-site", "same-origin"), ("origin", "http://127.0.0.1:8480")],
            vec![
                OURS,
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-mode", "navigate"),
                ("sec-fetch-dest", "document"),
            ],
        ] {
            assert_eq!(asked(Method::GET, &headers), Ok(()), "{headers:?}");
        }
    }

    #[test]
    fn a_name_that_leads_here_is_not_answered() {
        let address = "127.0.0.1:8480".parse().unwrap();
        for host in ["localhost:8480", "attacker.example:8480", "127.0.0.1", "127.0.0.1:8481"] {
            assert_eq!(asked(Method::GET, &[("host", host)]), Err(Refusal::Host(address)), "{host}");
        }
        assert_eq!(asked(Method::GET, &[]), Err(Refusal::Host(address)));
    }

    #[test]
    fn another_page_is_not_answered() {
        for headers in [
            vec![OURS, ("origin", "https://attacker.example")],
            vec![OURS, ("origin", "null")],
            vec![OURS, ("origin", "http://127.0.0.1:9000")],
            vec![OURS, ("sec-fetch-site", "cross-site")],
            vec![OURS, ("sec-fetch-site", "same-site"), ("sec-fetch-mode", "no-cors")],
            vec![
                OURS,
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-mode", "navigate"),
                ("sec-fetch-dest", "iframe"),
            ],
        ] {
            assert_eq!(asked(Method::GET, &headers), Err(Refusal::Foreign), "{headers:?}");
        }
        let navigation = [
            OURS,
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "document"),
        ];
        assert_eq!(asked(Method::POST, &navigation), Err(Refusal::Foreign));
    }

    #[test]
    fn nothing_but_reading_and_handing_over_is_answered() {
        for method in [Method::PUT, Method::DELETE, Method::OPTIONS, Method::CONNECT] {
            assert_eq!(asked(method.clone(), &[OURS]), Err(Refusal::Method), "{method}");
        }
    }
}
