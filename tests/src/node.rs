//! A real elementsd, for tests that ask it: alone on this machine, on a chain replayed from a scenario, gone when the
//! test is.
//!
//! [`Elementsd`] is the binary, where `ELEMENTSD_EXEC` names one. [`Node`] runs it (`process`) and talks to it over a
//! small HTTP client of its own that knows no other host than this one (`rpc`). A [`Wallet`] of it holds the keys that
//! it is given. An [`EsploraServer`] serves its chain, where `ELECTRS_EXEC` names one to start or `ESPLORA_URL` one that
//! runs (`esplora`).

mod esplora;
mod issuer;
mod ledger;
mod process;
mod rpc;
mod wallet;

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::{Ordered, Scenario};
pub use esplora::{Electrs, EsploraServer};
pub use issuer::NodeIssuer;
pub use ledger::NodeLedger;
use process::Process;
use rpc::Rpc;
pub use rpc::RpcError;
pub use wallet::Wallet;

/// The node's binary.
#[derive(Debug, Clone)]
pub struct Elementsd(PathBuf);

/// A running node. It stops, and its folder goes, when this does.
pub struct Node {
    rpc: Rpc,
    /// None of one that somebody else started.
    _process: Option<Process>,
}

/// What a variable of the environment names. Without it the test is skipped, which is said.
fn named_or_skipped(variable: &str, what: &str) -> Option<OsString> {
    let named = env::var_os(variable).filter(|named| !named.is_empty());
    if named.is_none() {
        crate::skipped(&format!("{variable} names no {what}"));
    }
    named
}

impl Elementsd {
    /// The binary that `ELEMENTSD_EXEC` names. Without it the test is skipped, and that is said.
    pub fn named_or_skipped() -> Option<Self> {
        named_or_skipped("ELEMENTSD_EXEC", "elementsd").map(|named| Elementsd(named.into()))
    }

    /// A node on the scenario's chain, as recorded.
    ///
    /// # Panics
    ///
    /// If the binary does not start, or the chain that it makes is another.
    pub fn replay(&self, scenario: &Scenario) -> Node {
        // The tip's time, so that neither node nor test depends on the clock of the machine.
        let (process, rpc) = Process::start(&self.0, time_of(scenario.blocks().last().expect("a block")));
        let node = Node { rpc, _process: Some(process) };
        node.load(scenario);
        node
    }
}

impl Node {
    /// One that runs already, by its port on this machine and the content of its cookie file, put on the scenario's chain.
    ///
    /// # Panics
    ///
    /// If it does not answer, or has blocks already.
    fn running(port: u16, cookie: &str, scenario: &Scenario) -> Self {
        let node = Node { rpc: Rpc::new(port, cookie), _process: None };
        assert_eq!(node.height(), 0, "expected a node without blocks, on a new folder");
        node.call("setmocktime", json!([time_of(scenario.blocks().last().expect("a block"))]));
        node.load(scenario);
        node
    }

    /// Gives it the scenario's blocks.
    fn load(&self, scenario: &Scenario) {
        let info = scenario.info();
        assert_eq!(
            self.call("getblockhash", json!([0])).text(),
            info.genesis_hash,
            "{}: this elementsd makes another chain; its version or parameters are not the recording's",
            scenario.name()
        );
        for block in &scenario.blocks() {
            let answer = self.call("submitblock", json!([block]));
            assert_eq!(answer, Ordered::Other("null".to_owned()), "{}: a block is refused", scenario.name());
        }
        assert_eq!(self.height(), info.height, "{}", scenario.name());
    }

    /// Its address, and the content of its cookie file.
    pub fn address_and_cookie(&self) -> (String, &str) {
        self.rpc.address_and_cookie()
    }

    /// Calls a method that must be done.
    ///
    /// # Panics
    ///
    /// If it is not.
    pub fn call(&self, method: &str, parameters: Value) -> Ordered {
        self.try_call(method, parameters).unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// Calls a method.
    ///
    /// # Errors
    ///
    /// What the node says when it refuses.
    ///
    /// # Panics
    ///
    /// If the node does not answer.
    pub fn try_call(&self, method: &str, parameters: Value) -> Result<Ordered, RpcError> {
        answered(self.rpc.call("/", method, &parameters))
    }

    /// Blocks upon the genesis.
    pub fn height(&self) -> u32 {
        match self.call("getblockcount", json!([])) {
            Ordered::Other(text) => text.parse().expect("a height"),
            other => panic!("no height: {other:?}"),
        }
    }

    /// What the mempool would say to a transaction: its row of `testmempoolaccept`.
    pub fn judge(&self, transaction: &str) -> Ordered {
        self.call("testmempoolaccept", json!([[transaction]])).items()[0].clone()
    }

    /// Sends a transaction and mines it.
    ///
    /// # Panics
    ///
    /// If it is refused, or the block does not hold it.
    pub fn confirm(&self, transaction: &str) {
        let txid = self.call("sendrawtransaction", json!([transaction]));
        let hash = self.mine();
        let block = self.call("getblock", json!([hash]));
        assert!(block.get("tx").items().contains(&txid), "{txid:?} is not in the block");
    }

    /// Mines a block, whose hash it returns.
    pub fn mine(&self) -> String {
        let anyone = "raw(51)";
        self.call("generatetodescriptor", json!([1, anyone])).items()[0].text().to_owned()
    }
}

fn answered(result: Result<Ordered, rpc::CallError>) -> Result<Ordered, RpcError> {
    result.map_err(|error| match error {
        rpc::CallError::Refused(error) => error,
        rpc::CallError::NoAnswer(why) => panic!("the node does not answer: {why}"),
    })
}

/// The time in a block's header: behind the version and two hashes, least byte first.
fn time_of(block: &str) -> u32 {
    let bytes = coldamp_core::elements::hex::decode_to_vec(&block[136..144]).expect("a block");
    u32::from_le_bytes(bytes.try_into().expect("four bytes"))
}
