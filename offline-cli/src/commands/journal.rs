//! `coldamp journal`: what was signed and set with a keystore.

use coldamp_cli::{Failure, output, screen};
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::units::base_units;

use crate::args::{JournalCommand, KeystoreArguments};
use crate::commands::unlock::{read_journal, unlock};
use crate::entropy::blinded_secp;
use crate::journal::{Entry, Journal, KeystoreOrigin, Link};

mod compare;
mod operator_statements;

/// Runs a command of this group.
///
/// # Errors
/// Whatever stopped the command.
pub(super) fn run(command: &JournalCommand) -> Result<(), Failure> {
    match command {
        JournalCommand::List(arguments) => list(arguments),
        JournalCommand::Verify(arguments) => verify(arguments),
        JournalCommand::Compare(arguments) => compare::run(arguments),
        JournalCommand::AcknowledgeUnknown(arguments) => operator_statements::acknowledge_unknown(arguments),
        JournalCommand::DeclareVoid(arguments) => operator_statements::declare_void(arguments),
        JournalCommand::RebuildHead(arguments) => operator_statements::rebuild_head(arguments),
        JournalCommand::Used(arguments) => operator_statements::used(arguments),
    }
}

fn opened(arguments: &KeystoreArguments) -> Result<Journal, Failure> {
    let secp = blinded_secp()?;
    Ok(read_journal(arguments.path()?, &unlock(&secp, arguments)?)?)
}

fn list(arguments: &KeystoreArguments) -> Result<(), Failure> {
    let journal = opened(arguments)?;
    for link in journal.links() {
        output::print(&line(link))?;
    }
    Ok(())
}

fn verify(arguments: &KeystoreArguments) -> Result<(), Failure> {
    let journal = opened(arguments)?;
    journal.state()?;
    screen::say(&format!(
        "The chain is intact: {} entries. Note the number and MAC of the newest entry:",
        journal.links().len()
    ));
    match journal.links().last() {
        Some(link) => Ok(output::print(&format!("{} {}", link.number, link.mac.to_lower_hex_string()))?),
        None => Err(Failure::internal("a verified journal without entries")),
    }
}

/// An entry on a line.
fn line(link: &Link) -> String {
    let words = match &link.entry {
        Entry::Created(created) => format!(
            "created      {}, chain {}, fingerprint {} on {}",
            match created.origin {
                KeystoreOrigin::New => "new",
                KeystoreOrigin::Restored => "restored",
            },
            created.chain,
            created.fingerprint,
            created.network
        ),
        Entry::Acknowledged(_) => "acknowledged the missing signings have confirmed, or never can".to_owned(),
        Entry::PolicySet(set) => format!("policy set   for {}{}", set.asset, approved(&set.approved_by)),
        Entry::PolicyRemoved(removed) => {
            format!("policy removed for {}{}", removed.asset, approved(&removed.approved_by))
        }
        Entry::Signed(signed) => format!(
            "signed       {} {}of {} of {}, transaction {}{}{}",
            signed.command,
            signed.distribution.as_ref().map(|uuid| format!("{uuid} ")).unwrap_or_default(),
            base_units(signed.amount),
            signed.asset,
            signed.txid,
            approved(std::slice::from_ref(&signed.approved_by)),
            if signed.despite.is_empty() {
                String::new()
            } else {
                format!(", although distribution {} was open", signed.despite.join(", "))
            },
        ),
        Entry::RestoredBackup(restored) => {
            format!("restored     from a backup whose newest entry is {}", restored.newest)
        }
        Entry::BackupCompared(compared) => {
            format!("compared     the newest entry known after the backup is {}", compared.newest)
        }
        Entry::DeclaredVoid(void) => format!("void         entry {}, transaction {}", void.number, void.txid),
        Entry::IndicesUsed(used) => format!("used         addresses up to index {}", used.up_to),
        Entry::TreasuryRegistered(registered) => {
            format!("registered   the treasury whose descriptor has the checksum {}", registered.checksum())
        }
        Entry::Approved(approved) => format!(
            "approved     {} of {} of {}, code {}, SHA-256 of the request {}",
            approved.command,
            base_units(approved.amount),
            approved.asset,
            approved.code,
            approved.request_sha256
        ),
        Entry::PolicyApproved(approved) => format!(
            "approved     a change of policy, SHA-256 of the new file {}, of the export {}",
            approved.file_sha256, approved.in_force_sha256
        ),
    };
    format!("{:>5}  {words}", link.number)
}

/// How a signing or a change of policy was approved, where the entry says so.
fn approved(by: &[String]) -> String {
    let words = by.iter().map(|by| match by.as_str() {
        "typed" => "at the terminal".to_owned(),
        "code" => "by the approval code".to_owned(),
        "sha256" => "by the SHA-256 of the policy file".to_owned(),
        "restored" => "when the keystore was restored".to_owned(),
        key => format!("by approver {key}"),
    });
    match words.collect::<Vec<_>>() {
        words if words.is_empty() => String::new(),
        words => format!(", approved {}", words.join(" and ")),
    }
}
