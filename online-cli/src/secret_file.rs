//! Files with credentials: of AMP, of an Esplora server, of a node. Only the owner may have access to them.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use coldamp_cli::input::read_file_with_metadata;
use coldamp_cli::screen::printable_path;
use coldamp_cli::{Exit, Failure};
use coldamp_core::code::Code;

use crate::input::refuse_keys;

/// The text of a file with credentials, of at most `limit` bytes. `what` names the file in a message.
///
/// # Errors
/// When others than its owner have access to it (CREDENTIALS_OPEN), it cannot be read, or it holds signing keys.
pub(crate) fn read(path: &Path, limit: usize, what: &str) -> Result<String, Failure> {
    // The mode is that of the opened file. Anybody who can read it can act as the issuer at AMP, or use the server or the
    // node as the operator.
    let (bytes, metadata) =
        read_file_with_metadata(path, limit).map_err(|error| error.into_failure(what, path))?;
    if metadata.permissions().mode() & 0o077 != 0 {
        let message = format!("others than its owner have access to {what}, {}", printable_path(path));
        let hint = format!(
            "Run `chmod 600 {}`. If the disk keeps no permissions, copy the file to one that does.",
            printable_path(path)
        );
        return Err(Failure::new(Exit::Input, message, hint).with_code(Code::CredentialsOpen));
    }
    refuse_keys(&bytes, path, what)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::Permissions;

    #[test]
    fn a_file_that_others_have_access_to_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("login");
        #[expect(clippy::disallowed_methods, reason = "a test's own file")]
        std::fs::write(&path, "abc\n").unwrap();
        for (mode, taken) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false), (0o620, false)] {
            std::fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            let read = read(&path, 99, "the login");
            assert_eq!(read.is_ok(), taken, "{mode:o}");
            assert!(taken || read.unwrap_err().code == Some(Code::CredentialsOpen), "{mode:o}");
        }
        assert_eq!(read(&folder.path().join("none"), 99, "the login").unwrap_err().code, None);
    }
}
