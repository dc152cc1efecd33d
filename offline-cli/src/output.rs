//! All data: on stdout, and as files that appear only when they are whole. Words go through `screen`.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, IsTerminal as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rustix::io::Errno;
use tempfile::{NamedTempFile, PersistError};

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
    /// Nothing is ever overwritten: what is there may be the only copy of a keystore or of a signed transaction.
    #[error("{} exists already", crate::screen::shown(path))]
    Exists {
        /// Which.
        path: PathBuf,
    },
    /// The folder is missing, full, or not ours to write in.
    #[error("cannot write {}: {reason}", crate::screen::shown(path))]
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
                "name a file in a folder that exists and has room, by a name that its file system takes (exFAT takes no `:` or `?`); nothing was left behind"
            }
        };
        Failure::new(Exit::Output, error.to_string(), hint)
    }
}

/// Looks whether [`create_file`] will find its path free, before the operator answers questions in vain.
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
    // renameat2 with NOREPLACE, a hard link where the file system has no such thing: neither can overwrite.
    create_file_by(path, bytes, |file, path| file.persist_noclobber(path))?;
    warn_if_open(path);
    Ok(())
}

/// [`create_file`], with the way of giving a name that nobody has.
fn create_file_by(
    path: &Path,
    bytes: &[u8],
    give_name: impl FnOnce(NamedTempFile, &Path) -> Result<File, PersistError>,
) -> Result<(), OutputError> {
    let failed = |reason| OutputError::File { path: path.to_owned(), reason };
    let folder = folder_of(path);
    let file = unnamed(folder, bytes).map_err(failed)?;
    match give_name(file, path) {
        Ok(_) => {}
        Err(refused) if refused.error.kind() == io::ErrorKind::AlreadyExists => {
            return Err(OutputError::Exists { path: path.to_owned() });
        }
        Err(refused) if has_no_exclusive_names(&refused.error) => reserve_name(refused.file, path)?,
        Err(refused) => return Err(failed(refused.error)),
    }
    sync_folder(folder).map_err(|reason| {
        // The name might be gone after a power cut, so the file does not count as written, nor does it stay.
        let _ = fs::remove_file(path);
        failed(reason)
    })
}

/// Whether a file system knows neither an exclusive rename nor hard links: exFAT and NTFS by FUSE, folders shared with a
/// virtual machine or over SMB. Linux says so in these ways.
fn has_no_exclusive_names(error: &io::Error) -> bool {
    let errno = Errno::from_io_error(error);
    errno.is_some_and(|errno| {
        [Errno::PERM, Errno::INVAL, Errno::NOSYS, Errno::OPNOTSUPP, Errno::MLINK].contains(&errno)
    })
}

/// Gives a file its name on such a file system: makes an empty file of that name, which only succeeds if nothing is
/// there, and puts the whole one in its place. Cut off in between, an empty file is left, never a part of one.
fn reserve_name(file: NamedTempFile, path: &Path) -> Result<(), OutputError> {
    let failed = |reason: io::Error| match reason.kind() {
        io::ErrorKind::AlreadyExists => OutputError::Exists { path: path.to_owned() },
        _ => OutputError::File { path: path.to_owned(), reason },
    };
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(failed)?;
    file.persist(path).map(drop).map_err(|refused| {
        let _ = fs::remove_file(path);
        failed(refused.error)
    })
}

/// Says so where a file system keeps no permissions: it is for its owner alone only if the medium is.
fn warn_if_open(path: &Path) {
    let mode = fs::symlink_metadata(path).map(|metadata| metadata.permissions().mode());
    if mode.is_ok_and(|mode| mode & 0o077 != 0) {
        crate::screen::warn(&format!(
            "others who use this machine can read {}: its file system keeps no permissions; keep the medium to yourself",
            crate::screen::shown(path)
        ));
    }
}

/// Writes a file of our own anew: whole under another name, brought to the disk, and put in the place of the old one.
/// For what only says how far something has come; nothing else is ever overwritten.
///
/// # Errors
/// When it cannot be written. The old one then stays.
pub(crate) fn replace_file(path: &Path, bytes: &[u8]) -> Result<(), OutputError> {
    let failed = |reason| OutputError::File { path: path.to_owned(), reason };
    let folder = folder_of(path);
    let file = unnamed(folder, bytes).map_err(failed)?;
    file.persist(path).map_err(|refused| failed(refused.error))?;
    sync_folder(folder).map_err(failed)
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

/// Brings the new name to the disk.
fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        // Folders shared with a virtual machine, and some file systems by FUSE, cannot be synced, and say so.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Ok(())
        }
        done => done,
    }
}

/// What stdout is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stdout {
    /// A screen.
    Terminal,
    /// Another program takes it, as `less` does.
    Pipe,
    /// A file or a device, which nobody reads now.
    Other,
}

/// Looks what stdout is. One that is closed is nothing that could be asked through.
pub(crate) fn stdout() -> Stdout {
    let stdout = io::stdout();
    if stdout.is_terminal() {
        return Stdout::Terminal;
    }
    let kind = rustix::fs::fstat(&stdout).map(|status| rustix::fs::FileType::from_raw_mode(status.st_mode));
    match kind {
        Ok(rustix::fs::FileType::Fifo | rustix::fs::FileType::Socket) => Stdout::Pipe,
        _ => Stdout::Other,
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
    fn a_file_of_our_own_is_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("head");
        for content in ["first", "second"] {
            replace_file(&path, content.as_bytes()).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), content);
        }
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(names(folder.path()), ["head"]);
    }

    /// A file system that has neither an exclusive rename nor hard links, as Linux says it of each kind.
    fn refused(errno: Errno) -> impl FnOnce(NamedTempFile, &Path) -> Result<File, PersistError> {
        move |file, _| Err(PersistError { error: errno.into(), file })
    }

    #[test]
    fn without_exclusive_names_a_file_appears_whole_all_the_same_and_over_none() {
        for errno in [Errno::PERM, Errno::INVAL, Errno::NOSYS, Errno::OPNOTSUPP, Errno::MLINK] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("new");
            create_file_by(&path, b"data", refused(errno)).unwrap();
            assert_eq!(fs::read(&path).unwrap(), b"data", "{errno}");
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            assert_eq!(names(folder.path()), ["new"]);
            let again = create_file_by(&path, b"other", refused(errno));
            assert!(matches!(again, Err(OutputError::Exists { .. })), "{errno}");
            assert_eq!(fs::read(&path).unwrap(), b"data", "{errno}");
            assert_eq!(names(folder.path()), ["new"]);
        }
    }

    #[test]
    fn without_exclusive_names_neither_links_nor_folders_are_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let (link, taken) = (folder.path().join("link"), folder.path().join("taken"));
        std::os::unix::fs::symlink("elsewhere", &link).unwrap();
        fs::create_dir(&taken).unwrap();
        for path in [&link, &taken] {
            let made = create_file_by(path, b"data", refused(Errno::PERM));
            assert!(matches!(made, Err(OutputError::Exists { .. })), "{}", path.display());
        }
        assert!(!folder.path().join("elsewhere").exists());
        assert_eq!(names(folder.path()).len(), 2);
    }

    #[test]
    fn a_name_that_cannot_be_given_for_another_reason_leaves_nothing() {
        for errno in [Errno::NOSPC, Errno::IO, Errno::ROFS, Errno::ACCESS] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("new");
            let made = create_file_by(&path, b"data", refused(errno));
            assert!(matches!(made, Err(OutputError::File { .. })), "{errno}");
            assert!(names(folder.path()).is_empty(), "{errno}");
        }
    }

    #[test]
    fn a_reservation_goes_again_where_the_file_does_not_take_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new");
        let file = unnamed(folder.path(), b"data").unwrap();
        // The whole file has gone: nothing can be put in the place of the reservation.
        fs::remove_file(file.path()).unwrap();
        assert!(matches!(reserve_name(file, &path), Err(OutputError::File { .. })));
        assert!(names(folder.path()).is_empty());
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
    fn a_folder_that_does_not_exist_is_not_made() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("missing/new");
        assert!(matches!(check_free(&path), Err(OutputError::File { .. })));
        assert!(matches!(create_file(&path, b"data"), Err(OutputError::File { .. })));
        assert!(names(folder.path()).is_empty());
    }
}
