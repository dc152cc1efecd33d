//! Queries. Every one that asks whether something is unspent counts the mempool.

use std::collections::BTreeSet;

use coldamp_core::elements::{
    AssetId, BlockHash, BlockHeader, OutPoint, Script, Transaction, TxIn, TxOut, Txid,
};
use coldamp_core::network::Network;

use super::{Chain, ScriptHash, anyone_can_spend, script_hash};
use crate::ledger::Ledger;
use crate::secp::SECP;
use crate::treasury::{Issuance, IssueOrder, Issued};

impl Chain {
    /// `regtest` with its built-in policy asset.
    pub fn network(&self) -> Network {
        self.network
    }

    /// Height of the last block.
    pub fn tip(&self) -> u32 {
        u32::try_from(self.blocks.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// Hash of the last block.
    pub fn tip_hash(&self) -> BlockHash {
        self.blocks.last().map_or_else(|| BlockHash::from_byte_array([0; 32]), |block| block.hash)
    }

    /// Hash of the block at a height.
    pub fn block_hash(&self, height: u32) -> Option<BlockHash> {
        self.block(height).map(|block| block.hash)
    }

    /// Header of the block at a height.
    pub fn block_header(&self, height: u32) -> Option<&BlockHeader> {
        self.block(height).map(|block| &block.header)
    }

    /// Height of a block.
    pub fn height_of_block(&self, hash: BlockHash) -> Option<u32> {
        self.blocks.iter().find(|block| block.hash == hash).map(|block| block.header.height)
    }

    /// Hash of the genesis block, which names the chain.
    pub fn genesis(&self) -> BlockHash {
        self.blocks.first().map_or_else(|| BlockHash::from_byte_array([0; 32]), |block| block.hash)
    }

    fn block(&self, height: u32) -> Option<&super::Block> {
        self.blocks.get(usize::try_from(height).ok()?)
    }

    /// Median time of the last eleven blocks up to this height (BIP-113).
    pub(super) fn median_time_past(&self, height: u32) -> u32 {
        let first = height.saturating_sub(10);
        let mut times: Vec<u32> =
            (first..=height).filter_map(|height| self.block(height)).map(|block| block.header.time).collect();
        times.sort_unstable();
        times.get(times.len() / 2).copied().unwrap_or(0)
    }

    /// A transaction in a block or in the mempool.
    pub fn transaction(&self, txid: Txid) -> Option<&Transaction> {
        self.entries.get(&txid).map(|entry| &entry.transaction)
    }

    /// Where a transaction is: `None` where it is unknown, `Some(None)` in the mempool, else the height of its block.
    pub fn height_of(&self, txid: Txid) -> Option<Option<u32>> {
        self.entries.get(&txid).map(|entry| entry.height)
    }

    /// Height of the block that holds a transaction.
    pub(super) fn block_of(&self, txid: Txid) -> Option<u32> {
        self.height_of(txid).flatten()
    }

    /// Blocks that build on a transaction, its own included; 0 in the mempool. `None` where it is unknown.
    pub fn confirmations(&self, txid: Txid) -> Option<u32> {
        let height = self.height_of(txid)?;
        Some(height.map_or(0, |height| self.tip().saturating_sub(height).saturating_add(1)))
    }

    /// The fee of a transaction in the policy asset, in satoshi.
    pub fn fee_of(&self, txid: Txid) -> Option<u64> {
        self.entries.get(&txid).map(|entry| entry.terms.fee)
    }

    /// An output, spent or not.
    pub fn output(&self, outpoint: OutPoint) -> Option<&TxOut> {
        self.transaction(outpoint.txid)?.output.get(usize::try_from(outpoint.vout).ok()?)
    }

    /// The transaction that spends an output, in a block or in the mempool, and the input of it that does.
    pub fn spender(&self, outpoint: OutPoint) -> Option<(Txid, u32)> {
        self.spends.get(&outpoint).copied()
    }

    /// What waits in the mempool, in the order of arrival.
    pub fn mempool(&self) -> impl Iterator<Item = Txid> {
        self.waiting.values().copied()
    }

    /// The transactions that pay a script or spend from it, newest first: the mempool's, then those of the last block.
    pub fn history(&self, script: ScriptHash) -> Vec<Txid> {
        let txids = self.history.get(&script).into_iter().flatten();
        let mut entries: Vec<_> =
            txids.filter_map(|txid| self.entries.get(txid).map(|entry| (entry, *txid))).collect();
        entries.sort_by_key(|(entry, _)| {
            std::cmp::Reverse((entry.height.map_or(u32::MAX, |height| height), entry.arrival))
        });
        entries.into_iter().map(|(_, txid)| txid).collect()
    }

    /// The outputs that pay a script, spent or not, oldest first.
    pub fn outputs_paying(&self, script: &Script) -> Vec<OutPoint> {
        self.outputs_paying_hash(script_hash(script))
    }

    /// As [`Chain::outputs_paying`].
    pub fn outputs_paying_hash(&self, script: ScriptHash) -> Vec<OutPoint> {
        let mut found = Vec::new();
        for txid in self.history(script).into_iter().rev() {
            let outputs = self.transaction(txid).map_or(&[][..], |tx| tx.output.as_slice());
            for (vout, output) in (0_u32..).zip(outputs) {
                if !output.is_fee() && script_hash(&output.script_pubkey) == script {
                    found.push(OutPoint { txid, vout });
                }
            }
        }
        found
    }

    /// An unspent coin that anybody may spend, of explicit L-BTC and in a block: the largest.
    pub fn coin(&self) -> Option<(OutPoint, TxOut)> {
        let policy_asset = self.network.policy_asset();
        let outputs = self.outputs_paying(&anyone_can_spend()).into_iter();
        let unspent = outputs
            .filter(|outpoint| self.spender(*outpoint).is_none() && self.block_of(outpoint.txid).is_some());
        let coins = unspent.filter_map(|outpoint| Some((outpoint, self.output(outpoint)?.clone())));
        coins
            .filter(|(_, output)| output.asset.explicit() == Some(policy_asset))
            .max_by_key(|(_, output)| output.value.explicit())
    }

    /// An asset that the sandbox issued.
    pub fn issued(&self, asset: AssetId) -> Option<&Issued> {
        self.issued.get(&asset)
    }

    /// The contract that the registry has of an asset, in canonical JSON.
    pub fn registered(&self, asset: AssetId) -> Option<&str> {
        self.registry.get(&asset).map(String::as_str)
    }

    /// Whether the registry has the contract of an asset.
    pub fn is_registered(&self, asset: AssetId) -> bool {
        self.registry.contains_key(&asset)
    }

    /// Removes an asset from the registry, as if its issuer had never registered it.
    pub fn unregister(&mut self, asset: AssetId) {
        self.registry.remove(&asset);
    }

    /// The transactions that burn an asset openly, in blocks or in the mempool, and how much of it they burn.
    pub fn burned(&self, asset: AssetId, confirmed: bool) -> (BTreeSet<Txid>, u64) {
        let mut found = (BTreeSet::new(), 0_u64);
        for (txid, entry) in &self.entries {
            if entry.height.is_some() != confirmed {
                continue;
            }
            for output in &entry.transaction.output {
                let burns = output.script_pubkey.is_provably_unspendable() && !output.is_fee();
                if let (true, true, Some(amount)) =
                    (burns, output.asset.explicit() == Some(asset), output.value.explicit())
                {
                    found.0.insert(*txid);
                    found.1 = found.1.saturating_add(amount);
                }
            }
        }
        found
    }

    /// The transactions that issue an asset, for the first time or again, with the input that does: oldest first.
    pub fn issuances(&self, asset: AssetId) -> Vec<(Txid, u32)> {
        let issues = |input: &TxIn| input.has_issuance() && input.issuance_ids().0 == asset;
        let mut found = Vec::new();
        for (txid, entry) in &self.entries {
            let inputs = (0_u32..).zip(&entry.transaction.input);
            found.extend(
                inputs.filter(|(_, input)| issues(input)).map(|(vin, _)| (entry.arrival, *txid, vin)),
            );
        }
        found.sort_unstable();
        found.into_iter().map(|(_, txid, vin)| (txid, vin)).collect()
    }
}

impl Ledger for Chain {
    fn transaction(&self, txid: Txid) -> Option<Transaction> {
        Chain::transaction(self, txid).cloned()
    }

    fn confirmations(&self, txid: Txid) -> Option<u32> {
        Chain::confirmations(self, txid)
    }

    fn spender(&self, outpoint: OutPoint) -> Option<Txid> {
        Chain::spender(self, outpoint).map(|(txid, _)| txid)
    }

    fn tip(&self) -> u32 {
        Chain::tip(self)
    }

    fn issue(&mut self, order: &IssueOrder) -> Result<Issuance, String> {
        self.issue_order(&SECP, order).map_err(|error| error.to_string())
    }

    fn publish(&mut self, issuance: &Issuance) {
        self.registry.insert(issuance.asset, issuance.contract.clone());
    }
}
