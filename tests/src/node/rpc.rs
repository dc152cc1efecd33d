//! JSON-RPC over HTTP/1.1 on a plain stream to 127.0.0.1: there is no way to name another host.

use std::fmt;
use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use coldamp_core::elements::bitcoin::base64::Engine as _;
use coldamp_core::elements::bitcoin::base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};

use crate::Ordered;

/// A node that is silent for this long hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// A node's RPC port on this machine, and what opens it.
#[derive(Clone)]
pub(super) struct Rpc {
    port: u16,
    cookie: String,
}

/// The node's refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RpcError {
    /// The node's number for it.
    pub code: i64,
    /// The node's message.
    pub message: String,
}

/// Why a call has no result.
#[derive(Debug)]
pub(super) enum CallError {
    /// The node refused.
    Refused(RpcError),
    /// Nothing that speaks JSON-RPC and knows our cookie answered.
    NoAnswer(String),
}

impl fmt::Display for RpcError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (code {})", self.message, self.code)
    }
}

impl Rpc {
    /// The cookie is `user:password`, as the node writes it to its folder.
    pub(super) fn new(port: u16, cookie: &str) -> Self {
        Rpc { port, cookie: cookie.trim_end().to_owned() }
    }

    /// Where it listens, and what it takes for a password.
    pub(super) fn address_and_cookie(&self) -> (String, &str) {
        (format!("http://127.0.0.1:{}", self.port), &self.cookie)
    }

    /// What a server on this machine says to a GET, if it says anything: the body of status 200.
    pub(super) fn get(port: u16, path: &str) -> Option<String> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        let head = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).ok()?;
        let mut response = String::new();
        stream.read_to_string(&mut response).ok()?;
        let (head, body) = response.split_once("\r\n\r\n")?;
        head.starts_with("HTTP/1.1 200 ").then(|| body.to_owned())
    }

    /// Calls a method at a path: `/`, or that of a wallet.
    pub(super) fn call(&self, path: &str, method: &str, parameters: &Value) -> Result<Ordered, CallError> {
        let call = json!({"jsonrpc": "1.0", "id": 0, "method": method, "params": parameters});
        let response = self.post(path, &call.to_string()).map_err(|error| none(&error))?;
        let body = body_of(&response).map_err(CallError::NoAnswer)?;
        let answer = Ordered::parse(body);
        match answer.get("error") {
            Ordered::Object(_) => Err(CallError::Refused(RpcError::of(answer.get("error")))),
            _ => Ok(answer.get("result").clone()),
        }
    }

    fn post(&self, path: &str, body: &str) -> io::Result<String> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic {}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            BASE64.encode(&self.cookie),
            body.len()
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(body.as_bytes())?;
        let mut response = String::new();
        stream.read_to_string(&mut response)?;
        Ok(response)
    }
}

impl RpcError {
    fn of(error: &Ordered) -> Self {
        let code = match error.get("code") {
            Ordered::Other(text) => text.parse().expect("a code"),
            other => panic!("no code: {other:?}"),
        };
        RpcError { code, message: error.get("message").text().to_owned() }
    }
}

fn none(error: &io::Error) -> CallError {
    CallError::NoAnswer(error.to_string())
}

/// The body of a whole response that carries JSON: the node's, of a refused call too, but not the empty one of a
/// wrong cookie.
fn body_of(response: &str) -> Result<&str, String> {
    let (head, body) = response.split_once("\r\n\r\n").ok_or("no HTTP response")?;
    let mut lines = head.lines();
    let status = lines.next().unwrap_or_default();
    let length = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    if length != Some(body.len()) {
        return Err(format!("{status}: {} bytes of {length:?}", body.len()));
    }
    if !body.starts_with('{') {
        return Err(format!("{status}: {body}"));
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_taken_only_whole_and_only_if_it_is_json() {
        let response = |status: &str, length: usize, body: &str| {
            format!("HTTP/1.1 {status}\r\nContent-Type: x\r\nContent-Length: {length}\r\n\r\n{body}")
        };
        assert_eq!(body_of(&response("500 Internal Server Error", 2, "{}")), Ok("{}"));
        assert!(body_of(&response("200 OK", 3, "{}")).unwrap_err().contains("2 bytes of Some(3)"));
        assert!(body_of(&response("401 Unauthorized", 0, "")).unwrap_err().contains("401 Unauthorized"));
        assert!(body_of("HTTP/1.1 200 OK\r\n\r\n{}").is_err());
        assert!(body_of("").is_err());
    }

    #[test]
    fn a_refusal_is_read_with_its_code() {
        let error = RpcError::of(&Ordered::parse(r#"{"code":-26,"message":"min relay fee not met, 1 < 2"}"#));
        assert_eq!(error.to_string(), "min relay fee not met, 1 < 2 (code -26)");
    }
}
