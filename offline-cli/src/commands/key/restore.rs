//! `coldamp key restore`: from the words of a backup to a keystore file.

use bip39::Mnemonic;
use secrecy::{ExposeSecret as _, SecretString};

use super::create::{Origin, check, create};
use crate::args::RestoreArguments;
use crate::error::{Exit, Failure};
use crate::input::secret::{BIP39_PASSPHRASE, MNEMONIC, PASSPHRASE};
use crate::keystore::parse_mnemonic;

/// Makes a keystore of words that exist.
///
/// # Errors
/// When the file exists, the words are no mnemonic, nobody answers, or the file cannot be written.
pub(super) fn run(arguments: &RestoreArguments) -> Result<(), Failure> {
    let network = check(&arguments.create)?;
    let mnemonic = mnemonic(arguments)?;
    let bip39_passphrase = bip39_passphrase(arguments)?;
    let passphrase = PASSPHRASE.obtain_new(arguments.create.keystore.passphrase_file.as_deref())?;
    create(Origin::Restored, &arguments.create, network, mnemonic, bip39_passphrase.as_ref(), passphrase)
}

/// The words, from their file or from the keyboard.
fn mnemonic(arguments: &RestoreArguments) -> Result<Mnemonic, Failure> {
    let words = MNEMONIC.obtain(arguments.mnemonic_file.as_deref())?;
    parse_mnemonic(words.expose_secret()).map_err(|error| {
        Failure::new(
            Exit::Input,
            format!("these are no BIP-39 words: {error}"),
            "compare them with the backup, word by word",
        )
    })
}

/// What BIP-39 mixes into the seed. Asked for together with the words; where they come from a file, so does it.
fn bip39_passphrase(arguments: &RestoreArguments) -> Result<Option<SecretString>, Failure> {
    match (&arguments.create.keystore.bip39_passphrase_file, &arguments.mnemonic_file) {
        (Some(file), _) => BIP39_PASSPHRASE.obtain(Some(file)).map(Some),
        (None, Some(_)) => Ok(None),
        (None, None) => BIP39_PASSPHRASE.ask_optional(),
    }
}
