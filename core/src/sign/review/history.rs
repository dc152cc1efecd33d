//! Whether a new transaction may be signed after what was signed before.
//!
//! A signed file can be sent until one of its coins is spent. So a request is paid once only if at most one of the
//! transactions signed for it can ever confirm. Two transactions **exclude** each other when no chain can hold both: one of
//! them, or one of its ancestors, spends the same coin as the other or as an ancestor of the other
//! (docs/rules.md#exclusion). A transaction never excludes its own ancestor.
//!
//! A hostile preparer chooses the inputs of a new PSET, and gains nothing by it: whatever coin or parent it names, the
//! transaction is valid only where that coin exists unspent and that parent confirmed.
//!
//! One statement of the operator is believed: that a signed transaction is **void**, which means that it can never confirm.
//! The operator says so because a coin does not exist. A transaction signed later could create that coin, directly or through
//! earlier signings, so it is refused. Its id is known before it is signed, since blinding is a function of content and view
//! key.

mod past;
mod relatives;
mod signing_graph;
mod void;

use std::collections::BTreeSet;

use elements::{OutPoint, Script, Txid};

use super::mismatch::Mismatch;
use super::warning::Warning;
use crate::amp::Request;
use crate::amp::request::{Command, RequestIdentity, Uuid};
use crate::code::Code;
use crate::pset::ContentHash;
use past::recipients;
pub use past::{History, LaterUnknown, PastSigning, SigningFacts};
use relatives::Relatives;
use signing_graph::SigningGraph;
pub use void::VoidDependencies;

/// A transaction that policy and history judge.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate<'a> {
    pub(super) request: &'a Request,
    /// The coins that it spends.
    pub(super) inputs: &'a [OutPoint],
    /// Its content. `None` where a field that counts is missing.
    pub(super) content: Option<&'a ContentHash>,
    /// Its transaction id. `None` where the PSET disagrees with request or descriptor, since nothing else is blinded.
    pub(super) txid: Option<Txid>,
}

/// What history says about a transaction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct HistoryVerdict {
    pub(super) mismatches: Vec<Mismatch>,
    pub(super) warnings: Vec<Warning>,
    /// Earlier signings that can still confirm as well.
    pub(super) open: Vec<PastSigning>,
    /// Earlier signings that must confirm before this one can: it spends their outputs, directly or through others.
    pub(super) after: Vec<PastSigning>,
    /// The uuid behind each OPEN_TWIN, oldest first. A person who types them all may sign.
    pub(super) twins: Vec<Uuid>,
    /// The entry of the same transaction, if it was signed before.
    pub(super) same: Option<u32>,
}

/// Whether an earlier signing did much the same: the same command on the same asset, for one of the same holders or for the
/// same amount. AMP may ask for the same burn in a request that lists one more coin.
fn alike(facts: &SigningFacts, request: &Request, same_holder: bool) -> bool {
    let same_amount = facts.command != Command::Distribute && facts.amount == request.total();
    facts.command == request.command() && facts.asset == request.asset && (same_holder || same_amount)
}

impl History {
    /// Compares a transaction with everything signed before.
    pub(super) fn judge(&self, candidate: Candidate<'_>) -> HistoryVerdict {
        let Candidate { request, inputs, content, txid } = candidate;
        let mut verdict = HistoryVerdict::default();
        let graph = SigningGraph::of(&self.signings);
        if self.earlier_unknown {
            let message = "EARLIER SIGNINGS UNKNOWN: this keystore was restored from its words. What those words signed before, on this or another machine, is not in this journal";
            verdict.warnings.push(Warning { code: Code::EarlierUnknown, message: message.to_owned() });
        }
        // First, because the file of a signing that was declared void may never have left this machine.
        verdict.mismatches.extend(txid.and_then(|txid| self.void_conflict(&graph, txid)));
        // The same content makes the same transaction, byte for byte: writing it out again pays nobody twice.
        if let Some(same) = content.and_then(|content| self.signing_of(content)) {
            verdict.same = Some(same.number);
            let void = if same.declared_void { ", WHICH HAS BEEN DECLARED VOID" } else { "" };
            let message = format!("this same transaction was signed before, as entry {}{void}", same.number);
            verdict.warnings.push(Warning { code: Code::SignedBefore, message });
            return verdict;
        }
        let identity = RequestIdentity::of(request);
        let relatives = Relatives::of(inputs, &graph);
        let paid: BTreeSet<Script> = recipients(request).into_iter().collect();
        let mut twins = BTreeSet::new();
        // If its output exists, the operator was wrong to declare it void: it has paid, and its replacement pays again.
        for past in self.signings.iter().filter(|past| past.declared_void) {
            if relatives.descends_from(past.facts.txid) {
                let message = format!(
                    "VOID ENTRY CONFIRMED: this spends an output of transaction {}, which entry {} signed and which was declared void. If that output exists, the transaction has confirmed and has paid. Find out whether its request was paid a second time",
                    past.facts.txid, past.number
                );
                verdict.warnings.push(Warning { code: Code::VoidConfirmed, message });
            }
        }
        for past in self.signings.iter().filter(|past| !past.declared_void) {
            let facts = &past.facts;
            let excluded = relatives.excludes(facts.txid);
            if facts.request == identity && !excluded {
                let found = format!(
                    "transaction {} of entry {}, which this one does not exclude",
                    facts.txid, past.number
                );
                let expected = "a request signed once, or a new transaction that spends a coin of every earlier one for it";
                verdict.mismatches.push(Mismatch::new(Code::AlreadySigned, "the journal", found, expected));
            }
            if excluded {
                continue;
            }
            // Both transactions can confirm, whatever AMP says: an operator who cancelled the earlier request learns it here.
            let pays_again = facts.recipients.iter().any(|script| paid.contains(script));
            if facts.request != identity && alike(facts, request, pays_again) {
                let message = format!(
                    "entry {} signed a similar {}: transaction {}. Both can confirm. Make sure that both are meant",
                    past.number, facts.command, facts.txid
                );
                verdict.warnings.push(Warning { code: Code::Alike, message });
            }
            if relatives.descends_from(facts.txid) {
                verdict.after.push(past.clone());
                continue;
            }
            verdict.open.push(past.clone());
            let Some(uuid) = facts.distribution.as_ref().filter(|_| request.command() == Command::Distribute)
            else {
                continue;
            };
            if facts.asset == request.asset && Some(uuid) != request.distribution_uuid() && pays_again {
                let found = format!(
                    "distribution {uuid}, transaction {} of entry {}, which pays a holder of this one and can still confirm",
                    facts.txid, past.number
                );
                let expected = "no open distribution to the same holders, or its uuid typed at the terminal";
                verdict.mismatches.push(Mismatch::new(Code::OpenTwin, "the journal", found, expected));
                if twins.insert(uuid) {
                    verdict.twins.push(uuid.clone());
                }
            }
        }
        verdict
    }
}

#[cfg(test)]
pub(super) mod tests;
