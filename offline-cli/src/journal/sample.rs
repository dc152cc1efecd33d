//! Journals that nobody signed anything for, and what becomes of reading one: for fuzz targets and benchmarks.

use coldamp_core::elements::hex::DisplayHex as _;

use super::chain::{Chain, JournalKey};
use super::entry::{Acknowledged, Created, DeclaredVoid, Entry, KeystoreOrigin, Signed};
use super::state::state;

/// Whether bytes are a journal under a key; one that is must be written to the same bytes again.
pub(crate) fn reads_back(bytes: &[u8], key: &JournalKey) -> bool {
    let Ok(chain) = Chain::verify(bytes, key) else { return false };
    let again: Vec<u8> = chain.links().iter().flat_map(|link| link.line()).collect();
    bytes.starts_with(&again)
}

/// Whether bytes are a journal under a key that says what was signed.
pub(crate) fn is_read(bytes: &[u8], key: &JournalKey) -> bool {
    Chain::verify(bytes, key).is_ok_and(|chain| state(chain.links()).is_ok())
}

/// A journal of two entries under a key.
pub(crate) fn sample(key: &JournalKey) -> Vec<u8> {
    written(
        key,
        [
            Entry::Acknowledged(Acknowledged {}),
            Entry::DeclaredVoid(DeclaredVoid { number: 0, txid: "00".repeat(32) }),
        ],
    )
}

/// A journal of so many entries: whose it is, then signings, each hundredth of them declared void by the entry behind it.
pub(crate) fn sample_of(key: &JournalKey, entries: u32) -> Vec<u8> {
    let created = Created {
        version: 1,
        chain: "00".repeat(16),
        network: "regtest".to_owned(),
        policy_asset: "00".repeat(32),
        fingerprint: "00000000".to_owned(),
        descriptor: "00".repeat(32),
        origin: KeystoreOrigin::New,
    };
    let entry = |number: u32| match number {
        0 => Entry::Created(created.clone()),
        _ if number.is_multiple_of(100) => {
            let number = number.saturating_sub(1);
            Entry::DeclaredVoid(DeclaredVoid { number, txid: id(number) })
        }
        _ => Entry::Signed(Box::new(signing(number))),
    };
    written(key, (0..entries).map(entry))
}

/// A number as an id.
fn id(number: u32) -> String {
    [number.to_be_bytes(); 8].concat().to_lower_hex_string()
}

fn signing(number: u32) -> Signed {
    Signed {
        command: "burn".to_owned(),
        asset: id(1),
        amount: 1,
        fee: 100,
        txid: id(number),
        distribution: None,
        request: id(number),
        request_sha256: id(number),
        content: id(number),
        pset_sha256: id(number),
        inputs: vec![format!("{}:0", id(number.saturating_sub(1)))],
        recipients: Vec::new(),
        own_index: Some(1),
        highest_index: None,
        approved_by: "code".to_owned(),
        despite: Vec::new(),
    }
}

fn written(key: &JournalKey, entries: impl IntoIterator<Item = Entry>) -> Vec<u8> {
    let mut chain = Chain::default();
    let mut bytes = Vec::new();
    for entry in entries {
        let Ok(link) = chain.next(key, entry) else { continue };
        let line = link.line();
        chain.push(link, line.len());
        bytes.extend(line);
    }
    bytes
}
