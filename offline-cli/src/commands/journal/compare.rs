//! `coldamp journal compare`: what is known of entries that were written after the backup that this journal comes from.

use coldamp_cli::ask::ask_line;
use coldamp_cli::{Exit, Failure, screen};
use coldamp_core::code::Code;

use crate::args::KeystoreArguments;
use crate::commands::journal::operator_statements::still_warned;
use crate::commands::unlock::{lock_journal, unlock};
use crate::entropy::blinded_secp;
use crate::journal::{BackupCompared, Entry, gap_to_compare};

/// Asks for the newest entry number that anything outside this machine names, and writes it down.
///
/// # Errors
/// When the journal comes from no backup, or each backup was compared and nothing is missing; when nobody answers; when the
/// number is lower than the backup's newest entry, or lower than one that was found before.
pub(super) fn run(arguments: &KeystoreArguments) -> Result<(), Failure> {
    let secp = blinded_secp()?;
    let keystore = unlock(&secp, arguments)?;
    let mut journal = lock_journal(arguments.path()?, &keystore)?;
    let gaps = journal.state()?.later_unknown;
    let Some(gap) = gap_to_compare(&gaps).and_then(|place| gaps.get(place)) else {
        return Err(Failure::new(
            Exit::Refused,
            "there is no restored backup left to compare",
            "Use this command after `coldamp restore`. `coldamp journal list` shows the entries.",
        )
        .with_code(Code::Journal));
    };
    let known = gap.known;
    screen::say(&format!("This journal was restored from a backup. Its newest entry is {known}."));
    screen::say(
        "Find the highest entry number: in `signer` of every signed.json, or in this key's line of its `signers`, and in the notes made after each signing. Type it even if this journal now has an entry of that number: it gives the numbers after the backup a second time.",
    );
    screen::warn(&format!(
        "a policy that was set after entry {known} is not in this journal, and no signed file shows that: apply the newest policy file again with `coldamp policy apply`"
    ));
    let hint = "Nothing was written. Reviews still warn.";
    let declined = |message: String| Failure::new(Exit::Declined, message, hint);
    let answer = ask_line("newest entry", "Type the highest entry number that you found: ")
        .map_err(|error| declined(error.to_string()))?;
    let typed = answer.trim();
    let newest = typed.parse::<u32>().ok().filter(|number| number.to_string() == typed);
    let newest = newest.ok_or_else(|| declined("the answer is not a number".to_owned()))?;
    if newest < known {
        return Err(declined(format!(
            "the backup itself has entries up to {known}, so the newest is no lower"
        )));
    }
    if let Some(before) = gap.newest.filter(|before| newest < *before) {
        return Err(declined(format!("entry {before} was found before, so the newest is no lower")));
    }
    let position = journal.append(Entry::BackupCompared(BackupCompared { newest }))?;
    screen::say(&format!("entry {}: the newest entry known is {newest}", position.number));
    if newest > known {
        let first = known.saturating_add(1);
        screen::warn(&format!(
            "entries {first} to {newest} are missing here, and every review still says so. If there is a newer backup, restore that one and use it instead. Otherwise look up the transaction of each signed.json among them. When each has confirmed or can never confirm, run `coldamp journal acknowledge-unknown`"
        ));
    }
    screen::say(&still_warned(&journal.state()?));
    Ok(())
}
