//! Policy and journal: one append-only chain of entries beside the keystore, each under a MAC that continues the one
//! before (security.md 3).
//!
//! A journal of its own could be emptied, and a policy of its own replaced by an older one, without a trace. Here a
//! missing chain, another keystore's, an altered entry, and a chain that is older than it was are refused, never taken
//! for an empty one. The way:
//!
//! ```text
//! FILE.journal, FILE.head ─ file ─► lines ─ chain, the key of this seed ─► entries ─ records ─► what a review needs
//! signing ─► entry ─ chain ─► line ─ file, fsync ─► position ─► only now the signature leaves
//! ```
//!
//! What it cannot see is a rollback of the whole folder: therefore each signed.json names its place in the chain. And
//! whoever has the passphrase has the words: nothing here guards against the key holder.

mod backup;
mod chain;
mod entry;
mod error;
mod file;
mod open;
mod records;

pub(crate) use backup::{ChainFiles, RestoredChain};
pub(crate) use chain::{JournalKey, Link};
pub(crate) use entry::{
    Acknowledged, Approved, BackupCompared, Created, DeclaredVoid, Entry, Limits, Origin, PolicyRemoved,
    PolicySet, Signed,
};
pub(crate) use error::OpenError;
pub(crate) use file::{JournalPaths, MAX_HEAD_BYTES, MAX_JOURNAL_BYTES};
pub(crate) use open::{Journal, MissingHead};
pub(crate) use records::{outpoint, outpoint_text};

/// Whether bytes are a journal under a key; one that is must be written to the same bytes again.
pub(crate) fn reads_back(bytes: &[u8], key: &JournalKey) -> bool {
    let Ok(chain) = chain::Chain::verify(bytes, key) else { return false };
    let again: Vec<u8> = chain.links().iter().flat_map(|link| link.line()).collect();
    bytes.starts_with(&again)
}

/// A journal of two entries under a key.
pub(crate) fn sample(key: &JournalKey) -> Vec<u8> {
    let mut chain = chain::Chain::default();
    let mut bytes = Vec::new();
    for entry in [
        Entry::Acknowledged(Acknowledged {}),
        Entry::DeclaredVoid(DeclaredVoid { number: 0, txid: "00".repeat(32) }),
    ] {
        let Ok(link) = chain.next(key, entry) else { continue };
        let line = link.line();
        chain.push(link, line.len());
        bytes.extend(line);
    }
    bytes
}
