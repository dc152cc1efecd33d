//! What AMP reads of a chain, and what its own node does there: on the sandbox's chain, or on that of a real node in a test.

use coldamp_core::elements::{OutPoint, Transaction, Txid};

use crate::treasury::{Issuance, IssueOrder};

/// A chain and its mempool, as far as AMP reads it, and AMP's own node on it.
pub trait Ledger {
    /// A transaction in a block or in the mempool.
    fn transaction(&self, txid: Txid) -> Option<Transaction>;

    /// Blocks that build on a transaction, its own included; 0 in the mempool. `None` where it is unknown.
    fn confirmations(&self, txid: Txid) -> Option<u32>;

    /// The transaction that spends an output, in a block or in the mempool.
    fn spender(&self, outpoint: OutPoint) -> Option<Txid>;

    /// Height of the last block.
    fn tip(&self) -> u32;

    /// Issues an asset from coins of AMP's own, to the addresses of the order, and sends the transaction.
    ///
    /// # Errors
    /// Why nothing was issued.
    fn issue(&mut self, _order: &IssueOrder) -> Result<Issuance, String> {
        Err("AMP has no node of its own on this chain.".to_owned())
    }

    /// Puts an asset's contract into the public asset registry. The registry would first look for the domain's proof, which
    /// no domain of a sandbox can have.
    fn publish(&mut self, _issuance: &Issuance) {}
}
