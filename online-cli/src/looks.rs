//! What surveys learnt of the treasury's scripts, in a file of the state folder. It is put in the place of its older self,
//! whole or not at all; one that cannot be read is done without, and that is said.

use std::io;
use std::path::PathBuf;

use coldamp_cli::input::{self, InputError};
use coldamp_cli::output;
use coldamp_cli::screen::{self, shown};
use coldamp_online::source::looks::{LookMemory, Looks};

/// 40,002 scripts of some 20 bytes each.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// The file.
pub(crate) struct LookFile {
    path: PathBuf,
    /// A disk that is full is told once.
    is_told: bool,
}

impl LookFile {
    /// The file at a path; it need not be there.
    pub(crate) fn at(path: PathBuf) -> Self {
        LookFile { path, is_told: false }
    }

    fn without(&self, why: &str) {
        let path = shown(&self.path);
        screen::warn(&format!(
            "what is known of the treasury's scripts, {path}, is not used: {why}; all are asked for again"
        ));
    }
}

impl LookMemory for LookFile {
    fn recall(&mut self) -> Option<Looks> {
        let bytes = match input::read_file(&self.path, MAX_BYTES) {
            Ok(bytes) => bytes,
            Err(InputError::Unreadable { reason }) if reason.kind() == io::ErrorKind::NotFound => {
                return None;
            }
            Err(error) => {
                self.without(&error.to_string());
                return None;
            }
        };
        Looks::parse(&bytes).map_err(|error| self.without(&error.to_string())).ok()
    }

    fn keep(&mut self, looks: &Looks) {
        let Ok(text) = looks.to_json() else { return };
        if let Err(error) = output::replace_file(&self.path, text.as_bytes())
            && !self.is_told
        {
            self.is_told = true;
            screen::warn(&format!("{error}: the next command asks for all scripts again"));
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "the tests make and read files as an operator does")]

    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn what_was_learnt_is_for_its_owner_alone_and_a_damaged_file_is_done_without() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.looks");
        let mut file = LookFile::at(path.clone());
        assert_eq!(file.recall(), None);
        let looks = Looks { server: "https://example.org".to_owned(), ..Looks::default() };
        file.keep(&looks);
        assert_eq!(file.recall(), Some(looks));
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::write(&path, "{").unwrap();
        assert_eq!(file.recall(), None);
    }
}
