//! The relatives of a new transaction among the signed ones: which of them it descends from, and which of them can never
//! confirm together with it.

use std::collections::BTreeSet;

use elements::{OutPoint, Txid};

use super::signing_graph::SigningGraph;

/// The relatives of a new transaction among the signed ones.
pub(super) struct Relatives {
    /// The signed transactions that the new one descends from.
    ancestors: BTreeSet<Txid>,
    /// The signed transactions that cannot confirm if it does.
    excluded: BTreeSet<Txid>,
}

impl Relatives {
    /// The relatives of a transaction that spends these coins.
    pub(super) fn of(inputs: &[OutPoint], graph: &SigningGraph) -> Self {
        let own: BTreeSet<OutPoint> = inputs.iter().copied().collect();
        let ancestors = graph.ancestors(own.iter().map(|outpoint| outpoint.txid));
        let of_ancestors = ancestors.iter().flat_map(|ancestor| graph.inputs(*ancestor)).copied();
        let spent: BTreeSet<OutPoint> = of_ancestors.chain(own.iter().copied()).collect();
        // A rival spends a coin that the new transaction or one of its ancestors spends as well. What descends from a rival
        // is excluded too. An ancestor is a rival only where a second ancestor, or the new transaction, spends its coin.
        let rivals = spent.iter().flat_map(|outpoint| {
            let spenders = graph.spenders(outpoint);
            let claims = spenders.iter().filter(|spender| ancestors.contains(*spender)).count();
            let claimed_twice = claims > 1 || own.contains(outpoint);
            let ancestors = &ancestors;
            spenders.iter().copied().filter(move |rival| claimed_twice || !ancestors.contains(rival))
        });
        let mut excluded = graph.closure_of_spenders(rivals);
        excluded.retain(|txid| !ancestors.contains(txid));
        Relatives { ancestors, excluded }
    }

    /// Whether the signed transaction cannot confirm if the new one does.
    pub(super) fn excludes(&self, txid: Txid) -> bool {
        self.excluded.contains(&txid)
    }

    /// Whether the new transaction spends an output of the signed one, directly or through others. Then the signed one has
    /// confirmed when the new one confirms.
    pub(super) fn descends_from(&self, txid: Txid) -> bool {
        self.ancestors.contains(&txid)
    }
}

#[cfg(test)]
mod tests;
