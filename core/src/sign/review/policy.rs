//! The issuer's own rules for an asset, set on the air-gapped machine: what a request may ask for, whoever wrote it.
//!
//! AMP's request comes from the same machine as the PSET, so their agreement proves little. A policy pins the asset and
//! limits every request (docs/rules.md#policy-limits) and, by its budget, the sum of all of them (docs/rules.md#budget).
//! A signer that approves unattended is as safe as these numbers.

mod change;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use elements::{AssetId, OutPoint};

use super::approval::ApproverKey;
use super::asset::AssetKnowledge;
use super::history::{History, LaterUnknown};
use super::mismatch::Mismatch;
use super::warning::Warning;
use crate::amp::request::{Command, Uuid};
use crate::amp::{Job, Request};
use crate::code::Code;
use crate::limits::{DEFAULT_MAX_FEE, DEFAULT_MAX_FEE_RATE};
use crate::listed::listed;
use crate::units::{AssetAmount, FeeRate, Satoshi, VirtualSize};

pub use change::{AssetChange, Effect, RuleChange};

/// What the issuer allows for one asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The chain's entry that set it.
    pub number: u32,
    /// The entry after which signatures count, of each command whose budgets go on counting from an earlier policy; of
    /// the others it is [`Policy::number`].
    pub counted_from: BTreeMap<Command, u32>,
    /// The asset.
    pub asset: AssetId,
    /// What it is proven to be: token ids, ticker and precision, where the issuance is known.
    pub proof: AssetKnowledge,
    /// AMP's name for the asset.
    pub asset_uuid: Option<Uuid>,
    /// Limits by command; a command that is missing has none.
    pub limits: BTreeMap<Command, JobLimits>,
    /// Recipients that one distribution may have.
    pub max_recipients: Option<u32>,
    /// What one recipient may get at once, in base units.
    pub max_per_recipient: Option<AssetAmount>,
    /// The fee.
    pub fee_cap: FeeCap,
    /// Who may approve; where there are any, nothing else approves.
    pub approvers: BTreeSet<ApproverKey>,
    /// Whether recipients without a blinding key are refused.
    pub forbid_unconfidential: bool,
}

/// Limits of one command.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct JobLimits {
    /// Base units of one request.
    pub max: Option<AssetAmount>,
    /// Base units of all signatures since the budget began to count.
    pub budget: Option<AssetAmount>,
    /// How many signatures since the budget began to count.
    pub budget_count: Option<u32>,
}

/// The most that a transaction may pay as fee.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FeeCap {
    /// In all.
    pub absolute: Option<Satoshi>,
    /// On the full size, which the ELIP-200 discount does not shrink.
    pub rate: Option<FeeRate>,
}

/// All that the chain of policy and journal says: what a review needs of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Records {
    /// The policies in force, one an asset.
    pub policies: Vec<Policy>,
    /// What was signed; none where no journal exists, as on the online machine.
    pub history: Option<History>,
    /// One for each time that the journal was restored from a backup, as long as the entries after it are not accounted for.
    pub later_unknown: Vec<LaterUnknown>,
    /// The fee cap where no policy has one: a second machine that audits or approves is told what the first one allows.
    pub fee_cap: FeeCap,
    /// Whether a reissue may leave out token outputs that AMP lists, which the operator says and no chain: AMP's split
    /// token (docs/rules.md#token-inputs).
    pub allow_missing_tokens: bool,
    /// Up to which index the treasury has used its addresses, by the operator's word, beyond what was signed here: a keystore
    /// that was restored does not know. On the online machine, what the chain shows without a gap.
    pub used_up_to: Option<u32>,
    /// Whether this looks at what another machine signed, and signs nothing: what that machine's journal alone can know is
    /// not asked for.
    pub is_audit: bool,
}

/// What policy says of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct PolicyVerdict {
    pub(super) mismatches: Vec<Mismatch>,
    pub(super) warnings: Vec<Warning>,
}

impl FeeCap {
    /// The cap on a transaction of this full size. Without a policy's own: max(1,000 sat, 200 sat/kvB)
    /// (docs/rules.md#fee-limits).
    pub fn on(self, full_size: VirtualSize) -> Satoshi {
        // A rate whose fee does not fit forbids nothing that could be paid.
        let by_rate =
            |rate: FeeRate| rate.fee(full_size).unwrap_or(Satoshi::from_sat(crate::limits::MAX_MONEY));
        match (self.absolute, self.rate.map(by_rate)) {
            (Some(absolute), Some(by_rate)) => absolute.min(by_rate),
            (Some(cap), None) | (None, Some(cap)) => cap,
            (None, None) => by_rate(DEFAULT_MAX_FEE_RATE).max(DEFAULT_MAX_FEE),
        }
    }
}

impl fmt::Display for FeeCap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.absolute, self.rate) {
            (None, None) => {
                write!(f, "the larger of {DEFAULT_MAX_FEE} and {DEFAULT_MAX_FEE_RATE} of the full size")
            }
            (Some(absolute), None) => write!(f, "the policy's {absolute}"),
            (None, Some(rate)) => write!(f, "the policy's {rate} of the full size"),
            (Some(absolute), Some(rate)) => {
                write!(f, "the policy's {absolute} and {rate} of the full size, the lower of the two")
            }
        }
    }
}

impl Records {
    /// The highest index that the treasury is known to have used.
    pub(super) fn known_index(&self) -> Option<u32> {
        self.history.as_ref().and_then(History::highest_own_index).max(self.used_up_to)
    }

    /// The highest index that it is shown to have used: by signings whose outputs are spent, by these coins or by another
    /// signing, or by the operator's word.
    pub(super) fn shown_index(&self, coins: impl Iterator<Item = OutPoint>) -> Option<u32> {
        let spent = self.history.as_ref().and_then(|history| history.highest_spent_index(coins));
        spent.max(self.used_up_to)
    }

    /// The policy for an asset.
    pub fn policy(&self, asset: AssetId) -> Option<&Policy> {
        self.policies.iter().find(|policy| policy.asset == asset)
    }

    /// Holds a request against policy, budgets included. `same` says that the very transaction was signed before, which
    /// uses no budget a second time.
    pub(super) fn judge(&self, request: &Request, same: bool) -> PolicyVerdict {
        let mut verdict = PolicyVerdict::default();
        // A forged request may name the token as its asset, to be paid out or burnt like any other.
        let reissued = |policy: &&Policy| {
            policy.proof.ids().is_some_and(|ids| ids.kind_of_token(request.asset).is_some())
        };
        if let Some(policy) = self.policies.iter().find(reissued) {
            let found = format!("{}, the reissuance token of {}", request.asset, policy.asset);
            verdict.refuse(Code::TokenUnexpected, "asset_id", found, "an asset, never its token");
        }
        match self.policy(request.asset) {
            Some(policy) => policy.judge(request, self.history.as_ref().filter(|_| !same), &mut verdict),
            None if self.policies.is_empty() => verdict.warnings.push(Warning {
                code: Code::NoPolicy,
                message: "NO POLICY for this asset: no maximum, no budget and no pinned ids; only this request and your eyes decide".to_owned(),
            }),
            // Where an issuer has set rules, naming an asset that has none must not be the way around them.
            None => {
                let pinned = listed(self.policies.iter().map(|policy| policy.asset));
                verdict.refuse(
                    Code::PolicyAsset,
                    "asset_id",
                    request.asset,
                    format!("an asset under a policy: {pinned}"),
                );
            }
        }
        verdict
    }
}

impl JobLimits {
    /// Whether signatures are counted at all.
    pub fn has_budget(self) -> bool {
        self.budget.is_some() || self.budget_count.is_some()
    }
}

impl PolicyVerdict {
    fn refuse(
        &mut self,
        code: Code,
        place: &str,
        found: impl std::fmt::Display,
        expected: impl std::fmt::Display,
    ) {
        self.mismatches.push(Mismatch::new(code, place, found, expected));
    }
}

impl Policy {
    fn judge(&self, request: &Request, history: Option<&History>, verdict: &mut PolicyVerdict) {
        if let Some(pinned) = self.asset_uuid.as_ref().filter(|pinned| **pinned != request.asset_uuid) {
            verdict.refuse(Code::PolicyAsset, "asset_uuid", &request.asset_uuid, pinned);
        }
        let command = request.command();
        let total = request.total();
        let limits = self.limits(command);
        if let Some(max) = limits.max.filter(|max| total > *max) {
            let found = format!("{total} base units");
            verdict.refuse(
                Code::PolicyMax,
                &format!("the {command}"),
                found,
                format!("at most {max} base units at once"),
            );
        }
        if let Some(history) = history {
            self.judge_budget(command, total, limits, history, verdict);
        }
        if let Job::Distribute { recipients, .. } = &request.job {
            let count = u32::try_from(recipients.len()).unwrap_or(u32::MAX);
            if let Some(max) = self.max_recipients.filter(|max| count > *max) {
                let found = format!("{count} recipients");
                verdict.refuse(
                    Code::PolicyRecipients,
                    "the distribution",
                    found,
                    format!("at most {max} recipients"),
                );
            }
            for recipient in recipients {
                if let Some(max) = self.max_per_recipient.filter(|max| recipient.amount > *max) {
                    let (place, found) = (
                        format!("recipient {}", recipient.address),
                        format!("{} base units", recipient.amount),
                    );
                    verdict.refuse(
                        Code::PolicyRecipients,
                        &place,
                        found,
                        format!("at most {max} base units"),
                    );
                }
                if self.forbid_unconfidential && recipient.address.blinding_pubkey.is_none() {
                    let place = format!("recipient {}", recipient.address);
                    verdict.refuse(
                        Code::PolicyUnconfidential,
                        &place,
                        "an address without a blinding key",
                        "confidential recipients only",
                    );
                }
            }
        }
    }

    /// Every signature since the budget began to count has used its part, whether or not it was ever sent.
    fn judge_budget(
        &self,
        command: Command,
        total: AssetAmount,
        limits: JobLimits,
        history: &History,
        verdict: &mut PolicyVerdict,
    ) {
        let (used, count) = self.used(command, history);
        let place = format!("the budget for {command}");
        if let Some(budget) = limits.budget
            && used.checked_add(total).is_none_or(|sum| sum > budget)
        {
            let found =
                format!("{total} base units on top of {used} base units signed since it began to count");
            verdict.refuse(Code::PolicyBudget, &place, found, format!("at most {budget} base units in all"));
        }
        if let Some(most) = limits.budget_count.filter(|most| count >= *most) {
            let found = format!("one more on top of {count} signatures since it began to count");
            verdict.refuse(Code::PolicyBudget, &place, found, format!("at most {most} signatures in all"));
        }
    }

    /// The limits of a command.
    pub fn limits(&self, command: Command) -> JobLimits {
        self.limits.get(&command).copied().unwrap_or_default()
    }

    /// The entry after which signatures of a command count.
    pub fn counted_from(&self, command: Command) -> u32 {
        self.counted_from.get(&command).copied().unwrap_or(self.number)
    }

    /// Goes on counting where an earlier policy of the same asset counts, but for the budgets that are renewed. What had
    /// no budget was not counted, and starts with this policy.
    pub fn continue_counting(&mut self, earlier: &Policy, renewed: &BTreeSet<Command>) {
        let counted = Command::ALL.into_iter().filter(|command| {
            earlier.limits(*command).has_budget()
                && self.limits(*command).has_budget()
                && !renewed.contains(command)
        });
        self.counted_from = counted.map(|command| (command, earlier.counted_from(command))).collect();
    }

    /// Base units and number of signatures that a command has used of its budget. A sum that does not fit is more than
    /// any budget.
    pub fn used(&self, command: Command, history: &History) -> (AssetAmount, u32) {
        let from = self.counted_from(command);
        let signings = history.signings.iter().filter(|past| {
            past.number > from && past.facts.command == command && past.facts.asset == self.asset
        });
        let amounts: Vec<AssetAmount> = signings.map(|past| past.facts.amount).collect();
        let count = u32::try_from(amounts.len()).unwrap_or(u32::MAX);
        (AssetAmount::checked_sum(amounts).unwrap_or(AssetAmount::from_base_units(u64::MAX)), count)
    }
}

#[cfg(test)]
mod tests;
