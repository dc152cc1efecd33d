//! The words of a restored keystore, typed one by one. A word that is not on the list is refused at once, and a wrong checksum
//! costs one word and not all of them.
//!
//! The words are shown while they are typed, so that a slip is seen, and the screen is wiped at the end.

use bip39::{Language, Mnemonic};
use coldamp_cli::ask::AskError;
use coldamp_cli::terminal::Terminal;
use coldamp_cli::{Exit, Failure};
use zeroize::Zeroizing;

use crate::commands::key::numbered::numbered;
use crate::keystore::parse_mnemonic;

/// Letters of the longest word of BIP-39, with the blank behind it.
const WORD_BYTES: usize = 9;

/// Asks for the words until they are a mnemonic.
///
/// # Errors
/// When there is no terminal, or the operator leaves it.
pub(super) fn ask() -> Result<Mnemonic, Failure> {
    typed().map_err(|error| match error {
        AskError::Declined { .. } => Failure::new(
            Exit::Declined,
            "stopped before the words were complete",
            "Nothing was made. Run it again.",
        ),
        error @ AskError::NobodyToAsk { .. } => error.into(),
    })
}

fn typed() -> Result<Mnemonic, AskError> {
    let mut terminal = Terminal::open_for_secret("words")?;
    let count = ask_count(&mut terminal)?;
    // All the room at once: a buffer that grows leaves copies of the words behind.
    let mut words = Zeroizing::new(Vec::with_capacity(count));
    while words.len() < count {
        let next = words.len().saturating_add(1);
        let several = if words.is_empty() { ", or several in one line" } else { "" };
        let line = terminal.ask(&format!("word {next} of {count}{several}: "))?;
        for typed in line.split_whitespace() {
            if words.len() == count {
                terminal.say(&format!(
                    "There are only {count} words. What was typed after them was not taken."
                ))?;
                break;
            }
            let Some(word) = index_of(typed) else {
                let position = words.len().saturating_add(1);
                terminal.say(&format!(
                    "Word {position} is not in the English list of BIP-39. Go on with word {position}."
                ))?;
                break;
            };
            words.push(word);
        }
    }
    loop {
        if let Ok(mnemonic) = parse_mnemonic(&sentence(&words)) {
            return Ok(mnemonic);
        }
        terminal.say("The checksum does not match: a word is wrong, or two are swapped. Compare these words with the paper:")?;
        terminal.show(&numbered(words.iter().map(|word| word_at(*word))))?;
        let number = terminal.ask("number of the word to type again (Ctrl-C: stop): ")?;
        let place = number.trim().parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let Some(place) = place.filter(|place| *place < count) else {
            terminal.say(&format!("Type a number from 1 to {count}."))?;
            continue;
        };
        let typed = terminal.ask(&format!("word {} of {count}: ", place.saturating_add(1)))?;
        match (index_of(typed.trim()), words.get_mut(place)) {
            (Some(word), Some(wrong)) => *wrong = word,
            _ => terminal.say("This word is not in the English list of BIP-39.")?,
        }
    }
}

/// Asks how many words there are.
fn ask_count(terminal: &mut Terminal) -> Result<usize, AskError> {
    loop {
        let answer = terminal
            .ask("The words are asked for next. First type how many there are (12, 15, 18, 21 or 24): ")?;
        match answer.trim() {
            "12" => return Ok(12),
            "15" => return Ok(15),
            "18" => return Ok(18),
            "21" => return Ok(21),
            "24" => return Ok(24),
            _ => terminal.say("That is not a number of words. Type 12, 15, 18, 21 or 24.")?,
        }
    }
}

/// The place of a word in the English list; upper case is taken too.
fn index_of(typed: &str) -> Option<u16> {
    let word = Zeroizing::new(typed.to_ascii_lowercase());
    Language::English.find_word(&word)
}

/// The word at a place in the English list.
fn word_at(place: u16) -> &'static str {
    Language::English.word_list().get(usize::from(place)).copied().unwrap_or_default()
}

/// The words of these places, separated by blanks.
fn sentence(words: &[u16]) -> Zeroizing<String> {
    let mut sentence = Zeroizing::new(String::with_capacity(words.len().saturating_mul(WORD_BYTES)));
    for word in words {
        if !sentence.is_empty() {
            sentence.push(' ');
        }
        sentence.push_str(word_at(*word));
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_the_list_and_put_together_again() {
        let typed = "Abandon ability zoo";
        let places: Vec<u16> = typed.split(' ').map(|word| index_of(word).unwrap()).collect();
        assert_eq!(places, [0, 1, 2047]);
        assert_eq!(sentence(&places).as_str(), "abandon ability zoo");
        assert_eq!(index_of("abandons"), None);
        assert_eq!(index_of(""), None);
        let longest = Language::English.word_list().iter().map(|word| word.len()).max();
        assert_eq!(longest, Some(WORD_BYTES - 1));
    }
}
