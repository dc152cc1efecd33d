//! Files with a login: of AMP, of an Esplora server, of a node. One rule for all: nobody but the owner may read them.

use coldamp_core::code::Code;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use coldamp_cli::screen::shown;
use coldamp_cli::{Exit, Failure};

use crate::input::read_file;

/// The text of a file with a login, of at most `limit` bytes. `what` names the file in a message.
///
/// # Errors
/// When others than its owner have any right to it (CREDENTIALS_OPEN), or it cannot be read.
pub(crate) fn read(path: &Path, limit: usize, what: &str) -> Result<String, Failure> {
    // Whoever can read it can act as the issuer at AMP, or use the server or the node as the operator.
    if path.metadata().is_ok_and(|metadata| metadata.mode() & 0o077 != 0) {
        let message = format!("others than its owner can read {what}, {}", shown(path));
        let hint = format!(
            "chmod 600 {}; or copy the file to a disk that keeps permissions, and do that there",
            shown(path)
        );
        return Err(Failure::new(Exit::Input, message, hint).with_code(Code::CredentialsOpen));
    }
    let bytes = read_file(path, limit, what)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_file_that_others_can_read_is_refused() {
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
