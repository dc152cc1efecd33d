//! `coldamp key new`: words that nobody has seen, and the keystore of them.
//!
//! ```text
//! system, 32 bytes, drawn first ─┐
//!                                ├─ words ─► backup: shown, typed back, wiped ─► create: the file
//! source: key presses or rolls ──┘
//! ```
//!
//! The operator's part is not optional: one maker's generator was weak for five years before anybody noticed, and no
//! machine can prove that its own is not. With `--dice-only` the system has no part, and the rolls on paper and
//! `sha256sum` check the words.

use coldamp_cli::{Failure, ask};

use self::source::Source;
use super::create::{Origin, check, create};
use crate::args::NewArguments;
use crate::entropy::random_bytes;
use crate::input::secret::{BIP39_PASSPHRASE, PASSPHRASE};

mod backup;
mod chance;
mod source;
mod words;

/// Makes new words, sees to it that they are on paper, and makes a keystore of them.
///
/// # Errors
/// When the file exists, nobody answers, what was typed or rolled is not random enough, the words are not typed back,
/// or the file cannot be written. Then nothing is.
pub(super) fn run(arguments: &NewArguments) -> Result<(), Failure> {
    let network = check(&arguments.create)?;
    ask::need_terminal("new words")?;
    // Before anything is asked: a generator that knew what was typed could choose bytes that undo it.
    let system = random_bytes()?;
    let keystore = &arguments.create.keystore;
    // Before the dice: nobody shall roll them again for a slip in a passphrase.
    let bip39_passphrase = match &keystore.bip39_passphrase_file {
        Some(file) => Some(BIP39_PASSPHRASE.obtain(Some(file))?),
        None => BIP39_PASSPHRASE.ask_optional()?,
    };
    let passphrase = PASSPHRASE.obtain_new(keystore.passphrase_file.as_deref())?;

    let count = arguments.words;
    let source = if arguments.dice || arguments.dice_only { Source::Dice(count) } else { Source::Keys };
    let typed = source.ask()?;
    let mnemonic = if arguments.dice_only {
        words::of_dice(&typed, count)
    } else {
        words::mixed(&system, &typed, count)
    }
    .map_err(Failure::internal)?;
    backup::prove(&mnemonic)?;
    create(Origin::New, &arguments.create, network, mnemonic, bip39_passphrase.as_ref(), passphrase, None)
}
