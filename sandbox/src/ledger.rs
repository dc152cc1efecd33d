//! What AMP reads of a chain: the sandbox's own, or that of a real node in a test.

use coldamp_core::elements::{OutPoint, Transaction, Txid};

/// A chain and its mempool, as far as AMP reads it.
pub trait Ledger {
    /// A transaction in a block or in the mempool.
    fn transaction(&self, txid: Txid) -> Option<Transaction>;

    /// Blocks that build on a transaction, its own included; 0 in the mempool. `None` where it is unknown.
    fn confirmations(&self, txid: Txid) -> Option<u32>;

    /// The transaction that spends an output, in a block or in the mempool.
    fn spender(&self, outpoint: OutPoint) -> Option<Txid>;

    /// Height of the last block.
    fn tip(&self) -> u32;
}
