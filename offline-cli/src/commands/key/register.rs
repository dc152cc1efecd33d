//! `coldamp key register`: the keystore signs for the treasury of a descriptor from now on, and for no other. The descriptor comes from
//! another machine, on a stick. Whoever exchanges one key in it shares the treasury, so people compare it before it counts.

use coldamp_cli::ask::{TRIES, ask_until, need_terminal};
use coldamp_cli::{Exit, Failure, screen};
use coldamp_core::Secp;
use coldamp_core::code::Code;
use coldamp_core::elements::bitcoin::bip32::Fingerprint;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::sign::SignError;
use coldamp_core::treasury::{Branch, CtDescriptor, KeyPath};

use crate::args::RegisterArguments;
use crate::commands::unlock::{lock_journal, unlock};
use crate::commands::{read_descriptor, say_next};
use crate::entropy::blinded_secp;
use crate::journal::{Entry, Journal, Registration, TreasuryRegistered};
use crate::keystore::OpenedKeystore;
use crate::refusal;

/// Shows the treasury, asks, and writes the entry.
///
/// # Errors
/// When the descriptor is refused, none of its keys is this keystore's, the keystore has a treasury already, or nobody confirms. Then
/// the journal has no new entry.
pub(super) fn run(arguments: &RegisterArguments) -> Result<(), Failure> {
    let secp = blinded_secp()?;
    let text = read_descriptor(&arguments.descriptor)?;
    let keystore = unlock(&secp, &arguments.keystore)?;
    let descriptor = CtDescriptor::parse(&text, keystore.network().chain())
        .map_err(|error| refusal::of(error.code(), format!("the descriptor: {error}")))?;
    let own = own_fingerprint(&secp, &keystore, &descriptor)?;
    let mut journal = lock_journal(arguments.keystore.path()?, &keystore)?;
    let state = journal.state()?;
    let replaced = match journal.registration(&descriptor) {
        Registration::Same => {
            screen::say(&format!(
                "This keystore signs for this treasury already. The SHA-256 of its descriptor is {}. Nothing was written.",
                descriptor.canonical_hash().to_lower_hex_string()
            ));
            return Ok(());
        }
        Registration::First => None,
        Registration::Replaces { number } if arguments.replace => Some(number),
        Registration::Replaces { number } => {
            let message = format!("entry {number} of the journal registers another treasury");
            return Err(refusal::of(Code::OtherTreasury, message));
        }
        Registration::SignedForAnother { number } => {
            let message = format!("entry {number} of the journal is a signing for another treasury");
            return Err(refusal::of(Code::OtherTreasury, message).with_hint(
                "Keep this keystore for that treasury. Make another one with other words (`coldamp key new`), and use its key in the new treasury's descriptor.",
            ));
        }
    };
    refuse_open_file(&journal)?;
    need_terminal("checksum")?;
    show(&secp, &keystore, &descriptor, own)?;
    if let Some(number) = replaced {
        screen::warn(&format!(
            "entry {number} registered another treasury: this keystore will sign for that one no more"
        ));
    }
    let is_restored = state.history.as_ref().is_some_and(|history| history.earlier_unknown);
    if is_restored || !state.later_unknown.is_empty() {
        screen::warn(
            "this keystore was restored, and its journal does not know what it signed before. If that was for another treasury than this one, do not register it here",
        );
    }
    confirm(&descriptor)?;
    let position = journal.append(Entry::TreasuryRegistered(TreasuryRegistered::of(&descriptor)))?;
    screen::say(&format!(
        "entry {}: this keystore signs for this treasury, and for no other",
        position.number
    ));
    screen::say("The journal now holds the view key. Whoever reads it sees every amount of the treasury.");
    say_next([
        "Make a backup with `coldamp backup`. The registration is in it. The words alone do not bring it back.",
        "Send no money there before every signer has registered. Then compare `coldamp key address --index 0` on every signer's machine with the first address that the page shows.",
    ]);
    Ok(())
}

/// The fingerprint of the one key of the descriptor that comes from this keystore's seed.
fn own_fingerprint(
    secp: &Secp,
    keystore: &OpenedKeystore,
    descriptor: &CtDescriptor,
) -> Result<Fingerprint, Failure> {
    let key = keystore.signing_key().map_err(Failure::internal)?;
    match key.own_key(secp, descriptor) {
        Ok(own) => Ok(own.fingerprint()),
        Err(error @ SignError::SeveralKeys { .. }) => Err(refusal::of(Code::KeyTwice, error.to_string())),
        Err(error @ (SignError::NoKey { .. } | SignError::Fingerprint { .. })) => {
            Err(refusal::of(Code::KeyMismatch, error.to_string()).with_hint(
                "Compare the keys of the descriptor with what `coldamp key account` prints for this keystore. If a key was exchanged, find out who did it.",
            ))
        }
        Err(error) => Err(Failure::internal(error)),
    }
}

/// Refuses to write the view key into a file that others can read.
fn refuse_open_file(journal: &Journal) -> Result<(), Failure> {
    match journal.can_others_read() {
        Ok(false) => Ok(()),
        Ok(true) => {
            let path = screen::printable_path(&journal.paths().journal);
            let message =
                format!("others than its owner can read {path}, and the descriptor holds the view key");
            Err(refusal::of(Code::CredentialsOpen, message))
        }
        Err(error) => Err(refusal::of(Code::Journal, error.to_string())),
    }
}

/// What every signer must see alike.
fn show(
    secp: &Secp,
    keystore: &OpenedKeystore,
    descriptor: &CtDescriptor,
    own: Fingerprint,
) -> Result<(), Failure> {
    let (threshold, keys) = (descriptor.threshold(), descriptor.keys());
    let first = KeyPath { branch: Branch::External, index: 0 };
    let address = descriptor.address_at(secp, first, keystore.network()).map_err(Failure::internal)?;
    screen::say(&format!("network        {}", keystore.network().chain()));
    screen::say(&format!("script         {}", descriptor.kind().name()));
    screen::say(&format!("signatures     {threshold} of {}", keys.len()));
    for (number, key) in (1_usize..).zip(keys) {
        // The whole key: its origin is public, so whoever exchanges the xpub keeps the origin of another signer.
        let mark = if key.fingerprint() == own { "  this keystore" } else { "" };
        screen::say(&format!("key {number:<10} {}{}{mark}", key.origin(), key.xpub()));
    }
    screen::say(&format!("first address  {address}"));
    screen::say(&format!("checksum       {} (of the descriptor)", descriptor.checksum()));
    screen::say(&format!("SHA-256        {}", descriptor.canonical_hash().to_lower_hex_string()));
    if keys.len() > 1 {
        screen::say(
            "Every signer must compare keys, first address and SHA-256 with the others before one of them registers it: by voice or in person, not over the way that the file took. Each signer finds the whole line that `coldamp key account` printed on the own machine among these keys: the part in brackets is public, and a key that was exchanged can have the same. Compare the whole SHA-256: a checksum finds a slip, and two descriptors of one checksum are easily made. Whoever exchanged a key in this file can sign for the treasury.",
        );
    }
    if threshold == keys.len() && threshold > 1 {
        screen::warn("every key must sign: if one is lost, nobody can spend the coins");
    }
    if keys.len() > 1 && threshold.saturating_mul(2) <= keys.len() {
        screen::warn(&format!(
            "two groups of {threshold} signers need not have a signer in common. No journal then knows what both groups signed, and a hostile preparer can have one request paid twice. With {} of {} signatures this cannot happen",
            keys.len().saturating_div(2).saturating_add(1),
            keys.len()
        ));
    }
    Ok(())
}

fn confirm(descriptor: &CtDescriptor) -> Result<(), Failure> {
    let expected = descriptor.checksum();
    let question = "Type the checksum, if keys, first address and SHA-256 are what the other signers have: ";
    let wrong = "That is not the checksum of this descriptor.";
    let typed = ask_until("checksum", question, wrong, |answer| answer.trim() == expected)?;
    match typed {
        Some(_) => Ok(()),
        None => Err(Failure::new(
            Exit::Declined,
            format!("not registered: {TRIES} answers were not the checksum"),
            "Nothing was written. Compare keys, first address and SHA-256 with the other signers. If one of them differs, the descriptors differ: find out which is right.",
        )),
    }
}
