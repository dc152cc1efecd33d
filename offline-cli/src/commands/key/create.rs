//! The last step of every command that makes a keystore: from words and passphrases to the file.

use bip39::Mnemonic;
use coldamp_cli::treasury::network;
use coldamp_cli::{Failure, output, screen};
use coldamp_core::network::Network;
use coldamp_core::treasury::{Branch, KeyPath};
use secrecy::SecretString;

use crate::args::{CreateArguments, named};
use crate::commands::policy::refuse_own_key_as_approver;
use crate::commands::say_next;
use crate::entropy::{blinded_secp, random_bytes};
use crate::hardening::keep_secrets_in_memory;
use crate::journal::{Entry, Journal, JournalPaths, MissingHead, PolicySet};
use crate::keystore::{ChainId, Keystore, OpenedKeystore};
use crate::policy_file::PolicyFile;

pub(super) use crate::journal::KeystoreOrigin;

/// Checks the arguments before the operator answers questions.
///
/// # Errors
/// When the file exists, its folder does not, or a public network is given a policy asset.
pub(super) fn check(arguments: &CreateArguments) -> Result<Network, Failure> {
    output::check_free(arguments.keystore.path()?)?;
    JournalPaths::of(arguments.keystore.path()?).check_free()?;
    network(named(arguments.network)?, arguments.policy_asset)
}

/// Writes the first policies, before the keystore exists: a keystore without its limits must not exist.
fn first_policies(
    paths: &JournalPaths,
    keystore: &OpenedKeystore,
    policies: PolicyFile,
) -> Result<(), Failure> {
    if policies.settings.is_empty() {
        return Ok(());
    }
    let own = keystore.creation(KeystoreOrigin::Restored);
    let mut journal = Journal::lock(paths.clone(), keystore.journal_key(), &own, MissingHead::Refuse)?;
    for setting in policies.settings {
        let set = PolicySet { approved_by: vec!["restored".to_owned()], ..setting.set };
        journal.append(Entry::PolicySet(Box::new(set)))?;
    }
    Ok(())
}

/// Writes the keystore with a journal of its own, and prints what to compare. The same words make another journal chain each
/// time: two machines that sign for one treasury must not look like one.
///
/// # Errors
/// When the system gives no random bytes, or the file cannot be written.
pub(super) fn create(
    origin: KeystoreOrigin,
    arguments: &CreateArguments,
    network: Network,
    mnemonic: Mnemonic,
    bip39_passphrase: Option<&SecretString>,
    passphrase: SecretString,
    policies: Option<PolicyFile>,
) -> Result<(), Failure> {
    keep_secrets_in_memory();
    let file = arguments.keystore.path()?;
    let chain_id = ChainId::new(*random_bytes()?);
    let secp = blinded_secp()?;
    let keystore = Keystore::restore(&secp, mnemonic, bip39_passphrase, network, arguments.script, chain_id)
        .map_err(Failure::internal)?;
    let sealed = keystore.seal(passphrase).map_err(Failure::internal)?;
    // Before the file exists: a keystore that would not open must not be taken for a treasury.
    let opened = keystore.unlock(&secp, bip39_passphrase).map_err(Failure::internal)?;
    let descriptor = opened.account_descriptor();
    let first = KeyPath { branch: Branch::External, index: 0 };
    let address = descriptor.address_at(&secp, first, opened.network()).map_err(Failure::internal)?;
    // The chain first: a keystore without one is refused by every command that signs.
    let paths = JournalPaths::of(file);
    let policies = policies.unwrap_or_default();
    let limited = policies.settings.len();
    refuse_own_key_as_approver(&secp, &opened, &policies)?;
    Journal::create(&paths, &opened.journal_key(), opened.creation(origin))?;
    first_policies(&paths, &opened, policies).inspect_err(|_| paths.remove())?;
    output::create_file(file, &sealed).inspect_err(|_| paths.remove())?;

    screen::say(&format!("keystore       {}", screen::printable_path(file)));
    screen::say(&format!("network        {}", opened.network().chain()));
    screen::say(&format!("script         {}", arguments.script.name()));
    screen::say(&format!("fingerprint    {}", descriptor.fingerprints()));
    screen::say(&format!("first address  {address}"));
    screen::say(&format!("checksum       {} (of the descriptor)", descriptor.checksum()));
    screen::say(&format!("journal chain  {chain_id} (differs for each keystore file)"));
    screen::say(match origin {
        KeystoreOrigin::New => {
            "Write down fingerprint, first address and checksum next to the words. After a restore you compare all three."
        }
        KeystoreOrigin::Restored => {
            "Compare fingerprint, first address and checksum with your notes: all three must be equal. Another network or script type has the same fingerprint."
        }
    });
    if limited == 0 {
        screen::say(
            "NO POLICY is set: this keystore signs for any asset and any amount, and nobody else has to approve.",
        );
    }
    let set_limits = (limited == 0).then_some(
        "Set limits before the first job, with `coldamp policy template` and `coldamp policy apply`.",
    );
    let (first, then) = match origin {
        KeystoreOrigin::New => (
            "Write the descriptor with `coldamp key watch -o treasury.descriptor`, and take that file to the online machine.",
            Some(
                "If these words are to be one of several keys of a treasury, go on with `coldamp key account` and `coldamp key register` instead, and ignore the address and the checksum above.",
            ),
        ),
        KeystoreOrigin::Restored => (
            "Sign nothing until each transaction that these words signed before has confirmed or can never confirm. This journal does not know them, and a request that is signed again is paid twice. `coldamp-online status` looks up each signed file. Then run `coldamp journal acknowledge-unknown`.",
            Some(
                "If these words are one of several keys of a treasury, register its descriptor again with `coldamp key register`. If the treasury has used more than 200 addresses, run `coldamp journal used`.",
            ),
        ),
    };
    let backup = "Make a backup with `coldamp backup`.";
    say_next([Some(first), set_limits, then, Some(backup)].into_iter().flatten());
    Ok(())
}
