//! From the arguments that name a keystore to its keys and its chain: the way in for every command that needs them.

use std::path::Path;

use coldamp_cli::input::read_secret_file;
use coldamp_cli::screen::{printable_path, say, warn};
use coldamp_cli::{Exit, Failure};
use coldamp_core::Secp;
use coldamp_core::treasury::CtDescriptor;
use secrecy::SecretString;

use crate::args::KeystoreArguments;
use crate::hardening::keep_secrets_in_memory;
use crate::input::secret::{BIP39_PASSPHRASE, PASSPHRASE};
use crate::journal::{Journal, JournalPaths, KeystoreOrigin, MissingHead, OpenError};
use crate::keystore::{
    AgeFileError, Keystore, KeystoreError, MAX_KEYSTORE_BYTES, OpenedKeystore, PlaintextError,
};

/// For a file that is no keystore.
const MADE_BY_KEY: &str =
    "Name with --keystore a file that `coldamp key new`, `coldamp key restore` or `coldamp restore` made.";

/// A keystore with the passphrase that it was encrypted with.
pub(crate) struct Decrypted {
    pub(crate) keystore: Keystore,
    pub(crate) passphrase: SecretString,
}

/// Reads the keystore, obtains its passphrases from their files or the terminal, and unlocks it.
///
/// # Errors
/// When the keystore cannot be read, a passphrase is missing or wrong, or nobody answers.
pub(crate) fn unlock(secp: &Secp, arguments: &KeystoreArguments) -> Result<OpenedKeystore, Failure> {
    unlock_decrypted(secp, arguments, decrypt(arguments)?.keystore)
}

/// Reads the keystore, and decrypts it with the passphrase from its file or the terminal.
///
/// # Errors
/// When the keystore cannot be read, its passphrase is missing or wrong, or nobody answers.
pub(crate) fn decrypt(arguments: &KeystoreArguments) -> Result<Decrypted, Failure> {
    let path = arguments.path()?;
    let file = read_secret_file(path, MAX_KEYSTORE_BYTES).map_err(|error| {
        Failure::new(
            Exit::Keystore,
            format!("cannot read the keystore {}: {error}", printable_path(path)),
            MADE_BY_KEY,
        )
    })?;
    let passphrase = PASSPHRASE.obtain(arguments.passphrase_file.as_deref())?;
    let keystore = Keystore::open(&file, passphrase.clone()).map_err(|error| refused(path, &error))?;
    keep_secrets_in_memory();
    Ok(Decrypted { keystore, passphrase })
}

/// Unlocks a keystore that was decrypted, with the BIP-39 passphrase where it has one.
///
/// # Errors
/// When the BIP-39 passphrase is missing or wrong, or nobody answers.
pub(crate) fn unlock_decrypted(
    secp: &Secp,
    arguments: &KeystoreArguments,
    keystore: Keystore,
) -> Result<OpenedKeystore, Failure> {
    let path = arguments.path()?;
    let bip39_passphrase = match &arguments.bip39_passphrase_file {
        // A file that was named counts even where none is needed: the keystore then says that it is the wrong one.
        Some(file) => Some(BIP39_PASSPHRASE.obtain(Some(file))?),
        None if keystore.has_bip39_passphrase() => Some(BIP39_PASSPHRASE.obtain(None)?),
        None => None,
    };
    keystore.unlock(secp, bip39_passphrase.as_ref()).map_err(|error| refused(path, &error))
}

/// The chain of an opened keystore, for reading.
///
/// # Errors
/// When it is missing, another's, broken, or older than it was.
pub(crate) fn read_journal(path: &Path, keystore: &OpenedKeystore) -> Result<Journal, OpenError> {
    let own = keystore.creation(KeystoreOrigin::New);
    Journal::read(JournalPaths::of(path), keystore.journal_key(), &own)
}

/// The chain of an opened keystore, held by this process alone until it is dropped.
///
/// # Errors
/// As [`read_journal`], and when another process holds it.
pub(crate) fn lock_journal(path: &Path, keystore: &OpenedKeystore) -> Result<Journal, OpenError> {
    lock_journal_or(MissingHead::Refuse, path, keystore)
}

/// The descriptor of the treasury that a keystore signs for: the one that its journal registered last, or else that of its own key
/// alone. Where the journal cannot be read it is not known: `review` then shows the PSET by the keystore's own key, and names no
/// treasury.
///
/// # Errors
/// When another version of this program wrote the entry.
pub(crate) fn treasury(keystore: &OpenedKeystore, journal: &Journal) -> Result<CtDescriptor, OpenError> {
    let Some(registered) = journal.registered(keystore.network().chain())? else {
        return Ok(keystore.account_descriptor().clone());
    };
    if journal.can_others_read()? {
        let path = printable_path(&journal.paths().journal);
        warn(&format!("others than its owner can read {path}, which holds the view key; chmod 600 it"));
    }
    Ok(registered.descriptor)
}

/// Says whose the keys of a treasury are.
pub(crate) fn say_keys(descriptor: &CtDescriptor) {
    match descriptor.keys().len() {
        1 => say(&format!("fingerprint    {}", descriptor.fingerprints())),
        count => say(&format!(
            "fingerprints   {} ({} of {count} must sign)",
            descriptor.fingerprints(),
            descriptor.threshold()
        )),
    }
}

/// As [`lock_journal`], for the one command that can make a missing head again.
///
/// # Errors
/// As [`lock_journal`], but for a missing head.
pub(crate) fn lock_journal_or(
    missing: MissingHead,
    path: &Path,
    keystore: &OpenedKeystore,
) -> Result<Journal, OpenError> {
    let own = keystore.creation(KeystoreOrigin::New);
    Journal::lock(JournalPaths::of(path), keystore.journal_key(), &own, missing)
}

/// What the operator is told about a keystore that does not open.
fn refused(path: &Path, error: &KeystoreError) -> Failure {
    let hint = match error {
        KeystoreError::AgeFile(AgeFileError::Passphrase) => {
            "Try the passphrase again. If you are sure of it, the file is damaged: restore the newest backup with `coldamp restore`. The words alone bring back no journal, budget or policy."
        }
        KeystoreError::AgeFile(AgeFileError::NotAge | AgeFileError::NoPassphrase) => MADE_BY_KEY,
        KeystoreError::AgeFile(AgeFileError::WorkFactor { .. }) => {
            "Coldamp did not make this file. Find out who did."
        }
        KeystoreError::AgeFile(AgeFileError::Damaged) => {
            "Use another copy of the file, or restore the newest backup with `coldamp restore`. The words alone bring back no journal, budget or policy."
        }
        KeystoreError::Plaintext(PlaintextError::IsBackup) => {
            "Restore it with `coldamp restore --backup FILE --keystore NEW`, then name the new keystore."
        }
        KeystoreError::Plaintext(_) | KeystoreError::FingerprintMismatch { .. } => {
            "Restore the newest backup with `coldamp restore`. Only if there is none, use `coldamp key restore` with the words. `age -d` shows what the file holds."
        }
        KeystoreError::Bip39PassphraseUnexpected => {
            "Leave out --bip39-passphrase-file, or name the keystore that was made with one."
        }
        KeystoreError::Bip39PassphraseMissing => "Name its file with --bip39-passphrase-file.",
        KeystoreError::Bip39PassphraseWrong { .. } => {
            "Try the BIP-39 passphrase again. Check upper and lower case, blanks and the keyboard layout."
        }
        KeystoreError::Account(_) => return Failure::internal(error),
    };
    Failure::new(
        Exit::Keystore,
        format!("the keystore {} does not open: {error}", printable_path(path)),
        hint,
    )
}
