//! All data: on stdout, and as files that appear only when they are whole. Words go through `screen`.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write as _};
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
                "name a file in a folder that exists and has room, by a name that its file system takes (exFAT takes no `:` or `?`); nothing was left behind"
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

/// Really makes a file of this many bytes under the name that [`create_file`] is going to use, and removes it: whether a
/// name suits the file system, the medium takes data and has room is known only then. Before something is asked for that
/// is said once.
///
/// # Errors
/// When it cannot be made, or not be removed.
pub(crate) fn try_out(path: &Path, length: usize) -> Result<(), OutputError> {
    check_free(path)?;
    create_file_by(path, &vec![b' '; length], |file, path| file.persist_noclobber(path))?;
    fs::remove_file(path).map_err(|reason| OutputError::File { path: path.to_owned(), reason })
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
            path.display()
        ));
    }
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
        // Folders shared with a virtual machine, and some file systems by FUSE, cannot be synced, and say so.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Ok(())
        }
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
    fn a_name_is_tried_out_with_data_and_nothing_of_it_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("request.json");
        try_out(&path, 300_000).unwrap();
        assert!(names(folder.path()).is_empty());
        fs::write(&path, b"mine").unwrap();
        assert!(matches!(try_out(&path, 1), Err(OutputError::Exists { .. })));
        assert_eq!(fs::read(&path).unwrap(), b"mine");
        // A name that is free and cannot be had: longer than any file system takes.
        let long = folder.path().join("x".repeat(300));
        assert!(try_out(&long, 1).is_err());
        assert!(try_out(Path::new("/proc/coldamp-request.json"), 1).is_err());
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
