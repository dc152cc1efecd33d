//! The words on paper: shown, wiped, and typed back from the paper, all of them. A backup that was never read is none.

use bip39::Mnemonic;
use zeroize::Zeroizing;

use crate::error::{Exit, Failure};
use crate::screen::AskError;
use crate::terminal::Terminal;

/// How often the words are shown once more after a wrong one.
const RETRIES: usize = 3;

/// Words in a row, so that 24 of them fit on the smallest terminal.
const COLUMNS: usize = 4;

/// Room for the page, so that it never grows and leaves copies behind.
const PAGE_BYTES: usize = 512;

/// Why a backup is not proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum BackupError {
    /// The terminal was left.
    #[error(transparent)]
    Asked(#[from] AskError),
    /// Shown again and again, typed wrongly every time.
    #[error("word {position} was typed otherwise than it was shown, after {RETRIES} more looks at it")]
    Differs {
        /// Which one, counted from 1.
        position: usize,
    },
}

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Self {
        match error {
            BackupError::Asked(error) => error.into(),
            BackupError::Differs { .. } => Failure::new(
                Exit::Refused,
                error.to_string(),
                "nothing was made; destroy the paper, and run it again: other words will come",
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

/// From the paper, since the screen is wiped before. Shown while typed: that reveals nothing which did not stand there
/// a moment ago, and a slip that nobody sees could not be mended.
fn typed_back(mnemonic: &Mnemonic) -> Result<(), BackupError> {
    let mut terminal = Terminal::open_for_secret("typing back of the words")?;
    let mut retries = 0;
    show(&mut terminal, mnemonic, None)?;
    for (position, word) in (1..).zip(mnemonic.words()) {
        while !terminal.ask(&format!("word {position}: "))?.trim().eq_ignore_ascii_case(word) {
            if retries == RETRIES {
                return Err(BackupError::Differs { position });
            }
            retries += 1;
            show(&mut terminal, mnemonic, Some(position))?;
        }
    }
    Ok(())
}

/// Shows the page until it is on paper, and wipes it.
fn show(terminal: &mut Terminal, mnemonic: &Mnemonic, wrong: Option<usize>) -> Result<(), AskError> {
    terminal.wipe()?;
    if let Some(position) = wrong {
        terminal
            .show(&format!("Word {position} is not the one that was shown. Here they are once more.\n\n"))?;
    }
    terminal.show("Write these words down, in this order. Whoever has them has the treasury.\n\n")?;
    terminal.show(&page(mnemonic))?;
    terminal.ask(
        "\nPress Enter when they are on paper. They are wiped then, and you type them from the paper: ",
    )?;
    terminal.wipe()
}

/// The words with their numbers.
fn page(mnemonic: &Mnemonic) -> Zeroizing<String> {
    let mut page = Zeroizing::new(String::with_capacity(PAGE_BYTES));
    for (position, word) in (1_usize..).zip(mnemonic.words()) {
        page.push_str(&format!("{position:>4}  "));
        page.push_str(word);
        if position.is_multiple_of(COLUMNS) {
            page.push('\n');
        } else {
            // The longest word of BIP-39 has eight letters.
            page.extend(std::iter::repeat_n(' ', 8_usize.saturating_sub(word.len())));
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keystore::parse_mnemonic;

    #[test]
    fn the_page_numbers_the_words_in_rows() {
        let words =
            "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
        assert_eq!(
            page(&parse_mnemonic(words).unwrap()).as_str(),
            "   1  abandon    2  abandon    3  abandon    4  abandon\n\
             \x20  5  abandon    6  abandon    7  abandon    8  abandon\n\
             \x20  9  abandon   10  abandon   11  abandon   12  about\n"
        );
    }
}
