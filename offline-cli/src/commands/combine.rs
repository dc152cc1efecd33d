//! `coldamp combine`: makes signed.json of a PSET and what its signers gave back. It signs nothing and uses the view key alone, so the
//! journal gets no entry.

use coldamp_cli::parts::{MAX_PART_BYTES, combine_failure, read_parts, say_combined};
use coldamp_cli::{Failure, output, screen};
use coldamp_core::limits::MAX_REQUEST_BYTES;
use coldamp_core::sign::combine;
use coldamp_core::sign::review::recheck;

use super::review::{input, read_pset, refuse};
use crate::args::CombineArguments;
use crate::commands::unlock::unlock;
use crate::entropy::blinded_secp_with;
use crate::hints::HINTS;

/// Combines parts.
///
/// # Errors
/// When a file does not read, the keystore does not open, a part is refused, or too few keys signed. Then nothing is written.
pub(super) fn run(arguments: &CombineArguments) -> Result<(), Failure> {
    output::check_free(&arguments.output)?;
    let pset = &arguments.pset;
    let secp = blinded_secp_with(pset.threads.threads())?;
    let (_, unsigned) = read_pset(&pset.file)?;
    let request =
        pset.request.as_deref().map(|path| input(path, MAX_REQUEST_BYTES, "the request")).transpose()?;
    let parts = read_parts(&arguments.parts, &HINTS, |path| input(path, MAX_PART_BYTES, "the part"))?;
    let keystore = unlock(&secp, &pset.keystore)?;
    let missing = pset.allow_missing_token_utxos;
    let judged =
        recheck(&secp, keystore.network(), keystore.descriptor(), &unsigned, request.as_deref(), missing);
    let judged = match judged {
        Ok(judged) => judged,
        Err(mismatches) => {
            refuse(&mismatches, mismatches.len())?;
            return Err(Failure::internal("a PSET that is neither refused nor checked"));
        }
    };
    let file = combine(&secp, judged.checked(), &parts)
        .map_err(|error| combine_failure(&arguments.parts, &error, &HINTS))?;
    output::create_file(&arguments.output, file.to_json().map_err(Failure::internal)?.as_bytes())?;
    say_combined(&file, &arguments.output);
    screen::say("The journal has no new entry, because nothing was signed here.");
    screen::say("Next: take the file to the online machine and send it with `coldamp-online broadcast`.");
    Ok(())
}
