//! Where nothing is sent: hosts that a file names and nobody built in, plain http, and other networks' hosts.

use std::net::TcpListener;

use coldamp_tests::{RequestKind, Run};

use crate::desk::{Issuer, fails};

/// A listener that nobody may knock at.
struct Trap(TcpListener);

impl Trap {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Trap(listener)
    }

    fn address(&self) -> String {
        self.0.local_addr().unwrap().to_string()
    }

    /// A connection, if there was one: the system keeps it until it is taken.
    fn was_knocked_at(&self) -> bool {
        self.0.accept().is_ok()
    }
}

#[test]
fn a_host_that_is_not_built_in_gets_not_a_byte() {
    let issuer = Issuer::new();
    let signed = issuer.signed(RequestKind::Distribute, &issuer.assets[0]);
    let own = signed.api().to_string();
    let (request, file) = (issuer.desk.read("distribute.json"), issuer.desk.read("distribute.signed.json"));
    let trap = Trap::new();
    let port = trap.address().rsplit_once(':').unwrap().1.to_owned();
    for (host, network) in [
        (format!("http://localhost:{port}/api"), "regtest"),
        (format!("https://127.0.0.1.example.org:{port}/api"), "regtest"),
        (format!("http://127.0.0.1:{port}@example.org/api"), "regtest"),
        ("https://amp.blockstream.com/api".to_owned(), "regtest"),
        ("http://amp-test.blockstream.com/api".to_owned(), "regtest"),
        (format!("http://127.0.0.1:{port}/api"), "liquid"),
        (format!("http://127.0.0.1:{port}/api"), "liquid-testnet"),
        ("https://amp-test.blockstream.com/api".to_owned(), "liquid"),
    ] {
        issuer.desk.write("forged.json", request.replace(&own, &host));
        issuer.desk.write("forged.signed.json", {
            let forged = file.replace(&own, &host);
            forged.replace("\"network\": \"regtest\"", &format!("\"network\": \"{network}\""))
        });
        let before = issuer.sandbox.faults().count();
        let refused = |run: Run| {
            assert_eq!(run.code, 3, "{host} on {network}: {}", run.stderr);
            assert!(run.stderr.contains("error["), "{}", run.stderr);
        };
        let credentials = "--amp-credentials credentials";
        let run = |arguments: String| issuer.desk.run("coldamp-online", &arguments);
        refused(run(format!("request check forged.json --network {network} {credentials}")));
        refused(run(format!("broadcast forged.signed.json {} {credentials}", issuer.chain())));
        refused(run(format!("report forged.signed.json --no-wait {} {credentials}", issuer.chain())));
        if network == "regtest" {
            let treasury = "--descriptor treasury.descriptor --network regtest";
            let prepared = run(format!("prepare forged.json {treasury} {} -o forged.pset", issuer.chain()));
            fails(prepared, 3, "HOST");
        }
        assert_eq!(issuer.sandbox.faults().count(), before, "{host}: not even the chain was asked");
        assert!(!trap.was_knocked_at(), "{host} on {network}");
    }
}

#[test]
fn the_operators_own_amp_is_https_or_this_machine() {
    let issuer = Issuer::new();
    issuer.ask(RequestKind::Burn, &issuer.assets[0]).done();
    let trap = Trap::new();
    let port = trap.address().rsplit_once(':').unwrap().1.to_owned();
    for amp in [
        format!("http://localhost:{port}/api"),
        format!("http://127.0.0.1:{port}/"),
        format!("http://issuer:sandbox@127.0.0.1:{port}/api"),
        format!("issuer:sandbox@127.0.0.1:{port}/api"),
        "http://amp.blockstream.com/api".to_owned(),
    ] {
        let check =
            format!("request check burn.json --network regtest --amp {amp} --amp-credentials credentials");
        let words = fails(issuer.desk.run("coldamp-online", &check), 2, "HOST");
        assert!(!words.contains("sandbox"), "{words}");
        assert!(!trap.was_knocked_at(), "{amp}");
    }
}

#[test]
fn a_login_that_others_can_read_is_not_used() {
    use std::os::unix::fs::PermissionsExt as _;

    let issuer = Issuer::new();
    issuer.ask(RequestKind::Burn, &issuer.assets[0]).done();
    issuer.desk.write("cookie", "__cookie__:hunter2");
    let trap = Trap::new();
    let treasury = "--descriptor treasury.descriptor --network regtest";
    let before = issuer.sandbox.faults().count();
    for (file, command) in [
        ("credentials", format!("request check burn.json --network regtest {}", issuer.amp())),
        ("cookie", format!("status {treasury} --node http://{} --node-cookie cookie", trap.address())),
    ] {
        let open = std::fs::Permissions::from_mode(0o640);
        std::fs::set_permissions(issuer.desk.path(file), open).unwrap();
        let words = fails(issuer.desk.run("coldamp-online", &command), 6, "CREDENTIALS_OPEN");
        assert!(words.contains(file) && words.contains("chmod 600"), "{words}");
        assert!(!words.contains("sandbox") && !words.contains("hunter2"), "{words}");
    }
    assert!(!trap.was_knocked_at() && issuer.sandbox.faults().count() == before, "nobody was asked");
}

#[test]
fn without_a_terminal_nobody_is_asked_for_credentials() {
    let issuer = Issuer::new();
    issuer.ask(RequestKind::Burn, &issuer.assets[0]).done();
    let before = issuer.sandbox.faults().count();
    let check = format!("request check burn.json --network regtest --amp {}", issuer.sandbox.amp_url());
    let run = issuer.desk.run("coldamp-online", &check);
    assert_eq!(run.code, 4, "{}", run.stderr);
    assert!(run.stderr.contains("COLDAMP_AMP_TOKEN"), "{}", run.stderr);
    assert_eq!(issuer.sandbox.faults().count(), before);
}
