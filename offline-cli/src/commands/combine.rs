//! `coldamp combine`: makes signed.json of a PSET and what its signers gave back. It signs nothing and uses the view key alone, so the
//! journal gets no entry. It reads the journal: what this keystore has signed may be paid twice by what others signed.

use std::path::PathBuf;

use coldamp_cli::parts::{MAX_PART_BYTES, combine_failure, read_parts, say_combined};
use coldamp_cli::{Failure, output, screen};
use coldamp_core::code::Code;
use coldamp_core::limits::MAX_REQUEST_BYTES;
use coldamp_core::sign::review::{CheckedPset, CombinedVerdict, recheck};
use coldamp_core::sign::{Part, combine};

use super::review::{input, read_pset, refuse};
use crate::args::CombineArguments;
use crate::commands::unlock::{read_journal, treasury, unlock};
use crate::entropy::blinded_secp_with;
use crate::hints::HINTS;
use crate::journal::Journal;
use crate::keystore::OpenedKeystore;
use crate::refusal;

/// Combines parts.
///
/// # Errors
/// When a file does not read, keystore or journal do not open, the journal refuses the transaction, a part is refused, or too few keys
/// signed. Then nothing is written.
pub(super) fn run(arguments: &CombineArguments) -> Result<(), Failure> {
    output::check_free(&arguments.output)?;
    let pset = &arguments.pset;
    let secp = blinded_secp_with(pset.threads.threads())?;
    let (_, unsigned) = read_pset(&pset.file)?;
    let request =
        pset.request.as_deref().map(|path| input(path, MAX_REQUEST_BYTES, "the request")).transpose()?;
    let parts = read_parts(&arguments.parts, &HINTS, |path| input(path, MAX_PART_BYTES, "the part"))?;
    let keystore = unlock(&secp, &pset.keystore)?;
    let journal = read_journal(&pset.keystore.keystore, &keystore)?;
    let descriptor = treasury(&keystore, &journal)?;
    let missing = pset.allow_missing_token_utxos;
    let judged = recheck(&secp, keystore.network(), &descriptor, &unsigned, request.as_deref(), missing);
    let judged = match judged {
        Ok(judged) => judged,
        Err(mismatches) => {
            refuse(&mismatches, mismatches.len())?;
            return Err(Failure::internal("a PSET that is neither refused nor checked"));
        }
    };
    let entry = judge_by_journal(&journal, judged.checked())?;
    refuse_wrong_position(&keystore, &journal, entry, &arguments.parts, &parts)?;
    let file = combine(&secp, judged.checked(), &parts)
        .map_err(|error| combine_failure(&arguments.parts, &error, &HINTS))?;
    output::create_file(&arguments.output, file.to_json().map_err(Failure::internal)?.as_bytes())?;
    say_combined(&file, &arguments.output, &HINTS);
    screen::say("The journal has no new entry, because nothing was signed here.");
    screen::say("Next: take the file to the online machine and send it with `coldamp-online broadcast`.");
    Ok(())
}

/// Refuses a transaction beside which another one for its request could confirm, as far as this journal knows. Gives back the entry
/// that signed it.
fn judge_by_journal(journal: &Journal, checked: &CheckedPset) -> Result<Option<u32>, Failure> {
    let CombinedVerdict { mismatches, warnings, entry } = journal.state()?.judge_combined(checked);
    refuse(&mismatches, mismatches.len())?;
    for warning in warnings {
        screen::warn(&format!("{}: {}", warning.code, warning.message));
    }
    if entry.is_none() {
        screen::warn(
            "this keystore did not sign this transaction, so its journal does not record it: it could still sign another one for the same request",
        );
    }
    Ok(entry)
}

/// Refuses a part of this keystore that names another entry of its journal than the one that signed. Nothing signs the position, and
/// `broadcast` believes it.
fn refuse_wrong_position(
    keystore: &OpenedKeystore,
    journal: &Journal,
    entry: Option<u32>,
    paths: &[PathBuf],
    parts: &[Part],
) -> Result<(), Failure> {
    let expected = entry.and_then(|number| journal.position(number));
    for (path, part) in paths.iter().zip(parts) {
        let Part::Signatures(set) = part else { continue };
        let is_own = set.fingerprint == keystore.fingerprint();
        // Another chain is that of a keystore that was restored from the same words.
        let named = set.signer.filter(|position| is_own && position.id == keystore.chain_id().bytes());
        if named.is_some() && named != expected {
            let message = format!(
                "the part {}: signer: found another entry of this keystore's journal than the one that signed",
                screen::printable_path(path)
            );
            return Err(refusal::of(Code::PartField, message));
        }
    }
    Ok(())
}
