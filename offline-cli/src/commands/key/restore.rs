//! `coldamp key restore`: from the words of a backup to a keystore file.

use bip39::Mnemonic;
use coldamp_core::network::Network;
use secrecy::{ExposeSecret as _, SecretString};

use crate::args::RestoreArguments;
use crate::entropy::{blinded_secp, random_bytes};
use crate::error::{Exit, Failure};
use crate::input::secret::{BIP39_PASSPHRASE, MNEMONIC, PASSPHRASE};
use crate::keystore::{ChainId, Keystore, parse_mnemonic, script_type_name};
use crate::{output, screen};

/// Makes a keystore with a journal chain of its own. Each restoring of the same words makes another chain: two
/// machines that sign for one treasury must not look like one.
///
/// # Errors
/// When the file exists, the words are no mnemonic, nobody answers, or the file cannot be written.
pub(super) fn run(arguments: &RestoreArguments) -> Result<(), Failure> {
    let file = arguments.keystore.keystore.as_path();
    output::check_free(file)?;
    let network = network(arguments)?;
    let mnemonic = mnemonic(arguments)?;
    let bip39_passphrase = bip39_passphrase(arguments)?;
    let passphrase = PASSPHRASE.obtain_new(arguments.keystore.passphrase_file.as_deref())?;

    let chain_id = ChainId::new(*random_bytes()?);
    let secp = blinded_secp()?;
    let keystore =
        Keystore::restore(&secp, mnemonic, bip39_passphrase.as_ref(), network, arguments.script, chain_id)
            .map_err(Failure::internal)?;
    output::create_file(file, &keystore.seal(passphrase).map_err(Failure::internal)?)?;

    screen::say(&format!("keystore       {}", crate::screen::shown(file)));
    screen::say(&format!("network        {}", network.chain()));
    screen::say(&format!("script         {}", script_type_name(arguments.script)));
    screen::say(&format!("fingerprint    {}", keystore.fingerprint()));
    screen::say(&format!("journal chain  {chain_id}"));
    screen::say("compare the fingerprint with the one noted beside the words: another one is another wallet");
    Ok(())
}

/// The network with its policy asset.
fn network(arguments: &RestoreArguments) -> Result<Network, Failure> {
    match arguments.policy_asset {
        None => Ok(Network::new(arguments.network)),
        Some(asset) => Network::with_policy_asset(arguments.network, asset).map_err(|error| {
            Failure::new(
                Exit::Usage,
                error.to_string(),
                "leave out --policy-asset, or name --network regtest",
            )
        }),
    }
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
    match (&arguments.keystore.bip39_passphrase_file, &arguments.mnemonic_file) {
        (Some(file), _) => BIP39_PASSPHRASE.obtain(Some(file)).map(Some),
        (None, Some(_)) => Ok(None),
        (None, None) => BIP39_PASSPHRASE.ask_optional(),
    }
}
