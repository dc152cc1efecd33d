//! What is asked on the terminal when no file answers it.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};

use crate::support::{BIP39_PASSPHRASE, PASSPHRASE, Run, Vault, WORDS, plaintext};

/// A run with an operator at the keyboard.
pub(crate) struct Terminal {
    keyboard: File,
    child: Child,
    /// Everything that the screen showed so far.
    pub(crate) shown: String,
}

impl Terminal {
    pub(crate) fn open(vault: &Vault, arguments: &str) -> Self {
        let keyboard = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&keyboard).unwrap();
        unlockpt(&keyboard).unwrap();
        let name = ptsname(&keyboard, Vec::new()).unwrap();
        let screen = File::options().read(true).write(true).open(name.to_str().unwrap()).unwrap();
        let unbroken = Winsize { ws_row: 24, ws_col: 9_999, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&screen, unbroken).unwrap();
        let child = Command::new("setsid")
            .args(["--wait", "--ctty", env!("CARGO_BIN_EXE_coldamp")])
            .args(arguments.split_whitespace())
            .env("XDG_CONFIG_HOME", vault.path("none"))
            .current_dir(vault.path(""))
            .stdin(screen)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Terminal { keyboard: File::from(keyboard), child, shown: String::new() }
    }

    /// Waits for a question and until the terminal shows nothing of what is typed, then types.
    pub(crate) fn answer(&mut self, question: &str, keys: &str) {
        self.wait_for(question);
        self.type_unseen(keys);
    }

    /// Waits until the terminal shows nothing of what is typed, then types.
    fn type_unseen(&mut self, keys: &str) {
        while tcgetattr(&self.keyboard).unwrap().local_modes.contains(LocalModes::ECHO) {
            std::thread::yield_now();
        }
        self.type_keys(keys);
    }

    /// Waits for a question whose answer is shown, then types.
    pub(crate) fn answer_shown(&mut self, question: &str, keys: &str) {
        self.wait_for(question);
        assert!(tcgetattr(&self.keyboard).unwrap().local_modes.contains(LocalModes::ECHO), "{question}");
        self.type_keys(keys);
    }

    pub(crate) fn type_keys(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
    }

    /// Reads the screen until something new on it says this.
    pub(crate) fn wait_for(&mut self, question: &str) {
        let from = self.shown.len();
        while !self.shown.get(from..).unwrap().contains(question) {
            let mut bytes = [0; 256];
            let count = self.keyboard.read(&mut bytes).unwrap();
            self.shown.push_str(std::str::from_utf8(bytes.get(..count).unwrap()).unwrap());
        }
    }

    /// Waits for the end; nothing that was typed was shown.
    pub(crate) fn end(self) -> Run {
        self.end_with_screen().0
    }

    /// The same, with everything that the screen showed.
    pub(crate) fn end_with_screen(mut self) -> (Run, String) {
        // Reading ends with an error when the other side is closed. Linux may say so while the last words are still on
        // their way, so what is left is read once the child is gone.
        let mut rest = Vec::new();
        let _ = self.keyboard.read_to_end(&mut rest);
        let output = self.child.wait_with_output().unwrap();
        let _ = self.keyboard.read_to_end(&mut rest);
        self.shown.push_str(&String::from_utf8(rest).unwrap());
        for secret in [WORDS, PASSPHRASE, BIP39_PASSPHRASE] {
            assert!(!self.shown.contains(secret), "{}", self.shown);
        }
        (Run::of(output), self.shown)
    }
}

#[test]
fn a_keystore_is_restored_from_the_keyboard() {
    let vault = Vault::new();
    let mut terminal = Terminal::open(&vault, "key restore --no-policy --keystore new --network regtest");
    terminal.answer_shown("(12, 15, 18, 21 or 24): ", "abandon\r");
    terminal.answer_shown("(12, 15, 18, 21 or 24): ", "12\r");
    terminal.answer_shown("word 1 of 12, or several in one line: ", "abandom\r");
    terminal
        .answer_shown("Go on with word 1.\r\nword 1 of 12, or several in one line: ", "ABANDON abandon\r");
    for number in 3..=11 {
        terminal.answer_shown(&format!("word {number} of 12: "), "abandon\r");
    }
    terminal.answer_shown("word 12 of 12: ", "abandon abandon\r");
    // One wrong word costs one word, and each is found by its number.
    let numbered = "   9  abandon   10  abandon   11  abandon   12  abandon\r\n";
    let question = format!("{numbered}number of the word to type again (Ctrl-C: stop): ");
    terminal.answer_shown(&question, "12\r");
    terminal.answer_shown("word 12 of 12: ", "about\r");
    terminal.answer("Enter for none (not shown): ", &format!("{BIP39_PASSPHRASE}\r"));
    terminal.answer("the same again: ", &format!("{BIP39_PASSPHRASE}\r"));
    terminal.answer("characters or more (not shown): ", &format!("{PASSPHRASE}\r"));
    terminal.answer("the same again: ", &format!("{PASSPHRASE}\r"));
    let (run, screen) = terminal.end_with_screen();
    assert_eq!(run.code, 0, "{}", run.stderr);
    for said in ["That is not a number of words.", "There are only 12 words."] {
        assert!(screen.contains(said), "{said}: {screen}");
    }
    let text = vault.decrypt("new");
    assert!(text.contains("\nfingerprint: b4e3f5ed\n") && text.contains("\nbip39-passphrase: yes\n"));
}

#[test]
fn a_passphrase_that_is_typed_in_two_ways_is_not_taken() {
    let vault = Vault::new();
    let mut terminal = Terminal::open(
        &vault,
        "key restore --no-policy --keystore new --network regtest --mnemonic-file words",
    );
    for _ in 0..3 {
        terminal.answer("characters or more (not shown): ", &format!("{PASSPHRASE}\r"));
        terminal.answer("the same again: ", "staple battery 8 horse\r");
    }
    assert_eq!(terminal.end().code, 5);
    assert_eq!(vault.files(), ["bip39-passphrase", "passphrase", "words"]);
}

#[test]
fn a_new_passphrase_may_be_typed_three_times() {
    let vault = Vault::new();
    let mut terminal = Terminal::open(
        &vault,
        "key restore --no-policy --keystore new --network regtest --mnemonic-file words",
    );
    terminal.answer("characters or more (not shown): ", "short\r");
    terminal.answer("characters or more (not shown): ", &format!("{PASSPHRASE}\r"));
    terminal.answer("the same again: ", "staple battery 8 horse\r");
    terminal.answer("characters or more (not shown): ", &format!("{PASSPHRASE}\r"));
    terminal.answer("the same again: ", &format!("{PASSPHRASE}\r"));
    let run = terminal.end();
    assert_eq!(run.code, 0, "{}", run.stderr);
    for said in [
        "too easy to guess: found 5 characters; expected at least 12. Draw five or six words",
        "for years. Try 2 of 3.",
        "differ. Type it again, twice. Try 3 of 3.",
    ] {
        assert!(run.stderr.contains(said), "{said}: {}", run.stderr);
    }
}

#[test]
fn a_keystore_is_opened_from_the_keyboard() {
    let vault = Vault::with_keystore(&plaintext("wpkh"));
    let mut terminal = Terminal::open(&vault, "key watch --keystore keystore");
    terminal.answer("passphrase of the keystore (not shown): ", &format!("{PASSPHRASE}\r"));
    assert_eq!(terminal.end().code, 0);
}

/// A number of KiB that the kernel says of a process.
#[cfg(target_os = "linux")]
fn kib(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    line.split_whitespace().next()?.parse().ok()
}

#[test]
#[cfg(target_os = "linux")]
fn memory_is_kept_out_of_swap_where_the_system_lets_it() {
    let vault = Vault::with_keystore(&plaintext("wpkh"));
    let mut terminal = Terminal::open(&vault, "key watch --keystore keystore");
    terminal.wait_for("passphrase of the keystore (not shown): ");
    let pid = terminal.child.id();
    let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    // setsid is the binary by now, or waits for it.
    let pid = children.split_whitespace().next().map_or_else(|| pid.to_string(), str::to_owned);
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let limits = std::fs::read_to_string(format!("/proc/{pid}/limits")).unwrap();
    let limit = limits.lines().find(|line| line.starts_with("Max locked memory")).unwrap();
    let limit = limit.split_whitespace().nth(4).unwrap();
    let (locked, size) = (kib(&status, "VmLck").unwrap(), kib(&status, "VmSize").unwrap());
    let fits = limit.parse().map_or(true, |bytes: u64| size < bytes / 1024);
    // Raised to what the system allows at most.
    let raised = limits.lines().any(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        line.starts_with("Max locked memory") && words.get(3) == words.get(4)
    });
    assert!(raised, "{limits}");
    assert!(!fits || locked > size / 2, "{locked} of {size} KiB are locked, and {limit} bytes may be");
    terminal.type_unseen(&format!("{PASSPHRASE}\r"));
    assert_eq!(terminal.end().code, 0);
}

#[test]
fn a_question_can_be_declined() {
    let vault = Vault::with_keystore(&plaintext("wpkh"));
    let mut terminal = Terminal::open(&vault, "key watch --keystore keystore");
    terminal.answer("passphrase of the keystore (not shown): ", "\u{4}");
    assert_eq!(terminal.end().code, 4);
    let mut terminal = Terminal::open(&vault, "key watch --keystore keystore");
    terminal.answer("passphrase of the keystore (not shown): ", "\r");
    assert_eq!(terminal.end().code, 5);
}
