//! Signings that the operator declares void: what has to be known first, and what must not be signed afterwards
//! (docs/rules.md#void).
//!
//! The attack: the online machine knows the id of a transaction X before it is signed. It has Y signed, which spends an
//! output of X, then V, which spends an output of Y. No explorer knows V's coin, so V is declared void and its request
//! signed again. Then X is signed, an ordinary job, and X, Y, V and the second one can all confirm.

use std::collections::BTreeSet;

use elements::Txid;

use super::lineage::{Lineage, Signed};
use super::{History, PastSigning};
use crate::code::Code;
use crate::sign::review::mismatch::Mismatch;

/// What is known here of a signing that is to be declared void.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VoidTies {
    /// The entries, not declared void, of the transactions that it descends from. They were signed, so whoever has their
    /// files can make the coins that it spends.
    pub makers: Vec<u32>,
    /// The entries, not declared void, of the transactions that descend from it.
    pub descendants: Vec<u32>,
}

impl History {
    /// What stands in the way of declaring an entry void; none where no signing has this number.
    pub fn void_ties(&self, number: u32) -> Option<VoidTies> {
        let past = self.signing(number)?;
        let signed = Signed::of(&self.signings);
        let above = signed.ancestors(past.facts.inputs.iter().map(|input| input.txid));
        let below = signed.with_descendants(std::iter::once(past.facts.txid));
        let entries = |of: &BTreeSet<Txid>| {
            let others = self.signings.iter().filter(|other| other.number != number && !other.declared_void);
            others.filter(|other| of.contains(&other.facts.txid)).map(|other| other.number).collect()
        };
        Some(VoidTies { makers: entries(&above), descendants: entries(&below) })
    }

    /// Whether an entry's transaction can be dead because this one has confirmed. One that it descends from, or that
    /// descends from it, kills it never; one that was signed here kills it only where the two exclude each other. Of a
    /// transaction that is unknown here, nothing can be said against it.
    pub fn may_be_voided_by(&self, number: u32, txid: Txid) -> bool {
        let Some(past) = self.signing(number) else { return false };
        let signed = Signed::of(&self.signings);
        let parents = |txid: Txid| signed.inputs(txid).iter().map(|input| input.txid);
        let above = signed.ancestors(parents(past.facts.txid));
        // Parents that were not signed here are no ancestors that the journal knows; they make its coins all the same.
        let makes_a_coin = above.contains(&txid)
            || above
                .iter()
                .copied()
                .chain([past.facts.txid])
                .any(|one| parents(one).any(|parent| parent == txid));
        if makes_a_coin || signed.with_descendants(std::iter::once(past.facts.txid)).contains(&txid) {
            return false;
        }
        !signed.contains(txid) || Lineage::of(signed.inputs(txid), &signed).excludes(past.facts.txid)
    }

    /// The refusal of a transaction that would bring a void signing back: it is that one, or one that it descends from,
    /// itself or through whatever was signed here, before or after it was declared void.
    pub(super) fn revival(&self, signed: &Signed, txid: Txid) -> Option<Mismatch> {
        let mut void = self.signings.iter().filter(|past| past.declared_void).peekable();
        void.peek()?;
        let brought_back = signed.with_descendants(std::iter::once(txid));
        let past = void.find(|past| brought_back.contains(&past.facts.txid))?;
        let found = match past.facts.txid == txid {
            true => format!("the transaction of entry {}, which was declared void", past.number),
            false => format!(
                "transaction {txid}, which entry {}, declared void, descends from: transaction {} could confirm after it",
                past.number, past.facts.txid
            ),
        };
        Some(Mismatch::new(Code::VoidRevived, "the journal", found, "one that brings nothing back"))
    }

    /// The signing of this number. Signings stand in the order of their numbers.
    fn signing(&self, number: u32) -> Option<&PastSigning> {
        let place = self.signings.binary_search_by_key(&number, |past| past.number).ok()?;
        self.signings.get(place)
    }
}
