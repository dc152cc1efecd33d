//! A folder with the files of one treasury, and ways of running the binary on them.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use secrecy::SecretString;
use tempfile::TempDir;

use crate::journal;

/// The words of scenarios/wpkh and scenarios/sh-wpkh.
pub(crate) const WORDS: &str =
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
pub(crate) const PASSPHRASE: &str = "staple battery 7 horse";
pub(crate) const BIP39_PASSPHRASE: &str = "TREZOR";

/// What no output may contain: of words and passphrases, and how private keys and the two seeds begin.
const SECRETS: [&str; 8] =
    ["abandon", "about", PASSPHRASE, BIP39_PASSPHRASE, "tprv", "xprv", "5eb00bbd", "c55257c3"];

/// scenarios/wpkh/wallet.json and scenarios/sh-wpkh/wallet.json, with the checksums of BIP-380.
pub(crate) const WPKH: &str = "ct(slip77(9c8e4f05c7711a98c838be228bcb84924d4570ca53f35fa1c793e58841d47023),elwpkh([73c5da0a/84h/1h/0h]tpubDC8msFGeGuwnKG9Upg7DM2b4DaRqg3CUZa5g8v2SRQ6K4NSkxUgd7HsL2XVWbVm39yBA4LAxysQAm397zwQSQoQgewGiYZqrA9DsP4zbQ1M/<0;1>/*))";
pub(crate) const SH_WPKH: &str = "ct(slip77(9c8e4f05c7711a98c838be228bcb84924d4570ca53f35fa1c793e58841d47023),elsh(wpkh([73c5da0a/49h/1h/0h]tpubDD7tXK8KeQ3YY83yWq755fHY2JW8Ha8Q765tknUM5rSvjPcGWfUppDFMpQ1ScziKfW3ZNtZvAD7M3u7bSs7HofjTD3KP3YxPK7X6hwV8Rk2/<0;1>/*)))";

/// A folder on a cold machine.
pub(crate) struct Vault(TempDir);

impl Vault {
    /// With the words and the passphrases in files, and no keystore.
    pub(crate) fn new() -> Self {
        let vault = Vault(tempfile::tempdir().unwrap());
        vault.write("passphrase", format!("{PASSPHRASE}\n"));
        vault.write("bip39-passphrase", format!("{BIP39_PASSPHRASE}\n"));
        vault.write("words", format!("{WORDS}\n"));
        vault
    }

    /// With a keystore besides, made by the age crate alone, and its journal. A work factor of 2^2 opens at once.
    pub(crate) fn with_keystore(plaintext: &str) -> Self {
        let vault = Vault::new();
        let mut recipient = age::scrypt::Recipient::new(SecretString::from(PASSPHRASE));
        recipient.set_work_factor(2);
        vault.write("keystore", age::encrypt(&recipient, plaintext.as_bytes()).unwrap());
        let (journal, head) = journal::of(plaintext);
        vault.write("keystore.journal", journal);
        vault.write("keystore.head", head);
        vault
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// What a keystore holds, decrypted by the age crate alone.
    pub(crate) fn decrypt(&self, name: &str) -> String {
        let mut identity = age::scrypt::Identity::new(SecretString::from(PASSPHRASE));
        // Left to itself, age refuses what a machine that is busy at this moment could not do in seconds.
        identity.set_max_work_factor(18);
        String::from_utf8(age::decrypt(&identity, &self.read(name)).unwrap()).unwrap()
    }

    /// Makes a file that only its owner can read.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap();
        fs::set_permissions(self.path(name), Permissions::from_mode(0o600)).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// The names of all files, sorted: nothing may be left behind.
    pub(crate) fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// The binary with arguments separated by blanks, in this folder and without a terminal: setsid leaves the one
    /// that the tests may have been started from.
    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new("setsid");
        command.arg("--wait").arg(env!("CARGO_BIN_EXE_coldamp")).args(arguments.split_whitespace());
        // The profile of whoever runs the tests stays out of them.
        command.env("XDG_CONFIG_HOME", self.0.path().join("none"));
        command.current_dir(self.0.path()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs it to its end.
    pub(crate) fn run(&self, arguments: &str) -> Run {
        Run::of(self.command(arguments).output().unwrap())
    }
}

/// How a run ended.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// Checks what holds of every run: no secret is shown, and a failure says why and what to do.
    pub(crate) fn of(output: Output) -> Self {
        let run = Run {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        };
        for secret in SECRETS {
            assert!(!run.stdout.contains(secret) && !run.stderr.contains(secret), "{secret}: {}", run.stderr);
        }
        if !matches!(run.code, 0 | 2) {
            let is_named =
                run.stderr.lines().any(|line| line.starts_with("error: ") || line.starts_with("error["));
            assert!(is_named && run.stderr.contains("\nhint: "), "{}", run.stderr);
            assert_eq!(run.stdout, "");
        }
        run
    }
}

/// The plaintext of a keystore with [`WORDS`] on regtest.
pub(crate) fn plaintext(script: &str) -> String {
    format!(
        "coldamp keystore 1\nnetwork: regtest\nscript: {script}\nfingerprint: 73c5da0a\n\
         chain: 000102030405060708090a0b0c0d0e0f\nbip39-passphrase: no\nmnemonic: {WORDS}\n"
    )
}

/// The same, made with [`BIP39_PASSPHRASE`].
pub(crate) fn plaintext_with_bip39_passphrase() -> String {
    plaintext("wpkh").replace("73c5da0a", "b4e3f5ed").replace("bip39-passphrase: no", "bip39-passphrase: yes")
}
