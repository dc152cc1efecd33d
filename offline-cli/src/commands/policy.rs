//! `coldamp policy`: the issuer's own rules. They are entries of the journal, as signings are. `export` and `template` write
//! them as a file. `apply` puts a file in force, and `change` shows old and new rules side by side.

use coldamp_cli::{Failure, output, screen};
use coldamp_core::amp::request::Command;
use coldamp_core::limits::MAX_SHOWN_NAME;
use coldamp_core::listed::{beginning, ending};
use coldamp_core::sign::review::{BudgetUse, History, JobLimits, JournalState, Policy};
use coldamp_core::units::{AssetAmount, grouped_digits};

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
    let journal = read_journal(&arguments.keystore, &unlock(&secp, arguments)?)?;
    let JournalState { policies, history, .. } = journal.state()?;
    if policies.is_empty() {
        screen::say(
            "No policy is set: assets and amounts are unrestricted, nobody else has to approve, and the default fee cap applies. `coldamp policy template` writes a file to set one.",
        );
        return Ok(());
    }
    let history = history.unwrap_or_default();
    for line in policies.iter().flat_map(|policy| lines(policy, &history)) {
        output::print(&line)?;
    }
    Ok(())
}

/// An amount of the policy's asset: in whole units where a contract proves the precision, and in base units.
fn amount(policy: &Policy, amount: AssetAmount) -> String {
    let base_units = grouped_digits(&amount.to_string());
    match policy.proof.contract() {
        Some(contract) => {
            let whole = grouped_digits(&amount.to_decimal(contract.precision()));
            format!("{whole} {} ({base_units} base units)", contract.unit())
        }
        None => format!("{base_units} base units"),
    }
}

/// A policy as lines, one for each rule.
fn lines(policy: &Policy, history: &History) -> Vec<String> {
    let mut lines = vec![format!("asset        {}, set by entry {}", policy.asset, policy.number)];
    let mut fact = |name: &str, value: String| lines.push(format!("  {name:<22} {value}"));
    if let Some(contract) = policy.proof.contract() {
        let ticker = contract.ticker().unwrap_or("no ticker");
        let name = beginning(contract.name(), MAX_SHOWN_NAME);
        let proven = format!(
            "{ticker} ({name}) of {}, precision {}",
            ending(contract.domain(), MAX_SHOWN_NAME),
            contract.precision().decimals()
        );
        fact("proven by its contract", proven);
    }
    if let Some(ids) = policy.proof.ids() {
        fact("token, issued explicit", ids.explicit_token.to_string());
        fact("token, issued blinded", ids.blinded_token.to_string());
    }
    fact("uuid", policy.asset_uuid.as_ref().map_or("any".to_owned(), ToString::to_string));
    for command in Command::ALL {
        let JobLimits { max, budget, budget_count } = policy.limits(command);
        let BudgetUse { amount: used, count } = policy.used(command, history);
        if max.is_none() && budget.is_none() && budget_count.is_none() {
            fact(command.name(), "NO LIMIT".to_owned());
        }
        if let Some(max) = max {
            fact(&format!("{command} at most"), format!("{} at once", amount(policy, max)));
        }
        if let Some(budget) = budget {
            let from = policy.counted_from(command);
            let (used, budget) = (amount(policy, used), amount(policy, budget));
            let used = format!("{used} of {budget} used since entry {from}");
            fact(&format!("{command} budget"), used);
        }
        if let Some(most) = budget_count {
            let from = policy.counted_from(command);
            let used = format!("{count} of {most} signatures used since entry {from}");
            fact(&format!("{command} budget"), used);
        }
    }
    if let Some(max) = policy.max_recipients {
        fact("recipients", format!("at most {max}"));
    }
    if let Some(max) = policy.max_per_recipient {
        fact("each recipient", format!("at most {} at once", amount(policy, max)));
    }
    if policy.forbid_unconfidential {
        fact("unconfidential", "refused".to_owned());
    }
    fact("fee", policy.fee_cap.to_string());
    for key in &policy.approvers {
        fact("approver", key.to_string());
    }
    lines
}
