//! `coldamp key new`: words that nobody has seen, and the keystore of them.
//!
//! ```text
//! system, 32 bytes, drawn first ─┐
//!                                ├─ words ─► backup: shown, typed back, wiped ─► create: the file
//! source: key presses or rolls ──┘
//! ```
//!
//! The operator's part is mixed in because no machine can prove that its own generator is good. It is not judged: the
//! system's part alone suffices. With `--dice-only` the system has no part. Then the rolls are checked, and whoever has them
//! on paper can recompute the words with `sha256sum`.

use coldamp_cli::{Failure, ask};

use self::chance::check_dice;
use self::source::Source;
use super::create::{KeystoreOrigin, check, create};
use crate::args::NewArguments;
use crate::entropy::random_bytes;
use crate::input::secret::{BIP39_PASSPHRASE, PASSPHRASE};

mod backup;
mod chance;
mod source;
mod words;

/// Makes new words, has them typed back from paper, and makes a keystore of them.
///
/// # Errors
/// When the file exists, nobody answers, dice alone are not fair, the words are not typed
/// back, or the file cannot be written.
pub(super) fn run(arguments: &NewArguments) -> Result<(), Failure> {
    let network = check(&arguments.create)?;
    ask::need_terminal("new words")?;
    // Drawn before anything is asked: a generator that knew what was typed could choose bytes that undo it.
    let system = random_bytes()?;
    let keystore = &arguments.create.keystore;
    // Asked before the dice: a slip in a passphrase must not cost the rolls.
    let bip39_passphrase = match &keystore.bip39_passphrase_file {
        Some(file) => Some(BIP39_PASSPHRASE.obtain(Some(file))?),
        None => BIP39_PASSPHRASE.ask_optional()?,
    };
    let passphrase = PASSPHRASE.obtain_new(keystore.passphrase_file.as_deref())?;

    let count = arguments.words;
    let source = if arguments.dice || arguments.dice_only { Source::Dice(count) } else { Source::Keys };
    let typed = source.ask()?;
    let mnemonic = if arguments.dice_only {
        check_dice(&typed)?;
        words::of_dice(&typed, count)
    } else {
        words::mixed(&system, &typed, count)
    }
    .map_err(Failure::internal)?;
    backup::prove(&mnemonic)?;
    create(
        KeystoreOrigin::New,
        &arguments.create,
        network,
        mnemonic,
        bip39_passphrase.as_ref(),
        passphrase,
        None,
    )
}
