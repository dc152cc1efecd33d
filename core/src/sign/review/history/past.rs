//! What the journal remembers of each signing.

use std::collections::BTreeSet;

use elements::{AssetId, OutPoint, Script, Txid};

#[cfg(feature = "signer")]
use super::super::checked::CheckedPset;
use super::super::warning::Warning;
use crate::amp::request::{Command, RequestIdentity, Uuid};
use crate::amp::{Job, Request};
use crate::code::Code;
use crate::pset::ContentHash;
use crate::units::{AssetAmount, Satoshi};

/// What is remembered of a signing: enough to tell whether another transaction may be signed as well, and how much of a
/// budget it used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningFacts {
    /// The content that was approved. Equal contents make equal transactions.
    pub content: ContentHash,
    /// The id of the transaction.
    pub txid: Txid,
    /// What the request means, whatever its bytes.
    pub request: RequestIdentity,
    /// SHA-256 of the request's bytes, as a review prints it.
    pub request_sha256: [u8; 32],
    /// The request's command.
    pub command: Command,
    /// AMP's uuid of the distribution, if it is one.
    pub distribution: Option<Uuid>,
    /// The request's asset.
    pub asset: AssetId,
    /// The request's amount, in base units: see [`crate::amp::Request::total`].
    pub amount: AssetAmount,
    /// The transaction's fee.
    pub fee: Satoshi,
    /// The coins that the transaction spends.
    pub inputs: Vec<OutPoint>,
    /// The scripts of the recipients.
    pub recipients: Vec<Script>,
    /// The highest address index of its outputs to this treasury. `None` where all outputs go to others. The coins that it
    /// spends do not count: anybody can pay one to any address.
    pub own_index: Option<u32>,
}

/// A signing in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastSigning {
    /// The number of its journal entry.
    pub number: u32,
    /// Whether the operator declared that its transaction can never confirm.
    pub declared_void: bool,
    /// What was signed.
    pub facts: SigningFacts,
}

/// A gap that a journal may have since it was restored from a backup. A journal that was restored twice has two of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LaterUnknown {
    /// The number of the backup's newest entry.
    pub known: u32,
    /// The newest entry number that the operator found in signed files and notes. `None` until the operator has looked.
    pub newest: Option<u32>,
}

impl LaterUnknown {
    /// The warning that every review gives until the operator has acknowledged what is missing.
    pub(in super::super) fn warning(self) -> Warning {
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

/// Everything that this keystore is known to have signed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// The signings, in the order of their numbers.
    pub signings: Vec<PastSigning>,
    /// Whether something may have been signed before the journal began, and the operator has not said what.
    pub earlier_unknown: bool,
}

#[cfg(feature = "signer")]
impl SigningFacts {
    /// The facts of signing a checked PSET whose transaction has this id.
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
pub(super) fn recipients(request: &Request) -> Vec<Script> {
    match &request.job {
        Job::Distribute { recipients, .. } => {
            recipients.iter().map(|recipient| recipient.address.script_pubkey()).collect()
        }
        Job::Reissue { .. } | Job::Burn { .. } => Vec::new(),
    }
}

impl History {
    /// The highest address index of this treasury that any signing pays, except those declared void
    /// (docs/rules.md#change-index).
    pub(crate) fn highest_own_index(&self) -> Option<u32> {
        let valid = self.signings.iter().filter(|past| !past.declared_void);
        valid.filter_map(|past| past.facts.own_index).max()
    }

    /// The same, among the signings whose outputs are spent by these coins or by another signing. A signing whose outputs are
    /// not spent may never have been sent, so it does not show that the treasury uses the addresses that it pays.
    pub(in super::super) fn highest_spent_index(&self, coins: impl Iterator<Item = OutPoint>) -> Option<u32> {
        let valid = || self.signings.iter().filter(|past| !past.declared_void);
        let signed = valid().flat_map(|past| past.facts.inputs.iter().copied());
        let parents: BTreeSet<Txid> = signed.chain(coins).map(|coin| coin.txid).collect();
        let spent = valid().filter(|past| parents.contains(&past.facts.txid));
        spent.filter_map(|past| past.facts.own_index).max()
    }

    /// The entry that signed this content, if one did.
    pub fn signing_of(&self, content: &ContentHash) -> Option<&PastSigning> {
        self.signings.iter().find(|past| past.facts.content == *content)
    }

    /// The signing with this number. Signings are in the order of their numbers.
    pub(super) fn signing(&self, number: u32) -> Option<&PastSigning> {
        let place = self.signings.binary_search_by_key(&number, |past| past.number).ok()?;
        self.signings.get(place)
    }
}
