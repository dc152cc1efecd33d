//! Why a chain is not gone by, and why an entry was not written: what a review says of it, and what a command does.

use std::path::PathBuf;

use coldamp_cli::output::OutputError;
use coldamp_cli::{Exit, Failure, screen};
use coldamp_core::code::Code;
use coldamp_core::sign::review::Mismatch;

use super::chain::ChainError;
use super::file::FileError;
use crate::refusal;

/// Why there is no chain to go by.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    /// A file of it.
    #[error(transparent)]
    File(#[from] FileError),
    /// A line of it.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// What a crash left behind could not be brought to the disk.
    #[error("the journal cannot be brought to the disk: {0}")]
    Heal(String),
    /// It begins with no statement of whose it is.
    #[error("found a journal without its first entry, expected it to say whose it is")]
    Headless,
    /// The chain of another keystore of the same words.
    #[error("found journal chain {found}, expected {expected}, which this keystore was made with")]
    Foreign {
        /// Its id.
        found: String,
        /// The keystore's.
        expected: String,
    },
    /// The chain of other keys.
    #[error("found the journal of {found}, expected that of {expected}")]
    OtherKeys {
        /// Network, fingerprint and descriptor of the journal.
        found: String,
        /// The keystore's.
        expected: String,
    },
    /// Nothing says how far it has come.
    #[error("found no {}, expected the head of this journal, which says how far it has come", screen::printable_path(.path))]
    HeadMissing {
        /// Where it should be.
        path: PathBuf,
    },
    /// The head in a backup is not the last entry's: the files do not belong together.
    #[error(
        "found a head that is not that of the journal's last entry, expected a backup whose files belong together"
    )]
    BackupHead,
    /// Shorter than it was.
    #[error(
        "found a journal of {found} entries, expected at least {expected}: an older one was put in its place, or its end was cut off"
    )]
    Older {
        /// How many it has.
        found: usize,
        /// How many it had.
        expected: u64,
    },
    /// It has gone another way since.
    #[error(
        "entry {number} is another than it was when the head was written: found the journal of a copy of this keystore, expected its own"
    )]
    Forked {
        /// Which.
        number: u32,
    },
}

impl OpenError {
    /// Its codes, from the general one to the most specific.
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

/// Why an entry was not written. Nothing that depends on it may leave.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AppendError {
    /// The journal was opened for reading.
    #[error("the journal is not held")]
    NotHeld,
    /// The entry does not serialize.
    #[error("the entry cannot be written: {0}")]
    Entry(#[from] serde_json::Error),
    /// The system did not take it.
    #[error("cannot write to the journal: {0}")]
    File(#[from] std::io::Error),
    /// Nor the head.
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
                "nothing was given out; make room on the disk, and run it again",
            ),
        }
    }
}
