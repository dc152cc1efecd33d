//! Chain sources. A [`Source`] provides the treasury's transactions: a transactions file, a node, or an Esplora server. A
//! [`Chain`] also takes signed transactions.
//!
//! A source is trusted in two things only: which outputs are unspent, and how many confirmations a transaction has.
//! Transaction ids are recomputed, and coins are opened with the view key.

pub mod esplora;
pub mod file;
mod newest;
#[cfg(not(target_arch = "wasm32"))]
pub mod node;
mod partial_script;
pub mod scan_cache;
mod scan_range;
mod survey;

use coldamp_core::Secp;
use coldamp_core::elements::{AssetId, BlockHash, OutPoint, Transaction, TxOut, Txid};
use coldamp_core::treasury::{CtDescriptor, OwnScript, ScriptIndex, UsedIndices};

use crate::pace::Watch;
pub use newest::NewestBlock;
pub use partial_script::{PartialReason, PartialScript};
pub use scan_range::{IndexRange, NotRescanned, ScanRange, Scanned};
pub use survey::ChainTransaction;

/// What a source shows of the treasury.
#[derive(Debug, Clone)]
pub struct Survey {
    /// Transactions that the survey was made from. 0 if the source is asked by address.
    pub transactions: usize,
    /// The treasury's unspent outputs.
    pub coins: Vec<Found>,
    /// The scripts of the treasury that were scanned.
    pub scripts: ScriptIndex,
    /// The used indices. Spent outputs count as well, since an address is used once only.
    pub used: UsedIndices,
    /// Transactions that issue or reissue an asset.
    pub issuing: Vec<Transaction>,
    /// How far the scan went.
    pub scanned: Scanned,
    /// Scripts of which the source does not list all unspent outputs.
    pub partial_scripts: Vec<PartialScript>,
}

/// An unspent output of one of the treasury's scripts.
#[derive(Debug, Clone)]
pub struct Found {
    /// The outpoint.
    pub outpoint: OutPoint,
    /// The block that confirmed it. None while it is unconfirmed.
    pub height: Option<u32>,
    /// The script that it pays.
    pub own: OwnScript,
    /// The output with its proofs, if the source provided it. Otherwise its transaction has to be fetched.
    pub output: Option<TxOut>,
}

/// A chain source.
#[expect(async_fn_in_trait, reason = "everything here runs on one thread, natively and in the browser")]
pub trait Source {
    /// The source's error.
    type Error: std::error::Error + 'static;

    /// Scans the treasury's scripts: its unspent outputs, and the indices that are used.
    ///
    /// # Errors
    /// When the source cannot be read.
    async fn survey(
        &self,
        secp: &Secp,
        descriptor: &CtDescriptor,
        watch: &dyn Watch,
    ) -> Result<Survey, Self::Error>;

    /// Makes the next survey ignore the scan cache and ask about every script. A request is never refused because of a survey
    /// that used the cache ([`Scanned::used_cache`]).
    fn scan_all(&self) {}

    /// A transaction with its witnesses, if the source has it. Its id is recomputed here.
    ///
    /// # Errors
    /// When the source cannot be read, or sends another one.
    async fn transaction(&self, txid: Txid) -> Result<Option<Transaction>, Self::Error>;

    /// The transaction that first issued an asset, if the source has such an index. This is a claim. The caller recomputes the
    /// asset id from that transaction.
    ///
    /// # Errors
    /// When the source cannot be read.
    async fn claimed_issuance(&self, asset: AssetId) -> Result<Option<Txid>, Self::Error>;

    /// The chain's genesis hash, if the source knows it.
    ///
    /// # Errors
    /// When the source cannot be read.
    async fn genesis(&self) -> Result<Option<BlockHash>, Self::Error>;

    /// Whether a transaction waits for a block.
    ///
    /// # Errors
    /// When the source cannot be read.
    async fn is_waiting(&self, txid: Txid) -> Result<bool, Self::Error>;
}

/// Where a transaction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The source does not show it.
    Unknown,
    /// It waits for a block.
    Mempool,
    /// It is in a block.
    Block {
        /// The block's height.
        height: u32,
        /// Confirmations: 1 in the newest block.
        confirmations: u32,
    },
}

/// Whether an output is spent, by the blocks and the mempool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spending {
    /// It is unspent.
    Unspent,
    /// A transaction spends it.
    By(Txid),
    /// Another transaction spends it, in a block or in the mempool. The source does not name that transaction.
    Unnamed,
    /// The source does not know the output.
    Gone,
}

/// Why a transaction was not sent.
#[derive(Debug, thiserror::Error)]
pub enum SendError<E: std::error::Error + 'static> {
    /// The chain refuses it.
    #[error("the chain refuses the transaction: {reason}")]
    Rejected {
        /// The node's message.
        reason: String,
    },
    /// No answer came, so it is not known whether the transaction arrived.
    #[error(transparent)]
    Source(E),
}

impl Place {
    /// Confirmations: 0 in the mempool, none if the source does not show the transaction.
    pub fn confirmations(self) -> Option<u32> {
        match self {
            Place::Unknown => None,
            Place::Mempool => Some(0),
            Place::Block { confirmations, .. } => Some(confirmations),
        }
    }
}

/// A source that takes transactions.
#[expect(async_fn_in_trait, reason = "everything here runs on one thread, natively and in the browser")]
pub trait Chain: Source {
    /// Sends a transaction once. If the chain has it already, that counts as sent.
    ///
    /// # Errors
    /// When it is refused, or no answer came.
    async fn send(&self, transaction: &Transaction) -> Result<(), SendError<Self::Error>>;

    /// Where a transaction is.
    ///
    /// # Errors
    /// When the source cannot be read.
    async fn place(&self, txid: Txid) -> Result<Place, Self::Error>;

    /// Whether an output is spent.
    ///
    /// # Errors
    /// When the source cannot be read.
    async fn spending(&self, outpoint: OutPoint) -> Result<Spending, Self::Error>;
}

/// Whether a node refuses a transaction because it has it already (elements validation.cpp, node/transaction.cpp). Esplora
/// servers pass the node's message on.
fn has_transaction(reason: &str) -> bool {
    [
        "txn-already-in-mempool",
        "txn-already-known",
        "Transaction already in block chain",
        "already in utxo set",
    ]
    .iter()
    .any(|known| reason.contains(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transaction_that_the_node_has_counts_as_sent() {
        let said =
            r#"sendrawtransaction RPC error: {"code":-27,"message":"Transaction already in block chain"}"#;
        assert!(has_transaction(said) && has_transaction("-25 txn-already-in-mempool"));
        assert!(!has_transaction("txn-mempool-conflict"));
        assert!(!has_transaction("bad-txns-inputs-missingorspent"));
    }
}
