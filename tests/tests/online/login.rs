//! An Esplora server that asks for a login, and a token server beside it: where credentials go, and that they go nowhere
//! else and are shown to nobody.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;

use coldamp_tests::{RequestKind, Served};

use crate::desk::{Issuer, fails};

const SECRET: &str = "s3cr3t+of&the=client";

/// A server in front of a sandbox's that wants a token below `/esplora`, and gives them out below `/token`. It ends with the
/// process.
struct Gate {
    address: String,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    /// The newest token's number; older ones are refused.
    token: u32,
    /// Method, path, `Authorization`, body.
    asked: Vec<[String; 4]>,
    /// Whether a refusal quotes the token.
    quotes: bool,
    /// Where an answer of success repeats the token, if it does.
    repeats: Option<Repeats>,
}

#[derive(Clone, Copy)]
enum Repeats {
    /// In its body, behind so many bytes, percent-encoded.
    Body(usize),
    Header,
}

fn encoded(token: &str) -> String {
    token.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

impl Gate {
    fn before(sandbox: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (seen, behind) = (Arc::<Mutex<Seen>>::default(), sandbox.to_owned());
        let shared = Arc::clone(&seen);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (shared, behind) = (Arc::clone(&shared), behind.clone());
                thread::spawn(move || answer(stream.unwrap(), &shared, &behind));
            }
        });
        Gate { address, seen }
    }

    /// The file of a client: for this server, with its token server.
    fn client(&self) -> String {
        format!("host {0}\nme\n{SECRET}\nhttp://{0}/token\n", self.address)
    }

    fn chain(&self) -> String {
        format!("--esplora http://{}/esplora", self.address)
    }

    fn asked(&self) -> Vec<[String; 4]> {
        self.seen.lock().unwrap().asked.clone()
    }
}

fn answer(stream: TcpStream, seen: &Mutex<Seen>, behind: &str) {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let mut words = line.split(' ').map(str::to_owned);
    let (Some(method), Some(path)) = (words.next(), words.next()) else { return };
    let (mut authorization, mut length) = (String::new(), 0);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        let Some((name, value)) = header.trim().split_once(": ") else { break };
        match name.to_ascii_lowercase().as_str() {
            "authorization" => authorization = value.to_owned(),
            "content-length" => length = value.parse().unwrap(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let body = String::from_utf8(body).unwrap();
    let mut stream = reader.into_inner();
    let (token, quotes, repeats) = {
        let mut seen = seen.lock().unwrap();
        seen.asked.push([method.clone(), path.clone(), authorization.clone(), body.clone()]);
        if path == "/token" {
            seen.token += 1;
        }
        (format!("token{}", seen.token), seen.quotes, seen.repeats)
    };
    let mut more = String::new();
    let (status, text) = match (path.as_str(), repeats) {
        ("/token", _) => {
            (200, format!("{{\"access_token\":\"{token}\",\"expires_in\":300,\"token_type\":\"Bearer\"}}"))
        }
        _ if authorization != format!("Bearer {token}") => (401, format!("not welcome: {authorization}")),
        _ if quotes => (400, format!("found {authorization}")),
        (_, Some(Repeats::Body(behind))) => (200, format!("{} {}", ".".repeat(behind), encoded(&token))),
        (_, Some(Repeats::Header)) => {
            more = format!("x-authorization: {authorization}\r\n");
            (200, "42".to_owned())
        }
        (path, None) => {
            let from = TcpStream::connect(behind).unwrap();
            (&from)
                .write_all(format!("{method} {path} HTTP/1.1\r\nhost: {behind}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len()).as_bytes())
                .unwrap();
            let mut whole = Vec::new();
            (&from).read_to_end(&mut whole).unwrap();
            stream.write_all(&whole).unwrap();
            return;
        }
    };
    let _ = stream.write_all(
        format!(
            "HTTP/1.1 {status} X\r\nconnection: close\r\n{more}content-length: {}\r\n\r\n{text}",
            text.len()
        )
        .as_bytes(),
    );
}

/// An issuer, and a gate before its chain.
fn gated() -> (Issuer, Gate) {
    let issuer = Issuer::new();
    let url = issuer.sandbox.esplora_url();
    let gate = Gate::before(url.strip_prefix("http://").unwrap().strip_suffix("/esplora").unwrap());
    (issuer, gate)
}

#[test]
fn a_client_gets_a_token_renews_it_once_and_shows_nobody_its_secret() {
    let (issuer, gate) = gated();
    issuer.ask(RequestKind::Burn, &issuer.assets[0]).done();
    issuer.desk.write("login", gate.client());
    let prepare = |more: &str| {
        let treasury = "--descriptor treasury.descriptor --network regtest";
        issuer.desk.run(
            "coldamp-online",
            &format!("prepare burn.json {treasury} {} {more} -o burn.pset", gate.chain()),
        )
    };
    prepare("--esplora-credentials login").done();
    let asked = gate.asked();
    let tokens: Vec<_> = asked.iter().filter(|[_, path, ..]| path == "/token").collect();
    assert_eq!(tokens.len(), 1, "one token for the whole command");
    let [method, _, authorization, body] = tokens[0];
    assert_eq!((method.as_str(), authorization.as_str()), ("POST", ""));
    assert_eq!(
        body,
        "grant_type=client_credentials&client_id=me&client_secret=s3cr3t%2Bof%26the%3Dclient&scope=openid"
    );
    let others = asked.iter().filter(|[_, path, ..]| path != "/token");
    assert!(others.clone().count() > 10);
    for [method, path, authorization, body] in others {
        assert_eq!(authorization, "Bearer token1", "{method} {path}");
        assert!(!path.contains(SECRET) && body.is_empty());
    }

    // A server that quotes the token, and one that takes no token at all.
    gate.seen.lock().unwrap().quotes = true;
    std::fs::remove_file(issuer.desk.path("burn.pset")).unwrap();
    let words = fails(prepare("--esplora-credentials login"), 11, "ESPLORA_REFUSED");
    assert!(!words.contains("token2") && !words.contains(SECRET), "{words}");
    issuer.desk.write("token", format!("host {}\nanoldtoken\n", gate.address));
    let words = fails(prepare("--esplora-credentials token"), 11, "ESPLORA_CREDENTIALS");
    assert!(!words.contains("anoldtoken"), "{words}");
    let words = fails(prepare(""), 11, "ESPLORA_REFUSED");
    assert!(words.contains("status 401"), "{words}");
}

#[test]
fn credentials_are_sent_to_nobody_in_the_open_and_read_from_no_open_file() {
    let issuer = Issuer::new();
    issuer.ask(RequestKind::Burn, &issuer.assets[0]).done();
    let trap = TcpListener::bind("127.0.0.1:0").unwrap();
    trap.set_nonblocking(true).unwrap();
    let port = trap.local_addr().unwrap().port();
    issuer.desk.write("named", format!("host localhost:{port}\nhunter2\n"));
    issuer.desk.write("token", format!("host 127.0.0.1:{port}\nhunter2\n"));
    issuer
        .desk
        .write("client", format!("host 127.0.0.1:{port}\nme\nhunter2\nhttp://login.example.org/token\n"));
    let prepare = |root: &str, file: &str| {
        let treasury = "--descriptor treasury.descriptor --network regtest";
        let arguments = format!(
            "prepare burn.json {treasury} --esplora {root} --esplora-credentials {file} -o burn.pset"
        );
        issuer.desk.run("coldamp-online", &arguments)
    };
    // By name, and a name may lead anywhere.
    let words = fails(prepare(&format!("http://localhost:{port}/api"), "named"), 11, "ESPLORA_CREDENTIALS");
    assert!(!words.contains("hunter2"), "{words}");
    fails(prepare(&format!("http://127.0.0.1:{port}/api"), "client"), 11, "ESPLORA_CREDENTIALS");
    std::fs::set_permissions(issuer.desk.path("token"), std::os::unix::fs::PermissionsExt::from_mode(0o644))
        .unwrap();
    fails(prepare(&format!("http://127.0.0.1:{port}/api"), "token"), 6, "CREDENTIALS_OPEN");
    assert!(trap.accept().is_err(), "nobody was asked");
}

#[test]
fn credentials_of_one_server_are_never_sent_to_another() {
    let issuer = Issuer::new();
    issuer.ask(RequestKind::Burn, &issuer.assets[0]).done();
    let trap = TcpListener::bind("127.0.0.1:0").unwrap();
    trap.set_nonblocking(true).unwrap();
    let address = trap.local_addr().unwrap().to_string();
    let prepare = |file: &str| {
        issuer.desk.write("login", file);
        let treasury = "--descriptor treasury.descriptor --network regtest";
        let chain = format!("--esplora http://{address}/api --esplora-credentials login");
        issuer.desk.run("coldamp-online", &format!("prepare burn.json {treasury} {chain} -o burn.pset"))
    };
    let token_server = format!("http://{address}/token");
    for file in [
        "host enterprise.blockstream.info\nhunter2\n".to_owned(),
        format!("host enterprise.blockstream.info\nme\nhunter2\n{token_server}\n"),
        "host 127.0.0.1\nhunter2\n".to_owned(),
    ] {
        let words = fails(prepare(&file), 11, "ESPLORA_CREDENTIALS");
        assert!(words.contains(&format!("but the server is {address}; nothing was sent")), "{words}");
        assert!(!words.contains("hunter2"), "{words}");
    }
    for file in ["hunter2\n".to_owned(), format!("me\nhunter2\n{token_server}\n")] {
        let run = prepare(&file);
        assert_eq!(run.code, 6, "{}", run.stderr);
        assert!(
            run.stderr.contains("it names no host") && run.stderr.contains("`host HOST`"),
            "{}",
            run.stderr
        );
        assert!(!run.stderr.contains("hunter2"), "{}", run.stderr);
    }
    // From the environment the same, for the page's server too.
    let root = format!("http://{address}/api");
    for (host, code, words) in [
        (None, 2, "does not name their host"),
        (Some("enterprise.blockstream.info"), 11, "they are for the host enterprise.blockstream.info"),
    ] {
        let run = Command::new(issuer.desk.binary_path("coldamp-online"))
            .args(["serve", "--network", "regtest", "--port", "0", "--page", "none", "--esplora", &root])
            .env("COLDAMP_ESPLORA_TOKEN", "hunter2")
            .envs(host.map(|host| ("COLDAMP_ESPLORA_HOST", host)))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&run.stderr);
        assert_eq!(run.status.code(), Some(code), "{said}");
        assert!(said.contains(words) && !said.contains("hunter2"), "{said}");
    }
    assert!(trap.accept().is_err(), "nobody was asked");
}

/// What the page gets where it asks with a token of its own.
fn as_the_page(served: &Served, path: &str) -> String {
    let address = served.page().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer of-the-page\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn an_answer_that_repeats_credentials_is_not_passed_on_to_the_page() {
    let (issuer, gate) = gated();
    issuer.desk.write("login", gate.client());
    std::fs::create_dir(issuer.desk.path("page")).unwrap();
    issuer.desk.write("page/index.html", "<title>the page</title>");
    let arguments =
        format!("{} --esplora-credentials login --amp http://{}/api --page page", gate.chain(), gate.address);
    let served = issuer.desk.serve(&format!("--network regtest {arguments}"));
    let refused = |answer: &str, token: &str| {
        assert!(answer.starts_with("HTTP/1.1 500 "), "{answer}");
        assert!(
            answer.ends_with("was sent, so it is not passed on; what was asked for may have happened"),
            "{answer}"
        );
        assert!(!answer.contains(token) && !answer.contains(&encoded(token)), "{answer}");
    };
    for behind in [0, 100_000] {
        gate.seen.lock().unwrap().repeats = Some(Repeats::Body(behind));
        refused(&as_the_page(&served, "/esplora/blocks/tip/height"), "token1");
    }
    // AMP's the same: this one does not know the page's token, and says which one that is.
    refused(&as_the_page(&served, "/api/assets"), "of-the-page");
    gate.seen.lock().unwrap().quotes = true;
    refused(&as_the_page(&served, "/esplora/tx/00"), "token1");
    gate.seen.lock().unwrap().quotes = false;
    // Such a header is not passed on, and the answer is.
    gate.seen.lock().unwrap().repeats = Some(Repeats::Header);
    let height = as_the_page(&served, "/esplora/blocks/tip/height");
    assert!(height.starts_with("HTTP/1.1 200 ") && height.ends_with("\r\n\r\n42"), "{height}");
    assert!(!height.contains("authorization") && !height.contains("token1"), "{height}");
}

#[test]
fn the_pages_server_logs_in_and_the_page_never_sees_it() {
    let (issuer, gate) = gated();
    issuer.desk.write("login", gate.client());
    std::fs::create_dir(issuer.desk.path("page")).unwrap();
    issuer.desk.write("page/index.html", "<title>the page</title>");
    let arguments = format!(
        "--network regtest {} --esplora-credentials login --amp {} --page page",
        gate.chain(),
        issuer.sandbox.amp_url()
    );
    let served = issuer.desk.serve(&arguments);
    let ask = |path: &str| as_the_page(&served, path);
    let tip = ask("/esplora/blocks/tip/height");
    assert!(tip.starts_with("HTTP/1.1 200 "), "{tip}");
    // The server takes the first token no more: a new one is fetched, once.
    gate.seen.lock().unwrap().token += 1;
    let tip = ask("/esplora/blocks/tip/height");
    assert!(tip.starts_with("HTTP/1.1 200 "), "{tip}");
    let settings = ask("/serve.json");
    for text in [&tip, &settings] {
        assert!(!text.contains("token1") && !text.contains(SECRET), "{text}");
    }
    let asked = gate.asked();
    assert_eq!(asked.iter().filter(|[_, path, ..]| path == "/token").count(), 2);
    assert!(asked.iter().all(|[_, _, authorization, _]| !authorization.contains("of-the-page")));
}
