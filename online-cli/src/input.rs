//! Whatever comes in from files, each read once and whole, so that nobody can exchange the bytes between the check
//! and the use.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use coldamp_core::encoding::ForeignEncoding;
use rustix::fs::{Mode, OFlags};

use crate::error::{Exit, Failure};
use crate::exposed::Exposed;

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InputError {
    /// It does not exist, or may not be read.
    #[error("{reason}")]
    Unreadable {
        /// What the system said.
        reason: io::Error,
    },
    /// A folder, a pipe or a device.
    #[error("it is no regular file")]
    NotRegular,
    /// Text that a Windows editor saved: nothing here reads it.
    #[error("{0}")]
    Encoding(ForeignEncoding),
    /// More bytes than any file of this kind has.
    #[error("it has more than {limit} bytes")]
    TooLarge {
        /// What a file of this kind has at most.
        limit: usize,
    },
    /// Signing keys, which belong to the air-gapped machine alone. Nothing of the file is quoted.
    #[error("it holds {}", .0.name())]
    KeysExposed(Exposed),
}

impl InputError {
    /// As a failure, for a file that `what` names.
    pub(crate) fn into_failure(self, what: &str, path: &Path) -> Failure {
        let code = matches!(self, InputError::Encoding(_)).then_some("ENCODING");
        let hint = match self {
            InputError::KeysExposed(keys) => {
                let message = format!("{what} {}: {self}, which must never come here", path.display());
                return Failure::new(Exit::Refused, message, keys.hint()).with_code("KEYS_EXPOSED");
            }
            InputError::Unreadable { .. } => format!("name {what} that exists and may be read"),
            InputError::NotRegular => {
                "name a regular file; what comes through a pipe is written to a file first".to_owned()
            }
            InputError::Encoding(_) => {
                "AMP's own answers are saved byte for byte; what an editor or PowerShell wrote is saved once more, as UTF-8 without a byte order mark".to_owned()
            }
            InputError::TooLarge { .. } => {
                format!("no honest file of this kind is as large; check that this is {what}")
            }
        };
        let message = format!("cannot read {what} {}: {self}", path.display());
        Failure { code, ..Failure::new(Exit::Input, message, hint) }
    }
}

/// Reads a regular file of at most `limit` bytes that the operator named.
///
/// # Errors
/// When it cannot be read, is no regular file, is larger, is text in another encoding than UTF-8, or holds signing keys.
pub(crate) fn read_file(path: &Path, limit: usize) -> Result<Vec<u8>, InputError> {
    let bytes = read_own(path, limit)?;
    match Exposed::find(&bytes) {
        Some(keys) => Err(InputError::KeysExposed(keys)),
        None => Ok(bytes),
    }
}

/// The same for files of this program's own, in which prose or a page's script may look like words.
///
/// # Errors
/// As [`read_file`], but for keys.
pub(crate) fn read_own(path: &Path, limit: usize) -> Result<Vec<u8>, InputError> {
    let unreadable = |reason| InputError::Unreadable { reason };
    // Without NONBLOCK the mere opening of a pipe waits for a writer.
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    let file =
        File::from(rustix::fs::open(path, flags, Mode::empty()).map_err(|error| unreadable(error.into()))?);
    if !file.metadata().map_err(unreadable)?.is_file() {
        return Err(InputError::NotRegular);
    }
    // One byte more than allowed tells a file that is too large from one that just fits.
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() > limit {
        return Err(InputError::TooLarge { limit });
    }
    if let Some(found) = ForeignEncoding::of(&bytes) {
        return Err(InputError::Encoding(found));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn a_file_is_read_up_to_its_limit_and_no_further() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"12345").unwrap();
        assert_eq!(read_file(file.path(), 5).unwrap(), b"12345");
        assert!(matches!(read_file(file.path(), 4), Err(InputError::TooLarge { limit: 4 })));
    }

    #[test]
    fn a_file_with_keys_is_refused_by_name_and_not_quoted() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(
            "legal winner thank year wave sausage worth useful legal winner thank yellow\n".as_bytes(),
        )
        .unwrap();
        let failure =
            read_file(file.path(), 999).unwrap_err().into_failure("the descriptor file", file.path());
        assert_eq!((failure.code, failure.exit), (Some("KEYS_EXPOSED"), Exit::Refused));
        assert!(!format!("{} {}", failure.message, failure.hint).contains("winner"), "{failure:?}");
        assert!(read_own(file.path(), 999).is_ok());
    }

    #[test]
    fn folders_and_devices_are_not_read() {
        for path in ["/", "/dev/zero"] {
            assert!(matches!(read_file(Path::new(path), 9), Err(InputError::NotRegular)), "{path}");
        }
        assert!(matches!(read_file(Path::new("/no/such/file"), 9), Err(InputError::Unreadable { .. })));
    }

    #[test]
    fn a_pipe_without_a_writer_is_refused_at_once() {
        use rustix::fs::{CWD, FileType, mknodat};
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        mknodat(CWD, &pipe, FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
        assert!(matches!(read_file(&pipe, 9), Err(InputError::NotRegular)));
    }
}
