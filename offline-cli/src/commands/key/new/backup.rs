//! The words on paper: they are shown, wiped, and typed back from the paper, all of them. Only then is the backup proven.

use bip39::Mnemonic;
use coldamp_cli::ask::AskError;
use coldamp_cli::terminal::Terminal;
use coldamp_cli::{Exit, Failure};

use crate::commands::key::numbered::numbered;

/// How often a word may be typed before it counts as wrong on the paper.
const TRIES: usize = 4;

/// Why the backup on paper is not proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum BackupError {
    /// The terminal was left.
    #[error(transparent)]
    Asked(#[from] AskError),
    /// A word was typed wrongly too often.
    #[error("word {position} differed {TRIES} times from the one that was shown")]
    Differs {
        /// The position of the word, counted from 1.
        position: usize,
    },
}

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Self {
        match error {
            BackupError::Asked(AskError::Declined { .. }) => Failure::new(
                Exit::Declined,
                "stopped before all words were typed back",
                "Nothing was made. Destroy the paper: the next run makes other words.",
            ),
            BackupError::Asked(error) => error.into(),
            BackupError::Differs { .. } => Failure::new(
                Exit::Refused,
                error.to_string(),
                "Nothing was made. Destroy the paper and run it again: it makes other words.",
            ),
        }
    }
}

/// Shows the words and has them typed back.
///
/// # Errors
/// When there is no terminal, it is left, or a word stays wrong.
pub(super) fn prove(mnemonic: &Mnemonic) -> Result<(), Failure> {
    Ok(typed_back(mnemonic)?)
}

/// Has the words typed from the paper: the screen is wiped before. They are shown while they are typed, as they were shown
/// just before: a slip that nobody sees cannot be corrected.
fn typed_back(mnemonic: &Mnemonic) -> Result<(), BackupError> {
    let mut terminal = Terminal::open_for_secret("typing back of the words")?;
    show(&mut terminal, mnemonic)?;
    let words: Vec<&str> = mnemonic.words().collect();
    let (mut position, mut tries) = (0_usize, 1_usize);
    while position < words.len() {
        let line = terminal.ask(&format!("word {}: ", position.saturating_add(1)))?;
        if line.trim().is_empty() {
            show(&mut terminal, mnemonic)?;
            if position > 0 {
                let next = position.saturating_add(1);
                terminal.say(&format!("Go on with word {next}, not from the beginning."))?;
            }
            continue;
        }
        let right = right_words(&line, words.get(position..).unwrap_or_default());
        if right.count > 0 {
            (position, tries) = (position.saturating_add(right.count), 1);
        }
        if right.is_all {
            continue;
        }
        tries = tries.saturating_add(1);
        // After the last word no other can differ.
        let differs = position.saturating_add(1).min(words.len());
        if tries > TRIES {
            return Err(BackupError::Differs { position: differs });
        }
        if position == words.len() {
            terminal.show(&format!("There are only {differs} words, and more were typed. "))?;
            position = position.saturating_sub(1);
        } else {
            terminal.show(&format!("Word {differs} differs. "))?;
        }
        terminal.show(&format!(
            "One word per line, or all that are left in one line. Try {tries} of {TRIES}.\nEnter alone shows the words once more.\n"
        ))?;
    }
    Ok(())
}

/// What a line has of the words that are left.
#[derive(Debug, PartialEq, Eq)]
struct Right {
    /// How many of them the line begins with.
    count: usize,
    /// Whether the line holds nothing else.
    is_all: bool,
}

/// Compares a line with the words that are left, in their order.
fn right_words(line: &str, left: &[&str]) -> Right {
    let mut typed = line.split_whitespace().peekable();
    let mut count = 0_usize;
    for word in left {
        if typed.next_if(|typed| typed.eq_ignore_ascii_case(word)).is_none() {
            break;
        }
        count = count.saturating_add(1);
    }
    Right { count, is_all: typed.next().is_none() }
}

/// Shows the page until it is on paper, and wipes it.
fn show(terminal: &mut Terminal, mnemonic: &Mnemonic) -> Result<(), AskError> {
    terminal.wipe()?;
    terminal.show("Write these words down, in this order. Whoever has them has the treasury.\n\n")?;
    terminal.show(&numbered(mnemonic.words().collect::<Vec<_>>().into_iter()))?;
    terminal.show("\n")?;
    terminal
        .ask("Press Enter when they are on paper. They are wiped then, and you type them from the paper: ")?;
    terminal.wipe()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_may_hold_one_word_or_all_that_are_left() {
        let left = ["abandon", "ability", "able"];
        for (line, count, is_all) in [
            ("abandon", 1, true),
            (" Abandon  ABILITY ", 2, true),
            ("abandon ability able", 3, true),
            ("abandon abel", 1, false),
            ("ability", 0, false),
            ("abandon ability able about", 3, false),
            ("abandonability", 0, false),
        ] {
            assert_eq!(right_words(line, &left), Right { count, is_all }, "{line}");
        }
    }
}
