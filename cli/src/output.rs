//! Data: lines on stdout, and files that appear only when they are whole. Messages go through [`screen`](crate::screen).
//!
//! No file is overwritten, except those that Coldamp alone keeps ([`replace_file`]).

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rustix::io::Errno;
use tempfile::{NamedTempFile, PersistError};

use crate::failure::{Exit, Failure};
use crate::line::Line;
use crate::screen::{printable_path, warn};
use crate::terminal::columns;

#[cfg(test)]
mod tests;

/// Why data could not be written.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// stdout is closed or full.
    #[error("cannot write to standard output: {reason}")]
    Stdout {
        /// The system's error.
        reason: io::Error,
    },
    /// A file of this name exists. It is not overwritten: it may be the only copy of a keystore or of a signed transaction.
    #[error("{} exists already", printable_path(path))]
    Exists {
        /// Where.
        path: PathBuf,
    },
    /// The folder is missing or full, or the user may not write in it.
    #[error("cannot write {}: {reason}", printable_path(path))]
    File {
        /// Where.
        path: PathBuf,
        /// The system's error.
        reason: io::Error,
    },
}

impl OutputError {
    /// For a path, by what the system said of it.
    fn of(path: &Path, reason: io::Error) -> Self {
        match reason.kind() {
            io::ErrorKind::AlreadyExists => OutputError::Exists { path: path.to_owned() },
            _ => OutputError::File { path: path.to_owned(), reason },
        }
    }
}

impl From<OutputError> for Failure {
    fn from(error: OutputError) -> Self {
        let hint = match &error {
            OutputError::Stdout { .. } => {
                "The program or file that takes the output is closed or full. Run it again."
            }
            OutputError::Exists { .. } => "Name a file that does not exist. Nothing was overwritten.",
            OutputError::File { .. } => {
                "Name a file in a folder that exists and has room. Its file system must allow the name: exFAT allows no `:` or `?`. Nothing was left behind."
            }
        };
        Failure::new(Exit::Output, error.to_string(), hint)
    }
}

/// Checks that [`create_file`] will find its path free, before the operator waits or answers questions in vain.
///
/// # Errors
/// When something is there, even a link to nothing, or the folder is missing.
pub fn check_free(path: &Path) -> Result<(), OutputError> {
    match fs::symlink_metadata(path) {
        Ok(_) => Err(OutputError::Exists { path: path.to_owned() }),
        Err(missing) if missing.kind() == io::ErrorKind::NotFound && folder_of(path).is_dir() => Ok(()),
        Err(reason) => Err(OutputError::File { path: path.to_owned(), reason }),
    }
}

/// Creates a file of `length` bytes under the name that [`create_file`] is going to use, and removes it. Only this shows
/// that the file system takes the name and has room. For use before a question that can be put to AMP only once.
///
/// # Errors
/// When the file cannot be created or removed.
pub fn probe_output(path: &Path, length: usize) -> Result<(), OutputError> {
    check_free(path)?;
    let file = create_file_by(path, &vec![b' '; length], |file, path| file.persist_noclobber(path))?;
    remove_created(&file, path).map_err(|reason| OutputError::of(path, reason))
}

/// Creates a file that only its owner can read. It is written under another name in the same folder, synced to the disk,
/// and then given its name, if nobody has taken that name meanwhile.
///
/// # Errors
/// When the path is taken or cannot be written. No part of the file is left behind.
pub fn create_file(path: &Path, bytes: &[u8]) -> Result<(), OutputError> {
    // renameat2 with NOREPLACE, or a hard link where the file system lacks that: neither can overwrite.
    create_file_by(path, bytes, |file, path| file.persist_noclobber(path))?;
    warn_if_open(path);
    Ok(())
}

/// [`create_file`] with `give_name` as the call that gives the name. Returns the file.
fn create_file_by(
    path: &Path,
    bytes: &[u8],
    give_name: impl FnOnce(NamedTempFile, &Path) -> Result<File, PersistError>,
) -> Result<File, OutputError> {
    let failed = |reason| OutputError::of(path, reason);
    let folder = folder_of(path);
    let file = temp_file(folder, bytes).map_err(failed)?;
    let file = match give_name(file, path) {
        Ok(file) => file,
        Err(refused) if has_no_exclusive_names(&refused.error) => {
            let reserved = create_reserved(path).map_err(failed)?;
            replace_reserved(refused.file, &reserved, path).map_err(failed)?
        }
        Err(refused) => return Err(failed(refused.error)),
    };
    match sync_folder(folder) {
        Ok(()) => Ok(file),
        Err(reason) => {
            // After a power cut the name might be missing, so the file does not count as written, and is removed.
            let _ = remove_created(&file, path);
            Err(failed(reason))
        }
    }
}

/// Whether a file system has neither an exclusive rename nor hard links: exFAT and NTFS by FUSE, folders shared with a
/// virtual machine or over SMB. Linux reports it in these ways.
fn has_no_exclusive_names(error: &io::Error) -> bool {
    let errno = Errno::from_io_error(error);
    errno.is_some_and(|errno| {
        [Errno::PERM, Errno::INVAL, Errno::NOSYS, Errno::OPNOTSUPP, Errno::MLINK].contains(&errno)
    })
}

/// Reserves a name on such a file system: creates an empty file, which succeeds only if nothing is there. After a power cut
/// an empty file may be left, never a part of one.
fn create_reserved(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// Puts the whole file in the place of the empty one. Somebody who can write the folder may have put another file there
/// meanwhile; that one is neither replaced nor removed.
fn replace_reserved(file: NamedTempFile, reserved: &File, path: &Path) -> io::Result<File> {
    check_created(reserved, path)?;
    file.persist(path).map_err(|refused| {
        let _ = remove_created(reserved, path);
        refused.error
    })
}

/// Removes a file that this process created, and no other that has its name now.
fn remove_created(created: &File, path: &Path) -> io::Result<()> {
    check_created(created, path)?;
    fs::remove_file(path)
}

/// Checks that a path leads to the file that this process created, by device and inode. While the file is open, its inode
/// number is not given to another file.
fn check_created(created: &File, path: &Path) -> io::Result<()> {
    let (there, created) = (fs::symlink_metadata(path)?, created.metadata()?);
    match (there.dev(), there.ino()) == (created.dev(), created.ino()) {
        true => Ok(()),
        false => Err(io::ErrorKind::AlreadyExists.into()),
    }
}

/// Warns if the file system keeps no permissions.
fn warn_if_open(path: &Path) {
    let mode = fs::symlink_metadata(path).map(|metadata| metadata.permissions().mode());
    if mode.is_ok_and(|mode| mode & 0o077 != 0) {
        warn(&format!(
            "other users of this machine can read {}, because its file system keeps no permissions. Keep the medium to yourself",
            printable_path(path)
        ));
    }
}

/// Writes a file again that Coldamp alone keeps: whole under another name, synced to the disk, and then in the place of the
/// old one.
///
/// # Errors
/// When it cannot be written. The old file then stays.
pub fn replace_file(path: &Path, bytes: &[u8]) -> Result<(), OutputError> {
    let failed = |reason| OutputError::File { path: path.to_owned(), reason };
    let folder = folder_of(path);
    let file = temp_file(folder, bytes).map_err(failed)?;
    file.persist(path).map_err(|refused| failed(refused.error))?;
    sync_folder(folder).map_err(failed)
}

/// Opens a file that is kept and written in place, or creates it for its owner alone.
///
/// # Errors
/// When it cannot be opened, or is not a regular file. A pipe would block, and a link would lead to another file.
pub fn open_in_place(path: &Path) -> io::Result<File> {
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    let flags = i32::try_from(flags.bits()).unwrap_or_default();
    let mut options = OpenOptions::new();
    let options = options.read(true).write(true).create(true).truncate(false).mode(0o600);
    let file = options.custom_flags(flags).open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::Error::other("it is not a regular file")) }
}

/// A file for its owner alone, synced to the disk. It is removed when dropped, unless it was given a name.
fn temp_file(folder: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let mut file = tempfile::Builder::new()
        .prefix(".coldamp-")
        .permissions(Permissions::from_mode(0o600))
        .tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// The folder of a path.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Syncs the name of a new file to the disk.
///
/// # Errors
/// When the folder cannot be synced.
pub fn sync_folder_of(path: &Path) -> Result<(), OutputError> {
    sync_folder(folder_of(path)).map_err(|reason| OutputError::File { path: path.to_owned(), reason })
}

/// Syncs the names in a folder to the disk.
fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        // Folders shared with a virtual machine, and some file systems by FUSE, cannot be synced, and report that.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Ok(())
        }
        done => done,
    }
}

/// Prints a line for a person on stdout: broken between words at the width of the terminal, with control characters escaped.
///
/// # Errors
/// When stdout is closed or full. A pipe whose reader has gone counts as closed: the data has not arrived.
pub fn print(line: &str) -> Result<(), OutputError> {
    print_line(&Line::new(line))
}

/// [`print()`] for a line that says where its further rows begin.
///
/// # Errors
/// As [`print()`].
pub fn print_line(line: &Line) -> Result<(), OutputError> {
    print_exact(&line.printed(columns(&io::stdout())).join("\n"))
}

/// Prints text that another program reads, or that has line breaks of its own, as it is. Nothing in it may be from outside,
/// unless its format escapes control characters.
///
/// # Errors
/// As [`print()`].
pub fn print_exact(text: &str) -> Result<(), OutputError> {
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(format!("{text}\n").as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(|reason| OutputError::Stdout { reason })
}
