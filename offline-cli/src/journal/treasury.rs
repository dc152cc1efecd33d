//! Which treasury the keystore signs for. At first it is that of its own key alone. Registering another one is an entry, so that the
//! descriptor cannot be exchanged without the seed (docs/rules.md#registered-treasury).

use coldamp_core::elements::hashes::sha256;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::network::Chain;
use coldamp_core::treasury::CtDescriptor;

use super::chain::{ChainError, Link};
use super::entry::{Entry, TreasuryRegistered};

/// A treasury that was registered.
#[derive(Debug)]
pub(crate) struct Registered {
    /// The number of its entry.
    pub(crate) number: u32,
    /// Its descriptor.
    pub(crate) descriptor: CtDescriptor,
}

/// What registering a treasury would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Registration {
    /// It is the first one.
    First,
    /// The keystore signs for this treasury already.
    Same,
    /// It takes the place of the one of an entry, for which nothing was signed.
    Replaces {
        /// The number of that entry.
        number: u32,
    },
    /// The keystore has signed for another one. Exclusion, budgets and the index of change are counted by the treasury whose coins were
    /// spent, so a journal keeps to one.
    SignedForAnother {
        /// The number of the newest signing.
        number: u32,
    },
}

impl TreasuryRegistered {
    /// The entry of a treasury.
    pub(crate) fn of(descriptor: &CtDescriptor) -> Self {
        TreasuryRegistered { descriptor: descriptor.with_checksum() }
    }

    /// SHA-256 of the canonical descriptor.
    pub(super) fn hash(&self) -> String {
        let canonical = self.descriptor.split('#').next().unwrap_or_default();
        sha256::Hash::hash(canonical.as_bytes()).to_byte_array().to_lower_hex_string()
    }

    /// The checksum of the descriptor, which people compare.
    pub(crate) fn checksum(&self) -> &str {
        self.descriptor.split_once('#').map(|(_, checksum)| checksum).unwrap_or_default()
    }
}

/// The treasury that was registered last.
///
/// # Errors
/// When its descriptor does not parse, which another version of this program wrote.
pub(super) fn registered(links: &[Link], chain: Chain) -> Result<Option<Registered>, ChainError> {
    let Some((number, entry)) = newest(links) else { return Ok(None) };
    let descriptor =
        CtDescriptor::parse(&entry.descriptor, chain).map_err(|_| ChainError::Unknown { number })?;
    Ok(Some(Registered { number, descriptor }))
}

/// What registering a treasury would do.
pub(super) fn registration(links: &[Link], descriptor: &CtDescriptor) -> Registration {
    let newest = newest(links);
    let current = newest.map(|(_, entry)| entry.hash()).or_else(|| own(links));
    let last_signing = links.iter().rev().find(|link| matches!(link.entry, Entry::Signed(_)));
    match (newest, last_signing) {
        _ if current == Some(descriptor.canonical_hash().to_lower_hex_string()) => Registration::Same,
        (_, Some(signing)) => Registration::SignedForAnother { number: signing.number },
        (Some((number, _)), None) => Registration::Replaces { number },
        (None, None) => Registration::First,
    }
}

fn newest(links: &[Link]) -> Option<(u32, &TreasuryRegistered)> {
    links.iter().rev().find_map(|link| match &link.entry {
        Entry::TreasuryRegistered(registered) => Some((link.number, registered)),
        _ => None,
    })
}

/// SHA-256 of the descriptor of the keystore's own key alone.
fn own(links: &[Link]) -> Option<String> {
    match links.first().map(|link| &link.entry) {
        Some(Entry::Created(created)) => Some(created.descriptor.clone()),
        _ => None,
    }
}
