//! A file of the state folder that is locked while a command uses it, and where that folder is.

use std::fs::{DirBuilder, File, TryLockError};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use coldamp_cli::input::{self, InputError};
use coldamp_cli::screen::{self, printable_path};
use coldamp_cli::{Exit, Failure, output};
use coldamp_core::code::Code;

/// The largest state file. A reservation has some 200 bytes and 70 for each coin: room for tens of thousands of requests.
const MAX_RECORD_BYTES: usize = 16 * 1024 * 1024;

/// A file of the state folder, locked against other commands.
pub(super) struct Locked {
    pub(super) path: PathBuf,
    _lock: File,
}

impl Locked {
    /// Locks a file, for which it waits. The folder is made if it is missing.
    ///
    /// # Errors
    /// When the folder cannot be made, or the file cannot be locked.
    pub(super) fn open(folder: Option<&Path>, name: &str) -> Result<Self, Failure> {
        let folder = named_or_platform(folder)?;
        let cannot = |path: &Path, error: &io::Error| {
            let message = format!("cannot use the state folder, {}: {error}", printable_path(path));
            Failure::new(Exit::Output, message, "Name a folder that you can write to with --state.")
        };
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)
            .map_err(|error| cannot(&folder, &error))?;
        let lock_path = folder.join(format!("{name}.lock"));
        let lock = output::open_in_place(&lock_path).and_then(|lock| {
            take(&lock, || {
                screen::say(&format!(
                    "Waiting: another coldamp-online command uses {}. This command continues when that one ends.",
                    printable_path(&lock_path)
                ));
            })?;
            Ok(lock)
        });
        let lock = lock.map_err(|error| cannot(&lock_path, &error))?;
        Ok(Locked { path: folder.join(format!("{name}.json")), _lock: lock })
    }

    /// The file's bytes. None if it does not exist.
    ///
    /// # Errors
    /// When it exists and cannot be read.
    pub(super) fn read(&self, what: &str) -> Result<Option<Vec<u8>>, Failure> {
        read_kept(&self.path, MAX_RECORD_BYTES, what)
    }
}

/// Takes a lock. If another command has it, calls `waits` and then waits: that command may scan for minutes.
fn take(lock: &File, waits: impl FnOnce()) -> io::Result<()> {
    match lock.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::Error(error)) => Err(error),
        Err(TryLockError::WouldBlock) => {
            waits();
            lock.lock()
        }
    }
}

/// The bytes of a file of the state folder. None if it does not exist.
///
/// # Errors
/// When it exists and cannot be read.
pub(super) fn read_kept(path: &Path, limit: usize, what: &str) -> Result<Option<Vec<u8>>, Failure> {
    match input::read_file(path, limit) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(InputError::Unreadable { reason }) if reason.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into_failure(what, path).with_code(Code::Record)),
    }
}

/// The folder that is named, else the platform's.
///
/// # Errors
/// When none is named and the environment names none.
pub(super) fn named_or_platform(folder: Option<&Path>) -> Result<PathBuf, Failure> {
    folder.map_or_else(platform_folder, |folder| Ok(folder.to_owned()))
}

/// `$XDG_STATE_HOME/coldamp-online`, else `~/.local/state/coldamp-online` (XDG Base Directory Specification).
///
/// # Errors
/// When the environment names neither.
pub(crate) fn platform_folder() -> Result<PathBuf, Failure> {
    #[expect(clippy::disallowed_methods, reason = "only the environment names the platform's state folder")]
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let state = variable("XDG_STATE_HOME").or_else(|| variable("HOME").map(|home| home.join(".local/state")));
    state.map(|state| state.join("coldamp-online")).ok_or_else(|| {
        let hint = "Name a folder with --state.";
        Failure::new(Exit::Usage, "found neither XDG_STATE_HOME nor HOME, expected a state folder", hint)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_for_a_lock_is_told_before_it_begins() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signers.lock");
        let (held, wanted) = (output::open_in_place(&path).unwrap(), output::open_in_place(&path).unwrap());
        take(&held, || panic!("nobody holds it")).unwrap();
        let mut held = Some(held);
        let mut told = 0;
        // The lock is released by the call: without the call this test would never end.
        take(&wanted, || {
            told += 1;
            drop(held.take());
        })
        .unwrap();
        assert_eq!(told, 1);
    }
}
