//! Which signed transactions a new one descends from, which can never confirm together with it, and which it would bring
//! to life.
//!
//! A journal may hold 100,000 entries, each made of the change of the one before, and an online machine chooses what is
//! signed: every walk here passes each transaction and each coin once.

use std::collections::{BTreeMap, BTreeSet};

use elements::{OutPoint, Txid};

use super::PastSigning;

/// A new transaction among those signed before.
pub(super) struct Lineage {
    /// The signed transactions that the new one descends from.
    ancestors: BTreeSet<Txid>,
    /// The signed transactions that cannot confirm if it does.
    excluded: BTreeSet<Txid>,
}

/// Signed transactions by what they are and what they spend.
pub(super) struct Signed {
    inputs: BTreeMap<Txid, Vec<OutPoint>>,
    spenders: BTreeMap<OutPoint, Vec<Txid>>,
}

impl Lineage {
    /// Of a transaction that spends these outpoints.
    pub(super) fn of(inputs: &[OutPoint], signed: &Signed) -> Self {
        let own: BTreeSet<OutPoint> = inputs.iter().copied().collect();
        let ancestors = signed.ancestors(own.iter().map(|outpoint| outpoint.txid));
        let of_ancestors = ancestors.iter().flat_map(|ancestor| signed.inputs(*ancestor)).copied();
        let spent: BTreeSet<OutPoint> = of_ancestors.chain(own.iter().copied()).collect();
        // Whoever spends an outpoint that the new one or an ancestor of it spends as well, and whoever descends from such
        // a one. An ancestor is its own rival only where a second one, or the new transaction, spends the same outpoint.
        let rivals = spent.iter().flat_map(|outpoint| {
            let spenders = signed.spenders(outpoint);
            let claims = spenders.iter().filter(|spender| ancestors.contains(*spender)).count();
            let claimed_twice = claims > 1 || own.contains(outpoint);
            let ancestors = &ancestors;
            spenders.iter().copied().filter(move |rival| claimed_twice || !ancestors.contains(rival))
        });
        let mut excluded = signed.with_descendants(rivals);
        excluded.retain(|txid| !ancestors.contains(txid));
        Lineage { ancestors, excluded }
    }

    /// Whether the signed transaction cannot confirm if the new one does.
    pub(super) fn excludes(&self, txid: Txid) -> bool {
        self.excluded.contains(&txid)
    }

    /// Whether the new transaction spends an output of the signed one, itself or through others: then the signed one
    /// is settled by the time the new one confirms.
    pub(super) fn descends_from(&self, txid: Txid) -> bool {
        self.ancestors.contains(&txid)
    }
}

impl Signed {
    pub(super) fn of(signings: &[PastSigning]) -> Self {
        let mut signed = Signed { inputs: BTreeMap::new(), spenders: BTreeMap::new() };
        for facts in signings.iter().map(|past| &past.facts) {
            let inputs: BTreeSet<OutPoint> = facts.inputs.iter().copied().collect();
            for outpoint in &inputs {
                signed.spenders.entry(*outpoint).or_default().push(facts.txid);
            }
            signed.inputs.entry(facts.txid).or_default().extend(inputs);
        }
        signed
    }

    /// Whether it was signed here.
    pub(super) fn contains(&self, txid: Txid) -> bool {
        self.inputs.contains_key(&txid)
    }

    /// What a signed transaction spends.
    pub(super) fn inputs(&self, txid: Txid) -> &[OutPoint] {
        self.inputs.get(&txid).map_or(&[], Vec::as_slice)
    }

    /// The signed transactions that spend an outpoint.
    fn spenders(&self, outpoint: &OutPoint) -> &[Txid] {
        self.spenders.get(outpoint).map_or(&[], Vec::as_slice)
    }

    /// Of these transactions, their parents, the parents of these, and so on: those that were signed here. A preparer knows
    /// txids before anything is signed, so parents may have been signed later, or name each other.
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

    /// These transactions, signed here or not, and the signed ones that spend their outputs, themselves or through other
    /// signed ones.
    pub(super) fn with_descendants(&self, of: impl Iterator<Item = Txid>) -> BTreeSet<Txid> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::amp::request::{Command, RequestIdentity};
    use crate::pset::ContentHash;
    use crate::sign::review::SigningFacts;
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
        let lineage = Lineage::of(&coins(new), &Signed::of(&signed(transactions)));
        let names = |is: &dyn Fn(Txid) -> bool| {
            transactions.iter().map(|(name, _)| *name).filter(|name| is(id(*name))).collect::<String>()
        };
        (names(&|txid| lineage.excludes(txid)), names(&|txid| lineage.descends_from(txid)))
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
