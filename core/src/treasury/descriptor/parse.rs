//! Reading a descriptor: elements-miniscript parses it, and what no treasury may be is refused by name.

use std::borrow::Cow;
use std::str::FromStr;

use elements_miniscript::confidential::Key;
use elements_miniscript::descriptor::checksum::desc_checksum;
use elements_miniscript::descriptor::{Descriptor, ShInner, Wsh, WshInner};
use elements_miniscript::{ConfidentialDescriptor, DescriptorPublicKey, NoExt, Terminal};

use super::error::without_keys;
use super::{CtDescriptor, DescriptorError, Template, TreasuryKey};
use crate::limits::MAX_QUORUM_KEYS;
use crate::network::Chain;
use crate::treasury::{Kind, SpendSize};

/// What follows from the kind of a descriptor's script.
struct Shape<'a> {
    template: Template,
    spend_size: SpendSize,
    keys: Vec<&'a DescriptorPublicKey>,
}

impl CtDescriptor {
    /// Reads a descriptor, with or without checksum, hardened steps written `h`, `H` or `'`.
    ///
    /// # Errors
    /// When it is no CT descriptor, not of a single key or of k of n keys in segwit v0, not blinded by SLIP-77, or of another
    /// network. Also when a key has no origin or no `/<0;1>/*`, or is there twice.
    pub fn parse(text: &str, chain: Chain) -> Result<Self, DescriptorError> {
        let text = with_small_marks(text.trim())?;
        check_threshold(&text)?;
        let parsed = ConfidentialDescriptor::<DescriptorPublicKey, NoExt>::from_str(&text)
            .map_err(|error| DescriptorError::Unreadable { reason: without_keys(&error.to_string()) })?;
        let Key::Slip77(blinding) = parsed.key else {
            return Err(DescriptorError::NotSlip77);
        };
        let Shape { template, spend_size, keys } = Shape::of(&parsed.descriptor)?;
        let is_only = keys.len() == 1;
        let named = |position: usize| match is_only {
            true => "the key".to_owned(),
            false => format!("key {}", position.saturating_add(1)),
        };
        let keys = keys.into_iter().enumerate();
        let keys = keys.map(|(position, key)| TreasuryKey::read(key, &named(position), chain));
        let keys = keys.collect::<Result<Vec<_>, _>>()?;
        each_once(&keys)?;
        // Hardened marks are the one thing that equal descriptors may write differently.
        let canonical = format!("{parsed:#}").replace('\'', "h");
        Ok(CtDescriptor { canonical, template, spend_size, blinding, keys })
    }
}

impl<'a> Shape<'a> {
    fn of(descriptor: &'a Descriptor<DescriptorPublicKey, NoExt>) -> Result<Self, DescriptorError> {
        match descriptor {
            Descriptor::Wpkh(wpkh) => Ok(Self::of_key(Kind::Wpkh, wpkh.as_inner())),
            Descriptor::Wsh(wsh) => Self::of_quorum(Kind::Wsh, wsh),
            Descriptor::Sh(sh) => match sh.as_inner() {
                ShInner::Wpkh(wpkh) => Ok(Self::of_key(Kind::ShWpkh, wpkh.as_inner())),
                ShInner::Wsh(wsh) => Self::of_quorum(Kind::ShWsh, wsh),
                ShInner::SortedMulti(_) | ShInner::Ms(_) => Err(unsupported("elsh without wsh or wpkh")),
            },
            Descriptor::Tr(_) | Descriptor::TrExt(_) => Err(unsupported("eltr (taproot)")),
            other => Err(unsupported(&format!("{:?}", other.desc_type()))),
        }
    }

    fn of_key(kind: Kind, key: &'a DescriptorPublicKey) -> Self {
        let template = Template { kind, threshold: 1, is_sorted: false };
        Shape { template, spend_size: SpendSize::single_key(kind), keys: vec![key] }
    }

    fn of_quorum(kind: Kind, wsh: &'a Wsh<DescriptorPublicKey>) -> Result<Self, DescriptorError> {
        let (threshold, keys, is_sorted) = match wsh.as_inner() {
            WshInner::SortedMulti(multi) => (multi.k, &multi.pks, true),
            WshInner::Ms(script) => match &script.node {
                Terminal::Multi(threshold, keys) => (*threshold, keys, false),
                _ => return Err(unsupported("elwsh of another miniscript than multi")),
            },
        };
        let satisfaction = wsh.max_weight_to_satisfy().map_err(|error| unsupported(&error.to_string()))?;
        Ok(Shape {
            template: Template { kind, threshold, is_sorted },
            spend_size: SpendSize::quorum(kind, satisfaction),
            keys: keys.iter().collect(),
        })
    }
}

fn unsupported(found: &str) -> DescriptorError {
    DescriptorError::ScriptTypeUnsupported { found: found.to_owned() }
}

/// Checks k and n of `multi` and `sortedmulti` in the text. The library refuses some of them too, as a text that does not parse.
fn check_threshold(text: &str) -> Result<(), DescriptorError> {
    let multi = text.split_once("multi(").and_then(|(_, inside)| inside.split_once(','));
    let Some((threshold, behind)) = multi else { return Ok(()) };
    let keys = behind.split_once(')').map_or(behind, |(keys, _)| keys).split(',').count();
    if keys > MAX_QUORUM_KEYS {
        return Err(DescriptorError::TooManyKeys { found: keys });
    }
    match threshold.parse::<usize>() {
        Ok(found) if found == 0 || found > keys => Err(DescriptorError::Threshold { found, keys }),
        // The library says what is wrong with a text that is no number.
        _ => Ok(()),
    }
}

/// Refuses a key that is there twice: whoever has it would sign for two. Two keys of one fingerprint come from one seed, so one
/// person holds both. PSETs and parts also name a key by its fingerprint.
fn each_once(keys: &[TreasuryKey]) -> Result<(), DescriptorError> {
    for (position, key) in keys.iter().enumerate() {
        for earlier in keys.iter().take(position) {
            if key.xpub().public_key == earlier.xpub().public_key {
                return Err(DescriptorError::KeyTwice { key: key.origin(), what: "the same public key" });
            }
            if key.fingerprint() == earlier.fingerprint() {
                return Err(DescriptorError::KeyTwice { key: key.origin(), what: "the same fingerprint" });
            }
        }
    }
    Ok(())
}

/// Hardened steps of the origins written `h` instead of `H`, which BIP-380 leaves out and the library does not read, though it can
/// mean nothing else. A checksum is one of the text as it was given, so it is verified before that.
fn with_small_marks(text: &str) -> Result<Cow<'_, str>, DescriptorError> {
    let mut marked = String::with_capacity(text.len());
    let mut is_origin = false;
    for character in text.chars() {
        is_origin = match character {
            '[' => true,
            ']' => false,
            _ => is_origin,
        };
        marked.push(if is_origin && character == 'H' { 'h' } else { character });
    }
    if marked == text {
        return Ok(Cow::Borrowed(text));
    }
    let Some((given, checksum)) = text.split_once('#') else { return Ok(Cow::Owned(marked)) };
    if desc_checksum(given).ok().as_deref() != Some(checksum) {
        let reason = "its checksum is not that of its text".to_owned();
        return Err(DescriptorError::Unreadable { reason });
    }
    let without = marked.split_once('#').map_or(marked.as_str(), |(without, _)| without);
    Ok(Cow::Owned(without.to_owned()))
}
