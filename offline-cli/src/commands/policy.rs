//! `coldamp policy`: the issuer's own rules. They are entries of the journal, as signings are. `export` and `template` write
//! them as a file. `apply` puts a file in force, and `change` shows old and new rules side by side.

use coldamp_cli::{Failure, output, screen};
use coldamp_core::amp::request::Command;
use coldamp_core::limits::MAX_SHOWN_NAME;
use coldamp_core::listed::{beginning, ending};
use coldamp_core::sign::review::{BudgetUse, FeeCap, History, JobLimits, JournalState, Policy};

use crate::args::{KeystoreArguments, PolicyCommand};
use crate::commands::unlock::{read_journal, unlock};
use crate::entropy::blinded_secp;

mod apply;
mod change;
mod export;
mod side_by_side;

pub(super) use apply::refuse_own_key_as_approver;
pub(super) use change::{approve_by_hash, ask, planned, show as show_change};
pub(super) use export::read_file;

/// Runs a command of this group.
///
/// # Errors
/// Whatever stopped the command.
pub(super) fn run(command: &PolicyCommand) -> Result<(), Failure> {
    match command {
        PolicyCommand::Show(arguments) => show(arguments),
        PolicyCommand::Export(arguments) => export::run(arguments),
        PolicyCommand::Template(arguments) => export::template(arguments),
        PolicyCommand::Apply(arguments) => apply::run(arguments),
        PolicyCommand::Remove(arguments) => apply::remove(arguments),
    }
}

fn show(arguments: &KeystoreArguments) -> Result<(), Failure> {
    let secp = blinded_secp()?;
    let journal = read_journal(arguments.path()?, &unlock(&secp, arguments)?)?;
    let JournalState { policies, history, .. } = journal.state()?;
    if policies.is_empty() {
        screen::say(&format!(
            "No policy is set: assets and amounts are unrestricted, nobody else has to approve, and the fee may be at most {}. `coldamp policy template` writes a file to set one.",
            FeeCap::default()
        ));
        return Ok(());
    }
    let history = history.unwrap_or_default();
    for line in policies.iter().flat_map(|policy| lines(policy, &history)) {
        output::print(&line)?;
    }
    Ok(())
}

/// Columns of a rule's name. Beside it and two blanks before it, a key or an id of 64 characters fits 80 columns.
const NAME: usize = 12;

/// A policy as lines: the asset, and below it its rules, each with what it allows.
fn lines(policy: &Policy, history: &History) -> Vec<String> {
    let mut lines = vec![format!("asset        {}", policy.asset)];
    // A name stands once, above the further facts of the same rule.
    let mut facts = |name: &str, values: Vec<String>| {
        let names = std::iter::once(name).chain(std::iter::repeat(""));
        lines.extend(names.zip(values).map(|(name, value)| format!("  {name:<NAME$} {value}")));
    };
    facts("set by", vec![format!("entry {}", policy.number)]);
    facts("contract", vec![contract(policy)]);
    if let Some(ids) = policy.proof.ids() {
        facts("token", vec![ids.explicit_token.to_string(), "if the asset was issued explicit".to_owned()]);
        facts("", vec![ids.blinded_token.to_string(), "if it was issued blinded".to_owned()]);
    }
    facts("uuid", vec![policy.asset_uuid.as_ref().map_or("any".to_owned(), ToString::to_string)]);
    for command in Command::ALL {
        facts(command.name(), job(policy, command, history));
    }
    let unlimited = |what: &str| format!("any {what}");
    facts(
        "recipients",
        vec![
            policy.max_recipients.map_or_else(
                || unlimited("number in one distribution"),
                |max| format!("at most {max} in one distribution"),
            ),
            policy.max_per_recipient.map_or_else(
                || unlimited("amount to each"),
                |max| format!("at most {} to each", policy.amount_in_words(max)),
            ),
            format!(
                "without a blinding key: {}",
                if policy.forbid_unconfidential { "refused" } else { "allowed" }
            ),
        ],
    );
    facts("fee", vec![format!("at most {}", policy.fee_cap)]);
    let approvers = policy.approvers.iter().map(ToString::to_string).collect::<Vec<_>>();
    facts(
        "approvers",
        if approvers.is_empty() { vec!["none: the operator approves".to_owned()] } else { approvers },
    );
    lines
}

/// What the contract proves.
fn contract(policy: &Policy) -> String {
    let Some(contract) = policy.proof.contract() else {
        return "none: ticker and precision are not proven".to_owned();
    };
    let (name, domain) =
        (beginning(contract.name(), MAX_SHOWN_NAME), ending(contract.domain(), MAX_SHOWN_NAME));
    let decimals = contract.precision().decimals();
    format!("{} ({name}) of {domain}, precision {decimals}", contract.ticker().unwrap_or("no ticker"))
}

/// The limits of a job: how much at once, and how much of its budget is used.
fn job(policy: &Policy, command: Command, history: &History) -> Vec<String> {
    let JobLimits { max, budget, budget_count } = policy.limits(command);
    let BudgetUse { amount: used, count } = policy.used(command, history);
    let words = |amount| policy.amount_in_words(amount);
    let budgets = budget.map(|budget| format!("{} of {}", words(used), words(budget)));
    let counts = budget_count.map(|most| format!("{count} of {most} signatures"));
    let parts: Vec<String> = budgets.into_iter().chain(counts).collect();
    if max.is_none() && parts.is_empty() {
        return vec!["NO LIMIT".to_owned()];
    }
    let at_once =
        max.map_or("any amount at once".to_owned(), |max| format!("at most {} at once", words(max)));
    let budget = match parts.is_empty() {
        true => "no budget".to_owned(),
        false => {
            format!("budget: used {}, since entry {}", parts.join(" and "), policy.counted_from(command))
        }
    };
    vec![at_once, budget]
}
