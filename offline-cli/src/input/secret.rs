//! The secrets a command needs: each from the file that was named for it, else asked on the terminal.

use std::path::Path;
use std::str;

use coldamp_cli::input::read_secret_file;
use coldamp_cli::screen::printable_path;
use coldamp_cli::{Exit, Failure, ask};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use super::strength::{MIN_CHARACTERS, check_strength};

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
    /// Whether its file holds nothing else. Of words that an editor wrapped, the first line alone could be another
    /// wallet: one in sixteen has a matching checksum.
    is_whole_file: bool,
}

/// What the keystore is encrypted with.
pub(crate) const PASSPHRASE: Secret = Secret {
    name: "passphrase of the keystore",
    flag: "--passphrase-file",
    exit: Exit::Keystore,
    is_whole_file: false,
};

/// What BIP-39 mixes into the seed: with another one the same words are another wallet.
pub(crate) const BIP39_PASSPHRASE: Secret = Secret {
    name: "BIP-39 passphrase",
    flag: "--bip39-passphrase-file",
    exit: Exit::Keystore,
    is_whole_file: false,
};

/// The words of a backup.
pub(crate) const MNEMONIC: Secret =
    Secret { name: "mnemonic", flag: "--mnemonic-file", exit: Exit::Input, is_whole_file: true };

impl Secret {
    /// One that exists: from the file if one was named, else asked for.
    ///
    /// # Errors
    /// When the file does not hold it, nobody answers, or it is empty.
    pub(crate) fn obtain(&self, file: Option<&Path>) -> Result<SecretString, Failure> {
        match file {
            Some(file) => self.read(file),
            None => self.not_empty(&self.ask(&format!("{} (not shown): ", self.name))?),
        }
    }

    /// One that is set from now on: from the file if one was named, else asked for twice.
    ///
    /// # Errors
    /// As [`Secret::obtain`], and when the second answer is not the first.
    pub(crate) fn obtain_new(&self, file: Option<&Path>) -> Result<SecretString, Failure> {
        let secret = match file {
            Some(file) => self.read(file)?,
            None => {
                let question =
                    format!("new {}, {MIN_CHARACTERS} characters or more (not shown): ", self.name);
                self.not_empty(&self.ask_twice(&question)?)?
            }
        };
        check_strength(secret.expose_secret()).map_err(|error| {
            let hint = "five or six words drawn by dice from a list are good; write the passphrase down, and keep the paper apart from the words. Whoever has the file can guess for years";
            Failure::new(self.exit, format!("the {} is too easy to guess: {error}", self.name), hint)
        })?;
        Ok(secret)
    }

    /// One that there may be: asked for twice, `None` when nothing is typed.
    ///
    /// # Errors
    /// When nobody answers, or the second answer is not the first.
    pub(crate) fn ask_optional(&self) -> Result<Option<SecretString>, Failure> {
        let question = format!(
            "Optional extra word ({}), NOT the file's password. Lose it and the treasury is lost. Enter for none (not shown): ",
            self.name
        );
        let typed = self.ask_twice(&question)?;
        Ok(Some(typed).filter(|typed| !typed.is_empty()).map(|typed| SecretString::from(typed.as_str())))
    }

    /// The first line of a file, without its line break.
    fn read(&self, path: &Path) -> Result<SecretString, Failure> {
        let line = if self.is_whole_file { "only" } else { "first" };
        let refused = |found: &str| {
            Failure::new(
                self.exit,
                format!("cannot take the {} from {}: {found}", self.name, printable_path(path)),
                format!("name with {} a text file whose {line} line is the {}", self.flag, self.name),
            )
        };
        let bytes = read_secret_file(path, MAX_SECRET_BYTES).map_err(|error| refused(&error.to_string()))?;
        let text = str::from_utf8(&bytes).map_err(|_| refused("it is no UTF-8 text"))?;
        let mut lines = text.lines();
        let first = lines.next().unwrap_or_default();
        if first.is_empty() {
            return Err(refused("its first line is empty"));
        }
        if self.is_whole_file && lines.any(|line| !line.trim().is_empty()) {
            return Err(refused("it has more than one line"));
        }
        Ok(SecretString::from(first))
    }

    /// Asks for it.
    fn ask(&self, prompt: &str) -> Result<Zeroizing<String>, Failure> {
        ask::ask_secret(self.name, prompt).map_err(|error| error.into_failure(self.flag))
    }

    /// Asks for it once more when something was typed: a slip in a secret that is set is found out when it is too late.
    fn ask_twice(&self, question: &str) -> Result<Zeroizing<String>, Failure> {
        let typed = self.ask(question)?;
        if !typed.is_empty() && *self.ask("the same again: ")? != *typed {
            return Err(Failure::new(
                self.exit,
                format!("the {} was typed in two different ways", self.name),
                "run it again",
            ));
        }
        Ok(typed)
    }

    /// Refuses an answer that says nothing.
    fn not_empty(&self, typed: &str) -> Result<SecretString, Failure> {
        if typed.is_empty() {
            let message = format!("the {} is empty", self.name);
            return Err(Failure::new(self.exit, message, "run it again"));
        }
        Ok(SecretString::from(typed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn from_file(secret: &Secret, content: &[u8]) -> Result<SecretString, Failure> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(content).unwrap();
        secret.obtain(Some(file.path()))
    }

    #[test]
    fn a_passphrase_is_the_first_line_without_its_break() {
        for content in ["two words", "two words\n", "two words\r\n", "two words\nrest\n"] {
            let found = from_file(&PASSPHRASE, content.as_bytes()).unwrap();
            assert_eq!(found.expose_secret(), "two words", "{content:?}");
        }
        assert_eq!(from_file(&PASSPHRASE, b" kept \n").unwrap().expose_secret(), " kept ");
    }

    #[test]
    fn an_empty_or_unreadable_passphrase_is_refused() {
        let long = [b'a'; MAX_SECRET_BYTES + 1];
        for content in [&b""[..], b"\n", b"\nsecond line", b"\xff\xfe", "\u{feff}hidden".as_bytes(), &long] {
            assert_eq!(from_file(&PASSPHRASE, content).unwrap_err().exit, Exit::Keystore);
        }
        assert_eq!(PASSPHRASE.obtain(Some(Path::new("/"))).unwrap_err().exit, Exit::Keystore);
    }

    #[test]
    fn words_on_two_lines_are_refused_and_not_cut() {
        assert_eq!(from_file(&MNEMONIC, b"one two\n \n").unwrap().expose_secret(), "one two");
        assert_eq!(from_file(&MNEMONIC, b"one two\nthree\n").unwrap_err().exit, Exit::Input);
    }
}
