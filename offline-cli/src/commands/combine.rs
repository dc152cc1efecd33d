//! `coldamp combine`: makes signed.json of a PSET and what its signers gave back. It signs nothing and uses the view key alone, so the
//! journal gets no entry. It reads the journal, because this keystore may have signed another transaction
//! for the same request, and both could confirm.

use std::path::PathBuf;

use coldamp_cli::parts::{MAX_PART_BYTES, combine_failure, read_parts, say_combined};
use coldamp_cli::{Failure, output, screen};
use coldamp_core::code::Code;
use coldamp_core::limits::MAX_REQUEST_BYTES;
use coldamp_core::sign::review::{CheckedPset, CombinedVerdict, Refused, recheck};
use coldamp_core::sign::{Part, combine};
use coldamp_core::signed::{JournalPosition, SignedFile, Signers};

use super::review::{input, read_pset, refuse, refused};
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
    let journal = read_journal(pset.keystore.path()?, &keystore)?;
    let descriptor = treasury(&keystore, &journal)?;
    let missing = pset.allow_missing_token_utxos;
    let checked = recheck(&secp, keystore.network(), &descriptor, &unsigned, request.as_deref(), missing)
        .map_err(|Refused { first, others }| refused(&first, &others, others.len().saturating_add(1)))?;
    let entry = judge_by_journal(&journal, &checked)?;
    let position = entry.and_then(|number| journal.position(number));
    refuse_wrong_position(&keystore, position, &arguments.parts, &parts)?;
    let file = combine(&secp, &checked, &parts)
        .map_err(|error| combine_failure(&arguments.parts, &error, &HINTS))?;
    let file = with_own_position(file, &keystore, position);
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

/// Refuses a part of this keystore that names another entry than the one of its journal that signed, and a part of another signer
/// that names this journal. Nothing signs the position, and `broadcast` believes it.
fn refuse_wrong_position(
    keystore: &OpenedKeystore,
    expected: Option<JournalPosition>,
    paths: &[PathBuf],
    parts: &[Part],
) -> Result<(), Failure> {
    for (path, part) in paths.iter().zip(parts) {
        let Part::Signatures(set) = part else { continue };
        let Some(named) = set.signer else { continue };
        let is_this_chain = named.id == keystore.chain_id().bytes();
        let refused = |code, problem: &str| {
            let path = screen::printable_path(path);
            Err(refusal::of(code, format!("the part {path}: signer: {problem}")))
        };
        if set.fingerprint != keystore.fingerprint() {
            // Its number would be taken for one of this journal, and the next honest file for a fork of it.
            if is_this_chain {
                let problem = format!("signer {} names the journal of this keystore", set.fingerprint);
                return refused(Code::PartTwice, &problem);
            }
            continue;
        }
        // Without an entry, another chain may be that of a keystore that was restored from the same words.
        if (expected.is_some() || is_this_chain) && Some(named) != expected {
            let problem = "found another entry than the one of this keystore's journal that signed";
            return refused(Code::PartField, problem);
        }
    }
    Ok(())
}

/// Writes the journal's own entry into the file where a part with a signature of this keystore names none. Whoever leaves the
/// position out, or brings the signature in a PSET, would keep the signing out of what `broadcast` counts.
fn with_own_position(
    file: SignedFile,
    keystore: &OpenedKeystore,
    expected: Option<JournalPosition>,
) -> SignedFile {
    let Signers::Several(mut cosigners) = file.signers().clone() else { return file };
    let Some(own) = cosigners.get_mut(&keystore.fingerprint()) else { return file };
    if expected.is_none() {
        screen::warn(
            "the parts have a signature of this keystore's key, and its journal does not record it: these words signed on another machine, or this journal was put back",
        );
        return file;
    }
    *own = expected;
    file.with_signers(Signers::of(cosigners))
}
