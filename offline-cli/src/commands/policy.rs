//! `coldamp policy`: the issuer's own rules, entries of the journal's chain like everything that was signed.

use coldamp_core::amp::request::Command;
use coldamp_core::sign::review::{History, JobLimits, Policy, Records};

use crate::args::{KeystoreArguments, PolicyCommand, PolicyRemoveArguments};
use crate::commands::unlock::{lock_journal, read_journal, unlock};
use crate::entropy::blinded_secp;
use crate::error::{Exit, Failure};
use crate::journal::{Entry, PolicyRemoved};
use crate::{output, screen};

mod add;

/// Runs a command of this group.
///
/// # Errors
/// Whatever stopped the command.
pub(super) fn run(command: &PolicyCommand) -> Result<(), Failure> {
    match command {
        PolicyCommand::Show(arguments) => show(arguments),
        PolicyCommand::Add(arguments) => add::run(arguments),
        PolicyCommand::Remove(arguments) => remove(arguments),
    }
}

fn show(arguments: &KeystoreArguments) -> Result<(), Failure> {
    let secp = blinded_secp()?;
    let journal = read_journal(&arguments.keystore, &unlock(&secp, arguments)?)?;
    let Records { policies, history, .. } = journal.records()?;
    if policies.is_empty() {
        screen::say("no policy: any asset, any amount, as long as the fee is fair");
        return Ok(());
    }
    let history = history.unwrap_or_default();
    let lines: Vec<String> = policies.iter().flat_map(|policy| lines(policy, &history)).collect();
    Ok(output::print(&lines.join("\n"))?)
}

fn remove(arguments: &PolicyRemoveArguments) -> Result<(), Failure> {
    let secp = blinded_secp()?;
    let path = &arguments.keystore.keystore;
    let keystore = unlock(&secp, &arguments.keystore)?;
    let mut journal = lock_journal(path, &keystore)?;
    let asset = arguments.asset;
    if journal.records()?.policy(asset).is_none() {
        return Err(Failure::new(
            Exit::Refused,
            format!("POLICY_ASSET: found no policy for {asset}, expected one to remove"),
            "`coldamp policy show` lists them",
        ));
    }
    let position = journal.append(Entry::PolicyRemoved(PolicyRemoved { asset: asset.to_string() }))?;
    screen::say(&format!("entry {}: no policy for {asset} from now on", position.number));
    Ok(())
}

/// A policy in words, a line a rule.
fn lines(policy: &Policy, history: &History) -> Vec<String> {
    let mut lines = vec![format!("asset        {}, set by entry {}", policy.asset, policy.number)];
    let mut fact = |name: &str, value: String| lines.push(format!("  {name:<22} {value}"));
    if let Some(contract) = policy.proof.contract() {
        let (ticker, name) = (contract.ticker().unwrap_or("no ticker"), contract.name());
        let proven = format!(
            "{ticker} ({name}) of {}, precision {}",
            contract.domain(),
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
        let JobLimits { max, budget, budget_count } =
            policy.limits.get(&command).copied().unwrap_or_default();
        let (used, count) = policy.used(command, history);
        if max.is_none() && budget.is_none() && budget_count.is_none() {
            fact(command.name(), "NO LIMIT".to_owned());
        }
        if let Some(max) = max {
            fact(&format!("{command} at most"), format!("{max} base units at once"));
        }
        if let Some(budget) = budget {
            fact(&format!("{command} budget"), format!("{used} of {budget} base units used"));
        }
        if let Some(most) = budget_count {
            fact(&format!("{command} budget"), format!("{count} of {most} signatures used"));
        }
    }
    if let Some(max) = policy.max_recipients {
        fact("recipients", format!("at most {max}"));
    }
    if let Some(max) = policy.max_per_recipient {
        fact("each recipient", format!("at most {max} base units at once"));
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
