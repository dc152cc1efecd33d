//! The readers of files that nobody vouches for, within reach of fuzz targets and benchmarks. Not for other use.

use crate::{backup, journal, keystore};

/// Reads the plaintext of a keystore, and whether it is one. Whatever is read must be written back to the same bytes.
pub fn keystore_plaintext(bytes: &[u8]) -> bool {
    keystore::reads_back(bytes)
}

/// Reads the plaintext of a backup, and whether it is one. Whatever is read must be written back to the same bytes.
pub fn backup_plaintext(bytes: &[u8]) -> bool {
    backup::reads_back(bytes)
}

/// Reads a journal under the key of a seed of zeros, and whether it is one and is written to the same bytes again.
pub fn journal(bytes: &[u8]) -> bool {
    journal::reads_back(bytes, &journal::JournalKey::of(&[0; 64], [0; 16]))
}

/// A journal of so many entries under the same key, for a benchmark: signings, and of every hundred one that is declared void.
pub fn journal_of(entries: u32) -> Vec<u8> {
    journal::sample_of(&journal::JournalKey::of(&[0; 64], [0; 16]), entries)
}

/// Whether a journal under the same key verifies, and says what was signed.
pub fn journal_is_read(bytes: &[u8]) -> bool {
    journal::is_read(bytes, &journal::JournalKey::of(&[0; 64], [0; 16]))
}

/// A journal of two entries under the same key, for a fuzzer to start from.
pub fn journal_seed() -> Vec<u8> {
    journal::sample(&journal::JournalKey::of(&[0; 64], [0; 16]))
}
