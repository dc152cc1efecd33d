//! The page's server: what it answers and to whom, and that Esplora and AMP are reached through it as they are.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use coldamp_online::http::Http;
use coldamp_online::pace::Pause;
use coldamp_online::source::esplora::{Esplora, EsploraError};
use coldamp_sandbox::faults::{Fault, Rule};
use coldamp_sandbox::server::{PASSWORD, USERNAME};
use coldamp_tests::{Desk, Served};

use crate::desk::Issuer;

/// Asks with these lines of header, and gives everything that comes back.
fn ask(served: &Served, request: &str, header: &[&str], body: &str) -> String {
    let address = served.page().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let mut lines = vec![format!("{request} HTTP/1.1")];
    if !header.iter().any(|line| line.starts_with("host:")) {
        lines.push(format!("host: {address}"));
    }
    lines.extend(header.iter().map(|line| (*line).to_owned()));
    lines.push(format!("content-length: {}", body.len()));
    lines.push("connection: close\r\n\r\n".to_owned());
    stream.write_all(lines.join("\r\n").as_bytes()).unwrap();
    stream.write_all(body.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// A page of one file on an issuer's sandbox.
fn served(issuer: &Issuer) -> Served {
    std::fs::create_dir(issuer.desk.path("page")).unwrap();
    issuer.desk.write("page/index.html", "<title>the page</title>");
    let (esplora, amp) = (issuer.sandbox.esplora_url(), issuer.sandbox.amp_url());
    issuer.desk.serve(&format!("--network regtest --esplora {esplora} --amp {amp} --page page"))
}

#[test]
fn the_page_is_given_out_under_a_policy_that_lets_it_talk_to_its_own_origin_alone() {
    let issuer = Issuer::new();
    let served = served(&issuer);
    let page = ask(&served, "GET /", &[], "");
    assert!(page.starts_with("HTTP/1.1 200 "), "{page}");
    assert!(page.ends_with("<title>the page</title>"), "{page}");
    let policy = page.lines().find(|line| line.starts_with("content-security-policy: ")).unwrap();
    assert!(policy.contains("default-src 'none';") && policy.contains("connect-src 'self';"), "{policy}");
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
    let settings = ask(&served, "GET /serve.json", &[], "");
    let (_, settings) = settings.split_once("\r\n\r\n").unwrap();
    let settings: serde_json::Value = serde_json::from_str(settings).unwrap();
    let expected = serde_json::json!({
        "network": "regtest",
        "esplora": "/esplora",
        "amp": "/api",
        "esplora_upstream": issuer.sandbox.esplora_url(),
        "amp_upstream": issuer.sandbox.amp_url(),
        "proxied": true,
        "version": env!("CARGO_PKG_VERSION"),
    });
    assert_eq!(settings, expected);
    assert!(ask(&served, "GET /../Cargo.toml", &[], "").starts_with("HTTP/1.1 404 "));
}

#[test]
fn other_pages_and_names_that_lead_here_are_refused_before_anybody_is_asked() {
    let issuer = Issuer::new();
    let served = served(&issuer);
    let before = issuer.sandbox.faults().count();
    for (request, header, status) in [
        ("GET /api/assets", "host: localhost", 421),
        ("GET /esplora/blocks/tip/height", "host: attacker.example", 421),
        ("POST /api/user/obtain_token", "origin: https://attacker.example", 403),
        (
            "GET /api/assets/00000000-0000-0000-0000-000000000000/distributions/create",
            "sec-fetch-site: cross-site",
            403,
        ),
        ("GET /esplora/blocks/tip/height", "sec-fetch-dest: script", 403),
        ("GET /api/assets", "sec-fetch-dest: script", 403),
        ("GET /serve.json", "sec-fetch-dest: document", 403),
        ("DELETE /api/assets", "origin: null", 403),
        ("PUT /api/assets", "accept: */*", 405),
        ("GET /api/../sandbox/mine", "accept: */*", 400),
        ("GET /api/%2e%2e/sandbox/mine", "accept: */*", 400),
    ] {
        let answer = ask(&served, request, &[header], "");
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{request} with {header}: {answer}");
    }
    // A link on another page leads to the page, and to nothing that is passed on: that would spend the operator's login.
    let followed = ["sec-fetch-site: cross-site", "sec-fetch-mode: navigate", "sec-fetch-dest: document"];
    for (request, status) in [
        ("GET /", 200),
        ("GET /esplora/blocks/tip/height", 403),
        ("GET /api/assets", 403),
        ("GET /serve.json", 403),
    ] {
        let answer = ask(&served, request, &followed, "");
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{request}: {answer}");
    }
    assert_eq!(issuer.sandbox.faults().count(), before);
}

#[test]
fn what_the_page_asks_is_passed_on_as_it_is_and_the_token_to_amp_alone() {
    let issuer = Issuer::new();
    let served = served(&issuer);
    let login = format!("{{\"username\":\"{USERNAME}\",\"password\":\"{PASSWORD}\"}}");
    let header = ["content-type: application/json", "sec-fetch-site: same-origin"];
    let answer = ask(&served, "POST /api/user/obtain_token", &header, &login);
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let (_, token) = answer.split_once("\r\n\r\n").unwrap();
    let token: serde_json::Value = serde_json::from_str(token).unwrap();
    let authorization = format!("authorization: token {}", token["token"].as_str().unwrap());
    let path = format!("GET /api/assets/{}", issuer.uuid());
    assert!(ask(&served, &path, &[&authorization], "").starts_with("HTTP/1.1 200 "));
    assert!(ask(&served, &path, &[], "").starts_with("HTTP/1.1 401 "));
    let height = ask(&served, "GET /esplora/blocks/tip/height", &[&authorization], "");
    let tip = issuer.sandbox.with(|chain, _| chain.tip());
    assert!(height.ends_with(&format!("\r\n\r\n{tip}")), "{height} at {tip}");
    // A stranger's page instead of an answer is never one of ours.
    assert!(height.contains("content-type: application/octet-stream\r\n"), "{height}");
}

#[test]
fn an_answer_that_was_lost_on_its_way_is_lost_to_the_page_too() {
    let issuer = Issuer::new();
    let served = served(&issuer);
    let path = "/api/user/obtain_token".to_owned();
    let rule = Rule { method: None, path, skip: 0, count: Some(1), fault: Fault::DropAfter };
    issuer.sandbox.faults().set(vec![rule]);
    assert_eq!(ask(&served, "POST /api/user/obtain_token", &[], "{}"), "");
}

/// Waits for nobody: whoever is not told how long to wait asks again after a pause.
struct Never;

impl Pause for Never {
    async fn pause(&self, duration: Duration) {
        panic!("waits for {duration:?}");
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }
}

#[test]
fn the_page_hears_how_long_the_server_asks_to_wait() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let upstream = thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let lines = BufReader::new(&stream).lines().map_while(Result::ok);
        let asked: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
        let limited =
            "HTTP/1.1 429 X\r\nretry-after: 90\r\nconnection: close\r\ncontent-length: 4\r\n\r\nslow";
        (&stream).write_all(limited.as_bytes()).unwrap();
        asked
    });
    let desk = Desk::default();
    std::fs::create_dir(desk.path("page")).unwrap();
    desk.write("page/index.html", "<title>the page</title>");
    let amp = "--amp http://127.0.0.1:9/api";
    let served =
        desk.serve(&format!("--network regtest --esplora http://{address}/liquid/api {amp} --page page"));
    // The page's own pace, which is this library's. A wait of more than a minute is the operator's to wait.
    let root = format!("{}/esplora", served.page());
    let esplora = Esplora::new(Http::new().unwrap(), &root, Never).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let error = runtime.block_on(esplora.newest_block()).unwrap_err();
    let path = "/blocks/tip/hash".to_owned();
    assert_eq!(error, EsploraError::Limited { path, status: 429, retry_after: Some(90) });
    assert_eq!(upstream.join().unwrap()[0], "GET /liquid/api/blocks/tip/hash HTTP/1.1");
}

#[test]
fn without_a_page_it_says_how_one_is_made_and_serves_nothing() {
    let desk = Desk::default();
    std::fs::create_dir(desk.path("empty")).unwrap();
    let serve = "serve --port 0 --network regtest --esplora http://127.0.0.1:9/";
    let named = desk.run("coldamp-online", &format!("{serve} --page empty"));
    // A copy of the binary in a folder where no page is looked for.
    std::fs::copy(desk.binary_path("coldamp-online"), desk.path("alone")).unwrap();
    let unnamed = desk.run(desk.path("alone").to_str().unwrap(), serve);
    for run in [named, unnamed] {
        assert_eq!((run.code, run.stdout.as_str()), (6, ""), "{}", run.stderr);
        assert!(run.stderr.contains("error[PAGE]: "), "{}", run.stderr);
        assert!(run.stderr.contains("cargo xtask web"), "{}", run.stderr);
    }
}
