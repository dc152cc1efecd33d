//! `coldamp key restore`: makes a keystore from the words on paper.

use bip39::Mnemonic;
use coldamp_cli::{Exit, Failure};
use coldamp_core::sign::review::{AssetChange, JournalState};
use secrecy::{ExposeSecret as _, SecretString};

use super::create::{KeystoreOrigin, check, create};
use crate::args::RestoreArguments;
use crate::commands::policy::{approve_by_hash, ask, read_file, show_change};
use crate::input::secret::{BIP39_PASSPHRASE, MNEMONIC, PASSPHRASE};
use crate::keystore::parse_mnemonic;
use crate::policy_file::PolicyFile;

mod words;

/// Makes a keystore from words and the policies that it starts with.
///
/// # Errors
/// When the file exists, the words are no mnemonic, nobody answers, or the file cannot be written.
pub(super) fn run(arguments: &RestoreArguments) -> Result<(), Failure> {
    let policies = policies(arguments)?;
    let network = check(&arguments.create)?;
    let mnemonic = mnemonic(arguments)?;
    let bip39_passphrase = bip39_passphrase(arguments)?;
    let passphrase = PASSPHRASE.obtain_new(arguments.create.keystore.passphrase_file.as_deref())?;
    let bip39_passphrase = bip39_passphrase.as_ref();
    create(
        KeystoreOrigin::Restored,
        &arguments.create,
        network,
        mnemonic,
        bip39_passphrase,
        passphrase,
        policies,
    )
}

/// The policies that the keystore starts with. The words hold none: without this question a treasury could lose its limits
/// and approvers unnoticed.
fn policies(arguments: &RestoreArguments) -> Result<Option<PolicyFile>, Failure> {
    match (&arguments.policy, arguments.no_policy) {
        (Some(path), _) => {
            let file = read_file(path)?;
            if !file.removed.is_empty() {
                return Err(Failure::new(
                    Exit::Input,
                    "the policy file removes a policy, and a keystore that is restored has none",
                    "Give with --policy a file that `coldamp policy export` wrote.",
                ));
            }
            let changes = first(&file);
            show_change(&file, &changes, &JournalState::default());
            // The file comes on a stick, and nothing in it shows that these words made it.
            match &arguments.approve_sha256 {
                Some(given) => approve_by_hash(&file.sha256, given)?,
                None => ask(
                    &changes,
                    "Run it at a terminal, or give the SHA-256 of the file with --approve-sha256.",
                )?,
            }
            Ok(Some(file))
        }
        (None, true) => Ok(None),
        (None, false) => Err(Failure::new(
            Exit::Usage,
            "give --policy or --no-policy: the words alone hold no limits",
            "--policy FILE.toml sets the limits and approvers that `coldamp policy export` wrote. --no-policy sets none: the keystore then signs for any asset and any amount, and nobody else has to approve.",
        )),
    }
}

/// What the first policies of a keystore change.
fn first(file: &PolicyFile) -> Vec<AssetChange> {
    let settings = file.settings.iter();
    settings
        .map(|setting| JournalState::default().change(setting.policy.asset, Some(&setting.policy)))
        .collect()
}

/// The words, from their file or from the keyboard.
fn mnemonic(arguments: &RestoreArguments) -> Result<Mnemonic, Failure> {
    let Some(file) = &arguments.mnemonic_file else { return words::ask() };
    let words = MNEMONIC.obtain(Some(file))?;
    parse_mnemonic(words.expose_secret()).map_err(|error| {
        Failure::new(
            Exit::Input,
            format!("these are not BIP-39 words: {error}"),
            "Compare them with the paper, word by word.",
        )
    })
}

/// The BIP-39 passphrase. It is asked for if the words are; if they come from a file, it does too.
fn bip39_passphrase(arguments: &RestoreArguments) -> Result<Option<SecretString>, Failure> {
    match (&arguments.create.keystore.bip39_passphrase_file, &arguments.mnemonic_file) {
        (Some(file), _) => BIP39_PASSPHRASE.obtain(Some(file)).map(Some),
        (None, Some(_)) => Ok(None),
        (None, None) => BIP39_PASSPHRASE.ask_optional(),
    }
}
