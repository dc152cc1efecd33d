//! What the operator adds: key presses or rolls of dice, asked for on the terminal and not shown, line by line with
//! the count so far, because nobody counts 99 rolls unseen.

use coldamp_cli::{Failure, ask, screen};
use zeroize::Zeroizing;

use super::chance::{check_count, check_fair, check_no_pattern};
use crate::keystore::WordCount;

/// Key presses that are asked for; English text would carry one bit a letter, fingers at random more. Coldcard asks
/// for as many.
const KEY_PRESSES: usize = 65;

/// More than anybody types, so that the text never grows and leaves copies behind.
const ROOM: usize = 8 * 1024;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// Any keys.
    Keys,
    /// Rolls of six-sided dice, as many as carry the bits of the words.
    Dice(WordCount),
}

impl Source {
    /// Asks until there is enough, or an empty line says that there is no more, and refuses what cannot be chance.
    ///
    /// # Errors
    /// When nobody answers, it is too little, of biased dice, or a pattern.
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
                screen::say("only the digits 1 to 6 are rolls; this line was left out, type it again");
            }
        }
        self.check(&typed)?;
        Ok(typed)
    }

    /// Adds a line. Of rolls all or nothing: which digits of a line were meant, nobody could say who checks the words
    /// by hand. Blanks between them group, and count for nothing.
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

    fn check(self, typed: &str) -> Result<(), Failure> {
        check_count(self.name(), typed, self.needed())?;
        if let Source::Dice(_) = self {
            check_fair(typed)?;
        }
        Ok(check_no_pattern(self.name(), typed)?)
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
    use coldamp_cli::Exit;

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
    fn what_cannot_be_chance_exits_with_3() {
        let rolls = "13336343643643641562261422122524221214416145464326";
        assert!(DICE.check(rolls).is_ok());
        for (source, typed) in [
            (DICE, rolls.get(1..).unwrap()),
            (DICE, &"1".repeat(50)),
            (DICE, &"123456".repeat(9)),
            (Source::Dice(WordCount::TwentyFour), rolls),
            (Source::Keys, rolls),
            (Source::Keys, &"a".repeat(65)),
        ] {
            assert_eq!(source.check(typed).unwrap_err().exit, Exit::Refused, "{typed}");
        }
    }
}
