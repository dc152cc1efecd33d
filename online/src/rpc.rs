//! JSON-RPC to an Elements node. One call changes something on it: `sendrawtransaction`.

use coldamp_core::code::Code;
use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use reqwest::Url;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::http::{Http, Question, TIMEOUT};
use crate::secrets::Secrets;

/// How long a node may take to scan all unspent outputs: minutes on a public network.
const SCAN_TIMEOUT: Duration = Duration::from_secs(900);

/// Bytes that a node's answer may have, by the call: what an honest node sends, with room to spare.
fn most_bytes(method: &str) -> usize {
    const KIB: usize = 1024;
    match method {
        // Some 400 bytes a coin: room for more coins than a treasury can sign for.
        "scantxoutset" => 16 * 1024 * KIB,
        // A transaction of 4 MB in hexadecimal; with its parts spelled out beside the hexadecimal.
        "getrawtransaction" => 32 * 1024 * KIB,
        // Ids of a mempool: 68 bytes each.
        "getrawmempool" => 8 * 1024 * KIB,
        _ => 256 * KIB,
    }
}

/// What a node answers, as JSON-RPC 1.0 has it.
#[derive(Deserialize)]
struct Response<T> {
    // Named explicitly: otherwise serde would require a default for the type parameter.
    #[serde(default = "none")]
    result: Option<T>,
    error: Option<Refusal>,
}

#[derive(Deserialize)]
struct Refusal {
    code: Option<i64>,
    message: Option<String>,
}

fn none<T>() -> Option<T> {
    None
}

/// A connection to a node. Its Debug text leaves out the credentials.
pub struct Rpc {
    http: Http,
    url: Url,
    authorization: String,
    /// The credentials, which are removed from every text of the node's: a proxy in front of it may quote them.
    secrets: Secrets,
}

/// Why a node was not asked, or did not answer.
#[derive(Debug, thiserror::Error)]
pub enum RpcError {
    /// The address is not `http://user:password@host:port[/wallet/NAME]`.
    #[error(
        "the node's address: {reason}; expected http://user:password@host:port, or http://host:port with a cookie file"
    )]
    Address {
        /// What is wrong with the address.
        reason: &'static str,
    },
    /// The cookie file has no colon.
    #[error("the cookie file does not hold user:password")]
    Cookie,
    /// There is no connection, or it broke.
    #[error("no answer from the node to {method}: {reason}")]
    Transport {
        /// The name of the RPC call.
        method: &'static str,
        /// What the library said, without the address.
        reason: String,
    },
    /// The user or the password is wrong.
    #[error("the node refuses the user and password")]
    Credentials,
    /// The node answered with an error.
    #[error("the node refuses {method}: {message} (code {code})")]
    Refused {
        /// The name of the RPC call.
        method: &'static str,
        /// The node's code.
        code: i64,
        /// The node's message.
        message: String,
    },
    /// The node answered with something else than expected.
    #[error("the node's answer to {method} is not what it should be: {reason}")]
    Answer {
        /// The name of the RPC call.
        method: &'static str,
        /// What is wrong with the answer.
        reason: String,
    },
}

impl fmt::Debug for Rpc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rpc").field("host", &self.url.host_str()).finish_non_exhaustive()
    }
}

impl RpcError {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            RpcError::Address { .. } | RpcError::Cookie => Code::NodeAddress,
            RpcError::Credentials => Code::NodeCredentials,
            RpcError::Transport { .. } => Code::NodeUnreachable,
            RpcError::Refused { .. } => Code::NodeRefused,
            RpcError::Answer { .. } => Code::NodeAnswer,
        }
    }
}

impl Rpc {
    /// Takes `http://user:password@host:port[/wallet/NAME]`, or the same without user and the content of the node's
    /// cookie file.
    ///
    /// # Errors
    /// When the address is another kind, or credentials are missing or given twice.
    pub fn new(http: Http, address: &str, cookie: Option<&str>) -> Result<Self, RpcError> {
        let bad = |reason| RpcError::Address { reason };
        let mut url = Url::parse(address).map_err(|_| bad("it is no address"))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(bad("it is not http or https"));
        }
        let in_url = (!url.username().is_empty()).then(|| {
            let decode = |text: &str| percent_decoded(text).ok_or(bad("user or password is badly escaped"));
            Ok((decode(url.username())?, decode(url.password().unwrap_or_default())?))
        });
        let (user, password) = match (in_url.transpose()?, cookie) {
            (Some(_), Some(_)) => return Err(bad("it names a user, and a cookie file is given as well")),
            (Some(pair), None) => pair,
            (None, Some(cookie)) => {
                let (user, password) = cookie.trim().split_once(':').ok_or(RpcError::Cookie)?;
                (user.to_owned(), password.to_owned())
            }
            (None, None) => return Err(bad("it names no user, and no cookie file is given")),
        };
        // From here on the address can be shown; the credentials travel in a header.
        url.set_username("").and_then(|()| url.set_password(None)).map_err(|()| bad("it takes no user"))?;
        let authorization = basic(&user, &password);
        let mut secrets = Secrets::default();
        secrets.add_name(&user);
        secrets.add(&password);
        Ok(Rpc { http, url, authorization, secrets })
    }

    /// Calls a method and reads its result.
    ///
    /// # Errors
    /// When there is no answer, a refusal, or a result of another shape.
    pub(crate) async fn call<T: DeserializeOwned>(
        &self,
        method: &'static str,
        params: Value,
    ) -> Result<T, RpcError> {
        let body =
            json!({ "jsonrpc": "1.0", "id": "coldamp", "method": method, "params": params }).to_string();
        let question = Question {
            authorization: Some(&self.authorization),
            timeout: if method == "scantxoutset" { SCAN_TIMEOUT } else { TIMEOUT },
            most: most_bytes(method),
            ..Question::post(self.url.as_str(), "application/json", body.as_bytes())
        };
        let response = self.http.ask(question).await;
        let response = response.map_err(|error| RpcError::Transport { method, reason: error.to_string() })?;
        if matches!(response.status, 401 | 403) {
            return Err(RpcError::Credentials);
        }
        let bad = |reason: String| {
            let reason = self.secrets.left_out_of_reason(&reason, &response.body);
            RpcError::Answer { method, reason: reason.chars().take(200).collect() }
        };
        // Into its own types at once: a tree of values of the same answer would take some twenty times its size.
        let whole: Result<Response<T>, _> = serde_json::from_slice(&response.body);
        let refused = match &whole {
            Ok(Response { error, .. }) => error.as_ref(),
            // A result of another shape hides what the node says of an error; its own words are more use.
            Err(_) => None,
        };
        if let Some(Refusal { code, message }) = refused {
            // Cut afterwards: a part of a password would not be recognised and removed.
            let message = self.secrets.left_out_of(message.as_deref().unwrap_or("no message"));
            let message = message.chars().take(300).collect();
            return Err(RpcError::Refused { method, code: code.unwrap_or_default(), message });
        }
        match whole {
            Ok(Response { result: Some(result), .. }) => Ok(result),
            Ok(Response { result: None, .. }) => {
                serde_json::from_str("null").map_err(|error| bad(error.to_string()))
            }
            Err(error) if error.is_data() => Err(bad(error.to_string())),
            Err(_) => Err(bad(format!("HTTP {} without JSON", response.status))),
        }
    }
}

/// The header of HTTP's basic authentication (RFC 7617).
fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", BASE64.encode(format!("{user}:{password}")))
}

/// `%41` as `A`: user names and passwords in an address are escaped.
fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
        let (high, low) = (digit(rest.next())?, digit(rest.next())?);
        bytes.push(u8::try_from(high.checked_mul(16)?.checked_add(low)?).ok()?);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rpc(address: &str, cookie: Option<&str>) -> Result<Rpc, RpcError> {
        Rpc::new(Http::new().unwrap(), address, cookie)
    }

    #[test]
    fn an_address_is_taken_with_a_user_or_with_a_cookie_and_never_with_both() {
        let with_user = rpc("http://me:p%40ss@127.0.0.1:7041/wallet/x", None).unwrap();
        assert_eq!(with_user.authorization, "Basic bWU6cEBzcw==");
        assert_eq!(with_user.url.as_str(), "http://127.0.0.1:7041/wallet/x");
        let with_cookie = rpc("http://127.0.0.1:7041", Some("__cookie__:abc:d\n")).unwrap();
        assert_eq!(with_cookie.authorization, basic("__cookie__", "abc:d"));
        for (address, cookie) in [
            ("http://me:x@127.0.0.1:7041", Some("a:b")),
            ("http://127.0.0.1:7041", None),
            ("ftp://me:x@127.0.0.1", None),
            ("hello", None),
            ("http://m%zz:x@127.0.0.1", None),
        ] {
            assert!(matches!(rpc(address, cookie), Err(RpcError::Address { .. })), "{address}");
        }
        assert!(matches!(rpc("http://127.0.0.1", Some("abc")), Err(RpcError::Cookie)));
    }

    #[test]
    fn an_answer_that_does_not_end_is_read_no_further_than_its_call_needs() {
        use std::io::{Read as _, Write as _};
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://me:x@{}", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 4096]).unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{\"result\": \"").unwrap();
            let mut sent = 0_usize;
            while stream.write_all(&[b'0'; 65_536]).is_ok() {
                sent += 65_536;
            }
            sent
        });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let rpc = rpc(&address, None).unwrap();
        let error = runtime.block_on(rpc.call::<String>("getblockhash", json!([0]))).unwrap_err();
        assert!(error.to_string().contains("more than 262144 bytes"), "{error}");
        // Whoever drives the connection closes it.
        drop((rpc, runtime));
        // The rest is what the sockets hold.
        assert!(server.join().unwrap() < 16 * 1024 * 1024);
    }

    #[test]
    fn what_a_node_says_is_shown_without_the_password() {
        use std::io::{Read as _, Write as _};
        // As a node's refusal, as a result of another shape, and as a page that a proxy makes.
        for body in [
            r#"{"result":null,"error":{"code":-1,"message":"no: hunter22 of __cookie__"}}"#,
            r#"{"result":{"hunter22":"hunter22"},"error":null}"#,
            "<p>hunter22</p>",
        ] {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            let address = format!("http://{}", listener.local_addr().unwrap());
            let server = std::thread::spawn(move || {
                let (mut stream, _) = listener.accept().unwrap();
                let _ = stream.read(&mut [0; 4096]).unwrap();
                let head =
                    format!("HTTP/1.1 500 X\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
                stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
            });
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let rpc = rpc(&address, Some("__cookie__:hunter22")).unwrap();
            let error = runtime.block_on(rpc.call::<String>("getblockhash", json!([0]))).unwrap_err();
            assert!(matches!(error, RpcError::Refused { .. } | RpcError::Answer { .. }), "{error}");
            assert!(!format!("{error} {error:?}").contains("hunter22"), "{error}");
            server.join().unwrap();
        }
    }

    #[test]
    fn nothing_printed_holds_the_password() {
        let rpc = rpc("http://me:hunter2@127.0.0.1:1", None).unwrap();
        assert!(!format!("{rpc:?}").contains("hunter2"));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let error = runtime.block_on(rpc.call::<String>("getblockhash", json!([0]))).unwrap_err();
        assert!(matches!(error, RpcError::Transport { .. }), "{error}");
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
}
