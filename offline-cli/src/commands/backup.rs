//! `coldamp backup`: keystore, journal and head in one encrypted file.

use coldamp_cli::{Failure, output, screen};

use crate::args::BackupArguments;
use crate::backup;
use crate::commands::unlock::{decrypt, lock_journal, unlock_decrypted};
use crate::entropy::blinded_secp;

/// Writes the backup, while nobody else signs: the three belong together.
///
/// # Errors
/// When the keystore does not open, its chain is not the newest, another process holds it, or the file cannot be written.
pub(super) fn run(arguments: &BackupArguments) -> Result<(), Failure> {
    output::check_free(&arguments.output)?;
    let secp = blinded_secp()?;
    let decrypted = decrypt(&arguments.keystore)?;
    let plaintext = decrypted.keystore.plaintext();
    let keystore = unlock_decrypted(&secp, &arguments.keystore, decrypted.keystore)?;
    let journal = lock_journal(arguments.keystore.path()?, &keystore)?;
    // A chain that this version cannot read must not be found out when the backup is needed.
    journal.state()?;
    let files = journal.files()?;
    let sealed = backup::seal(&plaintext, &files, decrypted.passphrase).map_err(Failure::internal)?;
    output::create_file(&arguments.output, &sealed)?;
    let newest = journal.links().last().map_or(0, |link| link.number);
    screen::say(&format!("backup         {}", screen::printable_path(&arguments.output)));
    screen::say(&format!("journal        up to entry {newest}"));
    screen::say(
        "It holds the words: keep it as safe as the keystore, on another medium and in another place. Make a new backup after every signing and every change of policy.",
    );
    Ok(())
}
