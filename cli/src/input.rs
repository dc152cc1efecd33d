//! Files that somebody names. Each is read once and whole, so that nobody can exchange the bytes between the check and the
//! use.

use std::fs::{File, Metadata};
use std::io::{self, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use coldamp_core::code::Code;
use coldamp_core::encoding::ForeignEncoding;
use rustix::fs::{Mode, OFlags};
use zeroize::Zeroizing;

use crate::failure::{Exit, Failure};
use crate::screen::{printable_path, warn};

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// It does not exist, or may not be read.
    #[error("{reason}")]
    Unreadable {
        /// The system's error.
        reason: io::Error,
    },
    /// A folder, a pipe or a device.
    #[error("it is not a regular file")]
    NotRegular,
    /// Text in another encoding than UTF-8, as editors on Windows save it.
    #[error("{0}")]
    Encoding(ForeignEncoding),
    /// It has more bytes than any file of this kind.
    #[error("it has more than {limit} bytes")]
    TooLarge {
        /// The most that a file of this kind may have.
        limit: usize,
    },
}

impl InputError {
    /// As a failure. `what` names the file, for example "the request file".
    pub fn into_failure(self, what: &str, path: &Path) -> Failure {
        let hint = match self {
            InputError::Unreadable { .. } => format!("Name {what}: a file that exists and that you may read."),
            InputError::NotRegular => "Name a regular file. Write what comes through a pipe to a file first.".to_owned(),
            InputError::Encoding(_) => {
                "Save AMP's own answers byte for byte. Save what an editor or PowerShell wrote again, as UTF-8 without a byte order mark.".to_owned()
            }
            InputError::TooLarge { .. } => format!("No file of this kind is as large. Check that this is {what}."),
        };
        let code = matches!(self, InputError::Encoding(_)).then_some(Code::Encoding);
        let message = format!("cannot read {what} {}: {self}", printable_path(path));
        Failure { code, ..Failure::new(Exit::Input, message, hint) }
    }
}

/// Reads a regular file of at most `limit` bytes.
///
/// # Errors
/// When it cannot be read, is no regular file, is larger, or is text in another encoding than UTF-8.
pub fn read_file(path: &Path, limit: usize) -> Result<Vec<u8>, InputError> {
    read_file_with_metadata(path, limit).map(|(bytes, _)| bytes)
}

/// Reads a file that holds a secret, and warns if others than its owner have any right to it.
///
/// # Errors
/// As [`read_file`].
pub fn read_secret_file(path: &Path, limit: usize) -> Result<Zeroizing<Vec<u8>>, InputError> {
    // All the room at once: a buffer that grows leaves copies of the secret behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(limit.saturating_add(1)));
    if read_into(&mut bytes, path, limit)?.permissions().mode() & 0o077 != 0 {
        warn(&format!("others than its owner can read {}; chmod 600 it", printable_path(path)));
    }
    Ok(bytes)
}

/// Reads a file, and returns its bytes with its owner and permissions. All are of the opened file, so nobody can exchange it between
/// the check and the use.
///
/// # Errors
/// As [`read_file`].
pub fn read_file_with_metadata(path: &Path, limit: usize) -> Result<(Vec<u8>, Metadata), InputError> {
    let mut bytes = Vec::new();
    let metadata = read_into(&mut bytes, path, limit)?;
    Ok((bytes, metadata))
}

/// Reads a file into an empty buffer, and returns what the system says of the opened file.
fn read_into(bytes: &mut Vec<u8>, path: &Path, limit: usize) -> Result<Metadata, InputError> {
    let unreadable = |reason| InputError::Unreadable { reason };
    // Without NONBLOCK, opening a pipe waits for a writer.
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    let file =
        File::from(rustix::fs::open(path, flags, Mode::empty()).map_err(|error| unreadable(error.into()))?);
    let metadata = file.metadata().map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(InputError::NotRegular);
    }
    // One byte more than allowed tells a file that is too large from one that just fits.
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    file.take(most).read_to_end(bytes).map_err(unreadable)?;
    if bytes.len() > limit {
        return Err(InputError::TooLarge { limit });
    }
    match ForeignEncoding::of(bytes) {
        Some(found) => Err(InputError::Encoding(found)),
        None => Ok(metadata),
    }
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
    fn a_byte_order_mark_is_named() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all("\u{feff}text".as_bytes()).unwrap();
        let failure = read_file(file.path(), 99).unwrap_err().into_failure("the policy file", file.path());
        assert_eq!((failure.exit, failure.code), (Exit::Input, Some(Code::Encoding)));
        let named = failure.message.contains("byte order mark (BOM); save it as UTF-8 without BOM");
        assert!(named, "{}", failure.message);
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
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &pipe,
            rustix::fs::FileType::Fifo,
            Mode::from_raw_mode(0o600),
            0,
        )
        .unwrap();
        assert!(matches!(read_file(&pipe, 9), Err(InputError::NotRegular)));
    }

    #[test]
    fn a_secret_is_read_as_it_is_and_leaves_no_copies() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"secret").unwrap();
        for mode in [0o600, 0o640] {
            file.as_file().set_permissions(std::fs::Permissions::from_mode(mode)).unwrap();
            let metadata = read_into(&mut Vec::new(), file.path(), 6).unwrap();
            assert_eq!(metadata.permissions().mode() & 0o777, mode);
            let bytes = read_secret_file(file.path(), 6).unwrap();
            assert_eq!((bytes.as_slice(), bytes.capacity()), (&b"secret"[..], 7));
        }
    }
}
