//! An Elements node as chain source. It needs no wallet, and nothing is imported. `scantxoutset` finds the coins by script.
//! `getrawtransaction` fetches their transactions, since the set of unspent outputs does not hold range proofs.
//!
//! The node is trusted in which outputs are unspent, and how many confirmations a transaction has. Transaction ids are
//! recomputed, and coins are opened with the view key.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr as _;

use coldamp_core::Secp;
use coldamp_core::code::Code;
use coldamp_core::elements::hex::{DisplayHex as _, decode_to_vec};
use coldamp_core::elements::{AssetId, BlockHash, OutPoint, Script, Transaction, Txid, encode};
use coldamp_core::limits::{MAX_INDEX, MAX_INDEX_GAP};
use coldamp_core::treasury::{Branch, CtDescriptor, DescriptorError, KeyPath, ScriptIndex};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::{
    Chain, ChainTransaction, IndexRange, NewestBlock, Place, ScanRange, SendError, Source, Spending, Survey,
    has_transaction, scan_range,
};
use crate::pace::{Progress, Watch};
use crate::rpc::{Rpc, RpcError};

/// A node.
#[derive(Debug)]
pub struct NodeSource {
    rpc: Rpc,
    scan_range: ScanRange,
}

/// Why a node cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// A call failed.
    #[error(transparent)]
    Rpc(#[from] RpcError),
    /// A script cannot be derived.
    #[error(transparent)]
    Descriptor(#[from] DescriptorError),
    /// The node has no index of transactions, or does not know the transaction.
    #[error("the node does not have transaction {txid}: it runs without -txindex=1, or does not know it")]
    NoTransaction {
        /// The transaction.
        txid: Txid,
    },
    /// The node has no index of transactions.
    #[error(
        "the node has no index of transactions, or is still building it, so it cannot say what is in a block"
    )]
    NoIndex,
    /// The node sent another transaction.
    #[error("the node sent something else than transaction {txid}")]
    OtherTransaction {
        /// The transaction that was requested.
        txid: Txid,
    },
    /// The node did not finish its scan.
    #[error("the node did not finish the scan of its unspent outputs")]
    Unfinished,
}

/// The answer of `scantxoutset`. Amounts are not read: they come from opening the coins.
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

/// What `getrawtransaction` returns besides the transaction.
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

/// How many headers a node may have above its blocks and still count as synced.
const MAX_HEADERS_AHEAD: u32 = 2;

/// The most transactions of the mempool that are searched for the one that spends a coin. Liquid's mempool rarely has more
/// than a hundred.
const MAX_MEMPOOL: usize = 2_000;

/// RPC_INVALID_ADDRESS_OR_KEY: `getrawtransaction` does not have the transaction.
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
    /// A node.
    pub fn new(rpc: Rpc) -> Self {
        NodeSource { rpc, scan_range: ScanRange::default() }
    }

    /// Sets the scan range. A node shows no address whose coins are all spent, so used indices have to be known otherwise.
    #[must_use]
    pub fn scanning(self, scan_range: ScanRange) -> Self {
        NodeSource { scan_range, ..self }
    }

    /// One scan of both branches over these ranges.
    async fn scan(
        &self,
        descriptor: &CtDescriptor,
        ranges: &[IndexRange],
    ) -> Result<Vec<Unspent>, NodeError> {
        let object = |branch, range: &IndexRange| {
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

    /// The node's newest block.
    ///
    /// # Errors
    /// When the node cannot be asked.
    pub async fn newest_block(&self) -> Result<NewestBlock, NodeError> {
        let info: ChainInfo = self.rpc.call("getblockchaininfo", json!([])).await?;
        let header: Header = self.rpc.call("getblockheader", json!([info.bestblockhash])).await?;
        // Headers arrive before blocks, so one or two more headers do not mean that the node is behind.
        let is_behind =
            info.initialblockdownload || info.headers.saturating_sub(info.blocks) > MAX_HEADERS_AHEAD;
        Ok(NewestBlock {
            height: info.blocks,
            time: header.time,
            catching_up_to: is_behind.then_some(info.headers),
        })
    }

    /// Whether an output is unspent in the blocks and the mempool.
    async fn is_unspent(&self, outpoint: OutPoint) -> Result<bool, NodeError> {
        let params = json!([outpoint.txid.to_string(), outpoint.vout, true]);
        let found: Option<IgnoredAny> = self.rpc.call("gettxout", params).await?;
        Ok(found.is_some())
    }

    /// Whether an output is unspent in the blocks.
    async fn is_unspent_in_blocks(&self, outpoint: OutPoint) -> Result<bool, NodeError> {
        let params = json!([outpoint.txid.to_string(), outpoint.vout, false]);
        let found: Option<IgnoredAny> = self.rpc.call("gettxout", params).await?;
        Ok(found.is_some())
    }

    /// The transaction that spends an output, among the first [`MAX_MEMPOOL`] of the mempool. Elements 23.3.3 has no call for
    /// that (`gettxspendingprevout` came with Bitcoin Core 24).
    async fn spender_in_mempool(&self, outpoint: OutPoint) -> Result<Option<Txid>, NodeError> {
        let waiting: Vec<String> = self.rpc.call("getrawmempool", json!([])).await?;
        for text in waiting.iter().take(MAX_MEMPOOL) {
            let txid = Txid::from_str(text).map_err(|_| bad_answer("getrawmempool", "invalid txid"))?;
            // A transaction that has left the mempool meanwhile is not the answer: it is in a block, or gone.
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
        let (mut near, mut far) = (self.scan_range.near(&[], MAX_INDEX_GAP), self.scan_range.far(&[]));
        let mut scripts = ScriptIndex::default();
        let unspents = loop {
            let ranges: Vec<IndexRange> = [Some(near), far].into_iter().flatten().collect();
            let unspents = self.scan(descriptor, &ranges).await?;
            let highest = ranges.iter().map(|range| range.to).max().unwrap_or_default();
            for branch in Branch::BOTH {
                scripts.extend(secp, descriptor, branch, highest)?;
            }
            let script = |unspent: &Unspent| decode_to_vec(&unspent.script_pubkey).ok().map(Script::from);
            let own = unspents.iter().filter_map(|unspent| scripts.find(&script(unspent)?));
            let used: BTreeSet<KeyPath> = own.map(|own| own.path).collect();
            let used = scan_range::indices(used.iter());
            // A coin near the end of the range may have others behind it. A node that reports one there each time, truthfully
            // or not, reaches the limit of the scan range.
            let (wanted, wanted_far) =
                (self.scan_range.near(&used, MAX_INDEX_GAP), self.scan_range.far(&used));
            let is_enough = |wanted: Option<IndexRange>, scanned: Option<IndexRange>| {
                wanted.is_none_or(|wanted| scanned.is_some_and(|scanned| wanted.to <= scanned.to))
            };
            if is_enough(Some(wanted), Some(near)) && is_enough(wanted_far, far) {
                break unspents;
            }
            // Double the range, since each scan reads all unspent outputs of the chain.
            let further = near.to.saturating_mul(2).min(MAX_INDEX);
            near =
                if wanted.to > near.to { IndexRange { to: wanted.to.max(further), ..wanted } } else { near };
            far = wanted_far;
        };
        let mut unspent = BTreeSet::new();
        let mut heights: BTreeMap<Txid, u32> = BTreeMap::new();
        for found in unspents {
            let txid = Txid::from_str(&found.txid).map_err(|_| bad_answer("scantxoutset", "invalid txid"))?;
            // `scantxoutset` reads blocks only. A transaction in the mempool may spend the coin.
            if self.is_unspent(OutPoint::new(txid, found.vout)).await? {
                unspent.insert(OutPoint::new(txid, found.vout));
            }
            heights.insert(txid, found.height);
        }
        let total = heights.len();
        let mut transactions = Vec::with_capacity(total);
        for (txid, height) in heights {
            let transaction = self.transaction(txid).await?.ok_or(NodeError::NoTransaction { txid })?;
            transactions.push(ChainTransaction { transaction, height: Some(height) });
            watch.at(Progress::Transactions { done: transactions.len(), total });
        }
        Ok(Survey::of(secp, descriptor, &transactions, &self.scan_range, near.to, Some(&unspent))?)
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
        // The txid does not cover the range proofs. Opening the coin verifies them.
        let asked_for = decoded.filter(|transaction| transaction.txid() == txid);
        asked_for.map(Some).ok_or(NodeError::OtherTransaction { txid })
    }

    async fn claimed_issuance(&self, _asset: AssetId) -> Result<Option<Txid>, Self::Error> {
        // A node has no index of assets.
        Ok(None)
    }

    async fn genesis(&self) -> Result<Option<BlockHash>, Self::Error> {
        let hash: String = self.rpc.call("getblockhash", json!([0])).await?;
        BlockHash::from_str(&hash).map(Some).map_err(|_| bad_answer("getblockhash", "invalid block hash"))
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
            Err(RpcError::Refused { message, .. }) if has_transaction(&message) => Ok(()),
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
            // Without an index, or while it is built, the node does not know what is in a block.
            Err(RpcError::Refused { code: NOT_FOUND, message, .. }) if lacks_index(&message) => {
                return Err(NodeError::NoIndex);
            }
            Err(RpcError::Refused { code: NOT_FOUND, .. }) => return Ok(Place::Unknown),
            Err(other) => return Err(other.into()),
        };
        let (Some(confirmations), Some(hash)) =
            (seen.confirmations.filter(|depth| *depth > 0), seen.blockhash)
        else {
            // The node also shows a transaction of a disconnected block that is no longer in the mempool.
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
            // The spender is not named if the mempool is too large to search, or has changed meanwhile.
            return Ok(self.spender_in_mempool(outpoint).await?.map_or(Spending::Unnamed, Spending::By));
        }
        // A node still shows the transaction of a disconnected block. Only a transaction in a block made the output.
        let vout = usize::try_from(outpoint.vout).unwrap_or(usize::MAX);
        let maker = self.transaction(outpoint.txid).await?;
        let is_made = maker.is_some_and(|transaction| transaction.output.get(vout).is_some())
            && matches!(self.place(outpoint.txid).await?, Place::Block { .. });
        Ok(if is_made { Spending::Unnamed } else { Spending::Gone })
    }
}

/// Whether a node says that it has no index of transactions (tag elements-23.3.3, rpc/rawtransaction.cpp getrawtransaction).
fn lacks_index(message: &str) -> bool {
    message.contains("-txindex") || message.contains("in the process of being indexed")
}

fn bad_answer(method: &'static str, reason: &str) -> NodeError {
    NodeError::Rpc(RpcError::Answer { method, reason: reason.to_owned() })
}
