use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};

use coldamp_core::elements::encode::serialize;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::elements::{OutPoint, Transaction, Txid};
use coldamp_core::treasury::ScriptType;
use coldamp_core::units::Satoshi;
use serde_json::{Value, json};

use super::*;
use crate::faults::Rule;
use crate::fixture::{descriptor, signed};
use crate::secp::SECP;

fn sandbox() -> Sandbox {
    Sandbox::start(Settings::default()).unwrap()
}

/// Sends a request on a connection of its own.
fn send(sandbox: &Sandbox, method: &str, path: &str, body: &str) -> TcpStream {
    let mut stream = TcpStream::connect(sandbox.address).unwrap();
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
    );
    stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
    stream
}

/// Status, head and body; `None` where the connection ends without an answer.
fn receive(mut stream: TcpStream) -> Option<(u16, String, String)> {
    let mut text = String::new();
    stream.read_to_string(&mut text).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some((status, head.to_lowercase(), body.to_owned()))
}

fn ask(sandbox: &Sandbox, method: &str, path: &str, body: &str) -> Option<(u16, String)> {
    receive(send(sandbox, method, path, body)).map(|(status, _, body)| (status, body))
}

fn tip(sandbox: &Sandbox) -> Option<(u16, String)> {
    ask(sandbox, "GET", "/esplora/blocks/tip/height", "")
}

fn fault(method: &str, path: &str, fault: Fault) -> Rule {
    Rule { method: Some(method.to_owned()), path: path.to_owned(), skip: 0, count: Some(1), fault }
}

/// A transaction that the sandbox would take.
fn transaction(sandbox: &Sandbox) -> (Txid, String) {
    sandbox.with(|chain, _| {
        let treasury = descriptor(ScriptType::Wpkh);
        let coins = chain.fund_many(&SECP, &treasury, 0, 1, Satoshi::from_sat(100_000), false);
        let tx = signed(chain, coins.unwrap()[0], 100);
        (tx.txid(), serialize(&tx).to_lower_hex_string())
    })
}

fn known(sandbox: &Sandbox, txid: Txid) -> bool {
    sandbox.with(|chain, _| chain.height_of(txid).is_some())
}

#[test]
fn esplora_is_served_to_any_page() {
    let sandbox = sandbox();
    sandbox.with(|chain, _| chain.mine(3));
    let (status, head, body) = receive(send(&sandbox, "GET", "/esplora/blocks/tip/height", "")).unwrap();
    assert_eq!((status, body.as_str()), (200, "3"));
    assert!(head.contains("access-control-allow-origin: *"), "{head}");
    let (status, head, _) = receive(send(&sandbox, "OPTIONS", "/api/user/obtain_token", "")).unwrap();
    assert_eq!(status, 204);
    assert!(head.contains("access-control-allow-headers: authorization, content-type"), "{head}");
    assert_eq!(ask(&sandbox, "GET", "/", "").unwrap().0, 404);
    assert_eq!(sandbox.esplora_url(), format!("http://{}/esplora", sandbox.address));
    assert_eq!(sandbox.amp_url(), format!("http://{}/api", sandbox.address));
}

#[test]
fn a_transaction_is_sent_and_steered_from_another_process() {
    let sandbox = sandbox();
    let (txid, hex) = transaction(&sandbox);
    assert_eq!(ask(&sandbox, "POST", "/esplora/tx", &hex), Some((200, txid.to_string())));
    let control = |path: &str, body: Value| {
        let (status, text) = ask(&sandbox, "POST", &format!("/sandbox/{path}"), &body.to_string()).unwrap();
        assert_eq!(status, 200, "{text}");
        serde_json::from_str::<Value>(&text).unwrap()
    };
    let mined = control("mine", json!({ "blocks": 2 }));
    assert_eq!((&mined["height"], &mined["mempool"]), (&json!(3), &json!([])));
    let back = control("reorganise", json!({ "depth": 2 }));
    assert_eq!((&back["height"], &back["mempool"]), (&json!(1), &json!([txid.to_string()])));
    assert_eq!(control("forget", json!({ "txid": txid.to_string() })), json!({ "forgotten": 1 }));
    assert!(!known(&sandbox, txid));
    let state = ask(&sandbox, "GET", "/sandbox/state", "").unwrap().1;
    let state: Value = serde_json::from_str(&state).unwrap();
    assert_eq!((&state["network"], &state["requests"]), (&json!("regtest"), &json!(1)));
    for (path, body, status) in [
        ("mine", "{}", 400),
        ("mine", r#"{"blocks":10001}"#, 400),
        ("mine", r#"{"blocks":1,"x":2}"#, 400),
        ("fund", r#"{"descriptor":"ct(x)","from_index":0,"count":1,"sat":1000,"blinded":true}"#, 400),
        ("state", "", 405),
        ("nothing", "", 404),
    ] {
        assert_eq!(
            ask(&sandbox, "POST", &format!("/sandbox/{path}"), body).unwrap().0,
            status,
            "{path} {body}"
        );
    }
}

#[test]
fn a_treasury_gets_coins_from_another_process() {
    let sandbox = sandbox();
    let treasury = descriptor(ScriptType::Wpkh);
    let fund = |count: u32| {
        let order = json!({
            "descriptor": treasury.with_checksum(),
            "from_index": 3,
            "count": count,
            "sat": 1_000,
            "blinded": false,
        });
        ask(&sandbox, "POST", "/sandbox/fund", &order.to_string()).unwrap()
    };
    let before = sandbox.with(|chain, _| chain.tip());
    let (status, text) = fund(2);
    assert_eq!(status, 200, "{text}");
    assert_eq!(sandbox.with(|chain, _| chain.tip()), before + 1);
    assert_eq!(fund(1_001).0, 400);
}

#[test]
fn each_fault_happens_once_and_acts_or_does_not() {
    let page =
        |answer: Option<(u16, String)>| answer.is_some_and(|(_, body)| body.contains("502 Bad Gateway"));
    let cases = [
        (Fault::Status { status: 500, acted: false }, false),
        (Fault::Status { status: 503, acted: true }, true),
        (Fault::NotJson, true),
        (Fault::DropBefore, false),
        (Fault::DropAfter, true),
        (Fault::Slow { milliseconds: 1 }, true),
        (Fault::Answers { status: 302, body: "elsewhere".to_owned() }, false),
        (Fault::Altered { status: Some(418), edits: vec![Edit::Body { text: "tea".to_owned() }] }, true),
    ];
    for (kind, acts) in cases {
        let sandbox = sandbox();
        let (txid, hex) = transaction(&sandbox);
        sandbox.faults().add(fault("POST", "/esplora/tx", kind.clone()));
        let answer = ask(&sandbox, "POST", "/esplora/tx", &hex);
        match &kind {
            Fault::Status { status, .. } => {
                assert_eq!(answer, Some((*status, "Internal Server Error".to_owned())));
            }
            Fault::Answers { .. } => assert_eq!(answer, Some((302, "elsewhere".to_owned()))),
            Fault::Altered { .. } => assert_eq!(answer, Some((418, "tea".to_owned()))),
            Fault::NotJson => assert!(page(answer)),
            Fault::DropBefore | Fault::DropAfter => assert_eq!(answer, None),
            Fault::Slow { .. } | Fault::Hang => assert_eq!(answer, Some((200, txid.to_string()))),
        }
        assert_eq!(known(&sandbox, txid), acts, "{kind:?}");
        assert_eq!(
            ask(&sandbox, "POST", "/esplora/tx", &hex),
            Some((200, txid.to_string())),
            "once: {kind:?}"
        );
    }
}

#[test]
fn a_change_that_does_not_fit_the_answer_is_told() {
    let sandbox = sandbox();
    let edits = vec![Edit::Remove { at: "/nothing".to_owned() }];
    sandbox.faults().add(fault("GET", "/api/info", Fault::Altered { status: None, edits }));
    assert_eq!(ask(&sandbox, "GET", "/api/info", "").unwrap().0, 200);
    assert_eq!(sandbox.faults().unfit().len(), 1);
}

#[test]
fn a_request_that_hangs_goes_on_when_faults_are_cleared_from_outside() {
    let sandbox = sandbox();
    let (txid, hex) = transaction(&sandbox);
    let rules = json!({ "rules": [{ "path": "/esplora/tx", "fault": { "kind": "hang" } }] });
    assert_eq!(ask(&sandbox, "POST", "/sandbox/faults", &rules.to_string()).unwrap().0, 200);
    let waiting = send(&sandbox, "POST", "/esplora/tx", &hex);
    assert_eq!(sandbox.faults().wait_held(1), Some(When::Before));
    assert!(!known(&sandbox, txid));
    assert_eq!(tip(&sandbox).unwrap().0, 200, "others are served meanwhile");
    assert_eq!(ask(&sandbox, "POST", "/sandbox/faults", r#"{"rules":[]}"#).unwrap().0, 200);
    assert_eq!(receive(waiting).unwrap().2, txid.to_string());
    assert!(known(&sandbox, txid));
}

#[test]
fn a_client_that_dies_while_it_is_held_finds_done_what_was_done() {
    for (when, then, acts) in [
        (When::Before, Then::Drop, false),
        (When::After, Then::Drop, true),
        (When::Before, Then::Proceed, true),
    ] {
        let sandbox = sandbox();
        let (txid, hex) = transaction(&sandbox);
        tip(&sandbox).unwrap();
        sandbox.faults().hold(2, when);
        let client = send(&sandbox, "POST", "/esplora/tx", &hex);
        assert_eq!(sandbox.faults().wait_held(2), Some(when));
        assert_eq!(known(&sandbox, txid), when == When::After);
        client.shutdown(Shutdown::Both).unwrap();
        drop(client);
        sandbox.faults().release(2, then);
        assert!(sandbox.faults().wait_finished(2));
        assert_eq!(known(&sandbox, txid), acts, "{when:?} {then:?}");
        tip(&sandbox).unwrap();
        let log: Vec<String> = sandbox.faults().log().into_iter().map(|logged| logged.path).collect();
        assert_eq!(log, ["/esplora/blocks/tip/height", "/esplora/tx", "/esplora/blocks/tip/height"]);
    }
}

#[test]
fn a_body_above_the_limit_is_refused() {
    let sandbox = sandbox();
    let mut stream = TcpStream::connect(sandbox.address).unwrap();
    let length = MAX_BODY + 1;
    write!(
        stream,
        "POST /esplora/tx HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
    )
    .unwrap();
    assert_eq!(receive(stream).unwrap().0, 413);
    assert_eq!(sandbox.faults().count(), 0);
}

#[test]
fn blocks_come_by_themselves_where_that_was_asked_for() {
    let settings = Settings { port: 0, mine_every: Some(Duration::from_millis(1)) };
    let sandbox = Sandbox::start(settings).unwrap();
    // Each question gives the thread a turn; a block comes long before the last.
    let mined = (0..10_000).any(|_| tip(&sandbox).is_some_and(|(_, height)| height != "0"));
    assert!(mined);
}

#[test]
fn a_port_that_is_taken_is_named() {
    let sandbox = sandbox();
    let port = sandbox.address.port();
    let error = Sandbox::start(Settings { port, mine_every: None }).unwrap_err().to_string();
    assert!(error.starts_with(&format!("cannot listen on 127.0.0.1:{port}")), "{error}");
    drop(sandbox);
    Sandbox::start(Settings { port, mine_every: None }).unwrap();
}

/// A chain that knows nothing.
struct Nothing;

impl Ledger for Nothing {
    fn transaction(&self, _: Txid) -> Option<Transaction> {
        None
    }

    fn confirmations(&self, _: Txid) -> Option<u32> {
        None
    }

    fn spender(&self, _: OutPoint) -> Option<Txid> {
        None
    }

    fn tip(&self) -> u32 {
        7
    }
}

#[test]
fn amp_over_another_chain_serves_no_esplora() {
    let sandbox = Sandbox::amp_over(Box::new(Nothing), 0).unwrap();
    assert_eq!(tip(&sandbox), Some((404, "this sandbox serves AMP alone".to_owned())));
    assert_eq!(ask(&sandbox, "GET", "/api/nothing", "").unwrap().0, 404);
    obtain_token(&sandbox);
}

/// Logs in, which shows that AMP is there and knows its issuer.
fn obtain_token(sandbox: &Sandbox) {
    let body = json!({ "username": USERNAME, "password": PASSWORD }).to_string();
    let (status, text) = ask(sandbox, "POST", "/api/user/obtain_token", &body).unwrap();
    assert_eq!(status, 200, "{text}");
    assert!(serde_json::from_str::<Value>(&text).unwrap()["token"].is_string());
}

#[test]
fn amp_is_served_beside_the_chain_to_whoever_logs_in() {
    let sandbox = sandbox();
    obtain_token(&sandbox);
    assert_eq!(ask(&sandbox, "GET", "/api/assets", "").unwrap().0, 401);
}
