//! Parts of a quorum's signature, as both command lines combine them: reading, failures, and what is said at the end.

use std::path::{Path, PathBuf};

use coldamp_core::code::{Code, Hints};
use coldamp_core::consensus::unprotected_inputs;
use coldamp_core::limits::MAX_PSET_FILE_BYTES;
use coldamp_core::sign::{CombineError, Part, PartReadError};
use coldamp_core::signed::{SignedFile, Signers};

use crate::failure::Failure;
use crate::file_kind::{FileKind, tell_apart};
use crate::screen::{self, printable_path};

/// Bytes that the file of a part may have: those of a PSET.
pub const MAX_PART_BYTES: usize = MAX_PSET_FILE_BYTES;

/// The kinds of file that a part may be.
const KINDS: &[FileKind] = &[FileKind::Signatures, FileKind::Pset];

/// What to name as a part.
const PART: &str = "A part is a file that `coldamp sign --signatures` wrote, or a signed PSET.";

/// Reads parts. `read` reads the bytes of a file.
///
/// # Errors
/// When a file cannot be read, or is not a part.
pub fn read_parts(
    paths: &[PathBuf],
    hints: &Hints,
    read: impl Fn(&Path) -> Result<Vec<u8>, Failure>,
) -> Result<Vec<Part>, Failure> {
    let failure = |path: &Path, file: &[u8], error: &PartReadError| {
        let message = format!("the part {}: {error}", printable_path(path));
        tell_apart(Failure::coded(error.code(), message, hints), file, KINDS, PART)
    };
    let part = |path: &PathBuf| {
        let file = read(path)?;
        Part::read(&file).map_err(|error| failure(path, &file, &error))
    };
    paths.iter().map(part).collect()
}

/// Parts that do not make a signed file, as a failure. It names the part that is refused.
pub fn combine_failure(paths: &[PathBuf], error: &CombineError, hints: &Hints) -> Failure {
    let part = match error {
        CombineError::Part { index, .. } => paths.get(*index),
        _ => None,
    };
    let message =
        part.map_or_else(|| error.to_string(), |path| format!("the part {}: {error}", printable_path(path)));
    Failure::coded(error.code(), message, hints)
}

/// Says what was combined, and where each signer's journal records it. Warns of inputs whose signatures leave the proofs open.
pub fn say_combined(file: &SignedFile, path: &Path, hints: &Hints) {
    let unprotected = unprotected_inputs(file.transaction());
    if !unprotected.is_empty() {
        let inputs: Vec<String> = unprotected.iter().map(ToString::to_string).collect();
        let message = format!(
            "every signature of input {} has sighash byte 0x01 (ALL), so no signature covers the proofs of the outputs: whoever knows the blinders can replace them before the transaction confirms, and receivers then cannot open their coins",
            inputs.join(", ")
        );
        screen::warn_of(Code::ProofsUnsigned, &message);
        screen::say(&format!("  {}", hints.text(Code::ProofsUnsigned)));
    }
    screen::say(&format!("combined       transaction {}", file.txid()));
    match file.signers() {
        Signers::One(position) => screen::say(&format!("signer         journal entry {}", position.number)),
        Signers::Several(cosigners) => {
            for (fingerprint, position) in cosigners {
                let entry = position
                    .as_ref()
                    .map_or("no journal".to_owned(), |position| format!("journal entry {}", position.number));
                screen::say(&format!("signer         {fingerprint}, {entry}"));
            }
        }
    }
    screen::say(&format!("written        {}", printable_path(path)));
    screen::say("Whoever reads this file sees all amounts. Whoever has it can send the transaction.");
}
