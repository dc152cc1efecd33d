//! What was signed before, and whether a new transaction may stand beside it.
//!
//! A signed file is good for being sent until one of its coins is spent, so a request is paid once only if at most one
//! of the transactions signed for it can ever confirm. Two transactions **exclude** each other when no chain can hold
//! both: they spend a common outpoint, or one of them or of those it descends from spends an outpoint with the other or
//! with one that the other descends from (docs/rules.md#exclusion). A transaction never excludes its own ancestor.
//!
//! A hostile preparer chooses the inputs of a new PSET, and cannot cheat with them: whatever outpoint or parent it
//! names, the transaction is valid only where that outpoint exists unspent and that parent confirmed.
//!
//! One thing stands here on the operator's word alone: that a signed transaction is **void**, it can never confirm. Such a
//! word is given because a coin does not exist, and a transaction signed later could make that coin, itself or through
//! transactions that were signed before. None that would is signed: its id is known before it is signed, since blinding is
//! a function of content and view key.

mod lineage;
mod void;

use std::collections::BTreeSet;

use elements::{AssetId, OutPoint, Script, Txid};

#[cfg(feature = "signer")]
use super::check::CheckedPset;
use super::mismatch::Mismatch;
use super::warning::Warning;
use crate::amp::request::{Command, RequestIdentity, Uuid};
use crate::amp::{Job, Request};
use crate::code::Code;
use crate::pset::ContentHash;
use crate::units::{AssetAmount, Satoshi};
use lineage::{Lineage, Signed};
pub use void::VoidTies;

/// What is remembered of a signing: enough to tell whether another one may stand beside it, and what of a budget it used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningFacts {
    /// What was approved; equal content is the equal transaction.
    pub content: ContentHash,
    /// The transaction.
    pub txid: Txid,
    /// What the request means.
    pub request: RequestIdentity,
    /// SHA-256 of the request's bytes, as a review prints it.
    pub request_sha256: [u8; 32],
    /// Its command.
    pub command: Command,
    /// AMP's name for the distribution, if it is one.
    pub distribution: Option<Uuid>,
    /// The asset.
    pub asset: AssetId,
    /// How much of it, in base units: see [`crate::amp::Request::total`].
    pub amount: AssetAmount,
    /// The fee.
    pub fee: Satoshi,
    /// What it spends.
    pub inputs: Vec<OutPoint>,
    /// The scripts of the recipients.
    pub recipients: Vec<Script>,
    /// The highest index of what it pays to this treasury itself; none where all of it goes to others. Coins that it spends
    /// do not count: anybody can pay one to any address.
    pub own_index: Option<u32>,
}

/// A signing that stands in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastSigning {
    /// Its entry's number in the chain.
    pub number: u32,
    /// Whether the operator has declared that its transaction can never confirm.
    pub declared_void: bool,
    /// What was signed.
    pub facts: SigningFacts,
}

/// What a journal may lack since it was restored from a backup. A journal that was restored twice has two of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LaterUnknown {
    /// The number of the backup's newest entry.
    pub known: u32,
    /// The newest entry number that the operator found in signed files and notes; none where nobody has looked yet.
    pub newest: Option<u32>,
}

impl LaterUnknown {
    /// The warning of every review until the operator has looked, and has acknowledged what is missing.
    pub(super) fn warning(self) -> Warning {
        let message = match self.newest {
            None => format!(
                "LATER SIGNINGS UNKNOWN: this journal was restored from a backup. It lacks whatever was signed, and every policy that was set, after entry {}. A request may be paid twice, and budgets do not count the missing signings",
                self.known
            ),
            Some(newest) => format!(
                "LATER SIGNINGS MISSING: this journal was restored from a backup and lacks entries {} to {newest}. What they signed may be paid twice, budgets do not count it, and a policy that they set is not in force",
                self.known.saturating_add(1)
            ),
        };
        Warning { code: Code::LaterUnknown, message }
    }
}

/// Everything that this keystore is known to have signed, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// The signings, in order of their numbers.
    pub signings: Vec<PastSigning>,
    /// Whether something may have been signed before the journal began, and nobody has said that this is known.
    pub earlier_unknown: bool,
}

/// A PSET that is held against history.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate<'a> {
    pub(super) request: &'a Request,
    /// What it spends.
    pub(super) inputs: &'a [OutPoint],
    /// Its content, where it has one.
    pub(super) content: Option<&'a ContentHash>,
    /// Its transaction, where it agrees with request and descriptor: nothing else gets blinded.
    pub(super) txid: Option<Txid>,
}

/// What history says of a checked PSET.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct HistoryVerdict {
    pub(super) mismatches: Vec<Mismatch>,
    pub(super) warnings: Vec<Warning>,
    /// Earlier signings that can still confirm beside this one.
    pub(super) open: Vec<PastSigning>,
    /// Earlier signings that must have confirmed before this one can: it spends their outputs, itself or through others.
    pub(super) after: Vec<PastSigning>,
    /// The uuids behind each OPEN_TWIN, oldest first: typing them lifts it.
    pub(super) twins: Vec<Uuid>,
    /// The entry of the same transaction, if it was signed before.
    pub(super) same: Option<u32>,
}

#[cfg(feature = "signer")]
impl SigningFacts {
    /// The facts of a checked PSET whose transaction has this id.
    pub(in crate::sign) fn of(checked: &CheckedPset, txid: Txid) -> Self {
        let request = checked.request();
        let effects = checked.effects();
        let own = effects.outputs.iter().filter_map(|output| output.own.as_ref());
        SigningFacts {
            content: checked.content().hash(),
            txid,
            request: RequestIdentity::of(request),
            request_sha256: request.sha256(),
            command: request.command(),
            distribution: request.distribution_uuid().cloned(),
            asset: request.asset,
            amount: request.total(),
            fee: checked.fee(),
            inputs: checked.content().inputs.iter().map(|input| input.outpoint).collect(),
            recipients: recipients(request),
            own_index: own.map(|own| own.path.index).max(),
        }
    }
}

/// The scripts that a request pays.
fn recipients(request: &Request) -> Vec<Script> {
    match &request.job {
        Job::Distribute { recipients, .. } => {
            recipients.iter().map(|recipient| recipient.address.script_pubkey()).collect()
        }
        Job::Reissue { .. } | Job::Burn { .. } => Vec::new(),
    }
}

/// Whether an earlier signing did much the same: the same command on the same asset, for a holder or an amount of now.
/// One listed coin more makes another request of the same burn.
fn alike(facts: &SigningFacts, request: &Request, same_holder: bool) -> bool {
    let same_amount = facts.command != Command::Distribute && facts.amount == request.total();
    facts.command == request.command() && facts.asset == request.asset && (same_holder || same_amount)
}

impl History {
    /// The highest index of this treasury that anything signed pays, unless it was declared void (docs/rules.md#change-index).
    pub fn highest_own_index(&self) -> Option<u32> {
        let standing = self.signings.iter().filter(|past| !past.declared_void);
        standing.filter_map(|past| past.facts.own_index).max()
    }

    /// The same of the signings whose outputs are spent, by these coins or by another signing. A signing whose outputs nothing
    /// spends may never have been sent, so it does not show that the treasury uses the addresses that it pays.
    pub(super) fn highest_spent_index(&self, coins: impl Iterator<Item = OutPoint>) -> Option<u32> {
        let standing = || self.signings.iter().filter(|past| !past.declared_void);
        let signed = standing().flat_map(|past| past.facts.inputs.iter().copied());
        let parents: BTreeSet<Txid> = signed.chain(coins).map(|coin| coin.txid).collect();
        let spent = standing().filter(|past| parents.contains(&past.facts.txid));
        spent.filter_map(|past| past.facts.own_index).max()
    }

    /// The entry that signed this very transaction, if one did.
    pub fn same(&self, content: &ContentHash) -> Option<&PastSigning> {
        self.signings.iter().find(|past| past.facts.content == *content)
    }

    /// Holds a PSET against everything signed before.
    pub(super) fn judge(&self, candidate: Candidate<'_>) -> HistoryVerdict {
        let Candidate { request, inputs, content, txid } = candidate;
        let mut verdict = HistoryVerdict::default();
        let signed = Signed::of(&self.signings);
        if self.earlier_unknown {
            let message = "EARLIER SIGNINGS UNKNOWN: this keystore was restored from words, and what those words signed before, on this or another machine, is not in this journal";
            verdict.warnings.push(Warning { code: Code::EarlierUnknown, message: message.to_owned() });
        }
        // Before the same transaction is given out again: the file of a signing that was declared void may never have left.
        verdict.mismatches.extend(txid.and_then(|txid| self.revival(&signed, txid)));
        // The same content is the same transaction, byte for byte: giving it out again pays nobody twice.
        if let Some(same) = content.and_then(|content| self.same(content)) {
            verdict.same = Some(same.number);
            let void = if same.declared_void { ", WHICH WAS DECLARED VOID SINCE" } else { "" };
            let message = format!("this very transaction was signed before, as entry {}{void}", same.number);
            verdict.warnings.push(Warning { code: Code::SignedBefore, message });
            return verdict;
        }
        let identity = RequestIdentity::of(request);
        let lineage = Lineage::of(inputs, &signed);
        let paid: BTreeSet<Script> = recipients(request).into_iter().collect();
        let mut twins = BTreeSet::new();
        // Whoever declared it void was wrong if its output exists: it has paid, and whatever was signed in its place pays again.
        for past in self.signings.iter().filter(|past| past.declared_void) {
            if lineage.descends_from(past.facts.txid) {
                let message = format!(
                    "VOID ENTRY CONFIRMED: this spends an output of transaction {}, which entry {} signed and which was declared void. If that output exists, the transaction has confirmed and has paid. Find out whether its request was paid a second time",
                    past.facts.txid, past.number
                );
                verdict.warnings.push(Warning { code: Code::VoidConfirmed, message });
            }
        }
        for past in self.signings.iter().filter(|past| !past.declared_void) {
            let facts = &past.facts;
            let excluded = lineage.excludes(facts.txid);
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
            // Settled or open, both transactions stand: whoever cancelled the earlier request at AMP learns of it here.
            let pays_again = facts.recipients.iter().any(|script| paid.contains(script));
            if facts.request != identity && alike(facts, request, pays_again) {
                let message = format!(
                    "entry {} signed a {} that is much like this one, transaction {}, and both can confirm: make sure that both are meant",
                    past.number, facts.command, facts.txid
                );
                verdict.warnings.push(Warning { code: Code::Alike, message });
            }
            if lineage.descends_from(facts.txid) {
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
