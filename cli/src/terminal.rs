//! The terminal of this process, /dev/tty: questions whose answer is shown, and text that only the terminal may see. stdout
//! and stderr may be logged.

mod key;

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, IsTerminal, Read as _, Write as _};
use std::os::fd::AsFd;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{
    InputModes, LocalModes, OptionalActions, QueueSelector, SpecialCodeIndex, Termios, tcflush, tcgetattr,
    tcgetwinsize, tcsetattr,
};
use zeroize::Zeroizing;

use crate::ask::AskError;
use crate::line::{Line, width};

pub use key::Key;

/// Bytes that an answer may have with its line break: Linux keeps as many of a line.
const MAX_LINE_BYTES: usize = 4_096;

/// What Ctrl-C types.
const CTRL_C: u8 = 3;

/// Rows of a terminal that does not say how many it has.
const ROWS: usize = 24;

/// Columns of a terminal that does not say how many it has.
pub const WIDTH: usize = 80;

/// Columns that a question leaves free for its answer. Else the answer begins on a row of its own.
const ANSWER: usize = 24;

/// Wipes the screen, then the scrollback: some terminals move what is wiped from the screen into the scrollback.
const WIPE: &str = "\u{1b}[H\u{1b}[2J\u{1b}[3J";

/// How large a terminal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Rows.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
}

impl Size {
    /// Of a terminal; 24 rows of 80 columns where it does not say.
    pub(crate) fn of(terminal: impl AsFd) -> Self {
        let size = tcgetwinsize(terminal).ok();
        let known = |number: Option<u16>, unknown: usize| match number.unwrap_or_default() {
            0 => unknown,
            number => usize::from(number),
        };
        Size {
            rows: known(size.map(|size| size.ws_row), ROWS),
            columns: known(size.map(|size| size.ws_col), WIDTH),
        }
    }
}

/// The columns that text on stdout or stderr may have: as many as the terminal has. A pipe or a file gets each line whole:
/// scripts and logs are searched by line.
pub fn columns(stream: &(impl AsFd + IsTerminal)) -> usize {
    if stream.is_terminal() { Size::of(stream).columns } else { usize::MAX }
}

/// A question as it is shown: broken at the terminal's width, with room behind it for an answer.
pub(crate) fn question(prompt: &str, columns: usize) -> String {
    let rows = Line::hanging(prompt, 2).printed(columns);
    let last = rows.last().map(|row| width(row)).unwrap_or_default();
    let mut text = rows.join("\n");
    // Breaking took the blank at the end.
    text.push_str(match last.saturating_add(ANSWER) < columns {
        true if prompt.ends_with(' ') => " ",
        true => "",
        false => "\n  ",
    });
    text
}

/// The terminal of this process, with line editing and echo on and signals off. A process that Ctrl-C kills could not wipe
/// the words that it showed.
pub struct Terminal {
    file: File,
    what: &'static str,
    /// The modes that it had before, and gets back.
    before: Termios,
    /// The modes while lines are read.
    lines: Termios,
    /// Whether everything that was shown and typed is wiped at the end.
    is_wiped: bool,
}

impl Terminal {
    /// Opens the terminal. What was typed before the question was shown does not answer it, and is dropped.
    ///
    /// # Errors
    /// When there is no terminal.
    pub fn open(what: &'static str) -> Result<Self, AskError> {
        let nobody = AskError::NobodyToAsk { what };
        let file = OpenOptions::new().read(true).write(true).open("/dev/tty").map_err(|_| nobody)?;
        let before = tcgetattr(&file).map_err(|_| nobody)?;
        let mut modes = before.clone();
        modes.input_modes.insert(InputModes::ICRNL);
        modes.local_modes.insert(LocalModes::ICANON | LocalModes::ECHO);
        modes.local_modes.remove(LocalModes::ISIG);
        // Ctrl-C ends the line. `ask` sees that no line break ended it.
        modes.special_codes[SpecialCodeIndex::VEOL] = CTRL_C;
        tcsetattr(&file, OptionalActions::Flush, &modes).map_err(|_| nobody)?;
        Ok(Terminal { file, what, before, lines: modes, is_wiped: false })
    }

    /// Opens it for a secret that is shown. The screen is wiped whichever way this ends.
    ///
    /// # Errors
    /// When there is no terminal.
    pub fn open_for_secret(what: &'static str) -> Result<Self, AskError> {
        let mut terminal = Terminal::open(what)?;
        terminal.is_wiped = true;
        Ok(terminal)
    }

    /// Asks, and reads one line. The answer has no line break.
    ///
    /// # Errors
    /// When the operator leaves the question with Ctrl-C or Ctrl-D, the answer is too long, or the terminal is gone.
    pub fn ask(&mut self, prompt: &str) -> Result<Zeroizing<String>, AskError> {
        let prompt = question(prompt, self.size().columns);
        self.show(&prompt)?;
        let mut bytes = Zeroizing::new([0; MAX_LINE_BYTES]);
        let count = loop {
            match self.file.read(&mut *bytes) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return Err(self.declined()),
                Ok(count) => break count,
            }
        };
        // A terminal gives one line at a time. A line without a break was not ended with Enter. A line that fills the
        // buffer may have been cut.
        let line = bytes.get(..count).filter(|line| line.len() < MAX_LINE_BYTES);
        let Some(line) = line.and_then(|line| line.strip_suffix(b"\n")) else {
            let _ = self.show("\n");
            return Err(self.declined());
        };
        Ok(Zeroizing::new(String::from_utf8_lossy(line).into_owned()))
    }

    /// Its size now; 24 rows of 80 columns where it does not say.
    pub fn size(&self) -> Size {
        Size::of(&self.file)
    }

    /// From now on each key is read by itself and is not shown. Keys that were pressed before are dropped: nobody may
    /// confirm a page before it is shown.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn listen(&mut self) -> Result<(), AskError> {
        let mut modes = self.lines.clone();
        modes.local_modes.remove(LocalModes::ICANON | LocalModes::ECHO);
        modes.special_codes[SpecialCodeIndex::VMIN] = 1;
        modes.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(&self.file, OptionalActions::Flush, &modes).map_err(|_| self.declined())?;
        tcflush(&self.file, QueueSelector::IFlush).map_err(|_| self.declined())
    }

    /// From now on lines are read again.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn settle(&mut self) -> Result<(), AskError> {
        tcsetattr(&self.file, OptionalActions::Flush, &self.lines).map_err(|_| self.declined())
    }

    /// Waits for a key.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn key(&mut self) -> Result<Key, AskError> {
        let mut bytes = [0; 16];
        loop {
            match self.file.read(&mut bytes) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) | Ok(0) => return Err(self.declined()),
                Ok(count) => return Ok(Key::of(bytes.get(..count).unwrap_or_default())),
            }
        }
    }

    /// Waits for a key, but no longer than this. `None` if none was pressed.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn key_within(&mut self, wait: Duration) -> Result<Option<Key>, AskError> {
        let wait = Timespec::try_from(wait).map_err(|_| self.declined())?;
        let mut keyboard = [PollFd::new(&self.file, PollFlags::IN)];
        match poll(&mut keyboard, Some(&wait)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => Ok(None),
            Ok(_) => self.key().map(Some),
            Err(_) => Err(self.declined()),
        }
    }

    /// Shows text of our own as it is. It may be a secret.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn show(&mut self, words: &str) -> Result<(), AskError> {
        self.file.write_all(words.as_bytes()).map_err(|_| self.declined())
    }

    /// Shows a line of our own, broken at the terminal's width.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn say(&mut self, line: &str) -> Result<(), AskError> {
        let rows = Line::new(line).printed(self.size().columns);
        self.show(&format!("{}\n", rows.join("\n")))
    }

    /// Wipes the screen and the scrollback.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn wipe(&mut self) -> Result<(), AskError> {
        self.show(WIPE)
    }

    /// The error for a question that was left.
    pub fn declined(&self) -> AskError {
        AskError::Declined { what: self.what }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if self.is_wiped {
            let _ = self.wipe();
        }
        // What was typed ahead is dropped: half a line of words must not end up in the history of a shell.
        let _ = tcsetattr(&self.file, OptionalActions::Flush, &self.before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_leaves_room_for_its_answer() {
        assert_eq!(question("base units: ", 80), "base units: ");
        let long = "Type the amount to distribute, in base units (187.5 of AMP's are 18750000000): ";
        let shown = question(long, 80);
        assert_eq!(
            shown,
            "Type the amount to distribute, in base units (187.5 of AMP's are 18750000000):\n  "
        );
        let shown = question("Type the last 8 characters of the transaction id: ", 60);
        assert_eq!(shown, "Type the last 8 characters of the transaction id:\n  ");
        assert!(question(long, 40).lines().all(|row| row.len() < 40));
    }

    #[test]
    fn a_file_gets_each_line_whole() {
        let long = "a line that is wider than any terminal is, ".repeat(100);
        let file = tempfile::tempfile().unwrap();
        assert_eq!(Line::new(&long).printed(columns(&file)).len(), 1);
    }
}
