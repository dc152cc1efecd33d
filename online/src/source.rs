//! Where the treasury's transactions come from, and where a signed one goes to.
//!
//! A [`Source`] is read: a transactions file, a node, an Esplora server. A [`Chain`] can be sent to as well. Neither is
//! believed in more than which outputs are unspent and how deep a transaction lies: ids are recomputed, coins opened.

pub mod esplora;
pub mod file;
pub mod looks;
mod newest;
#[cfg(not(target_arch = "wasm32"))]
pub mod node;
mod reach;
mod survey;
mod unread;

use coldamp_core::Secp;
use coldamp_core::elements::{AssetId, BlockHash, OutPoint, Transaction, TxOut, Txid};
use coldamp_core::treasury::{CtDescriptor, OwnScript, ScriptIndex, UsedIndices};

use crate::pace::Watch;
pub use newest::NewestBlock;
pub use reach::{Looked, Range, Reach, Skipped};
pub use survey::ChainTransaction;
pub use unread::{Unread, WhyUnread};

/// What a source knows of the treasury.
#[derive(Debug, Clone)]
pub struct Survey {
    /// How many transactions it was made from, where the source hands over transactions.
    pub transactions: usize,
    /// The treasury's unspent outputs.
    pub coins: Vec<Found>,
    /// The treasury's scripts, as far as they were looked for.
    pub scripts: ScriptIndex,
    /// The indices where something was seen. Spent outputs count: an address is used once.
    pub used: UsedIndices,
    /// Transactions among them that issue or reissue something.
    pub issuing: Vec<Transaction>,
    /// How far it looked.
    pub looked: Looked,
    /// Scripts whose unspent outputs the source does not all name.
    pub unread: Vec<Unread>,
}

/// An unspent output of one of our scripts.
#[derive(Debug, Clone)]
pub struct Found {
    /// Where.
    pub outpoint: OutPoint,
    /// The block it confirmed in; none while it is unconfirmed.
    pub height: Option<u32>,
    /// Whose.
    pub own: OwnScript,
    /// The output with its proofs, where the source has it at hand; else its transaction is asked for.
    pub output: Option<TxOut>,
}

/// A chain source.
#[expect(async_fn_in_trait, reason = "everything here runs on one thread, natively and in the browser")]
pub trait Source {
    /// Why it failed.
    type Error: std::error::Error + 'static;

    /// The treasury's unspent outputs, and how far its addresses have been used.
    ///
    /// # Errors
    /// When the source cannot be read.
    async fn survey(
        &self,
        secp: &Secp,
        descriptor: &CtDescriptor,
        watch: &dyn Watch,
    ) -> Result<Survey, Self::Error>;

    /// The next survey takes nothing from earlier ones and asks for every script. No request is refused because of a survey
    /// that did ([`Looked::is_short`]).
    fn look_at_all(&self) {}

    /// Any transaction with its witnesses, if the source has it. Its id is recomputed here.
    ///
    /// # Errors
    /// When the source cannot be read, or sends another one.
    async fn transaction(&self, txid: Txid) -> Result<Option<Transaction>, Self::Error>;

    /// The transaction that issued an asset first, where the source keeps such an index. It is a claim: whoever uses it
    /// recomputes the asset's id from that transaction.
    ///
    /// # Errors
    /// When the source cannot be read.
    async fn claimed_issuance(&self, asset: AssetId) -> Result<Option<Txid>, Self::Error>;

    /// The chain's genesis hash, where the source knows it.
    ///
    /// # Errors
    /// When the source cannot be read.
    async fn genesis(&self) -> Result<Option<BlockHash>, Self::Error>;

    /// Whether a transaction waits for a block, as far as this source shows.
    ///
    /// # Errors
    /// When the source cannot be read.
    async fn is_waiting(&self, txid: Txid) -> Result<bool, Self::Error>;
}

/// Where a transaction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Nowhere that this source can see.
    Unknown,
    /// Waiting for a block.
    Mempool,
    /// In a block.
    Block {
        /// Its height.
        height: u32,
        /// 1 in the newest block.
        confirmations: u32,
    },
}

/// Whether an output can still be spent, as blocks and mempool show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spending {
    /// It can.
    Unspent,
    /// A transaction spends it.
    By(Txid),
    /// Another transaction spends it, in a block or waiting for one; this source does not name it.
    Unnamed,
    /// The source does not know that it ever was.
    Gone,
}

/// Why a transaction was not taken.
#[derive(Debug, thiserror::Error)]
pub enum SendError<E: std::error::Error + 'static> {
    /// The chain refuses it, in the node's words.
    #[error("the chain refuses the transaction: {reason}")]
    Rejected {
        /// What the node said.
        reason: String,
    },
    /// Nobody knows whether it arrived.
    #[error(transparent)]
    Source(E),
}

impl Place {
    /// Confirmations, 0 in the mempool; none where the transaction is not to be seen.
    pub fn confirmations(self) -> Option<u32> {
        match self {
            Place::Unknown => None,
            Place::Mempool => Some(0),
            Place::Block { confirmations, .. } => Some(confirmations),
        }
    }
}

/// A source that transactions can be sent to.
#[expect(async_fn_in_trait, reason = "everything here runs on one thread, natively and in the browser")]
pub trait Chain: Source {
    /// Sends a transaction, once. A chain that has it already takes it again.
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
