//! `coldamp-online descriptor multi`: the descriptor of a treasury of several keys. Nothing in it can spend.

use std::path::Path;

use coldamp_cli::screen::{self, printable_path};
use coldamp_cli::{Exit, Failure, output};
use coldamp_core::Secp;
use coldamp_core::code::Code;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::network::Network;
use coldamp_core::treasury::{
    Branch, CtDescriptor, DescriptorError, KeyPath, Kind, MasterBlindingKey, QuorumForm,
};

use crate::args::{DescriptorCommand, MultiArguments};
use crate::input::read_file;
use crate::{load, refusal};

/// 64 digits, `slip77()` around them, and white space.
const MAX_VIEW_KEY_BYTES: usize = 256;

/// Hexadecimal digits in a row that no file's name and no key `[fingerprint/path]xpub` has. A view key has 64.
const LEAST_DIGITS: usize = 48;

/// Assembles a descriptor.
///
/// # Errors
/// When a key is not one of a treasury, the view key cannot be read, or the file cannot be written.
pub(super) fn run(command: &DescriptorCommand) -> Result<(), Failure> {
    let DescriptorCommand::Multi(arguments) = command;
    output::check_free(&arguments.output)?;
    refuse_typed_view_key(arguments)?;
    let blinding = match &arguments.view_key {
        Some(path) => view_key(path)?,
        None => MasterBlindingKey::from(random_bytes()?),
    };
    let chain = load::named(arguments.network)?;
    let MultiArguments { threshold, nested, unsorted, .. } = *arguments;
    let form = QuorumForm { threshold, is_nested: nested, is_sorted: !unsorted };
    let descriptor =
        CtDescriptor::of_quorum(form, &blinding, &arguments.keys, chain).map_err(|error| refused(&error))?;
    let network = Network::new(chain);
    let first = KeyPath { branch: Branch::External, index: 0 };
    let address = descriptor.address_at(&Secp::new(), first, &network).map_err(Failure::internal)?;
    output::create_file(&arguments.output, format!("{}\n", descriptor.with_checksum()).as_bytes())?;

    let multi = if form.is_sorted { "sortedmulti" } else { "multi" };
    let kind = if descriptor.kind() == Kind::ShWsh { "elsh(wsh)" } else { "elwsh" };
    let keys = descriptor.keys().len();
    screen::say(&format!(
        "treasury       {threshold} of {keys} keys, {multi} in {kind}, {}",
        network.chain()
    ));
    screen::say(&format!("keys           {}", descriptor.fingerprints()));
    screen::say(&format!("first address  {address}"));
    screen::say(&format!("checksum       {} (of the descriptor)", descriptor.checksum()));
    screen::say(&format!("SHA-256        {}", descriptor.canonical_hash().to_lower_hex_string()));
    screen::say(&format!("written        {}", printable_path(&arguments.output)));
    if arguments.view_key.is_none() {
        screen::say(
            "The view key is new, from this system's randomness. It is in this file and nowhere else: no backup words make it again.",
        );
    }
    screen::say(
        "Each signer keeps a copy of this file with the backup of the words. Without it nobody finds or opens the treasury's coins. Whoever reads it sees all amounts.",
    );
    screen::say(
        "Next: each signer runs `coldamp key register` with a copy of this file, and compares keys, first address and SHA-256 with the other signers.",
    );
    Ok(())
}

/// Refuses a view key that was typed in place of its file: it is then in the shell's history, and in the list of processes.
fn refuse_typed_view_key(arguments: &MultiArguments) -> Result<(), Failure> {
    let path = arguments.view_key.as_ref().map(|path| path.to_string_lossy().into_owned());
    let is_typed = path.iter().chain(&arguments.keys).any(|text| holds_view_key(text));
    if !is_typed {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Usage,
        "the command line holds a view key",
        "Write it to a file that only you can read, and name that file with --view-key. Whoever reads the shell's history now sees all amounts of this treasury: delete it there, or use another view key.",
    ))
}

/// Whether a text holds a view key, or most of one.
fn holds_view_key(text: &str) -> bool {
    text.split(|character: char| !character.is_ascii_hexdigit()).any(|digits| digits.len() >= LEAST_DIGITS)
}

/// The view key in a file. Nothing of it is quoted.
fn view_key(path: &Path) -> Result<MasterBlindingKey, Failure> {
    let bytes = read_file(path, MAX_VIEW_KEY_BYTES, "the file of the view key")?;
    let key = std::str::from_utf8(&bytes).ok().and_then(parsed_view_key);
    key.ok_or_else(|| {
        let message = format!(
            "the file of the view key {}: expected a SLIP-77 master blinding key, 64 hexadecimal digits",
            printable_path(path)
        );
        refusal::of(Code::NotSlip77, message).with_hint(
            "Name a file with these digits alone, or leave out --view-key: a new view key is then made.",
        )
    })
}

/// A view key, alone or as a descriptor has it.
fn parsed_view_key(text: &str) -> Option<MasterBlindingKey> {
    let text = text.trim();
    let digits = text.strip_prefix("slip77(").and_then(|inner| inner.strip_suffix(')')).unwrap_or(text);
    digits.parse().ok()
}

fn random_bytes() -> Result<[u8; 32], Failure> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|reason| {
        Failure::new(
            Exit::Internal,
            format!("the system gives no random bytes: {reason}"),
            "Nothing was written. Check that the system has /dev/urandom.",
        )
    })?;
    Ok(bytes)
}

fn refused(error: &DescriptorError) -> Failure {
    let failure = refusal::of(error.code(), error.to_string());
    match error.code() {
        Code::KeyShape => failure.with_hint(
            "Give each key as its signer's wallet shows it: `coldamp key account` prints [fingerprint/path]xpub.",
        ),
        Code::KeyTwice => failure.with_hint(
            "Each signer gives a key of a seed of his own. Whoever holds two keys could sign for two.",
        ),
        Code::Quorum => failure.with_hint("Name with -k how many keys must sign, and at most 15 keys."),
        Code::Network => failure.with_hint(
            "Check --network. A key for liquid begins with xpub, and one for a test network with tpub: `coldamp key account` prints it for the keystore's network.",
        ),
        _ => failure,
    }
}
