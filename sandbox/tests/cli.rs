//! The binary from outside: arguments, stdout, stderr, exit codes, and what it serves.

#![expect(clippy::unwrap_used, reason = "a test that meets what it does not expect stops there and says so")]

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

/// A regtest treasury of words that everybody knows, "abandon … about".
const DESCRIPTOR: &str = "ct(slip77(9c8e4f05c7711a98c838be228bcb84924d4570ca53f35fa1c793e58841d47023),elwpkh([73c5da0a/84h/1h/0h]tpubDC8msFGeGuwnKG9Upg7DM2b4DaRqg3CUZa5g8v2SRQ6K4NSkxUgd7HsL2XVWbVm39yBA4LAxysQAm397zwQSQoQgewGiYZqrA9DsP4zbQ1M/<0;1>/*))";

const HELP: &str = r#"Serves an embedded regtest chain with Esplora's HTTP API, and AMP's API beside it, on 127.0.0.1. It is for trying Coldamp and for tests: nothing in it is worth anything, and everything is gone when it stops

Usage: coldamp-sandbox [OPTIONS]

Options:
      --descriptor <FILE>
          File with the watch-only CT descriptor of a regtest treasury, as `coldamp key watch` prints it; the treasury gets L-BTC and two assets, one issued explicitly and one issued blinded
      --without-assets
          For the first day of a treasury: it gets L-BTC and no asset, and AMP has users. `coldamp-online treasury issue` makes the first asset
      --port <PORT>
          The port on 127.0.0.1; 0 takes a free one [default: 8481]
      --block-every <SECONDS>
          Seconds between two blocks [default: 5]
  -h, --help
          Print help
  -V, --version
          Print version

AMP's user is issuer, the password is sandbox.

Requests below http://127.0.0.1:PORT/sandbox/ control the sandbox. GET state shows it. POST mine, fund, reorganise, forget
and faults change it. Each takes a JSON body: POST mine takes {"blocks": 1}.
"#;

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_coldamp-sandbox"));
    command.args(arguments).stdin(Stdio::null());
    command
}

/// How a run ended: exit code, stdout, stderr.
fn run(arguments: &[&str]) -> (i32, String, String) {
    let output = command(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Runs it, and checks that it fails with this exit code and exactly these words, and prints no data.
fn fails(arguments: &[&str], code: i32, words: &str) {
    let (found, stdout, stderr) = run(arguments);
    assert_eq!((found, stdout.as_str(), stderr.as_str()), (code, "", words), "{arguments:?}");
}

/// A running sandbox with the lines that it printed; it stops when this is dropped.
struct Running {
    child: Child,
    lines: Vec<String>,
}

impl Running {
    /// Starts it on a free port, and waits until it has printed its last line.
    fn start(arguments: &[&str]) -> Self {
        let mut child = command(&["--port", "0"]);
        let mut child = child.args(arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let mut running = Running { child, lines: Vec::new() };
        for line in stdout.lines() {
            let line = line.unwrap();
            let is_last = line.starts_with("amp ");
            running.lines.push(line);
            if is_last {
                break;
            }
        }
        running
    }

    /// The address that a line names.
    fn address(&self, name: &str) -> String {
        let mut words = self.lines.iter().map(|line| line.split_whitespace());
        let mut line = words.find(|line| line.clone().next() == Some(name)).unwrap();
        line.nth(1).unwrap().to_owned()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The body of an answer with status 200.
fn ask(method: &str, url: &str, body: &str) -> String {
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let length = body.len();
    let request = format!(
        "{method} /{path} HTTP/1.1\r\nhost: {host}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{url}: {answer}");
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}

#[test]
fn the_help_reads_as_it_did() {
    for name in ["--help", "-h"] {
        assert_eq!(run(&[name]), (0, HELP.to_owned(), String::new()));
    }
    let version = format!("coldamp-sandbox {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(run(&["--version"]), (0, version, String::new()));
}

#[test]
fn a_command_line_that_cannot_be_read_ends_with_2() {
    for (arguments, message) in [
        (vec!["serve"], "unexpected argument 'serve' found"),
        (vec!["--sandbox"], "unexpected argument '--sandbox' found"),
        (vec!["--x\u{1b}[2K\nerror: forged"], "unexpected argument '--x\\u{1b}[2K error: forged' found"),
        (vec!["--descriptor"], "a value is required for '--descriptor <FILE>' but none was supplied"),
        (vec!["--port", "65536"], "invalid value '65536' for '--port <PORT>': 65536 is not in 0..=65535"),
        (vec!["--block-every", "0"], "invalid value '0' for '--block-every <SECONDS>': 0 is not in 1..=3600"),
    ] {
        let words = format!("error: {message}\nhint: `coldamp-sandbox --help` lists the arguments.\n");
        fails(&arguments, 2, &words);
    }
}

#[test]
fn a_descriptor_that_cannot_be_used_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let hint = "hint: name with --descriptor the file that holds what `coldamp key watch` printed for a treasury of network regtest\n";
    let wrong_network = DESCRIPTOR.replace("tpub", "xpub");
    fs::write(path("words"), "abandon abandon abandon").unwrap();
    fs::write(path("long"), "x".repeat(4_097)).unwrap();
    fs::write(path("bytes"), [0xff]).unwrap();
    fs::write(path("key"), wrong_network).unwrap();
    for (name, words) in [
        ("missing", "No such file or directory (os error 2)"),
        (".", "it is not a regular file"),
        ("long", "it has more than 4096 bytes"),
        ("bytes", "found bytes that are no UTF-8 text"),
    ] {
        let path = path(name);
        fails(&["--descriptor", &path], 6, &format!("error: the descriptor file {path}: {words}\n{hint}"));
    }
    for name in ["words", "key"] {
        let path = path(name);
        let (code, stdout, stderr) = run(&["--descriptor", &path]);
        assert_eq!((code, stdout.as_str()), (6, ""), "{stderr}");
        assert!(stderr.starts_with(&format!("error[DESCRIPTOR]: the descriptor file {path}: ")), "{stderr}");
        assert!(stderr.ends_with(hint), "{stderr}");
    }
}

#[test]
fn a_port_that_is_taken_ends_with_11() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let words = format!(
        "error: cannot listen on 127.0.0.1:{port}: Address already in use (os error 98)\n\
         hint: name a free port with --port, or 0 for any\n"
    );
    fails(&["--port", &port], 11, &words);
}

#[test]
fn output_that_nobody_takes_ends_with_7() {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let output = command(&["--port", "0"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(7));
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("error: cannot write to standard output: "), "{words}");
}

#[test]
fn it_serves_a_chain_and_an_amp_that_know_the_treasury() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("treasury.descriptor");
    fs::write(&path, format!("{DESCRIPTOR}\n")).unwrap();
    let running = Running::start(&["--descriptor", path.to_str().unwrap(), "--block-every", "3600"]);
    let assets: Vec<Vec<&str>> = running.lines.iter().map(|line| line.split_whitespace().collect()).collect();
    let [[first, uuid, _, "explicit", "PLAIN"], [second, _, _, "blinded", "VEILED"], [..], [..]] =
        assets.iter().map(Vec::as_slice).collect::<Vec<_>>()[..]
    else {
        panic!("{:?}", running.lines)
    };
    assert_eq!([*first, *second], ["asset", "asset"]);
    let (esplora, amp) = (running.address("esplora"), running.address("amp"));
    let height: u32 = ask("GET", &format!("{esplora}/blocks/tip/height"), "").parse().unwrap();
    let login = r#"{"username": "issuer", "password": "sandbox"}"#;
    assert!(ask("POST", &format!("{amp}/user/obtain_token"), login).contains("\"token\""));
    let control = esplora.replace("/esplora", "/sandbox");
    ask("POST", &format!("{control}/mine"), r#"{"blocks": 1}"#);
    let mined: u32 = ask("GET", &format!("{esplora}/blocks/tip/height"), "").parse().unwrap();
    assert_eq!(mined, height + 1);
    assert_eq!(uuid.len(), 36);
}

#[test]
fn on_the_first_day_it_has_coins_and_users_and_no_asset() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("treasury.descriptor");
    fs::write(&path, DESCRIPTOR).unwrap();
    let running = Running::start(&[
        "--descriptor",
        path.to_str().unwrap(),
        "--without-assets",
        "--block-every",
        "3600",
    ]);
    let names: Vec<_> = running.lines.iter().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(names, ["esplora", "amp"]);
    let esplora = running.address("esplora");
    assert_ne!(ask("GET", &format!("{esplora}/blocks/tip/height"), ""), "0");
    let (code, _, stderr) = run(&["--without-assets"]);
    assert_eq!(code, 2, "{stderr}");
}

#[test]
fn without_a_descriptor_it_prints_the_two_addresses_alone() {
    let running = Running::start(&[]);
    let names: Vec<_> = running.lines.iter().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(names, ["esplora", "amp"]);
    assert_eq!(ask("GET", &format!("{}/blocks/tip/height", running.address("esplora")), ""), "0");
}
