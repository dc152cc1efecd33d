//! The secrets a command needs: each from the file that was named for it, else asked on the terminal.

use std::path::Path;

use secrecy::SecretString;
use zeroize::Zeroizing;

use super::read_file;
use crate::error::{Exit, Failure};
use crate::screen;

/// Bytes that a file with a secret may have: the longest mnemonic has 215, and nobody types a passphrase of 4,096.
const MAX_SECRET_BYTES: usize = 4_096;

/// A kind of secret.
pub(crate) struct Secret {
    /// What people call it.
    name: &'static str,
    /// The argument that names its file.
    flag: &'static str,
    /// What a command exits with that cannot use it.
    exit: Exit,
}

/// What the keystore is encrypted with.
pub(crate) const PASSPHRASE: Secret =
    Secret { name: "passphrase of the keystore", flag: "--passphrase-file", exit: Exit::Keystore };

/// What BIP-39 mixes into the seed: with another one the same words are another wallet.
pub(crate) const BIP39_PASSPHRASE: Secret =
    Secret { name: "BIP-39 passphrase", flag: "--bip39-passphrase-file", exit: Exit::Keystore };

impl Secret {
    /// From the file if one was named, else from the terminal.
    ///
    /// # Errors
    /// When the file cannot be read or its first line is empty; when nobody answers, or with nothing.
    pub(crate) fn obtain(&self, file: Option<&Path>) -> Result<SecretString, Failure> {
        match file {
            Some(file) => self.first_line(file),
            None => {
                let typed = self.ask(&format!("{}: ", self.name))?;
                self.not_empty(&typed, "nothing was typed")
            }
        }
    }

    /// The first line of a file, without its line break.
    fn first_line(&self, path: &Path) -> Result<SecretString, Failure> {
        let text = self.read(path)?;
        self.not_empty(
            text.lines().next().unwrap_or_default(),
            &format!("the first line of {} is empty", path.display()),
        )
    }

    /// The text of a file.
    fn read(&self, path: &Path) -> Result<Zeroizing<String>, Failure> {
        let refused = |why: &str| {
            Failure::new(
                self.exit,
                format!("cannot read the {} from {}: {why}", self.name, path.display()),
                format!("name a text file with {}; its first line is the {}", self.flag, self.name),
            )
        };
        let mut file = read_file(path, MAX_SECRET_BYTES).map_err(|error| refused(&error.to_string()))?;
        if file.open_to_others {
            screen::warn(&format!("others than its owner can read {}; chmod 600 it", path.display()));
        }
        match String::from_utf8(std::mem::take(&mut *file.bytes)) {
            Ok(text) => Ok(Zeroizing::new(text)),
            Err(error) => {
                drop(Zeroizing::new(error.into_bytes()));
                Err(refused("it is no UTF-8 text"))
            }
        }
    }

    /// Asks for it.
    fn ask(&self, prompt: &str) -> Result<Zeroizing<String>, Failure> {
        screen::ask_secret(self.name, prompt).map_err(|error| error.into_failure(self.flag))
    }

    /// Refuses an empty secret: it would encrypt nothing, and is what a variable that was never set leaves in a file.
    fn not_empty(&self, secret: &str, found: &str) -> Result<SecretString, Failure> {
        if secret.is_empty() {
            return Err(Failure::new(
                self.exit,
                format!("the {} is empty: {found}", self.name),
                format!("give the {} once more", self.name),
            ));
        }
        Ok(SecretString::from(secret))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret as _;
    use std::io::Write as _;

    fn from_file(content: &[u8]) -> Result<SecretString, Failure> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(content).unwrap();
        PASSPHRASE.obtain(Some(file.path()))
    }

    #[test]
    fn a_passphrase_is_the_first_line_without_its_break() {
        for content in ["two words", "two words\n", "two words\r\n", "two words\nrest\n"] {
            assert_eq!(from_file(content.as_bytes()).unwrap().expose_secret(), "two words", "{content:?}");
        }
        assert_eq!(from_file(b" kept \n").unwrap().expose_secret(), " kept ");
    }

    #[test]
    fn an_empty_or_unreadable_passphrase_is_refused() {
        for content in [&b""[..], b"\n", b"\nsecond line", b"\xff\xfe", &[b'a'; MAX_SECRET_BYTES + 1]] {
            assert_eq!(from_file(content).unwrap_err().exit, Exit::Keystore);
        }
        assert_eq!(PASSPHRASE.obtain(Some(Path::new("/"))).unwrap_err().exit, Exit::Keystore);
    }
}
