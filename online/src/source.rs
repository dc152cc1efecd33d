//! Where the treasury's transactions come from.

pub mod file;
#[cfg(not(target_arch = "wasm32"))]
pub mod node;

use std::collections::BTreeSet;

use coldamp_core::Secp;
use coldamp_core::elements::{BlockHash, OutPoint, Transaction, Txid};
use coldamp_core::treasury::CtDescriptor;

/// A transaction as a source hands it over.
#[derive(Debug, Clone, PartialEq)]
pub struct ChainTransaction {
    /// With its witnesses: range proofs are in them.
    pub transaction: Transaction,
    /// The block it confirmed in; none while it is unconfirmed.
    pub height: Option<u32>,
}

/// What a source knows of the treasury.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    /// Transactions with outputs of the treasury.
    pub transactions: Vec<ChainTransaction>,
    /// The highest index of both branches that the source has looked at; 0 where it takes every transaction.
    pub searched: u32,
    /// The outputs that are unspent, where the source knows; otherwise whatever no transaction of the history spends.
    pub unspent: Option<BTreeSet<OutPoint>>,
}

/// A chain source: a transactions file, a node, an Esplora server.
pub trait Source {
    /// Why it failed.
    type Error: std::error::Error + 'static;

    /// The treasury's transactions.
    ///
    /// # Errors
    /// When the source cannot be read.
    fn history(&self, secp: &Secp, descriptor: &CtDescriptor) -> Result<History, Self::Error>;

    /// Any transaction, if the source has it.
    ///
    /// # Errors
    /// When the source cannot be read.
    fn transaction(&self, txid: Txid) -> Result<Option<Transaction>, Self::Error>;

    /// The chain's genesis hash, where the source knows it.
    ///
    /// # Errors
    /// When the source cannot be read.
    fn genesis(&self) -> Result<Option<BlockHash>, Self::Error>;
}
