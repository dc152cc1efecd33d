//! What another policy would change for an asset, rule by rule, and which of the rules become weaker
//! (docs/rules.md#weaker-policy). A weaker rule lets something pass that is refused now, or lets somebody else approve it.
//!
//! Removing an approver is a weakening, and so is adding one: an operator who can exchange the approver needs no approval.

use std::collections::BTreeSet;

use elements::AssetId;

use super::approver_key::ApproverKey;
use super::asset::AssetKnowledge;
use super::fee_cap::FeeCap;
use super::journal_state::JournalState;
use super::policy::Policy;
use crate::amp::request::Command;
use crate::limits::{DEFAULT_MAX_FEE, DEFAULT_MAX_FEE_RATE, MAX_STANDARD_WEIGHT};
use crate::units::{AssetAmount, Weight};

/// What becomes of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It stands as it stood.
    Same,
    /// It lets nothing pass that was refused.
    Stricter,
    /// It lets something pass that was refused, or is gone.
    Weaker,
}

/// A rule before and after, in words with their units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleChange {
    /// Its name, which is its key in a policy file.
    pub rule: String,
    /// As it is in force.
    pub before: String,
    /// As it would be.
    pub after: String,
    /// What becomes of it.
    pub effect: Effect,
}

/// What a change means for one asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetChange {
    /// The asset.
    pub asset: AssetId,
    /// Every rule, also those that stand.
    pub rules: Vec<RuleChange>,
    /// Whose word a weakening takes: of each set here, one approver's signature.
    pub approvers: Vec<BTreeSet<ApproverKey>>,
}

impl AssetChange {
    /// The rules that become weaker.
    pub fn weaker(&self) -> impl Iterator<Item = &RuleChange> {
        self.rules.iter().filter(|rule| rule.effect == Effect::Weaker)
    }

    /// Whether every rule stands as it stood.
    pub fn is_nothing(&self) -> bool {
        self.rules.iter().all(|rule| rule.effect == Effect::Same)
    }
}

impl JournalState {
    /// What putting this policy in force for an asset would change, or with `None` removing the one that is. Budgets that
    /// do not go on counting where the policy in force counts are renewed ([`Policy::continue_counting`]).
    pub fn change(&self, asset: AssetId, after: Option<&Policy>) -> AssetChange {
        let unlimited = Policy::without_limits(asset);
        let (mut rules, in_force) = match (self.policy(asset), after) {
            (None, None) => (Vec::new(), Vec::new()),
            (Some(before), Some(after)) => (compared(before, after), vec![before]),
            // What a removed policy forbade is forbidden by nothing any more.
            (Some(before), None) => {
                let mut rules = vec![rule("policy", "in force", "removed", Effect::Weaker)];
                rules.extend(compared(before, &unlimited));
                (rules, vec![before])
            }
            // Even one without a limit refuses every other asset.
            (None, Some(after)) if self.policies.is_empty() => {
                let mut rules =
                    vec![rule("asset", "any is allowed", "this one is allowed", Effect::Stricter)];
                rules.extend(compared(&unlimited, after));
                (rules, Vec::new())
            }
            // Where other assets have policies this one is refused, so that any policy for it opens it. Without a
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
    /// What holds of an asset while there is no policy at all.
    fn without_limits(asset: AssetId) -> Self {
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

    /// An amount of the asset, at the precision that its contract proves.
    fn amount(&self, amount: AssetAmount) -> String {
        match self.proof.contract() {
            Some(contract) => {
                let decimal = amount.to_decimal(contract.precision());
                format!("{decimal} {} ({amount} base units)", contract.unit())
            }
            None => format!("{amount} base units"),
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
    let units = |amount: AssetAmount, policy: &Policy| policy.amount(amount);
    rules.push(limit(
        "max_recipients",
        (before, before.max_recipients),
        (after, after.max_recipients),
        recipients,
    ));
    rules.push(limit(
        "max_per_recipient",
        (before, before.max_per_recipient),
        (after, after.max_per_recipient),
        units,
    ));
    rules.push(rule(
        "fee",
        fee(before.fee_cap),
        fee(after.fee_cap),
        fee_effect(before.fee_cap, after.fee_cap),
    ));
    let signatures = |count: u32, _: &Policy| format!("{count} signatures");
    for command in Command::ALL {
        let (was, is) = (before.limits(command), after.limits(command));
        rules.push(limit(&format!("{command}.max"), (before, was.max), (after, is.max), units));
        rules.push(limit(&format!("{command}.budget"), (before, was.budget), (after, is.budget), units));
        rules.push(limit(
            &format!("{command}.budget_count"),
            (before, was.budget_count),
            (after, is.budget_count),
            signatures,
        ));
    }
    rules
}

/// A number above which something is refused; none refuses nothing.
fn limit<T: Copy + Ord>(
    name: &str,
    (earlier, before): (&Policy, Option<T>),
    (later, after): (&Policy, Option<T>),
    words: impl Fn(T, &Policy) -> String,
) -> RuleChange {
    let effect = match (before, after) {
        (None, None) => Effect::Same,
        (None, Some(_)) => Effect::Stricter,
        (Some(_), None) => Effect::Weaker,
        (Some(before), Some(after)) => match after.cmp(&before) {
            std::cmp::Ordering::Less => Effect::Stricter,
            std::cmp::Ordering::Equal => Effect::Same,
            std::cmp::Ordering::Greater => Effect::Weaker,
        },
    };
    let text =
        |number: Option<T>, policy| number.map_or("unlimited".to_owned(), |number| words(number, policy));
    rule(name, text(before, earlier), text(after, later), effect)
}

/// What is pinned: another pin lets the other thing pass.
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

/// The contract, and with it ticker, precision and the reissuance token.
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

/// A line a key.
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
        (None, None) => format!("default: {DEFAULT_MAX_FEE} or {DEFAULT_MAX_FEE_RATE}, the larger"),
        (Some(absolute), None) => absolute.to_string(),
        (None, Some(rate)) => rate.to_string(),
        (Some(absolute), Some(rate)) => format!("{absolute} or {rate}, the lower"),
    }
}

/// Held against each other at every size that a transaction can have: the default rises with the size from a floor, and
/// what is lower for small transactions may be higher for large ones.
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

/// Budgets that start again, where the policy in force has one. What counts from where it counted is no line.
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
