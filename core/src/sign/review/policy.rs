//! The issuer's own rules for an asset, set on the air-gapped machine. They limit what any request may ask for.
//!
//! AMP's request comes from the same machine as the PSET, so their agreement proves little. A policy pins the asset and
//! limits every request (docs/rules.md#policy-limits) and, by its budget, the sum of all of them (docs/rules.md#budget).
//! A signer that approves without a person is only as safe as these numbers.

use std::collections::{BTreeMap, BTreeSet};

use elements::AssetId;

use super::approver_key::ApproverKey;
use super::asset::AssetKnowledge;
use super::fee_cap::FeeCap;
use super::history::History;
use super::mismatch::Mismatch;
use super::warning::Warning;
use crate::amp::request::{Command, Uuid};
use crate::amp::{Job, Request};
use crate::code::Code;
use crate::units::AssetAmount;

/// What the issuer allows for one asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The journal entry that set it.
    pub number: u32,
    /// The entry after which signatures count, for each command whose budgets continue from an earlier policy. For the others
    /// it is [`Policy::number`].
    pub counted_from: BTreeMap<Command, u32>,
    /// The asset that it limits.
    pub asset: AssetId,
    /// What is proven about the asset: token ids, ticker and precision, where the issuance is known.
    pub proof: AssetKnowledge,
    /// AMP's uuid of the asset, if it is pinned.
    pub asset_uuid: Option<Uuid>,
    /// The limits of each command. A command that is missing has none.
    pub limits: BTreeMap<Command, JobLimits>,
    /// How many recipients one distribution may have.
    pub max_recipients: Option<u32>,
    /// How much one recipient may get in one distribution, in base units.
    pub max_per_recipient: Option<AssetAmount>,
    /// The most that a fee may be.
    pub fee_cap: FeeCap,
    /// Who may approve. If there are any, nothing else approves.
    pub approvers: BTreeSet<ApproverKey>,
    /// Whether recipients without a blinding key are refused.
    pub forbid_unconfidential: bool,
}

/// Limits of one command.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct JobLimits {
    /// The most that one request may ask for, in base units.
    pub max: Option<AssetAmount>,
    /// The most that all signatures since the budget began to count may add up to, in base units.
    pub budget: Option<AssetAmount>,
    /// How many signatures may be made since the budget began to count.
    pub budget_count: Option<u32>,
}

/// What a command has used of its budget.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BudgetUse {
    /// The amount signed, in base units.
    pub amount: AssetAmount,
    /// How many signatures were made.
    pub count: u32,
}

/// What policy says about a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct PolicyVerdict {
    pub(super) mismatches: Vec<Mismatch>,
    pub(super) warnings: Vec<Warning>,
}

impl JobLimits {
    /// Whether signatures are counted.
    pub fn has_budget(self) -> bool {
        self.budget.is_some() || self.budget_count.is_some()
    }
}

impl PolicyVerdict {
    pub(super) fn refuse(
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
    /// Compares a request with this policy. Without `history` no budget is counted.
    pub(super) fn judge(&self, request: &Request, history: Option<&History>, verdict: &mut PolicyVerdict) {
        if let Some(pinned) = self.asset_uuid.as_ref().filter(|pinned| **pinned != request.asset_uuid) {
            verdict.refuse(Code::PolicyAsset, "asset_uuid", &request.asset_uuid, pinned);
        }
        let command = request.command();
        let total = request.total();
        let limits = self.limits(command);
        if let Some(max) = limits.max.filter(|max| total > *max) {
            let (found, expected) =
                (self.amount_in_words(total), format!("at most {} at once", self.amount_in_words(max)));
            verdict.refuse(Code::PolicyMax, &format!("the {command}"), found, expected);
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
                    let place = format!("recipient {}", recipient.address);
                    let found = self.amount_in_words(recipient.amount);
                    let expected = format!("at most {}", self.amount_in_words(max));
                    verdict.refuse(Code::PolicyRecipients, &place, found, expected);
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

    /// Every signature since the budget began to count uses its amount, whether or not it was sent.
    fn judge_budget(
        &self,
        command: Command,
        total: AssetAmount,
        limits: JobLimits,
        history: &History,
        verdict: &mut PolicyVerdict,
    ) {
        let BudgetUse { amount: used, count } = self.used(command, history);
        let place = format!("the budget for {command}");
        if let Some(budget) = limits.budget
            && used.checked_add(total).is_none_or(|sum| sum > budget)
        {
            let (total, used) = (self.amount_in_words(total), self.amount_in_words(used));
            let found = format!("{total} on top of {used} signed since it began to count");
            let expected = format!("at most {} in all", self.amount_in_words(budget));
            verdict.refuse(Code::PolicyBudget, &place, found, expected);
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

    /// Continues the budgets of an earlier policy for the same asset, except those that are renewed. A command without a budget
    /// before was not counted, and starts with this policy.
    pub fn continue_counting(&mut self, earlier: &Policy, renewed: &BTreeSet<Command>) {
        let counted = Command::ALL.into_iter().filter(|command| {
            earlier.limits(*command).has_budget()
                && self.limits(*command).has_budget()
                && !renewed.contains(command)
        });
        self.counted_from = counted.map(|command| (command, earlier.counted_from(command))).collect();
    }

    /// What a command has used of its budget. A sum that overflows counts as the largest amount.
    pub fn used(&self, command: Command, history: &History) -> BudgetUse {
        let from = self.counted_from(command);
        let signings = history.signings.iter().filter(|past| {
            past.number > from && past.facts.command == command && past.facts.asset == self.asset
        });
        let amounts: Vec<AssetAmount> = signings.map(|past| past.facts.amount).collect();
        let count = u32::try_from(amounts.len()).unwrap_or(u32::MAX);
        let amount = AssetAmount::checked_sum(amounts).unwrap_or(AssetAmount::from_base_units(u64::MAX));
        BudgetUse { amount, count }
    }
}

#[cfg(test)]
mod tests;
