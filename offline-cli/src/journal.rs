//! Policy and journal: one append-only chain of entries beside the keystore, each under a MAC that continues the one
//! before (docs/rules.md#journal).
//!
//! A journal of its own could be emptied, and a policy of its own replaced by an older one, without a trace. Here a
//! missing chain, another keystore's, an altered entry, and a chain that is older than it was are refused, never taken
//! for an empty one. The way:
//!
//! ```text
//! FILE.journal, FILE.head ─ file ─► lines ─ chain, the key of this seed ─► entries ─ state ─► what a review needs
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
mod sample;
mod state;
mod treasury;

pub(crate) use backup::{ChainFiles, RestoredChain};
pub(crate) use chain::{JournalKey, Link};
pub(crate) use entry::{
    Acknowledged, Approved, BackupCompared, Created, DeclaredVoid, Entry, IndicesUsed, KeystoreOrigin,
    Limits, PolicyApproved, PolicyRemoved, PolicySet, Signed, TreasuryRegistered,
};
pub(crate) use error::OpenError;
pub(crate) use file::{JournalPaths, MAX_HEAD_BYTES, MAX_JOURNAL_BYTES};
pub(crate) use open::{Journal, MissingHead};
pub(crate) use sample::{is_read, reads_back, sample, sample_of};
pub(crate) use state::{gap_to_compare, outpoint, outpoint_text};
pub(crate) use treasury::Registration;
