//! A real Esplora server in front of a real node: mempool/electrs or Blockstream/electrs, built with the feature `liquid`.
//!
//! `ELECTRS_EXEC` names a binary, which is then started beside every node that a test starts. Or somebody has started a pair
//! by hand, a node without blocks and a server that indexes it, and `ESPLORA_URL` names the server, `ESPLORA_NODE` the node
//! and `ESPLORA_NODE_COOKIE` its cookie file:
//!
//! ```text
//! elementsd -chain=liquidregtest -initialfreecoins=2100000000 -validatepegin=0 -txindex=1 -acceptdiscountct=1 \
//!     -listen=0 -connect=0 -server=1 -rpcport=7041 -datadir=NEW_FOLDER
//! electrs --network liquidregtest --parent-network regtest --jsonrpc-import --cookie "$(cat NEW_FOLDER/liquidregtest/.cookie)" \
//!     --daemon-rpc-addr 127.0.0.1:7041 --daemon-dir NEW_FOLDER --db-dir ANOTHER_NEW_FOLDER --http-addr 127.0.0.1:3003
//! ESPLORA_URL=http://127.0.0.1:3003 ESPLORA_NODE=http://127.0.0.1:7041 \
//!     ESPLORA_NODE_COOKIE=NEW_FOLDER/liquidregtest/.cookie cargo test -p coldamp-tests --all-features --test node esplora
//! ```

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{env, fs, thread};

use super::process::{Process, free_port};
use super::rpc::Rpc;
use super::{Node, named_or_skipped};
use crate::Scenario;

/// Polls until the server has the node's highest block, and how long each waits: a minute, where a second is usual.
const POLLS: u32 = 1_200;
const POLL: Duration = Duration::from_millis(50);

/// The server's binary.
#[derive(Debug, Clone)]
pub struct Electrs(PathBuf);

/// A running server. One that was started here stops with this.
pub struct EsploraServer {
    port: u16,
    url: String,
    _process: Option<Process>,
}

impl Electrs {
    /// The binary that `ELECTRS_EXEC` names. Without it the test is skipped, and that is said.
    pub fn named_or_skipped() -> Option<Self> {
        named_or_skipped("ELECTRS_EXEC", "Esplora server").map(|named| Electrs(named.into()))
    }

    /// Starts it beside a node, and waits until it has the node's blocks.
    ///
    /// # Panics
    ///
    /// If it does not start, or does not come so far.
    pub fn beside(&self, node: &Node) -> EsploraServer {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (address, cookie) = node.address_and_cookie();
        let port = free_port();
        let stderr = fs::File::create(folder.path().join("stderr")).expect("a file");
        let mut command = Command::new(&self.0);
        command.args(["--network", "liquidregtest", "--parent-network", "regtest", "--jsonrpc-import"]);
        command.args(["--cookie", cookie, "--daemon-rpc-addr", address.trim_start_matches("http://")]);
        command.args(["--main-loop-delay", "50", "--http-addr", &format!("127.0.0.1:{port}")]);
        for other in ["--electrum-rpc-addr", "--monitoring-addr"] {
            command.args([other, &format!("127.0.0.1:{}", free_port())]);
        }
        for own in ["--daemon-dir", "--db-dir"] {
            command.arg(own).arg(folder.path());
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(stderr);
        let child = command
            .spawn()
            .unwrap_or_else(|error| panic!("ELECTRS_EXEC names {}: {error}", self.0.display()));
        let said = folder.path().join("stderr");
        let process = Some(Process::of(child, folder));
        let server = EsploraServer { port, url: format!("http://127.0.0.1:{port}"), _process: process };
        if !server.catches_up(node) {
            panic!("no answer from electrs: {}", fs::read_to_string(said).unwrap_or_default());
        }
        server
    }
}

impl EsploraServer {
    /// The server that `ESPLORA_URL` names, and the node behind it, put on the scenario's chain. Without it the test is
    /// skipped, and that is said.
    ///
    /// # Panics
    ///
    /// If one of the pair does not answer, is on another machine, or has blocks already.
    pub fn named_or_skipped(scenario: &Scenario) -> Option<(Self, Node)> {
        let url = named_or_skipped("ESPLORA_URL", "Esplora server")?;
        let url = url.into_string().expect("ESPLORA_URL is text").trim_end_matches('/').to_owned();
        let other =
            |name: &str| env::var(name).unwrap_or_else(|_| panic!("ESPLORA_URL is set and {name} is not"));
        let cookie = fs::read_to_string(other("ESPLORA_NODE_COOKIE")).expect("the node's cookie file");
        let node = Node::running(port_of(&other("ESPLORA_NODE")), &cookie, scenario);
        let server = EsploraServer { port: port_of(&url), url, _process: None };
        server.wait_for(&node);
        Some((server, node))
    }

    /// The root of its API.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Waits until it has the node's highest block.
    ///
    /// # Panics
    ///
    /// If it does not come so far.
    pub fn wait_for(&self, node: &Node) {
        assert!(self.catches_up(node), "the Esplora server at {} does not get the node's blocks", self.url);
    }

    fn catches_up(&self, node: &Node) -> bool {
        let height = node.height().to_string();
        for _ in 0..POLLS {
            if Rpc::get(self.port, "/blocks/tip/height").is_some_and(|tip| tip == height) {
                return true;
            }
            thread::sleep(POLL);
        }
        false
    }
}

/// The port of an address on this machine: no other is ever asked.
fn port_of(address: &str) -> u16 {
    let port = address.strip_prefix("http://127.0.0.1:").and_then(|port| port.parse().ok());
    port.unwrap_or_else(|| panic!("found {address}, expected http://127.0.0.1:PORT"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_asked() {
        assert_eq!(port_of("http://127.0.0.1:3003"), 3_003);
        for other in ["http://example.org:3003", "https://127.0.0.1:3003", "http://127.0.0.1:3003/x", ""] {
            assert!(std::panic::catch_unwind(|| port_of(other)).is_err(), "{other}");
        }
    }
}
