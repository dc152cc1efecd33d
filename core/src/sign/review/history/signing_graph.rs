//! The graph of the signed transactions: which one spends the outputs of which.
//!
//! A journal may hold 100,000 entries, each spending the change of the one before, and an online machine chooses what is
//! signed. So every walk here visits each transaction and each coin once.

use std::collections::{BTreeMap, BTreeSet};

use elements::{OutPoint, Txid};

use super::past::PastSigning;

/// The signed transactions, by id and by the coins that they spend.
pub(super) struct SigningGraph {
    inputs: BTreeMap<Txid, Vec<OutPoint>>,
    spenders: BTreeMap<OutPoint, Vec<Txid>>,
}

impl SigningGraph {
    /// The graph of these signings.
    pub(super) fn of(signings: &[PastSigning]) -> Self {
        let mut graph = SigningGraph { inputs: BTreeMap::new(), spenders: BTreeMap::new() };
        for facts in signings.iter().map(|past| &past.facts) {
            let inputs: BTreeSet<OutPoint> = facts.inputs.iter().copied().collect();
            for outpoint in &inputs {
                graph.spenders.entry(*outpoint).or_default().push(facts.txid);
            }
            graph.inputs.entry(facts.txid).or_default().extend(inputs);
        }
        graph
    }

    /// Whether a transaction was signed here.
    pub(super) fn contains(&self, txid: Txid) -> bool {
        self.inputs.contains_key(&txid)
    }

    /// The coins that a signed transaction spends.
    pub(super) fn inputs(&self, txid: Txid) -> &[OutPoint] {
        self.inputs.get(&txid).map_or(&[], Vec::as_slice)
    }

    /// The signed transactions that spend an outpoint.
    pub(super) fn spenders(&self, outpoint: &OutPoint) -> &[Txid] {
        self.spenders.get(outpoint).map_or(&[], Vec::as_slice)
    }

    /// Those of these transactions that were signed here, their parents that were signed here, and so on. A preparer knows ids
    /// before anything is signed, so a parent may have been signed later, and two transactions may name each other.
    pub(super) fn ancestors(&self, of: impl Iterator<Item = Txid>) -> BTreeSet<Txid> {
        let mut found = BTreeSet::new();
        let mut waiting: Vec<Txid> = of.collect();
        while let Some(txid) = waiting.pop() {
            if self.contains(txid) && found.insert(txid) {
                waiting.extend(self.inputs(txid).iter().map(|outpoint| outpoint.txid));
            }
        }
        found
    }

    /// These transactions, signed here or not, and every signed transaction that spends their outputs, directly or through
    /// other signed transactions.
    pub(super) fn closure_of_spenders(&self, of: impl Iterator<Item = Txid>) -> BTreeSet<Txid> {
        let mut found = BTreeSet::new();
        let mut waiting: Vec<Txid> = of.collect();
        while let Some(txid) = waiting.pop() {
            if found.insert(txid) {
                let outputs = OutPoint::new(txid, 0)..=OutPoint::new(txid, u32::MAX);
                waiting.extend(self.spenders.range(outputs).flat_map(|(_, spenders)| spenders));
            }
        }
        found
    }
}
