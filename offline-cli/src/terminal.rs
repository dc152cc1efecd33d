//! Questions whose answer is shown, and words that only the terminal may see: not stdout and stderr, which may be
//! logged. Both go to /dev/tty, as `screen::ask_secret` does.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};

use rustix::termios::{
    InputModes, LocalModes, OptionalActions, QueueSelector, SpecialCodeIndex, Termios, tcflush, tcgetattr,
    tcgetwinsize, tcsetattr,
};
use zeroize::Zeroizing;

use crate::layout::WIDTH;
use crate::screen::{AskError, visible};

/// Bytes that an answer may have with its line break: what Linux keeps of a line.
const MAX_LINE_BYTES: usize = 4_096;

/// What Ctrl-C types.
const CTRL_C: u8 = 3;

/// Rows of a terminal that does not say how many it has.
const ROWS: usize = 24;

/// Wipes screen and scrollback, in this order: some terminals push what the first one wipes into the other.
const WIPE: &str = "\u{1b}[H\u{1b}[2J\u{1b}[3J";

/// How large a terminal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size {
    /// Rows.
    pub(crate) rows: usize,
    /// Columns.
    pub(crate) columns: usize,
}

/// What was pressed while pages are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    /// Enter, space, or an arrow or page key downwards.
    Next,
    /// q, Ctrl-C (3) or Ctrl-D (4).
    Leave,
    /// Anything else.
    Other,
}

impl Key {
    /// From what a terminal sent, which may be several keys: to leave counts before anything else, and however many turn
    /// pages, one page is turned.
    fn of(bytes: &[u8]) -> Self {
        let mut found = Key::Other;
        let mut rest = bytes;
        while let Some((first, behind)) = rest.split_first() {
            let (key, behind) = match (first, behind) {
                // An arrow or another key that is sent as a sequence, up to its last byte.
                (0x1b, [b'[' | b'O', sequence @ ..]) => {
                    let last = sequence.iter().position(|byte| (0x40..=0x7e).contains(byte));
                    let length = last.map_or(sequence.len(), |last| last.saturating_add(1));
                    let (sequence, behind) = sequence.split_at_checked(length).unwrap_or((sequence, &[]));
                    (if matches!(sequence, b"B" | b"6~") { Key::Next } else { Key::Other }, behind)
                }
                (b' ' | b'\r' | b'\n' | b'f', behind) => (Key::Next, behind),
                (b'q' | b'Q' | 3 | 4, behind) => (Key::Leave, behind),
                (_, behind) => (Key::Other, behind),
            };
            match key {
                Key::Leave => return Key::Leave,
                Key::Next => found = Key::Next,
                Key::Other => {}
            }
            rest = behind;
        }
        found
    }
}

/// Asks on the terminal, shows what is typed, and takes one line of it.
///
/// # Errors
/// When there is no terminal, or no answer.
pub(crate) fn ask_line(what: &'static str, prompt: &str) -> Result<String, AskError> {
    Terminal::open(what)?.ask(prompt).map(|mut line| std::mem::take(&mut *line))
}

/// The terminal of this process, with line editing and echo on and signals off: killed by Ctrl-C, a process could not
/// wipe the words that it showed.
pub(crate) struct Terminal {
    file: File,
    what: &'static str,
    /// How it was found and has to be left.
    before: Termios,
    /// How lines are asked for.
    lines: Termios,
    /// Whether nothing of what was shown and typed may stay on it.
    is_wiped: bool,
}

impl Terminal {
    /// Takes hold of it. What was typed before the question was there is no answer to it and is dropped.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn open(what: &'static str) -> Result<Self, AskError> {
        let nobody = AskError::NobodyToAsk { what };
        let file = OpenOptions::new().read(true).write(true).open("/dev/tty").map_err(|_| nobody)?;
        let before = tcgetattr(&file).map_err(|_| nobody)?;
        let mut modes = before.clone();
        modes.input_modes.insert(InputModes::ICRNL);
        modes.local_modes.insert(LocalModes::ICANON | LocalModes::ECHO);
        modes.local_modes.remove(LocalModes::ISIG);
        // It ends the line, and `ask` sees that no line break does.
        modes.special_codes[SpecialCodeIndex::VEOL] = CTRL_C;
        tcsetattr(&file, OptionalActions::Flush, &modes).map_err(|_| nobody)?;
        Ok(Terminal { file, what, before, lines: modes, is_wiped: false })
    }

    /// The same for a secret that is shown: however it is left, it is wiped.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn open_for_secret(what: &'static str) -> Result<Self, AskError> {
        let mut terminal = Terminal::open(what)?;
        terminal.is_wiped = true;
        Ok(terminal)
    }

    /// Asks, and takes one line without its break.
    ///
    /// # Errors
    /// When the question is left with Ctrl-C or Ctrl-D, the answer is too long, or the terminal is gone.
    pub(crate) fn ask(&mut self, prompt: &str) -> Result<Zeroizing<String>, AskError> {
        self.show(&visible(prompt))?;
        let mut bytes = Zeroizing::new([0; MAX_LINE_BYTES]);
        let count = loop {
            match self.file.read(&mut *bytes) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return Err(self.declined()),
                Ok(count) => break count,
            }
        };
        // A terminal gives one line at a time. One that does not end was not sent off with Enter; one that fills the
        // buffer may have been cut.
        let line = bytes.get(..count).filter(|line| line.len() < MAX_LINE_BYTES);
        let Some(line) = line.and_then(|line| line.strip_suffix(b"\n")) else {
            let _ = self.show("\n");
            return Err(self.declined());
        };
        Ok(Zeroizing::new(String::from_utf8_lossy(line).into_owned()))
    }

    /// How large it is now; 24 rows of 80 columns where it does not say.
    pub(crate) fn size(&self) -> Size {
        let size = tcgetwinsize(&self.file).ok();
        let known = |number: Option<u16>, unknown: usize| match number.unwrap_or_default() {
            0 => unknown,
            number => usize::from(number),
        };
        Size {
            rows: known(size.map(|size| size.ws_row), ROWS),
            columns: known(size.map(|size| size.ws_col), WIDTH),
        }
    }

    /// From here on each key counts by itself and is not shown. What was typed before counts for nothing: nobody shall
    /// press a key for a page that is not there yet.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub(crate) fn listen(&mut self) -> Result<(), AskError> {
        let mut modes = self.lines.clone();
        modes.local_modes.remove(LocalModes::ICANON | LocalModes::ECHO);
        modes.special_codes[SpecialCodeIndex::VMIN] = 1;
        modes.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(&self.file, OptionalActions::Flush, &modes).map_err(|_| self.declined())?;
        tcflush(&self.file, QueueSelector::IFlush).map_err(|_| self.declined())
    }

    /// Lines are asked for again.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub(crate) fn settle(&mut self) -> Result<(), AskError> {
        tcsetattr(&self.file, OptionalActions::Flush, &self.lines).map_err(|_| self.declined())
    }

    /// Waits for a key.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub(crate) fn key(&mut self) -> Result<Key, AskError> {
        let mut bytes = [0; 16];
        loop {
            match self.file.read(&mut bytes) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) | Ok(0) => return Err(self.declined()),
                Ok(count) => return Ok(Key::of(bytes.get(..count).unwrap_or_default())),
            }
        }
    }

    /// Shows words of our own, which may be a secret.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub(crate) fn show(&mut self, words: &str) -> Result<(), AskError> {
        self.file.write_all(words.as_bytes()).map_err(|_| self.declined())
    }

    /// Wipes the screen and what was scrolled off it.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub(crate) fn wipe(&mut self) -> Result<(), AskError> {
        self.show(WIPE)
    }

    /// What it means when it is left.
    pub(crate) fn declined(&self) -> AskError {
        AskError::Declined { what: self.what }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if self.is_wiped {
            let _ = self.wipe();
        }
        // With what was typed ahead: half a line of words must not end up in the history of a shell.
        let _ = tcsetattr(&self.file, OptionalActions::Flush, &self.before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_keys_that_mean_it_turn_the_page() {
        for bytes in [&b" "[..], b"\r", b"\n", b"f", b"\x1b[B", b"\x1bOB", b"\x1b[6~", b"  ", b"x "] {
            assert_eq!(Key::of(bytes), Key::Next, "{bytes:?}");
        }
        for bytes in [&b"q"[..], b"Q", &[3], &[4], b"x\x1b[Aq", b" q", b"\x1b[Bq"] {
            assert_eq!(Key::of(bytes), Key::Leave, "{bytes:?}");
        }
        for bytes in [&b"x"[..], b"\x1b[A", b"\x1b[", b"\x1b", b"\x1b[1;5q", &[26], "é".as_bytes()] {
            assert_eq!(Key::of(bytes), Key::Other, "{bytes:?}");
        }
    }
}
