//! `coldamp policy add`: sets the rules for an asset, in place of earlier ones; budgets start anew.

use std::collections::BTreeMap;

use coldamp_core::amp::request::Command;

use crate::args::PolicyAddArguments;
use crate::commands::unlock::{lock_journal, unlock};
use crate::entropy::blinded_secp;
use crate::error::{Exit, Failure};
use crate::journal::{Entry, Limits, PolicySet};
use crate::screen;

/// Writes the policy's entry.
///
/// # Errors
/// When an argument cannot be meant, or the entry cannot be written.
pub(super) fn run(arguments: &PolicyAddArguments) -> Result<(), Failure> {
    let set = PolicySet {
        asset: arguments.asset.map(|asset| asset.to_string()).unwrap_or_default(),
        asset_uuid: arguments.uuid.clone(),
        limits: limits(arguments)?,
        max_recipients: arguments.max_recipients,
        max_per_recipient: arguments.max_per_recipient,
        max_fee: arguments.max_fee,
        max_fee_rate: arguments.max_fee_rate,
        approvers: arguments.approver.clone(),
        forbid_unconfidential: arguments.forbid_unconfidential,
        ..PolicySet::default()
    };
    let secp = blinded_secp()?;
    let keystore = unlock(&secp, &arguments.keystore)?;
    let own = keystore.approver(&secp).map_err(Failure::internal)?.public_key().to_string();
    if set.approvers.contains(&own) {
        return Err(usage("--approver names this very keystore, which is no second person"));
    }
    let mut journal = lock_journal(&arguments.keystore.keystore, &keystore)?;
    // What is written must be read back as a policy, or nothing could be signed any more.
    if set.policy(0).is_none() {
        return Err(usage("--uuid is no uuid, or --approver no key that `coldamp key approver` printed"));
    }
    let asset = set.asset.clone();
    let position = journal.append(Entry::PolicySet(Box::new(set)))?;
    screen::say(&format!("entry {}: the policy for {asset}", position.number));
    Ok(())
}

fn usage(message: impl Into<String>) -> Failure {
    Failure::new(Exit::Usage, message, "`coldamp policy add --help` lists what can be set")
}

/// The limits of each command, from `JOB=NUMBER`.
fn limits(arguments: &PolicyAddArguments) -> Result<BTreeMap<String, Limits>, Failure> {
    let mut limits: BTreeMap<String, Limits> = BTreeMap::new();
    for text in &arguments.max {
        let (command, number) = of_command("--max", text)?;
        set_once(&mut limits.entry(command).or_default().max, number, "--max")?;
    }
    for text in &arguments.budget {
        let (command, number) = of_command("--budget", text)?;
        set_once(&mut limits.entry(command).or_default().budget, number, "--budget")?;
    }
    for text in &arguments.budget_count {
        let (command, number) = of_command("--budget-count", text)?;
        let number = u32::try_from(number).map_err(|_| usage("--budget-count: a number below 2^32"))?;
        set_once(&mut limits.entry(command).or_default().budget_count, number, "--budget-count")?;
    }
    Ok(limits)
}

fn of_command(flag: &str, text: &str) -> Result<(String, u64), Failure> {
    let read = || {
        let (command, number) = text.split_once('=')?;
        // `parse` alone would take a leading `+`.
        let digits = number.bytes().all(|byte| byte.is_ascii_digit());
        let number = number.parse().ok().filter(|_| digits)?;
        Some((Command::from_name(command)?.name().to_owned(), number))
    };
    read().ok_or_else(|| {
        usage(format!(
            "{flag}: found {text}, expected distribute, reissue or burn, then = and a whole number"
        ))
    })
}

/// Two numbers for one limit contradict each other.
fn set_once<T>(slot: &mut Option<T>, number: T, flag: &str) -> Result<(), Failure> {
    match slot.replace(number) {
        None => Ok(()),
        Some(_) => Err(usage(format!("{flag} is given twice for one job"))),
    }
}
