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
        ("one that was signed before its parent", &[('a', "t0"), ('r', "X1"), ('t', "X1")], "a0", "r", "at"),
    ] {
        assert_eq!(verdict(transactions, new), (excludes.to_owned(), descends.to_owned()), "{case}");
    }
}
