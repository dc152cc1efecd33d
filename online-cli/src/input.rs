//! Files that the operator names. A file with signing keys is refused: those belong on the air-gapped machine only.

use std::path::Path;

use coldamp_cli::exposed::Exposed;
use coldamp_cli::{Exit, Failure, input, screen};
use coldamp_core::code::Code;

/// Reads a regular file of at most `limit` bytes. `what` names it, for example "the request file".
///
/// # Errors
/// When it cannot be read, is larger, is text in another encoding than UTF-8, or holds signing keys. Nothing of a file with
/// keys is quoted.
pub(crate) fn read_file(path: &Path, limit: usize, what: &str) -> Result<Vec<u8>, Failure> {
    let bytes = input::read_file(path, limit).map_err(|error| error.into_failure(what, path))?;
    refuse_keys(&bytes, path, what)?;
    Ok(bytes)
}

/// Refuses the bytes of a file that holds signing keys.
///
/// # Errors
/// When it does. Nothing of the file is quoted.
pub(crate) fn refuse_keys(bytes: &[u8], path: &Path, what: &str) -> Result<(), Failure> {
    let Some(keys) = Exposed::find(bytes) else { return Ok(()) };
    let message = format!(
        "{what} {}: it holds {}, which must never be on a machine with a network",
        screen::printable_path(path),
        keys.name()
    );
    Err(Failure::new(Exit::Refused, message, keys.hint()).with_code(Code::KeysExposed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn a_file_with_keys_is_refused_by_name_and_not_quoted() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(
            "legal winner thank year wave sausage worth useful legal winner thank yellow\n".as_bytes(),
        )
        .unwrap();
        let failure = read_file(file.path(), 999, "the descriptor file").unwrap_err();
        assert_eq!((failure.code, failure.exit), (Some(Code::KeysExposed), Exit::Refused));
        assert!(!format!("{} {}", failure.message, failure.hint).contains("winner"), "{failure:?}");
        assert!(input::read_file(file.path(), 999).is_ok());
    }
}
