//! `coldamp review`: what an unsigned PSET does, every rule it breaks, and the code that approves it.

use std::path::Path;

use coldamp_core::Secp;
use coldamp_core::limits::{MAX_PSET_BYTES, MAX_REQUEST_BYTES};
use coldamp_core::pset::UnsignedPset;
use coldamp_core::sign::review::{Mismatch, Review, review};

use crate::args::{PsetArguments, ReviewArguments};
use crate::commands::unlock::unlock;
use crate::entropy::blinded_secp;
use crate::error::{Exit, Failure};
use crate::input::read_file;
use crate::keystore::OpenedKeystore;
use crate::output;

mod json;
pub(super) mod text;

/// Prints the review and, when a rule fails, refuses with every code.
///
/// # Errors
/// When a file does not read, the keystore does not open, or a rule fails.
pub(super) fn run(arguments: &ReviewArguments) -> Result<(), Failure> {
    let secp = blinded_secp()?;
    let (keystore, review) = reviewed(&secp, &arguments.pset)?;
    let report = match arguments.json {
        true => json::report(keystore.network(), &review).map_err(Failure::internal)?,
        false => text::report(keystore.network(), &review),
    };
    output::print(&report)?;
    refuse(&review.mismatches)
}

/// Reads the files once, opens the keystore and reviews exactly the bytes read.
///
/// # Errors
/// When a file does not read or the keystore does not open.
pub(super) fn reviewed(secp: &Secp, arguments: &PsetArguments) -> Result<(OpenedKeystore, Review), Failure> {
    // Base64 is a third larger than the binary it stands for.
    let file = input(&arguments.file, MAX_PSET_BYTES.saturating_mul(3) / 2, "PSET")?;
    let request =
        arguments.request.as_deref().map(|path| input(path, MAX_REQUEST_BYTES, "request")).transpose()?;
    let pset = UnsignedPset::read(&file).map_err(|error| {
        let message =
            format!("PARSE: {} is no unsigned PSET: {error}", crate::screen::shown(&arguments.file));
        Failure::new(Exit::Input, message, "carry the file over again; if it stays so, prepare the PSET anew")
    })?;
    let keystore = unlock(secp, &arguments.keystore)?;
    let review = review(secp, keystore.network(), keystore.descriptor(), &pset, request.as_deref());
    Ok((keystore, review))
}

fn input(path: &Path, limit: usize, what: &str) -> Result<Vec<u8>, Failure> {
    let file = read_file(path, limit).map_err(|error| {
        let message = format!("cannot read the {what} {}: {error}", crate::screen::shown(path));
        Failure::new(Exit::Input, message, format!("name the {what}'s file"))
    })?;
    Ok(file.bytes.to_vec())
}

/// Turns mismatches into a refusal that names every one of them.
///
/// # Errors
/// When there is one.
pub(super) fn refuse(mismatches: &[Mismatch]) -> Result<(), Failure> {
    if mismatches.is_empty() {
        return Ok(());
    }
    let mut message = match mismatches.len() {
        1 => "refused, a rule failed".to_owned(),
        count => format!("refused, {count} rules failed"),
    };
    for mismatch in mismatches {
        message.push_str(&format!("\n  {mismatch}\n      {}", mismatch.code.hint()));
    }
    Err(Failure::new(Exit::Refused, message, "nothing was signed; start with the first rule above"))
}
