//! The chain: blocks, the mempool, outputs and what spends them, as a state machine without clock, randomness or sockets.
//!
//! [`Chain::submit`] accepts what Elements accepts with Liquid's settings, and refuses the rest in the node's words ([`Rejection`]): form and standardness ([`standard`]), coins, locktimes ([`locks`]), amounts and proofs
//! ([`proofs`]), fees, replacement and long chains ([`mempool`]), scripts ([`scripts`]). Only [`Chain::mine`] makes blocks,
//! and [`Chain::reorganise`] removes them.
//!
//! All money comes from the genesis block, whose coins pay to a bare `OP_TRUE`: anybody may spend those.

mod block;
mod genesis;
mod locks;
mod mempool;
mod proofs;
mod query;
mod rejection;
mod scripts;
mod standard;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use coldamp_core::elements::hashes::sha256;
use coldamp_core::elements::{AssetId, OutPoint, Script, Transaction, TxOut, Txid};
use coldamp_core::network::Network;
use coldamp_core::units::FeeRate;

use crate::treasury::Issued;
use block::Block;
pub use block::anyone_can_spend;
use mempool::Terms;
pub(crate) use proofs::{Proven, Sender};
pub use rejection::Rejection;

/// Weight of a block's transactions, at most (elements consensus/consensus.h, without the header's part).
const MAX_BLOCK_WEIGHT: usize = 3_996_000;

/// SHA-256 of a script, by which Esplora names it.
pub type ScriptHash = [u8; 32];

/// A chain with its mempool.
#[derive(Debug, Clone)]
pub struct Chain {
    network: Network,
    blocks: Vec<Block>,
    /// Time of the next block. It never goes back, so no two blocks are the same.
    clock: u32,
    entries: BTreeMap<Txid, Entry>,
    /// The mempool in the order of arrival, so parents are before their children.
    waiting: BTreeMap<u64, Txid>,
    arrivals: u64,
    spends: BTreeMap<OutPoint, (Txid, u32)>,
    history: BTreeMap<ScriptHash, BTreeSet<Txid>>,
    pub(crate) issued: BTreeMap<AssetId, Issued>,
    /// The contracts that the public asset registry has.
    pub(crate) registry: BTreeMap<AssetId, String>,
    relay_fee_rate: FeeRate,
    /// How many secrets the sandbox has drawn: each is derived from its number.
    pub(crate) drawn: u64,
}

/// A transaction that was accepted.
#[derive(Debug, Clone)]
struct Entry {
    transaction: Transaction,
    height: Option<u32>,
    arrival: u64,
    terms: Terms,
    /// The scripts that it pays and spends from.
    scripts: BTreeSet<ScriptHash>,
}

impl Default for Chain {
    fn default() -> Self {
        Self::new()
    }
}

impl Chain {
    /// Sets the lowest fee rate that the chain's nodes relay, on the discounted size. Nodes raise it when their mempools are
    /// full.
    pub fn set_relay_fee(&mut self, rate: FeeRate) {
        self.relay_fee_rate = rate;
    }

    /// Adds a transaction to the mempool, and removes those that it replaces.
    ///
    /// # Errors
    /// When the node would refuse it, or it issues a new asset.
    pub fn submit(&mut self, transaction: Transaction) -> Result<Txid, Rejection> {
        standard::check(&transaction, self.network.policy_asset())?;
        let spent = self.coins_of(&transaction)?;
        self.enter(Proven::check(transaction, spent, Sender::Client)?)
    }

    /// Adds a transaction whose proofs were verified.
    ///
    /// # Errors
    /// As [`Chain::submit`].
    pub(crate) fn enter(&mut self, proven: Proven) -> Result<Txid, Rejection> {
        let (transaction, claimed) = proven.into_parts();
        standard::check(&transaction, self.network.policy_asset())?;
        let spent = self.coins_of(&transaction)?;
        // The proofs were verified against these outputs and no others.
        if spent != claimed {
            return Err(Rejection::MissingInputs);
        }
        self.check_locks(&transaction)?;
        let terms = Terms::of(&transaction, transaction.fee_in(self.network.policy_asset()));
        terms.check_relay_fee(self.relay_fee_rate)?;
        let replaced = self.replaced_by(&transaction, terms)?;
        self.check_chain_limits(&transaction, terms)?;
        for (index, spent) in spent.iter().enumerate() {
            scripts::verify(&transaction, index, spent)?;
        }
        for txid in replaced {
            self.remove(txid);
        }
        Ok(self.insert(transaction, terms))
    }

    /// Removes a transaction and its descendants from the mempool, as a node does that runs out of room or is restarted.
    /// Returns how many were removed.
    pub fn forget(&mut self, txid: Txid) -> usize {
        let waiting = self.entries.get(&txid).is_some_and(|entry| entry.height.is_none());
        let gone = if waiting { self.with_descendants(txid) } else { BTreeSet::new() };
        for txid in &gone {
            self.remove(*txid);
        }
        gone.len()
    }

    /// Makes blocks. The first holds the mempool's transactions, as many as fit.
    pub fn mine(&mut self, blocks: u32) {
        for _ in 0..blocks {
            let waiting: Vec<Txid> = self.waiting.values().copied().collect();
            let txids = self.fitting(&waiting);
            self.connect(txids);
        }
    }

    /// Makes blocks of these transactions and their ancestors, and of no others in the mempool.
    pub(crate) fn confirm(&mut self, txids: &[Txid]) {
        let mut wanted: BTreeSet<Txid> = txids.iter().copied().collect();
        for txid in txids {
            if let Some(entry) = self.entries.get(txid) {
                wanted.extend(self.ancestors(&entry.transaction));
            }
        }
        let mut waiting: Vec<Txid> =
            self.waiting.values().filter(|txid| wanted.contains(*txid)).copied().collect();
        while !waiting.is_empty() {
            let block = self.fitting(&waiting);
            waiting.drain(..block.len().max(1));
            self.connect(block);
        }
    }

    /// The first of these transactions, as many as fit into a block: at least one, since each is far lighter.
    fn fitting(&self, txids: &[Txid]) -> Vec<Txid> {
        let mut room = MAX_BLOCK_WEIGHT;
        let mut block = Vec::new();
        for txid in txids {
            let weight = self.entries.get(txid).map_or(0, |entry| entry.transaction.weight());
            let Some(left) = room.checked_sub(weight) else { break };
            room = left;
            block.push(*txid);
        }
        block
    }

    /// Disconnects blocks, at most all but the genesis block. Their transactions return to the mempool, except those
    /// that are then too early (by locktime or sequence). [`Chain::mine`] makes other blocks in their place.
    pub fn reorganise(&mut self, depth: u32) {
        for _ in 0..depth {
            if self.blocks.len() <= 1 {
                break;
            }
            let Some(block) = self.blocks.pop() else { break };
            for txid in block.txids {
                if let Some(entry) = self.entries.get_mut(&txid) {
                    entry.height = None;
                    self.waiting.insert(entry.arrival, txid);
                }
            }
        }
        let waiting: Vec<Txid> = self.waiting.values().copied().collect();
        for txid in waiting {
            let entry = self.entries.get(&txid);
            if entry.is_some_and(|entry| self.check_locks(&entry.transaction).is_err()) {
                self.forget(txid);
            }
        }
    }

    fn connect(&mut self, txids: Vec<Txid>) {
        let height = self.tip().saturating_add(1);
        for txid in &txids {
            if let Some(entry) = self.entries.get_mut(txid) {
                entry.height = Some(height);
                self.waiting.remove(&entry.arrival);
            }
        }
        let block = Block::new(self.tip_hash(), height, self.clock, txids);
        self.clock = self.clock.saturating_add(block::BLOCK_INTERVAL);
        self.blocks.push(block);
    }

    /// The outputs that a transaction spends.
    fn coins_of(&self, tx: &Transaction) -> Result<Vec<TxOut>, Rejection> {
        let txid = tx.txid();
        match self.entries.get(&txid) {
            Some(entry) if entry.height.is_none() && entry.transaction.wtxid() == tx.wtxid() => {
                return Err(Rejection::InMempool);
            }
            Some(entry) if entry.height.is_none() => return Err(Rejection::SameButWitness),
            Some(_) if self.has_unspent_output(txid) => return Err(Rejection::AlreadyKnown),
            Some(_) | None => {}
        }
        let coin = |outpoint: OutPoint| {
            let spent_in_block = self.spends.get(&outpoint).and_then(|(spender, _)| self.block_of(*spender));
            self.output(outpoint)
                .filter(|output| !output.script_pubkey.is_provably_unspendable() && spent_in_block.is_none())
                .cloned()
                .ok_or(Rejection::MissingInputs)
        };
        tx.input.iter().map(|input| coin(input.previous_output)).collect()
    }

    fn has_unspent_output(&self, txid: Txid) -> bool {
        let Some(entry) = self.entries.get(&txid) else { return false };
        let mut outputs = (0_u32..).zip(&entry.transaction.output);
        outputs.any(|(vout, output)| {
            let spender = self.spends.get(&OutPoint { txid, vout });
            let spent = spender.is_some_and(|(spender, _)| self.block_of(*spender).is_some());
            !spent && !output.script_pubkey.is_provably_unspendable() && !output.is_fee()
        })
    }

    fn insert(&mut self, transaction: Transaction, terms: Terms) -> Txid {
        let txid = transaction.txid();
        for (vin, input) in (0_u32..).zip(&transaction.input) {
            self.spends.insert(input.previous_output, (txid, vin));
        }
        let arrival = self.arrivals;
        self.waiting.insert(arrival, txid);
        self.record(transaction, None, terms);
        txid
    }

    fn record(&mut self, transaction: Transaction, height: Option<u32>, terms: Terms) {
        let txid = transaction.txid();
        let scripts = self.scripts_of(&transaction);
        for hash in &scripts {
            self.history.entry(*hash).or_default().insert(txid);
        }
        let arrival = self.arrivals;
        self.arrivals = self.arrivals.saturating_add(1);
        self.entries.insert(txid, Entry { transaction, height, arrival, terms, scripts });
    }

    fn remove(&mut self, txid: Txid) {
        let Some(entry) = self.entries.remove(&txid) else { return };
        for hash in &entry.scripts {
            if let Some(history) = self.history.get_mut(hash) {
                history.remove(&txid);
            }
        }
        for input in &entry.transaction.input {
            self.spends.remove(&input.previous_output);
        }
        self.waiting.remove(&entry.arrival);
        self.issued.retain(|_, issued| issued.txid != txid);
    }

    /// The scripts that a transaction pays and spends from.
    fn scripts_of(&self, tx: &Transaction) -> BTreeSet<ScriptHash> {
        let spent = tx.input.iter().filter_map(|input| self.output(input.previous_output));
        let paid = tx.output.iter().filter(|output| !output.is_fee());
        spent.chain(paid).map(|output| script_hash(&output.script_pubkey)).collect()
    }
}

/// SHA-256 of a script; Esplora writes its bytes in hexadecimal in their order, not reversed as Electrum does.
pub fn script_hash(script: &Script) -> ScriptHash {
    sha256::Hash::hash(script.as_bytes()).to_byte_array()
}

/// All outputs that a transaction could have.
fn outputs_of(txid: Txid) -> RangeInclusive<OutPoint> {
    OutPoint { txid, vout: 0 }..=OutPoint { txid, vout: u32::MAX }
}
