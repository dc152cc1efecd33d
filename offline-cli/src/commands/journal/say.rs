//! What only the operator knows, each thing by a command of its own and typed at a terminal: that earlier signings are
//! settled, that a transaction can never confirm, how many entries there are. Each of them lets pass what would otherwise be
//! refused or warned of, and a wrong one may pay twice.

use coldamp_cli::ask::ask_line;
use coldamp_cli::{Exit, Failure, screen};
use coldamp_core::code::Code;
use coldamp_core::elements::Txid;
use coldamp_core::limits::{MAX_INDEX, MAX_INDEX_GAP};
use coldamp_core::listed::listed;
use coldamp_core::sign::review::{History, JournalState};

use crate::args::{DeclareVoidArguments, KeystoreArguments, UsedArguments};
use crate::commands::unlock::{lock_journal, lock_journal_or, unlock};
use crate::entropy::blinded_secp;
use crate::journal::{Acknowledged, DeclaredVoid, Entry, IndicesUsed, Journal, JournalPaths, MissingHead};

/// What is typed to say that earlier signings are known.
const KNOWN: &str = "KNOWN";

/// Says that what a restored chain does not know is settled or dead.
///
/// # Errors
/// When there is nothing to say, nobody says it, or the entry cannot be written.
pub(super) fn acknowledge_unknown(arguments: &KeystoreArguments) -> Result<(), Failure> {
    let secp = blinded_secp()?;
    let keystore = unlock(&secp, arguments)?;
    let mut journal = lock_journal(&arguments.keystore, &keystore)?;
    let records = journal.records()?;
    let earlier = records.history.as_ref().is_some_and(|history| history.earlier_unknown);
    let missing = records.later_unknown.iter().any(|gap| gap.newest.is_some());
    if !earlier && !missing {
        let hint = if records.later_unknown.is_empty() {
            "this command is for a keystore that was restored, once"
        } else {
            "this journal was restored from a backup: run `coldamp journal compare` first"
        };
        let message = "no signings are known to be missing here, so there is nothing to acknowledge";
        return Err(Failure::new(Exit::Refused, message, hint).with_code(Code::Journal));
    }
    screen::say(
        "These words may have signed what no entry here knows: before they were restored, on another machine, or after the backup. Such a transaction can be sent until one of its coins is spent in a confirmed transaction, and a request that it paid would be paid twice. Go through every signed.json that there is, and AMP's list, first. From then on, reviews no longer warn.",
    );
    typed(
        &format!("Type {KNOWN} if each of these transactions has confirmed, or can never confirm: "),
        KNOWN,
        "nothing was written; reviews go on warning",
    )?;
    let position = journal.append(Entry::Acknowledged(Acknowledged {}))?;
    screen::say(&format!("entry {}: the missing signings are acknowledged", position.number));
    screen::say(&still_warned(&journal.records()?));
    Ok(())
}

/// What reviews warn of after the operator's word: one statement does not end every warning.
pub(super) fn still_warned(records: &JournalState) -> String {
    let mut left = Vec::new();
    if records.history.as_ref().is_some_and(|history| history.earlier_unknown) {
        left.push(
            "signings before this journal began are unknown: `coldamp journal acknowledge-unknown`"
                .to_owned(),
        );
    }
    for gap in &records.later_unknown {
        left.push(match gap.newest {
            None => format!(
                "signings after entry {} are unknown, since a backup was restored: `coldamp journal compare`",
                gap.known
            ),
            Some(newest) => format!(
                "entries {} to {newest} are missing: `coldamp journal acknowledge-unknown`",
                gap.known.saturating_add(1)
            ),
        });
    }
    if left.is_empty() {
        return "reviews no longer warn of missing signings".to_owned();
    }
    format!("reviews still warn: {}", left.join("; "))
}

/// Says that the transaction of an entry can never confirm. Asks for its id, since declaring one void that can still confirm
/// pays twice.
///
/// # Errors
/// When the entry is no signing, nobody says it, or the entry cannot be written.
pub(super) fn declare_void(arguments: &DeclareVoidArguments) -> Result<(), Failure> {
    let secp = blinded_secp()?;
    let keystore = unlock(&secp, &arguments.keystore)?;
    let mut journal = lock_journal(&arguments.keystore.keystore, &keystore)?;
    let number = arguments.entry;
    let place = usize::try_from(number).unwrap_or(usize::MAX);
    let Some(Entry::Signed(signed)) = journal.links().get(place).map(|link| &link.entry) else {
        return Err(Failure::new(
            Exit::Refused,
            format!("found no signing as entry {number}, expected the number of one"),
            "`coldamp journal list` shows the numbers",
        )
        .with_code(Code::Journal));
    };
    let history = journal.records()?.history.unwrap_or_default();
    let ties = history.void_dependencies(number).unwrap_or_default();
    screen::say(&format!(
        "entry {number}: {} of {}, transaction {}",
        signed.command, signed.asset, signed.txid
    ));
    screen::say(
        "Declare it void only if a block explorer that you trust shows one of its coins spent by another transaction that has confirmed. A coin that does not exist yet may still be made, and then both pay. If it can still confirm, the next signing for its request pays twice. A job that is merely cancelled at AMP, or was never sent, is not void: replace it (`coldamp-online prepare --replace`).",
    );
    if !ties.descendants.is_empty() {
        screen::say(&format!(
            "signed later, and spending its outputs: {}; these count as able to confirm until they are declared void too",
            entries(&ties.descendants)
        ));
    }
    if !ties.parents.is_empty() {
        screen::say(&format!(
            "its coins come from transactions that were signed here: {}; whoever has their files can send them, and then this one, whatever a block explorer shows now",
            entries(&ties.parents)
        ));
        spent_by(&history, number)?;
    }
    let last = signed.txid.get(signed.txid.len().saturating_sub(8)..).unwrap_or_default().to_owned();
    let void = DeclaredVoid { number, txid: signed.txid.clone() };
    typed(
        "Type the last 8 characters of the transaction id: ",
        &last,
        "nothing was written; the request stays signed",
    )?;
    let position = journal.append(Entry::DeclaredVoid(void))?;
    screen::say(&format!("entry {}: entry {number} counts as void from now on", position.number));
    Ok(())
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
    if history.can_be_invalidated_by(number, txid) {
        return Ok(());
    }
    let message = format!(
        "found transaction {txid}, which can confirm together with entry {number}, expected one that spends the same coin"
    );
    Err(Failure::new(Exit::Refused, message, hint).with_code(Code::VoidRevived))
}

/// Entries by their numbers, the first few where there are many: each job spends the change of the one before.
fn entries(numbers: &[u32]) -> String {
    listed(numbers.iter().map(|number| format!("entry {number}")))
}

/// Takes note of how far addresses were used, once the operator has typed it again: change may then lie 200 further out.
///
/// # Errors
/// When nobody says it, or the entry cannot be written.
pub(super) fn used(arguments: &UsedArguments) -> Result<(), Failure> {
    let secp = blinded_secp()?;
    let keystore = unlock(&secp, &arguments.keystore)?;
    let mut journal = lock_journal(&arguments.keystore.keystore, &keystore)?;
    let index = arguments.index;
    screen::say(&format!(
        "from now on change may lie up to index {}, 200 further out; say so only if a scan of the whole treasury shows that its own change lies that far: one coin far out is no sign of it, since anybody who knows an address can pay there",
        index.saturating_add(MAX_INDEX_GAP).min(MAX_INDEX)
    ));
    let hint = "nothing was written; the limit stays as it was";
    typed("type the index once more: ", &index.to_string(), hint)?;
    let position = journal.append(Entry::IndicesUsed(IndicesUsed { up_to: index }))?;
    screen::say(&format!("entry {}: addresses up to index {index} count as used", position.number));
    Ok(())
}

/// Writes a missing head anew, once the operator has said how many entries there are: an older journal, or its first line
/// alone, verifies as well, and whoever can write the folder can leave no more than that.
///
/// # Errors
/// When the head is there, the number is another, nobody says it, or the head cannot be written.
pub(super) fn rebuild_head(arguments: &KeystoreArguments) -> Result<(), Failure> {
    let secp = blinded_secp()?;
    let path = &arguments.keystore;
    let keystore = unlock(&secp, arguments)?;
    if JournalPaths::of(path).head.symlink_metadata().is_ok() {
        // One that is there and wrong is refused like everywhere else.
        lock_journal(path, &keystore)?;
        return Err(Failure::new(
            Exit::Refused,
            "the .head is there and belongs to this journal, so there is nothing to rebuild",
            "this command is for a .head that is missing",
        )
        .with_code(Code::Journal));
    }
    let journal: Journal = lock_journal_or(MissingHead::Ask, path, &keystore)?;
    screen::say(
        "The .head file (number and MAC of the last entry) is missing. If you have a backup of it and of the .journal, put back the newest of both instead. Without it this machine cannot tell whether entries at the end of the journal are missing too: a request that was signed in one of them would be paid twice, and a policy that one of them set would not be in force. Look at `coldamp policy show` afterwards. The `signer` of the last signed.json, and whatever you wrote down, say how many entries there were: one more than the last number.",
    );
    let count = journal.links().len().to_string();
    typed(
        "Type how many entries it has, by what was written down: ",
        &count,
        "nothing was written; put back the newest .journal and .head of this keystore. This journal may have lost entries",
    )?;
    journal.write_head()?;
    screen::say(&format!("the head says again that there are {count} entries"));
    Ok(())
}

/// Asks for a text that says the thing itself.
fn typed(question: &str, expected: &str, hint: &str) -> Result<(), Failure> {
    let answer = ask_line("confirmation", question)
        .map_err(|error| Failure::new(Exit::Declined, error.to_string(), hint))?;
    if answer.trim() != expected {
        return Err(Failure::new(Exit::Declined, "the answer does not match", hint));
    }
    Ok(())
}
