//! What the operator adds: key presses or rolls of dice. They are asked for on the terminal and not shown. Each line is
//! asked for with the count so far, because nobody counts 99 rolls unseen.

use coldamp_cli::{Failure, ask, screen};
use zeroize::Zeroizing;

use crate::keystore::WordCount;

/// Key presses that are asked for. They are mixed with the system's randomness and are not judged: statistics on key
/// presses prove little.
const KEY_PRESSES: usize = 65;

/// More than anybody types, so that the text never grows and leaves copies behind.
const ROOM: usize = 8 * 1024;

/// What the operator types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// Any keys.
    Keys,
    /// Rolls of six-sided dice, as many as carry the bits of the words.
    Dice(WordCount),
}

impl Source {
    /// Asks until there is enough. What was typed before counts on, so that nobody starts again.
    ///
    /// # Errors
    /// When nobody answers.
    pub(super) fn ask(self) -> Result<Zeroizing<String>, Failure> {
        let mut typed = Zeroizing::new(String::with_capacity(ROOM));
        loop {
            let found = typed.chars().count();
            if found >= self.needed() {
                return Ok(typed);
            }
            let line = ask::ask_secret(self.name(), &self.prompt(found))
                .map_err(|error| Failure::from(error).with_hint("Nothing was made. Run it again."))?;
            if line.is_empty() {
                screen::say(
                    "Nothing was typed. Go on until the count is reached; Ctrl-C stops, and nothing is made.",
                );
            } else if !self.take(&line, &mut typed) {
                screen::say("Only the digits 1 to 6 are rolls. This line was not counted: type it again.");
            }
        }
    }

    /// Adds a line. A line of rolls counts whole or not at all: whoever checks the words by hand must know which digits
    /// counted. Blanks between rolls are not counted.
    fn take(self, line: &str, typed: &mut Zeroizing<String>) -> bool {
        match self {
            Source::Keys => typed.push_str(line),
            Source::Dice(_) => {
                let is_roll = |character| matches!(character, '1'..='6' | ' ');
                if !line.chars().all(is_roll) {
                    return false;
                }
                typed.extend(line.chars().filter(|character| *character != ' '));
            }
        }
        true
    }

    /// What people call it.
    fn name(self) -> &'static str {
        match self {
            Source::Keys => "key presses",
            Source::Dice(_) => "rolls",
        }
    }

    fn prompt(self, found: usize) -> String {
        let needed = self.needed();
        let what = match self {
            Source::Keys => "random keys",
            Source::Dice(_) => "digits 1 to 6 that you rolled",
        };
        format!("Type {needed} or more {what}, then Enter (not shown, {found} of {needed} so far): ")
    }

    fn needed(self) -> usize {
        match self {
            Source::Keys => KEY_PRESSES,
            // log2(6) bits each: 129 and 255.9.
            Source::Dice(WordCount::Twelve) => 50,
            Source::Dice(WordCount::TwentyFour) => 99,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DICE: Source = Source::Dice(WordCount::Twelve);

    fn taken(source: Source, lines: &[&str]) -> String {
        let mut typed = Zeroizing::new(String::new());
        for line in lines {
            source.take(line, &mut typed);
        }
        typed.to_string()
    }

    #[test]
    fn a_line_of_rolls_counts_whole_or_not_at_all() {
        assert_eq!(taken(DICE, &["123 456", "1230", "12 3x", "７", "6"]), "1234566");
    }

    #[test]
    fn keys_are_taken_as_they_are() {
        assert_eq!(taken(Source::Keys, &[" a é", "0x "]), " a é0x ");
    }

    #[test]
    fn the_count_is_in_characters_and_dice_carry_the_bits_of_the_words() {
        assert_eq!(Source::Keys.needed(), 65);
        assert_eq!((DICE.needed(), Source::Dice(WordCount::TwentyFour).needed()), (50, 99));
        assert!(Source::Keys.prompt(64).ends_with("(not shown, 64 of 65 so far): "));
    }
}
