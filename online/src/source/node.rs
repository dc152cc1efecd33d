//! An Elements node as chain source: no wallet on it, nothing imported. `scantxoutset` finds the coins by script,
//! `getrawtransaction` brings their transactions, whose range proofs the set of unspent outputs does not hold.
//!
//! The node is believed in one thing: which outputs are unspent. Ids are recomputed, coins opened with the view key.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr as _;

use coldamp_core::Secp;
use coldamp_core::elements::hex::decode_to_vec;
use coldamp_core::elements::{BlockHash, OutPoint, Script, Transaction, Txid, encode};
use coldamp_core::limits::{MAX_INDEX, MAX_INDEX_GAP};
use coldamp_core::treasury::{Branch, CtDescriptor, DescriptorError, ScriptIndex, UnusedIndices};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{ChainTransaction, History, Source};
use crate::rpc::{Rpc, RpcError};

/// A node.
#[derive(Debug)]
pub struct NodeSource {
    rpc: Rpc,
    known: UnusedIndices,
}

/// Why a node could not be read.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// The call failed.
    #[error(transparent)]
    Rpc(#[from] RpcError),
    /// An index that cannot be derived.
    #[error(transparent)]
    Descriptor(#[from] DescriptorError),
    /// The node keeps no index of transactions.
    #[error("the node does not have transaction {txid}: it runs without -txindex=1, or does not know it")]
    NoTransaction {
        /// Which.
        txid: Txid,
    },
    /// What the node sent is something else than was asked for.
    #[error("the node sent something else than transaction {txid}")]
    OtherTransaction {
        /// Which was asked for.
        txid: Txid,
    },
    /// The node looked through part of its outputs only.
    #[error("the node did not finish looking through its unspent outputs")]
    Unfinished,
}

/// What `scantxoutset` answers, as far as it is used. Amounts are not: they come from opening the coins.
#[derive(Deserialize)]
struct Scan {
    success: bool,
    unspents: Vec<Unspent>,
}

#[derive(Deserialize)]
struct Unspent {
    txid: String,
    vout: u32,
    height: u32,
    #[serde(rename = "scriptPubKey")]
    script_pubkey: String,
}

/// RPC_INVALID_ADDRESS_OR_KEY, which `getrawtransaction` says of a transaction it does not have.
const NOT_FOUND: i64 = -5;

impl NodeError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            NodeError::Rpc(error) => error.code(),
            NodeError::Descriptor(error) => error.code(),
            NodeError::NoTransaction { .. } => "NO_TRANSACTION",
            NodeError::OtherTransaction { .. } | NodeError::Unfinished => "NODE_ANSWER",
        }
    }
}

impl NodeSource {
    /// A node, with what is known of used indices: it sees no address whose coins are all spent.
    pub fn new(rpc: Rpc, known: UnusedIndices) -> Self {
        NodeSource { rpc, known }
    }

    /// One scan of both branches up to an index each.
    fn scan(&self, descriptor: &CtDescriptor, highest: u32) -> Result<Vec<Unspent>, NodeError> {
        let objects: Vec<Value> = Branch::BOTH
            .into_iter()
            .map(|branch| json!({ "desc": descriptor.node_range_descriptor(branch), "range": [0, highest] }))
            .collect();
        let scan: Scan = self.rpc.call("scantxoutset", json!(["start", objects]))?;
        if scan.success { Ok(scan.unspents) } else { Err(NodeError::Unfinished) }
    }
}

impl Source for NodeSource {
    type Error = NodeError;

    fn history(&self, secp: &Secp, descriptor: &CtDescriptor) -> Result<History, Self::Error> {
        let known =
            Branch::BOTH.into_iter().map(|branch| self.known.next(branch).index).max().unwrap_or_default();
        let mut highest = known.saturating_add(MAX_INDEX_GAP).min(MAX_INDEX);
        let mut scripts = ScriptIndex::default();
        let unspents = loop {
            let unspents = self.scan(descriptor, highest)?;
            for branch in Branch::BOTH {
                scripts.extend(secp, descriptor, branch, highest)?;
            }
            let script = |unspent: &Unspent| decode_to_vec(&unspent.script_pubkey).ok().map(Script::from);
            let own = unspents.iter().filter_map(|unspent| scripts.find(&script(unspent)?));
            // A coin close to the end may have others behind it. A node that always finds one there, in truth or not,
            // comes to the end of what is signed for.
            let wanted =
                own.map(|own| own.path.index.saturating_add(MAX_INDEX_GAP)).max().unwrap_or_default();
            let wanted = wanted.min(MAX_INDEX);
            if wanted <= highest {
                break unspents;
            }
            highest = wanted.max(highest.saturating_mul(2)).min(MAX_INDEX);
        };
        let mut unspent = BTreeSet::new();
        let mut heights: BTreeMap<Txid, u32> = BTreeMap::new();
        for found in unspents {
            let txid =
                Txid::from_str(&found.txid).map_err(|_| answer("scantxoutset", "a txid that is none"))?;
            // A scan sees blocks only: a coin that a transaction in the mempool spends is none.
            let in_mempool_too: Option<Value> =
                self.rpc.call("gettxout", json!([txid.to_string(), found.vout, true]))?;
            if in_mempool_too.is_some() {
                unspent.insert(OutPoint::new(txid, found.vout));
            }
            heights.insert(txid, found.height);
        }
        let transactions = heights.into_iter().map(|(txid, height)| {
            let transaction = self.transaction(txid)?.ok_or(NodeError::NoTransaction { txid })?;
            Ok(ChainTransaction { transaction, height: Some(height) })
        });
        Ok(History {
            transactions: transactions.collect::<Result<_, NodeError>>()?,
            searched: highest,
            unspent: Some(unspent),
        })
    }

    fn transaction(&self, txid: Txid) -> Result<Option<Transaction>, Self::Error> {
        let hex: String = match self.rpc.call("getrawtransaction", json!([txid.to_string(), false])) {
            Ok(hex) => hex,
            Err(RpcError::Refused { code: NOT_FOUND, .. }) => return Ok(None),
            Err(other) => return Err(other.into()),
        };
        let decoded =
            decode_to_vec(&hex).ok().and_then(|bytes| encode::deserialize::<Transaction>(&bytes).ok());
        // The txid does not cover the range proofs; those prove themselves when the coin is opened.
        let asked_for = decoded.filter(|transaction| transaction.txid() == txid);
        asked_for.map(Some).ok_or(NodeError::OtherTransaction { txid })
    }

    fn genesis(&self) -> Result<Option<BlockHash>, Self::Error> {
        let hash: String = self.rpc.call("getblockhash", json!([0]))?;
        BlockHash::from_str(&hash).map(Some).map_err(|_| answer("getblockhash", "no hash"))
    }
}

fn answer(method: &'static str, reason: &str) -> NodeError {
    NodeError::Rpc(RpcError::Answer { method, reason: reason.to_owned() })
}
