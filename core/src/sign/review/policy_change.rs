//! What another policy would change for an asset, rule by rule, and which rules become weaker
//! (docs/rules.md#weaker-policy). A weaker rule allows something that is refused now, or lets somebody else approve it.
//!
//! Removing an approver weakens a policy. So does adding one: an operator who can replace the approver needs no approval.

use std::collections::BTreeSet;

use elements::AssetId;

use super::approver_key::ApproverKey;
use super::asset::AssetKnowledge;
use super::fee_cap::FeeCap;
use super::journal_state::JournalState;
use super::policy::Policy;
use crate::amp::request::Command;
use crate::limits::{DEFAULT_MAX_FEE, DEFAULT_MAX_FEE_RATE, MAX_STANDARD_WEIGHT};
use crate::units::{AssetAmount, Weight, grouped_digits};

/// How a rule changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The rule stays the same.
    Same,
    /// The rule allows nothing that was refused.
    Stricter,
    /// The rule allows something that was refused, or is removed.
    Weaker,
}

/// A rule before and after the change, in words with units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleChange {
    /// The name of the rule, which is its key in a policy file.
    pub rule: String,
    /// The rule that is in force.
    pub before: String,
    /// The rule after the change.
    pub after: String,
    /// How the rule changes.
    pub effect: Effect,
}

/// What a change means for one asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetChange {
    /// The asset whose policy changes.
    pub asset: AssetId,
    /// Every rule, including those that stay the same.
    pub rules: Vec<RuleChange>,
    /// A weakening needs the signature of one approver of each of these sets.
    pub approvers: Vec<BTreeSet<ApproverKey>>,
}

impl AssetChange {
    /// The rules that become weaker.
    pub fn weaker(&self) -> impl Iterator<Item = &RuleChange> {
        self.rules.iter().filter(|rule| rule.effect == Effect::Weaker)
    }

    /// Whether every rule stays the same.
    pub fn is_nothing(&self) -> bool {
        self.rules.iter().all(|rule| rule.effect == Effect::Same)
    }
}

impl JournalState {
    /// What would change if this policy were put in force for an asset, or, with `None`, if the policy in force were removed.
    /// Budgets that do not continue from the policy in force are renewed ([`Policy::continue_counting`]).
    pub fn change(&self, asset: AssetId, after: Option<&Policy>) -> AssetChange {
        let unlimited = Policy::without_limits(asset);
        let (mut rules, in_force) = match (self.policy(asset), after) {
            (None, None) => (Vec::new(), Vec::new()),
            (Some(before), Some(after)) => (compared(before, after), vec![before]),
            // Nothing forbids any more what the removed policy forbade.
            (Some(before), None) => {
                let mut rules = vec![rule("policy", "in force", "removed", Effect::Weaker)];
                rules.extend(compared(before, &unlimited));
                (rules, vec![before])
            }
            // A policy without any limit still refuses every other asset.
            (None, Some(after)) if self.policies.is_empty() => {
                let mut rules =
                    vec![rule("asset", "any is allowed", "this one is allowed", Effect::Stricter)];
                rules.extend(compared(&unlimited, after));
                (rules, Vec::new())
            }
            // Where other assets have policies, this asset is refused, so any policy for it allows something. Without a
            // contract nobody knows that it is not the reissuance token of one of them.
            (None, Some(after)) => {
                let mut rules = vec![rule("asset", "refused, without a policy", "allowed", Effect::Weaker)];
                let opened = compared(&unlimited, after).into_iter();
                rules.extend(opened.map(|rule| RuleChange {
                    before: "refused".to_owned(),
                    effect: Effect::Same,
                    ..rule
                }));
                (rules, self.policies.iter().collect())
            }
        };
        if let (Some(before), Some(after)) = (self.policy(asset), after) {
            rules.extend(renewals(before, after));
        }
        let named = in_force.iter().map(|policy| &policy.approvers);
        AssetChange { asset, rules, approvers: named.filter(|keys| !keys.is_empty()).cloned().collect() }
    }
}

impl Policy {
    /// The rules that apply to an asset while there is no policy at all.
    pub(super) fn without_limits(asset: AssetId) -> Self {
        Policy {
            number: 0,
            counted_from: Default::default(),
            asset,
            proof: AssetKnowledge::Unproven,
            asset_uuid: None,
            limits: Default::default(),
            max_recipients: None,
            max_per_recipient: None,
            fee_cap: FeeCap::default(),
            approvers: BTreeSet::new(),
            forbid_unconfidential: false,
        }
    }

    /// An amount of the asset in words: in whole units where a contract proves the precision, and in base units.
    pub fn amount_in_words(&self, amount: AssetAmount) -> String {
        match self.proof.contract() {
            Some(contract) => {
                let decimal = grouped_digits(&amount.to_decimal(contract.precision()));
                format!("{decimal} {} ({})", contract.unit(), amount.in_base_units())
            }
            None => amount.in_base_units(),
        }
    }
}

fn rule(
    rule: impl Into<String>,
    before: impl Into<String>,
    after: impl Into<String>,
    effect: Effect,
) -> RuleChange {
    RuleChange { rule: rule.into(), before: before.into(), after: after.into(), effect }
}

/// Every rule of two policies for one asset.
fn compared(before: &Policy, after: &Policy) -> Vec<RuleChange> {
    let mut rules = vec![uuid(before, after), contract(before, after)];
    rules.extend(approvers(&before.approvers, &after.approvers));
    let open = |policy: &Policy| if policy.forbid_unconfidential { "refused" } else { "allowed" };
    let effect = match (before.forbid_unconfidential, after.forbid_unconfidential) {
        (true, false) => Effect::Weaker,
        (false, true) => Effect::Stricter,
        (true, true) | (false, false) => Effect::Same,
    };
    rules.push(rule("unconfidential_recipients", open(before), open(after), effect));
    let recipients = |count: u32, _: &Policy| format!("{count} recipients");
    let units = |amount: AssetAmount, policy: &Policy| policy.amount_in_words(amount);
    let compared = Compared { before, after };
    rules.push(compared.limit("max_recipients", |policy| policy.max_recipients, recipients));
    rules.push(compared.limit("max_per_recipient", |policy| policy.max_per_recipient, units));
    rules.push(rule(
        "fee",
        fee(before.fee_cap),
        fee(after.fee_cap),
        fee_effect(before.fee_cap, after.fee_cap),
    ));
    let signatures = |count: u32, _: &Policy| format!("{count} signatures");
    for command in Command::ALL {
        let name = |limit: &str| format!("{command}.{limit}");
        rules.push(compared.limit(&name("max"), |policy| policy.limits(command).max, units));
        rules.push(compared.limit(&name("budget"), |policy| policy.limits(command).budget, units));
        let count = |policy: &Policy| policy.limits(command).budget_count;
        rules.push(compared.limit(&name("budget_count"), count, signatures));
    }
    rules
}

/// Two policies for one asset.
struct Compared<'a> {
    before: &'a Policy,
    after: &'a Policy,
}

impl Compared<'_> {
    /// The change of a number above which something is refused. `None` refuses nothing.
    fn limit<T: Copy + Ord>(
        &self,
        name: &str,
        number: impl Fn(&Policy) -> Option<T>,
        words: impl Fn(T, &Policy) -> String,
    ) -> RuleChange {
        let effect = match (number(self.before), number(self.after)) {
            (None, None) => Effect::Same,
            (None, Some(_)) => Effect::Stricter,
            (Some(_), None) => Effect::Weaker,
            (Some(before), Some(after)) => match after.cmp(&before) {
                std::cmp::Ordering::Less => Effect::Stricter,
                std::cmp::Ordering::Equal => Effect::Same,
                std::cmp::Ordering::Greater => Effect::Weaker,
            },
        };
        let text = |policy: &Policy| match number(policy) {
            Some(number) => words(number, policy),
            None => "unlimited".to_owned(),
        };
        rule(name, text(self.before), text(self.after), effect)
    }
}

/// The change of a pinned value. Another pin allows the other value.
fn pin(name: &str, before: Option<String>, after: Option<String>, absent: &str) -> RuleChange {
    let effect = match (&before, &after) {
        (None, Some(_)) => Effect::Stricter,
        (before, after) if before == after => Effect::Same,
        _ => Effect::Weaker,
    };
    let text = |pinned: Option<String>| pinned.unwrap_or(absent.to_owned());
    rule(name, text(before), text(after), effect)
}

fn uuid(before: &Policy, after: &Policy) -> RuleChange {
    let text = |policy: &Policy| policy.asset_uuid.as_ref().map(ToString::to_string);
    pin("uuid", text(before), text(after), "any")
}

/// The change of the contract, which fixes ticker, precision and reissuance token.
fn contract(before: &Policy, after: &Policy) -> RuleChange {
    let text = |policy: &Policy| {
        policy.proof.contract().map(|contract| {
            let decimals = contract.precision().decimals();
            let (ticker, prevout) = (contract.ticker().unwrap_or("no ticker"), contract.prevout());
            format!("{ticker}, {decimals} decimals, issued from {}:{}", prevout.txid, prevout.vout)
        })
    };
    pin("contract", text(before), text(after), "none")
}

/// The changes of the approvers, one for each key.
fn approvers(before: &BTreeSet<ApproverKey>, after: &BTreeSet<ApproverKey>) -> Vec<RuleChange> {
    if before.is_empty() && after.is_empty() {
        return vec![rule("approvers", "none", "none", Effect::Same)];
    }
    let line = |key: &ApproverKey| {
        let text = |keys: &BTreeSet<ApproverKey>| match keys.contains(key) {
            true => key.to_string(),
            false => "none".to_owned(),
        };
        let effect = match (before.contains(key), after.contains(key)) {
            (was, is) if was == is => Effect::Same,
            _ if before.is_empty() => Effect::Stricter,
            _ => Effect::Weaker,
        };
        rule("approvers", text(before), text(after), effect)
    };
    before.union(after).map(line).collect()
}

fn fee(cap: FeeCap) -> String {
    match (cap.absolute, cap.rate) {
        (None, None) => format!("default (the larger of {DEFAULT_MAX_FEE} and {DEFAULT_MAX_FEE_RATE})"),
        (Some(absolute), None) => absolute.to_string(),
        (None, Some(rate)) => rate.to_string(),
        (Some(absolute), Some(rate)) => format!("the lower of {absolute} and {rate}"),
    }
}

/// How the fee cap changes. Both caps are compared at every size that a transaction can have: the default cap rises with the
/// size from a minimum, so a cap that is lower for small transactions may be higher for large ones.
fn fee_effect(before: FeeCap, after: FeeCap) -> Effect {
    let largest = MAX_STANDARD_WEIGHT.units() / 4;
    let mut sizes = (1..=largest).map(|vbytes| Weight::new(vbytes.saturating_mul(4)).virtual_size());
    if before == after {
        Effect::Same
    } else if sizes.any(|size| after.on(size) > before.on(size)) {
        Effect::Weaker
    } else {
        Effect::Stricter
    }
}

/// The budgets that start again although the policy in force has one.
fn renewals(before: &Policy, after: &Policy) -> Vec<RuleChange> {
    let renewed = Command::ALL.into_iter().filter(|command| {
        before.limits(*command).has_budget()
            && after.limits(*command).has_budget()
            && after.counted_from.get(command) != Some(&before.counted_from(*command))
    });
    renewed
        .map(|command| {
            let from = format!("counts from entry {}", before.counted_from(command));
            rule(format!("renew {command}"), from, "starts again at zero", Effect::Weaker)
        })
        .collect()
}

#[cfg(test)]
mod tests;
