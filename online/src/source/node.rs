//! An Elements node as chain source: no wallet on it, nothing imported. `scantxoutset` finds the coins by script,
//! `getrawtransaction` brings their transactions, whose range proofs the set of unspent outputs does not hold.
//!
//! The node is believed in which outputs are unspent and how deep a transaction lies. Ids are recomputed, coins opened
//! with the view key.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr as _;

use coldamp_core::Secp;
use coldamp_core::code::Code;
use coldamp_core::elements::hex::{DisplayHex as _, decode_to_vec};
use coldamp_core::elements::{AssetId, BlockHash, OutPoint, Script, Transaction, Txid, encode};
use coldamp_core::limits::{MAX_INDEX, MAX_INDEX_GAP};
use coldamp_core::treasury::{Branch, CtDescriptor, DescriptorError, KeyPath, ScriptIndex, UnusedIndices};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::esplora::is_known;
use super::{
    Chain, ChainTransaction, NewestBlock, Place, Range, Reach, SendError, Source, Spending, Survey, reach,
};
use crate::pace::{Progress, Watch};
use crate::rpc::{Rpc, RpcError};

/// A node.
#[derive(Debug)]
pub struct NodeSource {
    rpc: Rpc,
    reach: Reach,
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
    /// The node cannot look into blocks.
    #[error(
        "the node keeps no index of transactions, or is still building it: it cannot say what is in a block"
    )]
    NoIndex,
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

/// What `getrawtransaction` tells besides the transaction.
#[derive(Deserialize)]
struct Seen {
    confirmations: Option<u32>,
    blockhash: Option<String>,
}

#[derive(Deserialize)]
struct Header {
    height: u32,
    time: u64,
}

#[derive(Deserialize)]
struct ChainInfo {
    blocks: u32,
    headers: u32,
    bestblockhash: String,
    initialblockdownload: bool,
}

/// Headers that a node may have above its blocks without being behind.
const MAX_HEADERS_AHEAD: u32 = 2;

/// Transactions of the mempool that are looked at for the one that spends a coin: Liquid's has rarely more than a hundred.
const MAX_MEMPOOL: usize = 2_000;

/// RPC_INVALID_ADDRESS_OR_KEY, which `getrawtransaction` says of a transaction it does not have.
const NOT_FOUND: i64 = -5;

impl NodeError {
    /// Its code.
    pub fn code(&self) -> Code {
        match self {
            NodeError::Rpc(error) => error.code(),
            NodeError::Descriptor(error) => error.code(),
            NodeError::NoTransaction { .. } | NodeError::NoIndex => Code::NoTransaction,
            NodeError::OtherTransaction { .. } | NodeError::Unfinished => Code::NodeAnswer,
        }
    }
}

impl NodeSource {
    /// A node, with what is known of used indices: it sees no address whose coins are all spent.
    pub fn new(rpc: Rpc, known: UnusedIndices) -> Self {
        NodeSource { rpc, reach: Reach::known(known) }
    }

    /// The same with a reach of one's own.
    #[must_use]
    pub fn reaching(self, reach: Reach) -> Self {
        NodeSource { reach, ..self }
    }

    /// One scan of both branches, over some indices each.
    async fn scan(&self, descriptor: &CtDescriptor, ranges: &[Range]) -> Result<Vec<Unspent>, NodeError> {
        let object = |branch, range: &Range| {
            let range = [range.from, range.to];
            json!({ "desc": descriptor.node_range_descriptor(branch), "range": range })
        };
        let objects: Vec<Value> = Branch::BOTH
            .into_iter()
            .flat_map(|branch| ranges.iter().map(move |range| object(branch, range)))
            .collect();
        let scan: Scan = self.rpc.call("scantxoutset", json!(["start", objects])).await?;
        if scan.success { Ok(scan.unspents) } else { Err(NodeError::Unfinished) }
    }

    /// The newest block that the node has.
    ///
    /// # Errors
    /// When the node cannot be asked.
    pub async fn newest_block(&self) -> Result<NewestBlock, NodeError> {
        let info: ChainInfo = self.rpc.call("getblockchaininfo", json!([])).await?;
        let header: Header = self.rpc.call("getblockheader", json!([info.bestblockhash])).await?;
        // Headers come first: a block that was announced and not read yet is no sign of falling behind, some are.
        let is_behind =
            info.initialblockdownload || info.headers.saturating_sub(info.blocks) > MAX_HEADERS_AHEAD;
        Ok(NewestBlock {
            height: info.blocks,
            time: header.time,
            catching_up_to: is_behind.then_some(info.headers),
        })
    }

    /// Whether blocks and mempool leave an output unspent.
    async fn is_unspent(&self, outpoint: OutPoint) -> Result<bool, NodeError> {
        let params = json!([outpoint.txid.to_string(), outpoint.vout, true]);
        let found: Option<IgnoredAny> = self.rpc.call("gettxout", params).await?;
        Ok(found.is_some())
    }

    /// Whether blocks leave an output unspent, whatever waits for one.
    async fn is_unspent_in_blocks(&self, outpoint: OutPoint) -> Result<bool, NodeError> {
        let params = json!([outpoint.txid.to_string(), outpoint.vout, false]);
        let found: Option<IgnoredAny> = self.rpc.call("gettxout", params).await?;
        Ok(found.is_some())
    }

    /// The transaction of the mempool that spends an output, among the first [`MAX_MEMPOOL`] of it. Elements 23.3.3 has no
    /// call for that (`gettxspendingprevout` came with Bitcoin Core 24).
    async fn spender_in_mempool(&self, outpoint: OutPoint) -> Result<Option<Txid>, NodeError> {
        let waiting: Vec<String> = self.rpc.call("getrawmempool", json!([])).await?;
        for text in waiting.iter().take(MAX_MEMPOOL) {
            let txid =
                Txid::from_str(text).map_err(|_| answer("getrawmempool", "found a txid that is not one"))?;
            // One that has left the mempool meanwhile is in a block or gone; either way it is not this answer.
            let Some(transaction) = self.transaction(txid).await? else { continue };
            if transaction.input.iter().any(|input| input.previous_output == outpoint) {
                return Ok(Some(txid));
            }
        }
        Ok(None)
    }
}

impl Source for NodeSource {
    type Error = NodeError;

    async fn survey(
        &self,
        secp: &Secp,
        descriptor: &CtDescriptor,
        watch: &dyn Watch,
    ) -> Result<Survey, Self::Error> {
        let (mut near, mut far) = (self.reach.near(&[], MAX_INDEX_GAP), self.reach.far(&[]));
        let mut scripts = ScriptIndex::default();
        let unspents = loop {
            let ranges: Vec<Range> = [Some(near), far].into_iter().flatten().collect();
            let unspents = self.scan(descriptor, &ranges).await?;
            let highest = ranges.iter().map(|range| range.to).max().unwrap_or_default();
            for branch in Branch::BOTH {
                scripts.extend(secp, descriptor, branch, highest)?;
            }
            let script = |unspent: &Unspent| decode_to_vec(&unspent.script_pubkey).ok().map(Script::from);
            let own = unspents.iter().filter_map(|unspent| scripts.find(&script(unspent)?));
            let used: BTreeSet<KeyPath> = own.map(|own| own.path).collect();
            let used = reach::indices(used.iter());
            // A coin close to the end may have others behind it. A node that always finds one there, in truth or not,
            // comes to the end of what is looked at.
            let (wanted, wanted_far) = (self.reach.near(&used, MAX_INDEX_GAP), self.reach.far(&used));
            let is_enough = |wanted: Option<Range>, looked: Option<Range>| {
                wanted.is_none_or(|wanted| looked.is_some_and(|looked| wanted.to <= looked.to))
            };
            if is_enough(Some(wanted), Some(near)) && is_enough(wanted_far, far) {
                break unspents;
            }
            // In few scans: each goes through all unspent outputs of the chain.
            let further = near.to.saturating_mul(2).min(MAX_INDEX);
            near = if wanted.to > near.to { Range { to: wanted.to.max(further), ..wanted } } else { near };
            far = wanted_far;
        };
        let mut unspent = BTreeSet::new();
        let mut heights: BTreeMap<Txid, u32> = BTreeMap::new();
        for found in unspents {
            let txid =
                Txid::from_str(&found.txid).map_err(|_| answer("scantxoutset", "a txid that is none"))?;
            // A scan sees blocks only: a coin that a transaction in the mempool spends is none.
            if self.is_unspent(OutPoint::new(txid, found.vout)).await? {
                unspent.insert(OutPoint::new(txid, found.vout));
            }
            heights.insert(txid, found.height);
        }
        let of = heights.len();
        let mut transactions = Vec::with_capacity(of);
        for (txid, height) in heights {
            let transaction = self.transaction(txid).await?.ok_or(NodeError::NoTransaction { txid })?;
            transactions.push(ChainTransaction { transaction, height: Some(height) });
            watch.at(Progress::Scripts { done: transactions.len(), of, seconds_left: None });
        }
        Ok(Survey::of(secp, descriptor, &transactions, &self.reach, near.to, Some(&unspent))?)
    }

    async fn transaction(&self, txid: Txid) -> Result<Option<Transaction>, Self::Error> {
        let params = json!([txid.to_string(), false]);
        let hex: String = match self.rpc.call("getrawtransaction", params).await {
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

    async fn claimed_issuance(&self, _asset: AssetId) -> Result<Option<Txid>, Self::Error> {
        // A node keeps no index of assets.
        Ok(None)
    }

    async fn genesis(&self) -> Result<Option<BlockHash>, Self::Error> {
        let hash: String = self.rpc.call("getblockhash", json!([0])).await?;
        BlockHash::from_str(&hash).map(Some).map_err(|_| answer("getblockhash", "no hash"))
    }

    async fn is_waiting(&self, txid: Txid) -> Result<bool, Self::Error> {
        Ok(self.place(txid).await? == Place::Mempool)
    }
}

impl Chain for NodeSource {
    async fn send(&self, transaction: &Transaction) -> Result<(), SendError<Self::Error>> {
        let hex = encode::serialize(transaction).to_lower_hex_string();
        match self.rpc.call::<String>("sendrawtransaction", json!([hex])).await {
            Ok(_) => Ok(()),
            Err(RpcError::Refused { message, .. }) if is_known(&message) => Ok(()),
            Err(RpcError::Refused { code: -27..=-25, message, .. }) => {
                Err(SendError::Rejected { reason: message })
            }
            Err(other) => Err(SendError::Source(other.into())),
        }
    }

    async fn place(&self, txid: Txid) -> Result<Place, Self::Error> {
        let params = json!([txid.to_string(), true]);
        let seen: Seen = match self.rpc.call("getrawtransaction", params).await {
            Ok(seen) => seen,
            // A node that keeps no index, or is still building it, does not know what is in a block: that is no answer.
            Err(RpcError::Refused { code: NOT_FOUND, message, .. }) if lacks_index(&message) => {
                return Err(NodeError::NoIndex);
            }
            Err(RpcError::Refused { code: NOT_FOUND, .. }) => return Ok(Place::Unknown),
            Err(other) => return Err(other.into()),
        };
        let (Some(confirmations), Some(hash)) =
            (seen.confirmations.filter(|depth| *depth > 0), seen.blockhash)
        else {
            // A transaction of a block that was disconnected, and that no longer waits, is known by its block alone.
            let waiting: Result<IgnoredAny, RpcError> =
                self.rpc.call("getmempoolentry", json!([txid.to_string()])).await;
            return match waiting {
                Ok(_) => Ok(Place::Mempool),
                Err(RpcError::Refused { .. }) => Ok(Place::Unknown),
                Err(other) => Err(other.into()),
            };
        };
        let header: Header = self.rpc.call("getblockheader", json!([hash])).await?;
        Ok(Place::Block { height: header.height, confirmations })
    }

    async fn spending(&self, outpoint: OutPoint) -> Result<Spending, Self::Error> {
        if self.is_unspent(outpoint).await? {
            return Ok(Spending::Unspent);
        }
        if self.is_unspent_in_blocks(outpoint).await? {
            // Of a mempool that is too large to look through, or that has changed meanwhile, the spender has no name.
            return Ok(self.spender_in_mempool(outpoint).await?.map_or(Spending::Unnamed, Spending::By));
        }
        // A node still has the transaction of a block that was disconnected: only one in a block has made the output.
        let vout = usize::try_from(outpoint.vout).unwrap_or(usize::MAX);
        let made = self.transaction(outpoint.txid).await?;
        let is_made = made.is_some_and(|transaction| transaction.output.get(vout).is_some())
            && matches!(self.place(outpoint.txid).await?, Place::Block { .. });
        Ok(if is_made { Spending::Unnamed } else { Spending::Gone })
    }
}

/// Whether a node says that it cannot look into blocks (tag elements-23.3.3, rpc/rawtransaction.cpp getrawtransaction).
fn lacks_index(message: &str) -> bool {
    message.contains("-txindex") || message.contains("in the process of being indexed")
}

fn answer(method: &'static str, reason: &str) -> NodeError {
    NodeError::Rpc(RpcError::Answer { method, reason: reason.to_owned() })
}
