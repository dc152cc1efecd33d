//! `coldamp journal`: what was signed and set with a keystore.

use coldamp_core::elements::Txid;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::limits::{MAX_INDEX, MAX_INDEX_GAP};
use coldamp_core::sign::review::History;

use crate::args::{AcknowledgeArguments, JournalCommand, KeystoreArguments, UsedArguments};
use crate::commands::unlock::{lock_journal, lock_journal_or, read_journal, unlock};
use crate::entropy::blinded_secp;
use crate::error::{Exit, Failure};
use crate::journal::{
    Acknowledged, DeclaredVoid, Entry, IndicesUsed, Journal, JournalPaths, Link, MissingHead, Origin,
};
use crate::terminal::ask_line;
use crate::{output, screen};

mod compare;

/// Entries that are named one by one in a sentence.
const MAX_NAMED: usize = 5;

/// Runs a command of this group.
///
/// # Errors
/// Whatever stopped the command.
pub(super) fn run(command: &JournalCommand) -> Result<(), Failure> {
    match command {
        JournalCommand::List(arguments) => list(arguments),
        JournalCommand::Verify(arguments) => verify(arguments),
        JournalCommand::Compare(arguments) => compare::run(arguments),
        JournalCommand::Acknowledge(arguments) => acknowledge(arguments),
        JournalCommand::Used(arguments) => used(arguments),
    }
}

fn opened(arguments: &KeystoreArguments) -> Result<Journal, Failure> {
    let secp = blinded_secp()?;
    Ok(read_journal(&arguments.keystore, &unlock(&secp, arguments)?)?)
}

fn list(arguments: &KeystoreArguments) -> Result<(), Failure> {
    let journal = opened(arguments)?;
    let lines: Vec<String> = journal.links().iter().map(line).collect();
    Ok(output::print(&lines.join("\n"))?)
}

fn verify(arguments: &KeystoreArguments) -> Result<(), Failure> {
    let journal = opened(arguments)?;
    journal.records()?;
    screen::say(&format!("every one of {} entries continues the chain", journal.links().len()));
    match journal.links().last() {
        Some(link) => Ok(output::print(&format!("{} {}", link.number, link.mac.to_lower_hex_string()))?),
        None => Err(Failure::internal("a verified journal without entries")),
    }
}

fn acknowledge(arguments: &AcknowledgeArguments) -> Result<(), Failure> {
    let secp = blinded_secp()?;
    let keystore = unlock(&secp, &arguments.keystore)?;
    let path = &arguments.keystore.keystore;
    if JournalPaths::of(path).head.symlink_metadata().is_err() {
        missing_head(&lock_journal_or(MissingHead::Ask, path, &keystore)?)?;
    }
    let mut journal = lock_journal(path, &keystore)?;
    let (entry, words) = match arguments.void {
        Some(number) => (void(&journal, number)?, format!("entry {number} counts as void from now on")),
        None => {
            (Entry::Acknowledged(Acknowledged {}), "reviews no longer warn of earlier signings".to_owned())
        }
    };
    let position = journal.append(entry)?;
    screen::say(&format!("entry {}: {words}", position.number));
    Ok(())
}

/// Puts a missing head right, once the operator has said how many entries there are: an older journal, or its first line
/// alone, verifies as well, and whoever can write the folder can leave no more than that.
fn missing_head(journal: &Journal) -> Result<(), Failure> {
    let hint = "put back the newest .journal and .head of this keystore; the `signer` of the last signed.json, and whatever was written down, say how many entries there were";
    screen::say("this journal has lost its .head, which says how far it has come");
    let answer = ask_line("number of entries", "type how many entries it has, by what was written down: ")
        .map_err(|error| Failure::new(Exit::Declined, error.to_string(), hint))?;
    if answer.trim() != journal.links().len().to_string() {
        return Err(Failure::new(Exit::Declined, "this journal has another number of entries", hint));
    }
    Ok(journal.write_head()?)
}

/// Takes note of how far addresses were used, once the operator has typed it again: change may then lie 200 further out.
fn used(arguments: &UsedArguments) -> Result<(), Failure> {
    let secp = blinded_secp()?;
    let keystore = unlock(&secp, &arguments.keystore)?;
    let mut journal = lock_journal(&arguments.keystore.keystore, &keystore)?;
    let index = arguments.index;
    screen::say(&format!(
        "from now on change may lie up to index {}, 200 further out; say so only if a scan of the whole treasury shows that its own change lies that far: one coin far out is no sign of it, since anybody who knows an address can pay there",
        index.saturating_add(MAX_INDEX_GAP).min(MAX_INDEX)
    ));
    let hint = "nothing was written; the limit stays as it was";
    let answer = ask_line("approval", "type the index once more: ")
        .map_err(|error| Failure::new(Exit::Declined, error.to_string(), hint))?;
    if answer.trim() != index.to_string() {
        return Err(Failure::new(Exit::Declined, "the answer is another", hint));
    }
    let position = journal.append(Entry::IndicesUsed(IndicesUsed { up_to: index }))?;
    screen::say(&format!("entry {}: addresses up to index {index} count as used", position.number));
    Ok(())
}

/// Asks for the transaction, since declaring one void that can still confirm pays twice.
fn void(journal: &Journal, number: u32) -> Result<Entry, Failure> {
    let place = usize::try_from(number).unwrap_or(usize::MAX);
    let Some(Entry::Signed(signed)) = journal.links().get(place).map(|link| &link.entry) else {
        return Err(Failure::new(
            Exit::Refused,
            format!("JOURNAL: found no signing as entry {number}, expected the number of one"),
            "`coldamp journal list` shows the numbers",
        ));
    };
    let history = journal.records()?.history.unwrap_or_default();
    let ties = history.void_ties(number).unwrap_or_default();
    screen::say(&format!(
        "entry {number}: {} of {}, transaction {}",
        signed.command, signed.asset, signed.txid
    ));
    screen::say(
        "declare it void only if a block explorer that you trust shows one of its coins spent by another transaction that has confirmed; a coin that does not exist yet may still be made, and then both pay; if it can still confirm, the next signing for its request pays twice",
    );
    if !ties.descendants.is_empty() {
        screen::say(&format!(
            "signed later, and spending its outputs: {}; these count as able to confirm until they are declared void too",
            entries(&ties.descendants)
        ));
    }
    if !ties.makers.is_empty() {
        screen::say(&format!(
            "its coins come from transactions that were signed here: {}; whoever has their files can send them, and then this one, whatever a block explorer shows now",
            entries(&ties.makers)
        ));
        spent_by(&history, number)?;
    }
    let last = signed.txid.get(signed.txid.len().saturating_sub(8)..).unwrap_or_default();
    let hint = "nothing was written; the request stays signed";
    let answer = ask_line("approval", "type the last 8 characters of the transaction id: ")
        .map_err(|error| Failure::new(Exit::Declined, error.to_string(), hint))?;
    if answer.trim() != last {
        return Err(Failure::new(Exit::Declined, "the answer is another", hint));
    }
    Ok(Entry::DeclaredVoid(DeclaredVoid { number, txid: signed.txid.clone() }))
}

/// Asks which transaction has made it void. Where everything that it descends from was signed here, "its coin does not
/// exist" is no reason: the coin can be made at any time, by whoever keeps those files back.
fn spent_by(history: &History, number: u32) -> Result<(), Failure> {
    let hint = "nothing was written; without such a transaction it can still confirm: prepare its request anew with --replace and its signed.json, so that the new one spends a coin of it, or declare void first what it descends from, if that can never confirm";
    let question = "type the whole id of the confirmed transaction that spends one of its coins, or one of what it descends from: ";
    let answer = ask_line("approval", question)
        .map_err(|error| Failure::new(Exit::Declined, error.to_string(), hint))?;
    let Ok(txid) = answer.trim().parse::<Txid>() else {
        return Err(Failure::new(Exit::Declined, "the answer is no transaction id", hint));
    };
    if history.may_be_voided_by(number, txid) {
        return Ok(());
    }
    let message = format!(
        "VOID_REVIVED: found transaction {txid}, which can confirm together with entry {number}, expected one that spends the same coin"
    );
    Err(Failure::new(Exit::Refused, message, hint))
}

/// Entries by their numbers, the first few where there are many: each job spends the change of the one before.
fn entries(numbers: &[u32]) -> String {
    let shown: Vec<String> = numbers.iter().take(MAX_NAMED).map(|number| format!("entry {number}")).collect();
    match numbers.len().saturating_sub(MAX_NAMED) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// An entry on a line.
fn line(link: &Link) -> String {
    let words = match &link.entry {
        Entry::Created(created) => format!(
            "created      {}, chain {}, fingerprint {} on {}",
            match created.origin {
                Origin::New => "new",
                Origin::Restored => "restored",
            },
            created.chain,
            created.fingerprint,
            created.network
        ),
        Entry::Acknowledged(_) => "acknowledged earlier signings are known".to_owned(),
        Entry::PolicySet(set) => format!("policy set   for {}{}", set.asset, approved_by(&set.approved_by)),
        Entry::PolicyRemoved(removed) => {
            format!("policy gone  for {}{}", removed.asset, approved_by(&removed.approved_by))
        }
        Entry::Signed(signed) => format!(
            "signed       {} {}of {} base units of {}, transaction {}, approved by {}{}",
            signed.command,
            signed.distribution.as_ref().map(|uuid| format!("{uuid} ")).unwrap_or_default(),
            signed.amount,
            signed.asset,
            signed.txid,
            signed.approved_by,
            if signed.despite.is_empty() {
                String::new()
            } else {
                format!(", despite {}", signed.despite.join(", "))
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
        Entry::Approved(approved) => format!(
            "approved     {} of {} base units of {}, code {}, request {}",
            approved.command, approved.amount, approved.asset, approved.code, approved.request_sha256
        ),
        Entry::PolicyApproved(approved) => format!(
            "approved     a change of policy, file {}, in force {}",
            approved.file_sha256, approved.in_force_sha256
        ),
    };
    format!("{:>5}  {words}", link.number)
}

/// Who approved a change of policy, where the entry says so.
fn approved_by(by: &[String]) -> String {
    match by.is_empty() {
        true => String::new(),
        false => format!(", approved by {}", by.join(", ")),
    }
}
