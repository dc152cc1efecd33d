//! `coldamp restore`: from a backup to keystore, journal and head (docs/rules.md#restored-keystore).

use std::path::Path;

use coldamp_cli::input::read_secret_file;
use coldamp_cli::{Exit, Failure, output, screen};

use crate::args::RestoreBackupArguments;
use crate::backup::{self, BackupError, MAX_BACKUP_BYTES};
use crate::commands::say_next;
use crate::commands::unlock::{say_keys, unlock_decrypted};
use crate::entropy::blinded_secp;
use crate::input::secret::PASSPHRASE;
use crate::input::size_of;
use crate::journal::{JournalPaths, KeystoreOrigin, RestoredChain};
use crate::keystore::AgeFileError;

/// Verifies the chain in the backup, and only then writes the three files.
///
/// # Errors
/// When one of the files is there, the backup does not open, or what it holds does not belong together. Nothing is then
/// left behind.
pub(super) fn run(arguments: &RestoreBackupArguments) -> Result<(), Failure> {
    let path = arguments.keystore.path()?;
    let paths = JournalPaths::of(path);
    output::check_free(path)?;
    paths.check_free()?;
    let file = read(&arguments.backup)?;
    let passphrase = PASSPHRASE.obtain(arguments.keystore.passphrase_file.as_deref())?;
    let found =
        backup::open(&file, passphrase.clone()).map_err(|error| refused(&arguments.backup, &error))?;
    let sealed = found.keystore.seal(passphrase).map_err(Failure::internal)?;
    let secp = blinded_secp()?;
    let keystore = unlock_decrypted(&secp, &arguments.keystore, found.keystore)?;
    let own = keystore.creation(KeystoreOrigin::New);
    let chain = RestoredChain::verify(&found.chain, keystore.journal_key(), &own)?;
    let newest = chain.newest();
    let registered = chain.registered(keystore.network().chain())?;
    // The chain first: a keystore without one is refused by every command that signs.
    chain.write(&paths)?;
    output::create_file(path, &sealed).inspect_err(|_| paths.remove())?;

    screen::say(&format!("keystore       {}", screen::printable_path(path)));
    screen::say(&format!("network        {}", keystore.network().chain()));
    match &registered {
        Some(registered) => {
            say_keys(&registered.descriptor);
            screen::say(&format!("treasury       registered by entry {}", registered.number));
        }
        None => say_keys(keystore.account_descriptor()),
    }
    screen::say(&format!("journal chain  {} (differs for each keystore file)", keystore.chain_id()));
    screen::say(&format!("journal        restored up to entry {newest}"));
    screen::warn(&format!("what was signed after entry {newest} is unknown here, and every review says so"));
    let register = registered.is_none().then_some(
        "If this keystore was registered for a treasury of several keys after the backup was made, register the descriptor again with `coldamp key register`.",
    );
    let policies = format!(
        "Policies set after entry {newest} are lost: apply the newest policy export with `coldamp policy apply`."
    );
    let steps = [
        "Sign nothing any more with the keystore that was backed up: one set of words signs on one machine.",
        "Find the highest entry number in `signer.number` of every signed.json and in your notes. Type it at `coldamp journal compare`, even if this journal now has an entry of that number.",
        policies.as_str(),
    ];
    say_next(steps.into_iter().chain(register));
    Ok(())
}

fn read(path: &Path) -> Result<zeroize::Zeroizing<Vec<u8>>, Failure> {
    // No more room than the file takes: a backup may be large, and is small as a rule.
    let limit = size_of(path).unwrap_or(0).min(MAX_BACKUP_BYTES);
    read_secret_file(path, usize::try_from(limit).unwrap_or(usize::MAX)).map_err(|error| {
        Failure::new(
            Exit::Keystore,
            format!("cannot read the backup {}: {error}", screen::printable_path(path)),
            MADE_BY_BACKUP,
        )
    })
}

/// For a file that is no backup.
const MADE_BY_BACKUP: &str = "Name with --backup a file that `coldamp backup` made.";

fn refused(path: &Path, error: &BackupError) -> Failure {
    let hint = match error {
        BackupError::AgeFile(AgeFileError::Passphrase) => {
            "Use the passphrase that the keystore had when the backup was made. If you are sure of it, the file is damaged: use another copy."
        }
        BackupError::AgeFile(AgeFileError::WorkFactor { .. }) => {
            "Coldamp did not make this file. Find out who did."
        }
        BackupError::AgeFile(AgeFileError::Damaged) | BackupError::Part { .. } | BackupError::Longer => {
            "Use another copy of the backup."
        }
        BackupError::IsKeystore => {
            "A keystore is used where it is, with its .journal and .head beside it. If these are lost, restore the newest backup. Only if there is no backup, use `coldamp key restore` with the words."
        }
        BackupError::AgeFile(AgeFileError::NotAge | AgeFileError::NoPassphrase) | BackupError::FirstLine => {
            MADE_BY_BACKUP
        }
        BackupError::Keystore(_) => {
            "Use another copy or an older backup. Only if there is none, use `coldamp key restore` with the words. `age -d` shows what the file holds."
        }
    };
    Failure::new(
        Exit::Keystore,
        format!("the backup {} does not open: {error}", screen::printable_path(path)),
        hint,
    )
}
