//! The chain in a backup: taken out whole while it is held, and put back beside a keystore that has none, with an entry
//! that says so. A backup is an older journal by nature: what was signed after it was made, it does not know.

use coldamp_cli::{Failure, output};
use coldamp_core::network::Chain as Network;

use super::chain::{Chain, ChainError, JournalKey, claimed_creation};
use super::entry::{Created, Entry, RestoredBackup};
use super::error::OpenError;
use super::file::{Head, JournalPaths};
use super::open::{Journal, whose};
use super::state::state;
use super::treasury::{Registered, registered};

/// FILE.journal and FILE.head as bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChainFiles {
    /// Whole lines only.
    pub(crate) journal: Vec<u8>,
    /// The head of the last line.
    pub(crate) head: Vec<u8>,
}

/// The chain of a backup, verified, and not written yet.
pub(crate) struct RestoredChain {
    key: JournalKey,
    chain: Chain,
    newest: u32,
}

impl Journal {
    /// Both files, for a backup: the lines that were verified, and the head of the last one.
    ///
    /// # Errors
    /// When the chain has no entry, which a verified one has.
    pub(crate) fn files(&self) -> Result<ChainFiles, OpenError> {
        let last = self.links().last().ok_or(OpenError::NoFirstEntry)?;
        let head = Head { number: last.number, mac: last.mac }.line(self.key());
        let journal = self.links().iter().flat_map(|link| link.line()).collect();
        Ok(ChainFiles { journal, head: head.into_bytes() })
    }
}

impl RestoredChain {
    /// Verifies the chain of a backup by the journal's own rules, and strictly: no line of it may be torn, and its head
    /// must be that of its last entry, since both were written while nobody else could.
    ///
    /// # Errors
    /// When it is another keystore's, broken, cut off, or of a later version.
    pub(crate) fn verify(files: &ChainFiles, key: JournalKey, own: &Created) -> Result<Self, OpenError> {
        if let Some(claimed) = claimed_creation(&files.journal) {
            whose(&claimed, own)?;
        }
        let chain = Chain::verify(&files.journal, &key)?;
        match chain.links().first().map(|link| &link.entry) {
            Some(Entry::Created(created)) => whose(created, own)?,
            _ => return Err(OpenError::NoFirstEntry),
        }
        let last = chain.links().last().ok_or(OpenError::NoFirstEntry)?;
        if chain.length() != files.journal.len() {
            let number = last.number.saturating_add(1);
            return Err(ChainError::NoLines { number }.into());
        }
        let head = Head::parse(&files.head, &key);
        if head != Some(Head { number: last.number, mac: last.mac }) {
            return Err(OpenError::BackupHead);
        }
        state(chain.links())?;
        let newest = last.number;
        Ok(RestoredChain { key, chain, newest })
    }

    /// The treasury that was registered last, if one was.
    ///
    /// # Errors
    /// When another version of this program wrote its entry.
    pub(crate) fn registered(&self, network: Network) -> Result<Option<Registered>, OpenError> {
        Ok(registered(self.chain.links(), network)?)
    }

    /// The number of its newest entry when the backup was made.
    pub(crate) fn newest(&self) -> u32 {
        self.newest
    }

    /// Writes both files, with one more entry: until it is compared with what is known of later entries, every review
    /// says that they are unknown.
    ///
    /// # Errors
    /// When one of the files is there already or cannot be written. Neither is then left behind.
    pub(crate) fn write(self, paths: &JournalPaths) -> Result<(), Failure> {
        let entry = Entry::RestoredBackup(RestoredBackup { newest: self.newest });
        let link = self.chain.next(&self.key, entry).map_err(Failure::internal)?;
        let lines = self.chain.links().iter().chain(Some(&link));
        let journal: Vec<u8> = lines.flat_map(|link| link.line()).collect();
        output::create_file(&paths.journal, &journal)?;
        let head = Head { number: link.number, mac: link.mac };
        // A head that is there already belongs to somebody: it is never replaced, as a running journal's own is.
        output::create_file(&paths.head, head.line(&self.key).as_bytes())
            .inspect_err(|_| paths.remove_journal())?;
        Ok(())
    }
}
