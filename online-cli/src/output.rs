//! All data: on stdout, and as files that appear only when they are whole. Words go through `screen`.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::{Exit, Failure};

/// Why data could not be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OutputError {
    /// stdout is closed or full.
    #[error("cannot write to standard output: {reason}")]
    Stdout {
        /// What the system said.
        reason: io::Error,
    },
    /// Nothing is ever overwritten: what is there may be the only copy of a transaction.
    #[error("{} exists already", path.display())]
    Exists {
        /// Which.
        path: PathBuf,
    },
    /// The folder is missing, full, or not ours to write in.
    #[error("cannot write {}: {reason}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
}

impl From<OutputError> for Failure {
    fn from(error: OutputError) -> Self {
        let hint = match &error {
            OutputError::Stdout { .. } => "whatever takes the output is closed or full; run it again",
            OutputError::Exists { .. } => "name a file that does not exist; nothing was overwritten",
            OutputError::File { .. } => {
                "name a file in a folder that exists and has room; nothing was left behind"
            }
        };
        Failure::new(Exit::Output, error.to_string(), hint)
    }
}

/// Looks whether [`create_file`] will find its path free, before anything is read and planned in vain.
///
/// # Errors
/// When something is there, be it a link to nowhere, or the folder is not.
pub(crate) fn check_free(path: &Path) -> Result<(), OutputError> {
    match fs::symlink_metadata(path) {
        Ok(_) => Err(OutputError::Exists { path: path.to_owned() }),
        Err(missing) if missing.kind() == io::ErrorKind::NotFound && folder_of(path).is_dir() => Ok(()),
        Err(reason) => Err(OutputError::File { path: path.to_owned(), reason }),
    }
}

/// Makes a file that only its owner can read: written under another name in the same folder, brought to the disk,
/// and only then given its name, if nobody has taken it meanwhile.
///
/// # Errors
/// When the path is taken or cannot be written. No part of the file is left behind.
pub(crate) fn create_file(path: &Path, bytes: &[u8]) -> Result<(), OutputError> {
    let failed = |reason| OutputError::File { path: path.to_owned(), reason };
    let folder = folder_of(path);
    let file = unnamed(folder, bytes).map_err(failed)?;
    // renameat2 with NOREPLACE, a hard link where the file system has no such thing: neither can overwrite.
    file.persist_noclobber(path).map_err(|refused| match refused.error.kind() {
        io::ErrorKind::AlreadyExists => OutputError::Exists { path: path.to_owned() },
        _ => failed(refused.error),
    })?;
    sync_folder(folder).map_err(|reason| {
        // The name might be gone after a power cut, so the file does not count as written, nor does it stay.
        let _ = fs::remove_file(path);
        failed(reason)
    })
}

/// Puts a file in the place of its older self, whole or not at all: for what this program alone keeps.
///
/// # Errors
/// When it cannot be written; the older one then stands as it was.
pub(crate) fn replace_file(path: &Path, bytes: &[u8]) -> Result<(), OutputError> {
    let failed = |reason| OutputError::File { path: path.to_owned(), reason };
    let folder = folder_of(path);
    let file = unnamed(folder, bytes).map_err(failed)?;
    file.persist(path).map_err(|refused| failed(refused.error))?;
    sync_folder(folder).map_err(failed)
}

/// Opens a file that is kept and written in place, or makes it for its owner alone.
///
/// # Errors
/// When it cannot be had, or is a pipe, which would be waited for, or a link, which would lead to another file.
pub(crate) fn open_kept(path: &Path) -> io::Result<File> {
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    let flags = i32::try_from(flags.bits()).unwrap_or_default();
    let mut options = OpenOptions::new();
    let options = options.read(true).write(true).create(true).truncate(false).mode(0o600);
    let file = options.custom_flags(flags).open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::Error::other("it is no regular file")) }
}

/// A file for its owner alone, brought to the disk, that goes again unless it is given its name.
fn unnamed(folder: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let mut file = tempfile::Builder::new()
        .prefix(".coldamp-")
        .permissions(Permissions::from_mode(0o600))
        .tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// The folder that a path lies in.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Brings a name that was just given to the disk.
///
/// # Errors
/// When the folder cannot be synced.
pub(crate) fn sync_folder_of(path: &Path) -> Result<(), OutputError> {
    sync_folder(folder_of(path)).map_err(|reason| OutputError::File { path: path.to_owned(), reason })
}

/// Brings the new name to the disk.
fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        // Folders shared with a virtual machine cannot be synced, and say so.
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
        done => done,
    }
}

/// Prints a line of data.
///
/// # Errors
/// When stdout is closed or full. A pipe whose reader left counts as such: the data has not arrived.
pub(crate) fn print(line: &str) -> Result<(), OutputError> {
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(format!("{line}\n").as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(|reason| OutputError::Stdout { reason })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "the tests make and read files as an operator does")]

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_file_appears_whole_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new");
        check_free(&path).unwrap();
        create_file(&path, b"data").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"data");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(names(folder.path()), ["new"]);
    }

    #[test]
    fn what_is_there_stays_as_it_is_even_when_the_look_before_was_too_early() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("taken");
        fs::write(&path, b"mine").unwrap();
        assert!(matches!(check_free(&path), Err(OutputError::Exists { .. })));
        assert!(matches!(create_file(&path, b"data"), Err(OutputError::Exists { .. })));
        assert_eq!(fs::read(&path).unwrap(), b"mine");
        assert_eq!(names(folder.path()), ["taken"]);
    }

    #[test]
    fn a_link_to_nowhere_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("link");
        std::os::unix::fs::symlink("elsewhere", &path).unwrap();
        assert!(matches!(check_free(&path), Err(OutputError::Exists { .. })));
        assert!(matches!(create_file(&path, b"data"), Err(OutputError::Exists { .. })));
        assert_eq!(names(folder.path()), ["link"]);
    }

    #[test]
    fn what_is_written_in_place_is_a_file_and_neither_a_pipe_nor_a_link() {
        use rustix::fs::{CWD, FileType, Mode, mknodat};
        let folder = tempfile::tempdir().unwrap();
        let (pipe, link, victim) =
            (folder.path().join("pipe"), folder.path().join("link"), folder.path().join("victim"));
        mknodat(CWD, &pipe, FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
        fs::write(&victim, b"mine").unwrap();
        std::os::unix::fs::symlink(&victim, &link).unwrap();
        assert!(open_kept(&pipe).is_err() && open_kept(&link).is_err());
        assert!(open_kept(&victim).is_ok() && open_kept(&folder.path().join("new")).is_ok());
        assert_eq!(fs::read(&victim).unwrap(), b"mine");
    }

    #[test]
    fn a_folder_that_does_not_exist_is_not_made() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("missing/new");
        assert!(matches!(check_free(&path), Err(OutputError::File { .. })));
        assert!(matches!(create_file(&path, b"data"), Err(OutputError::File { .. })));
        assert!(names(folder.path()).is_empty());
    }
}
