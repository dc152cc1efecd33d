use super::*;
use crate::pace::tests::ManualClock;

fn client(root: &str, token_url: Option<&str>) -> Result<Login, EsploraError> {
    let token_url = token_url.map(str::to_owned);
    Login::new(
        root,
        own(root, Grant::Client { id: "me".to_owned(), secret: "hunter2".to_owned(), token_url }),
    )
}

/// Credentials for the server itself.
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
fn credentials_are_never_sent_unencrypted() {
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
            "the credentials for Esplora: the token holds characters that a token cannot have"
        );
    }
}

/// A token server that answers with these statuses, one after the other, and then no more.
fn token_server(statuses: &'static [&'static str]) -> (String, std::thread::JoinHandle<()>) {
    use std::io::{Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/token", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        for status in statuses {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 4096]).unwrap();
            let body = r#"{"access_token":"abc","expires_in":300,"token_type":"Bearer"}"#;
            let head =
                format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
            stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
        }
    });
    (url, server)
}

#[test]
fn a_busy_token_server_is_asked_again_after_a_pause() {
    let (url, server) = token_server(&["500 X", "429 X\r\nretry-after: 7", "503 X", "200 OK"]);
    let login = client("https://example.org/api", Some(&url)).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let clock = &ManualClock::default();
    let token = runtime.block_on(login.token(&Http::new().unwrap(), &clock)).unwrap();
    assert_eq!(token.header(), "Bearer abc");
    assert_eq!(clock.elapsed(), Duration::from_secs(1 + 7 + 4));
    server.join().unwrap();
}

#[test]
fn requests_that_need_a_token_at_the_same_time_share_one_token_request() {
    // The server answers once. A second token request would fail.
    let (url, server) = token_server(&["200 OK"]);
    let login = client("https://example.org/api", Some(&url)).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (http, clock) = (Http::new().unwrap(), &ManualClock::default());
    let all = futures_util::future::join_all((0..8).map(|_| login.token(&http, &clock)));
    for token in runtime.block_on(all) {
        assert_eq!(token.unwrap().header(), "Bearer abc");
    }
    server.join().unwrap();
}
