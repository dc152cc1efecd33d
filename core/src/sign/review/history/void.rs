//! Signings that the operator declares void: what has to be known first, and what must not be signed afterwards
//! (docs/rules.md#void).
//!
//! The attack: the online machine knows the id of a transaction X before it is signed. It has Y signed, which spends an
//! output of X, then V, which spends an output of Y. No explorer knows V's coin, so V is declared void and its request
//! signed again. Then X is signed, an ordinary job, and X, Y, V and the second one can all confirm.

use std::collections::BTreeSet;

use elements::Txid;

use super::super::mismatch::Mismatch;
use super::past::History;
use super::relatives::Relatives;
use super::signing_graph::SigningGraph;
use crate::code::Code;

/// The signings that depend on a signing which is to be declared void, and those that it depends on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VoidDependencies {
    /// The entries, not declared void, of the transactions that it descends from. They were signed, so whoever has their
    /// files can create the coins that it spends.
    pub parents: Vec<u32>,
    /// The entries, not declared void, of the transactions that descend from it.
    pub descendants: Vec<u32>,
}

impl History {
    /// The dependencies of an entry. `None` where no signing has this number.
    pub fn void_dependencies(&self, number: u32) -> Option<VoidDependencies> {
        let past = self.signing(number)?;
        let graph = SigningGraph::of(&self.signings);
        let above = graph.ancestors(past.facts.inputs.iter().map(|input| input.txid));
        let below = graph.closure_of_spenders(std::iter::once(past.facts.txid));
        let entries = |of: &BTreeSet<Txid>| {
            let others = self.signings.iter().filter(|other| other.number != number && !other.declared_void);
            others.filter(|other| of.contains(&other.facts.txid)).map(|other| other.number).collect()
        };
        Some(VoidDependencies { parents: entries(&above), descendants: entries(&below) })
    }

    /// Whether the confirmed transaction `txid` can have made an entry's transaction invalid. A transaction that the entry
    /// descends from, or that descends from the entry, never does. One that was signed here does so only where the two exclude
    /// each other. Nothing is known of any other transaction, so it may.
    pub fn can_be_invalidated_by(&self, number: u32, txid: Txid) -> bool {
        let Some(past) = self.signing(number) else { return false };
        let graph = SigningGraph::of(&self.signings);
        let parents = |txid: Txid| graph.inputs(txid).iter().map(|input| input.txid);
        let above = graph.ancestors(parents(past.facts.txid));
        // Parents that were not signed here are not among the ancestors, but they create its coins all the same.
        let creates_a_coin = above.contains(&txid)
            || above
                .iter()
                .copied()
                .chain([past.facts.txid])
                .any(|one| parents(one).any(|parent| parent == txid));
        if creates_a_coin || graph.closure_of_spenders(std::iter::once(past.facts.txid)).contains(&txid) {
            return false;
        }
        !graph.contains(txid) || Relatives::of(graph.inputs(txid), &graph).excludes(past.facts.txid)
    }

    /// The refusal of a transaction after which a void signing could confirm: `txid` is that signing's transaction, or one
    /// that it descends from, directly or through signings made before or after it was declared void.
    pub(super) fn void_conflict(&self, graph: &SigningGraph, txid: Txid) -> Option<Mismatch> {
        let mut void = self.signings.iter().filter(|past| past.declared_void).peekable();
        void.peek()?;
        let possible_again = graph.closure_of_spenders(std::iter::once(txid));
        let past = void.find(|past| possible_again.contains(&past.facts.txid))?;
        let found = match past.facts.txid == txid {
            true => format!("the transaction of entry {}, which was declared void", past.number),
            false => format!(
                "transaction {txid}, which entry {}, declared void, descends from: transaction {} could confirm after it",
                past.number, past.facts.txid
            ),
        };
        Some(Mismatch::new(
            Code::VoidRevived,
            "the journal",
            found,
            "a transaction after which no void entry can confirm",
        ))
    }
}
