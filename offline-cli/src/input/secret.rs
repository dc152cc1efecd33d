//! The secrets a command needs: each from the file that was named for it, else asked on the terminal.

use std::path::Path;
use std::str;

use coldamp_cli::ask::{self, TRIES};
use coldamp_cli::input::read_secret_file;
use coldamp_cli::screen::printable_path;
use coldamp_cli::{Exit, Failure, screen};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use super::strength::{MIN_CHARACTERS, check_strength};

/// Bytes that a file with a secret may have: the longest mnemonic has 215, and nobody types a passphrase of 4,096.
const MAX_SECRET_BYTES: usize = 4_096;

/// A kind of secret.
pub(crate) struct Secret {
    /// Its name in messages.
    name: &'static str,
    /// The argument that names its file.
    flag: &'static str,
    /// The exit code of a command that cannot use it.
    exit: Exit,
    /// Whether its file holds nothing else. Of words that an editor wrapped, the first line alone could be another
    /// wallet: one in sixteen has a matching checksum.
    is_whole_file: bool,
}

/// The passphrase that encrypts the keystore.
pub(crate) const PASSPHRASE: Secret = Secret {
    name: "passphrase of the keystore",
    flag: "--passphrase-file",
    exit: Exit::Keystore,
    is_whole_file: false,
};

/// The BIP-39 passphrase, which is mixed into the seed: with another one the same words make another wallet.
pub(crate) const BIP39_PASSPHRASE: Secret = Secret {
    name: "BIP-39 passphrase",
    flag: "--bip39-passphrase-file",
    exit: Exit::Keystore,
    is_whole_file: false,
};

/// The BIP-39 words.
pub(crate) const MNEMONIC: Secret =
    Secret { name: "mnemonic", flag: "--mnemonic-file", exit: Exit::Input, is_whole_file: true };

impl Secret {
    /// An existing secret: from the file if one was named, else asked for.
    ///
    /// # Errors
    /// When the file does not hold it, nobody answers, or it is empty.
    pub(crate) fn obtain(&self, file: Option<&Path>) -> Result<SecretString, Failure> {
        match file {
            Some(file) => self.read(file),
            None => self.not_empty(&self.ask(&format!("{} (not shown): ", self.name))?),
        }
    }

    /// A new secret: from the file if one was named, else asked for twice.
    ///
    /// # Errors
    /// As [`Secret::obtain`], and when it is too easy to guess or [`TRIES`] answers were refused.
    pub(crate) fn obtain_new(&self, file: Option<&Path>) -> Result<SecretString, Failure> {
        if let Some(file) = file {
            let secret = self.read(file)?;
            self.check_new(secret.expose_secret())?;
            return Ok(secret);
        }
        let question = format!("new {}, {MIN_CHARACTERS} characters or more (not shown): ", self.name);
        self.try_repeatedly(|| {
            let typed = self.ask(&question)?;
            // Refused before it is typed a second time.
            self.check_new(&typed)?;
            self.ask_again(&typed)?;
            Ok(SecretString::from(typed.as_str()))
        })
    }

    /// Refuses a new secret that is too easy to guess.
    fn check_new(&self, secret: &str) -> Result<(), Failure> {
        check_strength(secret).map_err(|error| {
            let hint = "Draw five or six words by dice from a list. Write the passphrase down, and keep the paper apart from the words. Whoever has the file can guess for years.";
            Failure::new(self.exit, format!("the {} is too easy to guess: {error}", self.name), hint)
        })
    }

    /// Asks up to [`TRIES`] times, and says each time why an answer was refused.
    fn try_repeatedly<T>(&self, mut ask: impl FnMut() -> Result<T, Failure>) -> Result<T, Failure> {
        for next in 2..=TRIES {
            match ask() {
                // A question that was left is not asked again.
                Err(failure) if failure.exit == self.exit => {
                    let Failure { message, hint, .. } = failure;
                    screen::say(&format!("{message}. {hint} Try {next} of {TRIES}."));
                }
                other => return other,
            }
        }
        ask()
    }

    /// An optional secret: asked for twice, `None` when nothing is typed.
    ///
    /// # Errors
    /// When nobody answers, or the two answers differ [`TRIES`] times.
    pub(crate) fn ask_optional(&self) -> Result<Option<SecretString>, Failure> {
        let question = format!(
            "Optional extra word ({}), NOT the file's password. Lose it and the treasury is lost. Enter for none (not shown): ",
            self.name
        );
        let typed = self.try_repeatedly(|| {
            let typed = self.ask(&question)?;
            if !typed.is_empty() {
                self.ask_again(&typed)?;
            }
            Ok(typed)
        })?;
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

    /// Asks for it a second time: a slip in a secret that is set would be found when it is too late.
    fn ask_again(&self, typed: &Zeroizing<String>) -> Result<(), Failure> {
        if *self.ask("the same again: ")? != **typed {
            let message = format!("the two entries of the {} differ", self.name);
            return Err(Failure::new(self.exit, message, "Type it again, twice."));
        }
        Ok(())
    }

    /// Refuses an empty answer.
    fn not_empty(&self, typed: &str) -> Result<SecretString, Failure> {
        if typed.is_empty() {
            let message = format!("the {} is empty", self.name);
            return Err(Failure::new(self.exit, message, "Run it again."));
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
