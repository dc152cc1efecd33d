//! The two files of a chain. FILE.journal only ever grows, by whole lines, each on the disk before anything depends on
//! it. FILE.head says how far it has come: an older FILE.journal put back in its place is shorter than that.

use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use coldamp_cli::output::{self, OutputError};
use coldamp_cli::screen;
use coldamp_core::elements::hex::{DisplayHex as _, decode_to_array};
use rustix::fs::{Mode, OFlags};

use super::chain::JournalKey;

/// Bytes that a journal may have: some hundred thousand signings.
pub(crate) const MAX_JOURNAL_BYTES: u64 = 256 * 1024 * 1024;

/// Bytes that a head may have.
pub(crate) const MAX_HEAD_BYTES: u64 = 256;

/// Where the files of a keystore's chain lie.
#[derive(Debug, Clone)]
pub(crate) struct JournalPaths {
    pub(crate) journal: PathBuf,
    pub(crate) head: PathBuf,
}

/// How far the chain had come when it was last written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) number: u32,
    pub(crate) mac: [u8; 32],
}

/// The journal's file while nobody else may write it.
pub(crate) struct LockedFile(File);

/// Why a file of the chain is not used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileError {
    /// Not there.
    #[error("found no {}, expected the journal of this keystore", screen::printable_path(.path))]
    Missing {
        /// Which.
        path: PathBuf,
    },
    /// Not to be read.
    #[error("found {} which cannot be used: {reason}", screen::printable_path(.path))]
    Unusable {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// Another process holds it, from its check to its entry.
    #[error("found {} held by another coldamp, expected to have it alone until the signature is recorded", screen::printable_path(.path))]
    Busy {
        /// Which.
        path: PathBuf,
    },
}

impl JournalPaths {
    /// Beside the keystore.
    pub(crate) fn of(keystore: &Path) -> Self {
        let beside = |ending: &str| {
            let mut name = OsString::from(keystore);
            name.push(ending);
            PathBuf::from(name)
        };
        JournalPaths { journal: beside(".journal"), head: beside(".head") }
    }

    /// Whether both names are free.
    ///
    /// # Errors
    /// When one of them is not.
    pub(crate) fn check_free(&self) -> Result<(), OutputError> {
        output::check_free(&self.journal)?;
        output::check_free(&self.head)
    }

    /// Takes back a chain whose keystore could not be written.
    pub(crate) fn remove(&self) {
        self.remove_journal();
        let _ = std::fs::remove_file(&self.head);
    }

    /// Takes back a journal whose head could not be written.
    pub(super) fn remove_journal(&self) {
        let _ = std::fs::remove_file(&self.journal);
    }

    /// Reads the head; none where there is no file.
    ///
    /// # Errors
    /// When the file is not one that was written with this key.
    pub(crate) fn read_head(&self, key: &JournalKey) -> Result<Option<Head>, FileError> {
        let mut file = match open(&self.head, OFlags::RDONLY) {
            Ok(file) => file,
            Err(FileError::Missing { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let bytes = read_all(&mut file, &self.head, MAX_HEAD_BYTES)?;
        Head::parse(&bytes, key)
            .map(Some)
            .ok_or_else(|| unusable(&self.head, "it was not written with this keystore"))
    }

    /// Writes the head anew.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn write_head(&self, head: Head, key: &JournalKey) -> Result<(), OutputError> {
        output::replace_file(&self.head, head.line(key).as_bytes())
    }

    /// Whether others than its owner can read the journal.
    ///
    /// # Errors
    /// When it is missing or unusable.
    pub(crate) fn can_others_read(&self) -> Result<bool, FileError> {
        let file = open(&self.journal, OFlags::RDONLY)?;
        let metadata = file.metadata().map_err(|error| unusable(&self.journal, error))?;
        Ok(metadata.permissions().mode() & 0o077 != 0)
    }

    /// Reads the journal without holding it.
    ///
    /// # Errors
    /// When it is missing or unusable.
    pub(crate) fn read(&self) -> Result<Vec<u8>, FileError> {
        let mut file = open(&self.journal, OFlags::RDONLY)?;
        read_all(&mut file, &self.journal, MAX_JOURNAL_BYTES)
    }

    /// Takes the journal for this process alone, without waiting, and reads it.
    ///
    /// # Errors
    /// When it is missing, unusable, or held by another process.
    pub(crate) fn lock(&self) -> Result<(LockedFile, Vec<u8>), FileError> {
        let mut file = open(&self.journal, OFlags::RDWR)?;
        file.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => FileError::Busy { path: self.journal.clone() },
            TryLockError::Error(error) => unusable(&self.journal, error),
        })?;
        let bytes = read_all(&mut file, &self.journal, MAX_JOURNAL_BYTES)?;
        Ok((LockedFile(file), bytes))
    }
}

impl LockedFile {
    /// Brings everything in it to the disk.
    ///
    /// # Errors
    /// When the system does not.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.0.sync_all()
    }

    /// Puts a line behind the lines that count, in place of one that was torn, and brings it to the disk.
    ///
    /// # Errors
    /// When the system does not take it.
    pub(crate) fn append(&mut self, length: u64, line: &[u8]) -> io::Result<()> {
        self.0.set_len(length)?;
        self.0.seek(io::SeekFrom::Start(length))?;
        self.0.write_all(line)?;
        self.0.sync_all()
    }
}

impl Head {
    /// As the file has it.
    pub(super) fn line(self, key: &JournalKey) -> String {
        let (mac, own) = (self.mac.to_lower_hex_string(), self.own_mac(key).to_lower_hex_string());
        format!("{} {mac} {own}\n", self.number)
    }

    /// Reads a head that was written with this key.
    pub(super) fn parse(bytes: &[u8], key: &JournalKey) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let mut words = text.strip_suffix('\n')?.split(' ');
        let number = words.next()?.parse().ok()?;
        let mac = decode_to_array::<32>(words.next()?).ok()?;
        let head = Head { number, mac };
        // Written in one way only, so that the comparison covers every byte.
        (head.line(key) == text).then_some(head)
    }

    fn own_mac(&self, key: &JournalKey) -> [u8; 32] {
        key.mac(&[b"head", &self.number.to_le_bytes(), &self.mac])
    }
}

fn unusable(path: &Path, reason: impl ToString) -> FileError {
    FileError::Unusable { path: path.to_owned(), reason: reason.to_string() }
}

/// Opens a regular file that nobody but its owner can write, itself and not where a link leads.
fn open(path: &Path, access: OFlags) -> Result<File, FileError> {
    let flags = access | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::NOFOLLOW;
    let file = rustix::fs::open(path, flags, Mode::empty()).map_err(|error| match error {
        rustix::io::Errno::NOENT => FileError::Missing { path: path.to_owned() },
        rustix::io::Errno::LOOP => unusable(path, "it is a link"),
        error => unusable(path, io::Error::from(error)),
    })?;
    let file = File::from(file);
    let metadata = file.metadata().map_err(|error| unusable(path, error))?;
    if !metadata.is_file() {
        return Err(unusable(path, "it is no regular file"));
    }
    if metadata.permissions().mode() & 0o022 != 0 {
        screen::warn(&format!(
            "others than its owner can write {}; chmod 600 it",
            screen::printable_path(path)
        ));
    }
    Ok(file)
}

fn read_all(file: &mut File, path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    let mut bytes = Vec::new();
    let read = file.take(limit.saturating_add(1)).read_to_end(&mut bytes);
    let count = read.map_err(|error| unusable(path, error))?;
    if u64::try_from(count).unwrap_or(u64::MAX) > limit {
        return Err(unusable(path, format!("it has more than {limit} bytes")));
    }
    Ok(bytes)
}
