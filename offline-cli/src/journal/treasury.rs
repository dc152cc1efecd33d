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

    /// The checksum of the descriptor, which was typed to confirm it.
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

#[cfg(test)]
mod tests {
    use super::super::chain::{Chain as Journal, JournalKey};
    use super::super::entry::{Created, IndicesUsed, KeystoreOrigin, Signed};
    use super::super::state::state;
    use super::*;

    const OWN: &str = "ct(slip77(9c8e4f05c7711a98c838be228bcb84924d4570ca53f35fa1c793e58841d47023),elwpkh([73c5da0a/84h/1h/0h]tpubDC8msFGeGuwnKG9Upg7DM2b4DaRqg3CUZa5g8v2SRQ6K4NSkxUgd7HsL2XVWbVm39yBA4LAxysQAm397zwQSQoQgewGiYZqrA9DsP4zbQ1M/<0;1>/*))";
    const OTHER: &str = "ct(slip77(9c8e4f05c7711a98c838be228bcb84924d4570ca53f35fa1c793e58841d47023),elsh(wpkh([73c5da0a/49h/1h/0h]tpubDD7tXK8KeQ3YY83yWq755fHY2JW8Ha8Q765tknUM5rSvjPcGWfUppDFMpQ1ScziKfW3ZNtZvAD7M3u7bSs7HofjTD3KP3YxPK7X6hwV8Rk2/<0;1>/*)))";
    /// An entry as a version before registrations wrote it.
    const SIGNED: &str = r#"{"command":"burn","asset":"c827f4a9f08a0eb9372c163621585f3d795c68b6a577505b457ff1c6ebb71015","amount":7,"fee":100,"txid":"0101010101010101010101010101010101010101010101010101010101010101","distribution":null,"request":"0202020202020202020202020202020202020202020202020202020202020202","request_sha256":"0303030303030303030303030303030303030303030303030303030303030303","content":"0404040404040404040404040404040404040404040404040404040404040404","pset_sha256":"0505050505050505050505050505050505050505050505050505050505050505","inputs":["0606060606060606060606060606060606060606060606060606060606060606:1"],"recipients":[],"approved_by":"code","despite":[]}"#;

    fn descriptor(text: &str) -> CtDescriptor {
        CtDescriptor::parse(text, Chain::Regtest).unwrap()
    }

    fn register(text: &str) -> Entry {
        Entry::TreasuryRegistered(TreasuryRegistered::of(&descriptor(text)))
    }

    fn signed() -> Entry {
        Entry::Signed(Box::new(serde_json::from_str::<Signed>(SIGNED).unwrap()))
    }

    /// The links of a keystore whose own treasury is [`OWN`].
    fn links(entries: Vec<Entry>) -> Vec<Link> {
        let created = Created {
            version: 1,
            chain: "00".repeat(16),
            network: "regtest".to_owned(),
            policy_asset: "00".repeat(32),
            fingerprint: "73c5da0a".to_owned(),
            descriptor: descriptor(OWN).canonical_hash().to_lower_hex_string(),
            origin: KeystoreOrigin::New,
        };
        let key = JournalKey::of(&[1; 64], [0; 16]);
        let mut chain = Journal::default();
        for entry in std::iter::once(Entry::Created(created)).chain(entries) {
            let link = chain.next(&key, entry).unwrap();
            let length = link.line().len();
            chain.push(link, length);
        }
        chain.links().to_vec()
    }

    #[test]
    fn the_newest_registration_counts_and_none_is_the_own_key() {
        let of = |entries| registered(&links(entries), Chain::Regtest).unwrap();
        assert!(of(vec![]).is_none());
        let two = of(vec![register(OTHER), register(OWN)]).unwrap();
        assert_eq!((two.number, two.descriptor.canonical()), (2, OWN));
        let unreadable =
            links(vec![Entry::TreasuryRegistered(TreasuryRegistered { descriptor: "x".to_owned() })]);
        assert_eq!(registered(&unreadable, Chain::Regtest).err(), Some(ChainError::Unknown { number: 1 }));
    }

    #[test]
    fn what_was_signed_for_decides_what_may_be_registered() {
        for (entries, text, expected) in [
            (vec![], OTHER, Registration::First),
            (vec![], OWN, Registration::Same),
            (vec![signed()], OWN, Registration::Same),
            (vec![signed()], OTHER, Registration::SignedForAnother { number: 1 }),
            (vec![register(OTHER)], OTHER, Registration::Same),
            (vec![register(OTHER)], OWN, Registration::Replaces { number: 1 }),
            (vec![register(OTHER), signed()], OTHER, Registration::Same),
            (vec![register(OTHER), signed()], OWN, Registration::SignedForAnother { number: 2 }),
        ] {
            assert_eq!(
                registration(&links(entries.clone()), &descriptor(text)),
                expected,
                "{entries:?} {text}"
            );
        }
    }

    #[test]
    fn a_chain_in_which_another_treasury_follows_a_signing_is_not_read() {
        let is_read = |entries| state(&links(entries)).is_ok();
        assert!(is_read(vec![register(OTHER), register(OTHER), signed(), register(OTHER)]));
        assert!(is_read(vec![signed(), register(OWN)]));
        assert!(!is_read(vec![signed(), register(OTHER)]));
        assert!(!is_read(vec![register(OTHER), signed(), register(OWN)]));
    }

    #[test]
    fn how_far_addresses_were_used_is_said_of_one_treasury() {
        let used = || Entry::IndicesUsed(IndicesUsed { up_to: 300 });
        let known = |entries| state(&links(entries)).unwrap().used_up_to;
        assert_eq!(known(vec![used(), register(OTHER)]), None);
        assert_eq!(known(vec![register(OTHER), used(), register(OTHER)]), Some(300));
    }
}
