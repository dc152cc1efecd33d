//! Statements of the operator: earlier signings are settled, a transaction can never confirm, the journal has so many
//! entries, addresses are used up to an index. Each has a command of its own and is typed at a terminal. Each ends a refusal
//! or a warning, and a wrong statement may pay a request twice.

use coldamp_cli::ask::ask_line;
use coldamp_cli::{Exit, Failure, screen};
use coldamp_core::code::Code;
use coldamp_core::elements::Txid;
use coldamp_core::limits::{MAX_INDEX, MAX_INDEX_GAP};
use coldamp_core::listed::listed;
use coldamp_core::sign::review::{History, JournalState};

use crate::args::{DeclareVoidArguments, KeystoreArguments, UsedArguments};
use crate::commands::unlock::{lock_journal, lock_journal_or, treasury, unlock};
use crate::entropy::blinded_secp;
use crate::journal::{Acknowledged, DeclaredVoid, Entry, IndicesUsed, Journal, JournalPaths, MissingHead};

/// What is typed to say that no missing transaction can still be sent.
const SETTLED: &str = "SETTLED";

/// Records that every transaction which a restored journal does not know has confirmed or can never confirm.
///
/// # Errors
/// When no signing is missing, the statement is not typed, or the entry cannot be written.
pub(super) fn acknowledge_unknown(arguments: &KeystoreArguments) -> Result<(), Failure> {
    let secp = blinded_secp()?;
    let keystore = unlock(&secp, arguments)?;
    let mut journal = lock_journal(arguments.path()?, &keystore)?;
    let state = journal.state()?;
    let earlier = state.history.as_ref().is_some_and(|history| history.earlier_unknown);
    let missing = state.later_unknown.iter().any(|gap| gap.newest.is_some());
    if !earlier && !missing {
        let hint = if state.later_unknown.is_empty() {
            "Use this command only for a keystore that was restored."
        } else {
            "This journal was restored from a backup: run `coldamp journal compare` first."
        };
        let message = "no signings are known to be missing here, so there is nothing to acknowledge";
        return Err(Failure::new(Exit::Refused, message, hint).with_code(Code::Journal));
    }
    screen::say(
        "This journal does not know everything that these words signed: before they were restored, on another machine, or after the backup. Such a transaction can be sent until a confirmed transaction spends one of its coins. If its request is signed again here, it is paid twice. First check every signed.json that you have, and AMP's list of transactions. The statement ends the warnings about signings that are known to be missing.",
    );
    typed(
        &format!("Type {SETTLED} if each of these transactions has confirmed, or can never confirm: "),
        SETTLED,
        "Nothing was written. Reviews still warn.",
    )?;
    let position = journal.append(Entry::Acknowledged(Acknowledged {}))?;
    screen::say(&format!("entry {}: the missing signings are acknowledged", position.number));
    screen::say(&still_warned(&journal.state()?));
    Ok(())
}

/// What reviews still warn of. One statement does not end every warning.
pub(super) fn still_warned(state: &JournalState) -> String {
    let mut left = Vec::new();
    if state.history.as_ref().is_some_and(|history| history.earlier_unknown) {
        left.push(
            "signings before this journal began are unknown: `coldamp journal acknowledge-unknown`"
                .to_owned(),
        );
    }
    for gap in &state.later_unknown {
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
        return "Reviews no longer warn of missing signings.".to_owned();
    }
    format!("Reviews still warn: {}.", left.join("; "))
}

/// Says that the transaction of an entry can never confirm. Asks for its id, since declaring one void that can still confirm
/// pays twice.
///
/// # Errors
/// When the entry is no signing, nobody says it, or the entry cannot be written.
pub(super) fn declare_void(arguments: &DeclareVoidArguments) -> Result<(), Failure> {
    let secp = blinded_secp()?;
    let keystore = unlock(&secp, &arguments.keystore)?;
    let mut journal = lock_journal(arguments.keystore.path()?, &keystore)?;
    let number = arguments.entry;
    let place = usize::try_from(number).unwrap_or(usize::MAX);
    let Some(Entry::Signed(signed)) = journal.links().get(place).map(|link| &link.entry) else {
        return Err(Failure::new(
            Exit::Refused,
            format!("entry {number} is not a signing"),
            "`coldamp journal list` shows the numbers.",
        )
        .with_code(Code::Journal));
    };
    let history = journal.state()?.history.unwrap_or_default();
    let ties = history.void_dependencies(number).unwrap_or_default();
    let has_cosigners = treasury(&keystore, &journal)?.keys().len() > 1;
    screen::say(&format!(
        "entry {number}: {} of {}, transaction {}",
        signed.command, signed.asset, signed.txid
    ));
    screen::say(
        "Declare it void only if a block explorer that you trust shows that another, confirmed transaction spent one of its coins. If it can still confirm, the next signing for its request pays twice. A coin that does not exist yet can still be created. A job that was cancelled at AMP, or never sent, is not void: replace it (`coldamp-online prepare --replace`).",
    );
    if !ties.descendants.is_empty() {
        screen::say(&format!(
            "These were signed later and spend its outputs: {}. They count as able to confirm until each is declared void too.",
            entries(&ties.descendants)
        ));
    }
    if !ties.parents.is_empty() {
        screen::say(&format!(
            "Its coins come from transactions that were signed here: {}. Whoever has their files can send them and then this one, whatever a block explorer shows now.",
            entries(&ties.parents)
        ));
    }
    if has_cosigners {
        screen::say(
            "The treasury has several signers. Others can sign a transaction that creates a coin of this one, now or later, and no journal refuses it. So it is void only by a confirmed transaction.",
        );
    }
    if has_cosigners || !ties.parents.is_empty() {
        spent_by(&history, number)?;
    }
    let last = signed.txid.get(signed.txid.len().saturating_sub(8)..).unwrap_or_default().to_owned();
    let void = DeclaredVoid { number, txid: signed.txid.clone() };
    typed(
        "Type the last 8 characters of the transaction id: ",
        &last,
        "Nothing was written. The request stays signed.",
    )?;
    let position = journal.append(Entry::DeclaredVoid(void))?;
    screen::say(&format!("entry {}: entry {number} counts as void from now on", position.number));
    Ok(())
}

/// Asks which transaction has made it void. Where what it descends from was signed here, or can be signed by others, "its coin
/// does not exist" is no reason: the coin can be made at any time, by whoever keeps those files back or has the others sign.
fn spent_by(history: &History, number: u32) -> Result<(), Failure> {
    let hint = "Nothing was written. Without such a transaction it can still confirm. Prepare its request again with `--replace` and its signed.json, so that the new transaction spends one of its coins. If the transactions that it descends from can never confirm, declare those void first.";
    let question = "Type the whole id of the confirmed transaction that spends one of its coins, or one of what it descends from: ";
    let answer = ask_line("approval", question)
        .map_err(|error| Failure::new(Exit::Declined, error.to_string(), hint))?;
    let Ok(txid) = answer.trim().parse::<Txid>() else {
        return Err(Failure::new(Exit::Declined, "the answer is not a transaction id", hint));
    };
    if history.can_be_invalidated_by(number, txid) {
        return Ok(());
    }
    let message = format!(
        "transaction {txid} can confirm together with entry {number}: it does not spend the same coin"
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
    let mut journal = lock_journal(arguments.keystore.path()?, &keystore)?;
    let index = arguments.index;
    screen::say(&format!(
        "Change may then be at indices up to {}, which is 200 further. State this only if a scan of the whole treasury shows that its own change is that far. A single coin far out proves nothing: anybody who knows an address can pay there.",
        index.saturating_add(MAX_INDEX_GAP).min(MAX_INDEX)
    ));
    let hint = "Nothing was written. The limit stays as it was.";
    typed("Type the index again: ", &index.to_string(), hint)?;
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
    let path = arguments.path()?;
    let keystore = unlock(&secp, arguments)?;
    if JournalPaths::of(path).head.symlink_metadata().is_ok() {
        // One that is there and wrong is refused like everywhere else.
        lock_journal(path, &keystore)?;
        return Err(Failure::new(
            Exit::Refused,
            "the .head file is there and matches this journal, so there is nothing to rebuild",
            "Use this command only if the .head file is missing.",
        )
        .with_code(Code::Journal));
    }
    let journal: Journal = lock_journal_or(MissingHead::Ask, path, &keystore)?;
    screen::say(
        "The .head file (number and MAC of the last entry) is missing. If you have a backup of it and of the .journal, put back the newest of both instead. Without the .head file this machine cannot tell whether entries at the end of the journal are missing too. A request that was signed in a missing entry would be paid twice, and a policy that was set in one would not be in force. Find the last entry number in `signer.number` of the last signed.json or in your notes: the number of entries is one more. Check `coldamp policy show` afterwards.",
    );
    let count = journal.links().len().to_string();
    typed(
        "Type how many entries it must have by your notes: ",
        &count,
        "Nothing was written. This journal may have lost entries: put back the newest .journal and .head of this keystore.",
    )?;
    journal.write_head()?;
    screen::say(&format!("the .head file is written again: {count} entries"));
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
