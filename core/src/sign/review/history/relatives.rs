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
mod tests {
    use super::super::past::{PastSigning, SigningFacts};
    use super::*;
    use crate::amp::request::{Command, RequestIdentity};
    use crate::pset::ContentHash;
    use crate::units::{AssetAmount, Satoshi};
    use elements::AssetId;

    /// A transaction named by a letter.
    fn id(name: char) -> Txid {
        Txid::from_byte_array([u8::try_from(name).unwrap(); 32])
    }

    /// `c3` is output 3 of transaction c; coins from outside the journal have a capital.
    fn coins(text: &str) -> Vec<OutPoint> {
        let coin = |text: &str| {
            let mut characters = text.chars();
            let name = characters.next().unwrap();
            OutPoint::new(id(name), characters.as_str().parse().unwrap())
        };
        text.split_whitespace().map(coin).collect()
    }

    fn signed(transactions: &[(char, &str)]) -> Vec<PastSigning> {
        let past = |(name, inputs): &(char, &str)| PastSigning {
            number: 1,
            declared_void: false,
            facts: SigningFacts {
                content: ContentHash([0; 32]),
                txid: id(*name),
                request: RequestIdentity([0; 32]),
                request_sha256: [0; 32],
                command: Command::Burn,
                distribution: None,
                asset: AssetId::from_byte_array([1; 32]),
                amount: AssetAmount::ZERO,
                fee: Satoshi::from_sat(0),
                inputs: coins(inputs),
                recipients: Vec::new(),
                own_index: None,
            },
        };
        transactions.iter().map(past).collect()
    }

    /// What a new transaction that spends `new` excludes and descends from, as letters in order.
    fn verdict(transactions: &[(char, &str)], new: &str) -> (String, String) {
        let relatives = Relatives::of(&coins(new), &SigningGraph::of(&signed(transactions)));
        let names = |is: &dyn Fn(Txid) -> bool| {
            transactions.iter().map(|(name, _)| *name).filter(|name| is(id(*name))).collect::<String>()
        };
        (names(&|txid| relatives.excludes(txid)), names(&|txid| relatives.descends_from(txid)))
    }

    #[test]
    fn transactions_exclude_each_other_exactly_when_no_chain_can_hold_both() {
        for (case, transactions, new, excludes, descends) in [
            ("disjoint coins", &[('a', "X1 X2")][..], "X3", "", ""),
            ("a common coin", &[('a', "X1 X2")], "X2 X3", "a", ""),
            ("another output of the same transaction", &[('a', "X1")], "X2", "", ""),
            ("A{1,2}, B{1,3}, then C{2,4}: B stays", &[('a', "X1 X2"), ('b', "X1 X3")], "X2 X4", "a", ""),
            ("A{1,2}, B{1,3}, then C{2,3}", &[('a', "X1 X2"), ('b', "X1 X3")], "X2 X3", "ab", ""),
            ("an ancestor is settled, not excluded", &[('a', "X1")], "a0", "", "a"),
            ("through another", &[('a', "X1"), ('b', "a0")], "b1", "", "ab"),
            (
                "another job has spent the first one's coin, and this spends that job's change",
                &[('a', "X1 X2"), ('t', "X2")],
                "t0",
                "a",
                "t",
            ),
            ("the same, through one more", &[('a', "X1"), ('t', "X1"), ('u', "t0")], "u0", "a", "tu"),
            ("the other descends from the rival", &[('t', "X1"), ('a', "t0")], "X1", "ta", ""),
            (
                "both descend from rivals: neither spends a coin of the other",
                &[('r', "X1"), ('s', "X1"), ('a', "r0")],
                "s0",
                "ra",
                "s",
            ),
            ("a common ancestor excludes nothing", &[('t', "X1"), ('a', "t0")], "t1", "", "t"),
            ("a common coin besides an ancestor", &[('t', "X1"), ('a', "t0")], "t0 t1", "a", "t"),
            ("its own ancestor, whose coin it claims too", &[('a', "X1")], "a0 X1", "", "a"),
            ("transactions that name each other end the search", &[('a', "b0"), ('b', "a0")], "a1", "", "ab"),
            (
                "two ancestors of one coin exclude what descends from either",
                &[('t', "X1"), ('u', "X1"), ('a', "t0")],
                "t1 u1",
                "a",
                "tu",
            ),
            (
                "one that was signed before its parent",
                &[('a', "t0"), ('r', "X1"), ('t', "X1")],
                "a0",
                "r",
                "at",
            ),
        ] {
            assert_eq!(verdict(transactions, new), (excludes.to_owned(), descends.to_owned()), "{case}");
        }
    }
}
