//! What the operator adds: key presses or rolls of dice. They are asked for on the terminal and not shown. Each line is
//! asked for with the count so far, because nobody counts 99 rolls unseen.

use coldamp_cli::{Exit, Failure, ask, screen};
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
    /// Asks until there is enough, or an empty line says that there is no more.
    ///
    /// # Errors
    /// When nobody answers, or it is too little.
    pub(super) fn ask(self) -> Result<Zeroizing<String>, Failure> {
        let mut typed = Zeroizing::new(String::with_capacity(ROOM));
        loop {
            let found = typed.chars().count();
            if found >= self.needed() {
                break;
            }
            let prompt = self.prompt(found);
            let line = ask::ask_secret(self.name(), &prompt)?;
            if line.is_empty() {
                break;
            }
            if !self.take(&line, &mut typed) {
                screen::say("Only the digits 1 to 6 are rolls. This line was not counted: type it again.");
            }
        }
        self.check_count(&typed)?;
        Ok(typed)
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

    /// Refuses less than is needed, counted in characters.
    fn check_count(self, typed: &str) -> Result<(), Failure> {
        let (found, needed) = (typed.chars().count(), self.needed());
        if found < needed {
            let message = format!("found {found} {}; expected at least {needed}", self.name());
            let hint = "Nothing was made. Run it again, and go on until it asks for no more.";
            return Err(Failure::new(Exit::Refused, message, hint));
        }
        Ok(())
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
        match self {
            Source::Keys => {
                format!("Type {needed} or more random keys, then Enter (not shown, {found} so far): ")
            }
            Source::Dice(_) => {
                format!(
                    "Roll dice and type {needed} or more digits 1 to 6, then Enter (not shown, {found} so far): "
                )
            }
        }
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
    fn too_little_exits_with_3_and_key_presses_are_not_judged() {
        let rolls = "13336343643643641562261422122524221214416145464326";
        assert!(DICE.check_count(rolls).is_ok());
        // 65 characters, and 130 bytes.
        assert!(Source::Keys.check_count(&"é".repeat(65)).is_ok());
        for (source, typed) in [
            (DICE, rolls.get(1..).unwrap()),
            (Source::Dice(WordCount::TwentyFour), rolls),
            (Source::Keys, &"é".repeat(64)),
        ] {
            assert_eq!(source.check_count(typed).unwrap_err().exit, Exit::Refused, "{typed}");
        }
    }
}
