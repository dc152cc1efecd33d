//! Whatever comes in from files, each read once and whole, so that nobody can exchange the bytes between the check
//! and the use.

use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use coldamp_core::encoding::ForeignEncoding;
use rustix::fs::{Mode, OFlags};
use zeroize::Zeroizing;

use crate::screen;

pub(crate) mod secret;
pub(crate) mod strength;

/// What a file held.
pub(crate) struct InputFile {
    /// All of its bytes.
    pub(crate) bytes: Zeroizing<Vec<u8>>,
    /// Whether others than its owner have any right to it.
    pub(crate) open_to_others: bool,
}

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
}

/// Reads a file that holds a secret, and warns when others than its owner can do so too.
///
/// # Errors
/// As [`read_file`].
pub(crate) fn read_secret_file(path: &Path, limit: usize) -> Result<Zeroizing<Vec<u8>>, InputError> {
    let file = read_file(path, limit)?;
    if file.open_to_others {
        screen::warn(&format!("others than its owner can read {}; chmod 600 it", crate::screen::shown(path)));
    }
    Ok(file.bytes)
}

/// How many bytes a file has, so that no more room than that is made for it; none where it cannot be looked at. Reading it
/// says why.
pub(crate) fn size_of(path: &Path) -> Option<u64> {
    path.metadata().ok().map(|metadata| metadata.len())
}

/// Reads a regular file of at most `limit` bytes.
///
/// # Errors
/// When it cannot be read, is no regular file, is larger, or is text in another encoding than UTF-8.
pub(crate) fn read_file(path: &Path, limit: usize) -> Result<InputFile, InputError> {
    let unreadable = |reason| InputError::Unreadable { reason };
    // Without NONBLOCK the mere opening of a pipe waits for a writer.
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    let file =
        File::from(rustix::fs::open(path, flags, Mode::empty()).map_err(|error| unreadable(error.into()))?);
    let metadata = file.metadata().map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(InputError::NotRegular);
    }
    // One byte more than allowed tells a file that is too large from one that just fits, and the room for it is
    // there from the start: a buffer that grows leaves copies of a secret behind.
    let room = limit.saturating_add(1);
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    let most = u64::try_from(room).unwrap_or(u64::MAX);
    file.take(most).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() > limit {
        return Err(InputError::TooLarge { limit });
    }
    if let Some(found) = ForeignEncoding::of(&bytes) {
        return Err(InputError::Encoding(found));
    }
    Ok(InputFile { bytes, open_to_others: metadata.permissions().mode() & 0o077 != 0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn a_file_is_read_up_to_its_limit_and_no_further() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"12345").unwrap();
        assert_eq!(*read_file(file.path(), 5).unwrap().bytes, b"12345");
        assert!(matches!(read_file(file.path(), 4), Err(InputError::TooLarge { limit: 4 })));
    }

    #[test]
    fn a_byte_order_mark_is_named() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all("\u{feff}text".as_bytes()).unwrap();
        let error = read_file(file.path(), 99).err().unwrap();
        assert!(error.to_string().contains("byte order mark (BOM); save it as UTF-8 without BOM"), "{error}");
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
    fn a_file_that_others_may_read_is_told_apart() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(!read_file(file.path(), 1).unwrap().open_to_others);
        file.as_file().set_permissions(std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(read_file(file.path(), 1).unwrap().open_to_others);
    }
}
