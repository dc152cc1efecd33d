//! Errors from opening the journal and from appending to it, and how a review and a command report them.

use std::path::PathBuf;

use coldamp_cli::output::OutputError;
use coldamp_cli::{Exit, Failure, screen};
use coldamp_core::code::Code;
use coldamp_core::sign::review::Mismatch;

use super::chain::ChainError;
use super::file::FileError;
use crate::refusal;

/// Why a journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    /// One of its files cannot be used.
    #[error(transparent)]
    File(#[from] FileError),
    /// One of its lines is wrong.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The entry that an interrupted run left could not be synced to the disk.
    #[error("the journal cannot be synced to the disk: {0}")]
    Sync(String),
    /// The first entry, which names the keystore, is missing.
    #[error("the journal lacks its first entry, which names its keystore")]
    NoFirstEntry,
    /// The journal of another keystore with the same words.
    #[error("found journal chain {found}, expected this keystore's own, {expected}")]
    OtherChain {
        /// Its id.
        found: String,
        /// The keystore's.
        expected: String,
    },
    /// The journal of a keystore with other words.
    #[error("found the journal of {found}, expected that of {expected}")]
    OtherKeys {
        /// Network, fingerprint and descriptor of the journal.
        found: String,
        /// The keystore's.
        expected: String,
    },
    /// The .head file, which names the newest entry, is missing.
    #[error("the head file {} is missing: it holds number and MAC of the newest entry", screen::printable_path(.path))]
    HeadMissing {
        /// Where it should be.
        path: PathBuf,
    },
    /// The head in a backup does not match the last entry of the journal in it.
    #[error(
        "the head in this backup does not match its journal's last entry: these files do not belong together"
    )]
    BackupHead,
    /// The journal has fewer entries than the head names.
    #[error(
        "the journal has {found} entries, but its head file says {expected}: an older journal was put in its place, or its end was cut off"
    )]
    Older {
        /// Entries in the journal.
        found: usize,
        /// Entries that the head names.
        expected: u64,
    },
    /// The entry that the head names has another MAC.
    #[error("entry {number} does not match the head file: this journal belongs to a copy of the keystore")]
    Forked {
        /// The number of the entry.
        number: u32,
    },
}

impl OpenError {
    /// Its codes, the most specific one last.
    fn codes(&self) -> &'static [Code] {
        match self {
            OpenError::File(FileError::Busy { .. }) => &[Code::JournalBusy],
            OpenError::OtherKeys { .. } => &[Code::Journal, Code::KeyMismatch],
            OpenError::Chain(ChainError::Broken { policy: true, .. }) => &[Code::Journal, Code::PolicyMac],
            _ => &[Code::Journal],
        }
    }

    /// As refusals of a review.
    pub(crate) fn mismatches(&self) -> Vec<Mismatch> {
        self.codes()
            .iter()
            .copied()
            .map(|code| Mismatch { code, message: format!("the journal: {self}") })
            .collect()
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        // The last code is the most specific one.
        let code = error.codes().last().copied().unwrap_or(Code::Journal);
        refusal::of(code, error.to_string())
    }
}

/// Why an entry was not written. No signature and no approval that depends on it may be given out.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AppendError {
    /// The journal was opened for reading.
    #[error("the journal was opened only for reading")]
    NotHeld,
    /// The entry does not serialize.
    #[error("the entry cannot be written: {0}")]
    Entry(#[from] serde_json::Error),
    /// The journal's file cannot be written.
    #[error("cannot write to the journal: {0}")]
    File(#[from] std::io::Error),
    /// The head file cannot be written.
    #[error(transparent)]
    Head(#[from] OutputError),
}

impl From<AppendError> for Failure {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::NotHeld => Failure::internal(error),
            _ => Failure::new(
                Exit::Output,
                error.to_string(),
                "Nothing was signed or approved. Make room on the disk, and run it again.",
            ),
        }
    }
}
