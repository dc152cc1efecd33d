//! Lines for a person, broken between words at the width of a screen.
//!
//! Text breaks at blanks only. A transaction id, an address, a code or a file name has no blank and stays whole, so that a
//! person can compare and copy it. A command in backticks and a number with grouped digits stay whole too.

use crate::screen::visible;

/// The narrowest width that text is broken for, in columns. Below it, nothing can be read.
const NARROWEST: usize = 20;

/// Columns by which further rows are indented more than the first, where the line has no label.
const INDENT: usize = 2;

/// A line of text that may be wider than the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    text: String,
    /// Columns by which its second row and those after are indented.
    hang: usize,
}

/// What happens to a word that is wider than a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Overlong {
    /// It is cut at the edge, so that the number of rows on the screen is known.
    Cut,
    /// It stays whole. The terminal shows it on several rows, and copies it as one word.
    Keep,
}

impl Line {
    /// A line whose further rows begin below its value, if it has a label ("fee          38 sat"), else two columns further
    /// in than its first row. Control characters are escaped.
    pub fn new(text: impl AsRef<str>) -> Self {
        let text = visible(text.as_ref());
        let hang = hang_of(&text);
        Line { text, hang }
    }

    /// A line whose further rows begin at this column, counted from 0. Control characters are escaped.
    pub fn hanging(text: impl AsRef<str>, hang: usize) -> Self {
        Line { text: visible(text.as_ref()), hang }
    }

    /// The whole line, not broken.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The column where the further rows begin, counted from 0.
    pub(crate) fn value_column(&self) -> usize {
        self.hang
    }

    /// The rows that it takes on a screen of so many columns. A word that is wider than a row is cut at the edge. No row
    /// fills the last column: some terminals then go to the next row by themselves, and the line feed makes one more.
    pub fn rows(&self, columns: usize) -> Vec<String> {
        broken(&self.text, columns.max(NARROWEST).saturating_sub(1), self.hang, Overlong::Cut)
    }

    /// The rows as they are printed. A word that is wider than a row is not cut.
    pub fn printed(&self, columns: usize) -> Vec<String> {
        broken(&self.text, columns.max(NARROWEST).saturating_sub(1), self.hang, Overlong::Keep)
    }
}

/// The rows of a cell of a table, at most so many columns wide.
pub fn cell(text: &str, width: usize) -> Vec<String> {
    broken(&visible(text), width, 0, Overlong::Cut)
}

/// The columns that a text takes at most.
pub fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

/// Where the value of a labelled line begins: behind the first run of two or more blanks that follows a word. Without a
/// label, the line's own indentation and two columns more.
fn hang_of(text: &str) -> usize {
    let indent = text.chars().take_while(|character| *character == ' ').count();
    let mut column = 0_usize;
    let mut blanks = 0_usize;
    for character in text.chars() {
        if character != ' ' && blanks > 1 && column > indent {
            return column;
        }
        blanks = if character == ' ' { blanks.saturating_add(1) } else { 0 };
        column = column.saturating_add(columns(character));
    }
    indent.saturating_add(INDENT)
}

/// Breaks a text into rows of at most `width` columns.
fn broken(text: &str, width: usize, hang: usize, overlong: Overlong) -> Vec<String> {
    let hang = if hang > width / 2 { INDENT.min(width / 2) } else { hang };
    let mut rows =
        Rows { done: Vec::new(), row: String::new(), used: 0, width, hang, overlong, is_bare: true };
    for word in words(text) {
        if self::width(word.trim_end()) <= width.saturating_sub(hang) {
            rows.word(word);
        } else {
            // A long command in backticks breaks at its blanks.
            word.split_inclusive(' ').for_each(|part| rows.word(part));
        }
    }
    rows.end()
}

/// The parts of a text that stay whole, each with the blank behind it.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut begin = 0_usize;
    let mut is_quoted = false;
    for (position, character) in text.char_indices() {
        let behind = position.saturating_add(character.len_utf8());
        let rest = text.get(behind..).unwrap_or_default();
        match character {
            // A backtick without a second one quotes nothing.
            '`' => is_quoted = !is_quoted && rest.contains('`'),
            ' ' if !is_quoted && !groups_digits(text.get(..position).unwrap_or_default(), rest) => {
                words.extend(text.get(begin..behind));
                begin = behind;
            }
            _ => {}
        }
    }
    words.extend(text.get(begin..).filter(|last| !last.is_empty()));
    words
}

/// Whether a blank between these texts groups the digits of a number: a digit before it, and exactly three behind it.
fn groups_digits(before: &str, behind: &str) -> bool {
    let digits = behind.chars().take_while(char::is_ascii_digit).count();
    before.ends_with(|last: char| last.is_ascii_digit()) && digits == 3
}

/// Rows while they fill.
struct Rows {
    done: Vec<String>,
    row: String,
    used: usize,
    width: usize,
    hang: usize,
    overlong: Overlong,
    /// Whether the row holds only indentation, or only the label of the line.
    is_bare: bool,
}

impl Rows {
    fn word(&mut self, word: &str) {
        let needed = width(word.trim_end());
        if !self.is_bare && self.used.saturating_add(needed) > self.width {
            self.next();
        }
        for character in word.chars() {
            let takes = columns(character);
            let is_cut = character == ' ' || self.overlong == Overlong::Cut;
            if is_cut && self.used.saturating_add(takes) > self.width {
                // A blank at the end of a row is the break itself.
                if character == ' ' {
                    continue;
                }
                self.next();
            }
            self.row.push(character);
            self.used = self.used.saturating_add(takes);
            self.is_bare = self.is_bare && character == ' ';
        }
        // Behind a label nothing is gained by a break: the next row begins at the same column.
        self.is_bare = self.is_bare || self.used <= self.hang;
    }

    fn next(&mut self) {
        let full = std::mem::replace(&mut self.row, " ".repeat(self.hang));
        self.done.push(full.trim_end().to_owned());
        self.used = self.hang;
        self.is_bare = true;
    }

    fn end(mut self) -> Vec<String> {
        let last = self.row.trim_end().to_owned();
        if !last.is_empty() || self.done.is_empty() {
            self.done.push(last);
        }
        self.done
    }
}

/// The columns that a character takes at most. Without tables the width of a character outside ASCII is unknown, and two
/// columns are the most. If too many are counted, a row is shorter than it could be.
fn columns(character: char) -> usize {
    if character.is_ascii() || character == '…' { 1 } else { 2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TXID: &str = "1b4a3ba4e1b5f0a3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b";

    #[test]
    fn lines_break_at_blanks_and_go_on_below_their_value() {
        let line = Line::new("asset        abc def ghi jkl mno");
        assert_eq!(line.rows(80), ["asset        abc def ghi jkl mno"]);
        assert_eq!(line.rows(28), ["asset        abc def ghi", "             jkl mno"]);
        assert_eq!(Line::new("  one two three four five").rows(20), ["  one two three", "    four five"]);
        assert_eq!(Line::hanging("one two three four five", 4).rows(20), ["one two three four", "    five"]);
        assert_eq!(Line::new("").rows(80), [""]);
        // On a narrow screen a wide label leaves no room beside it.
        assert_eq!(Line::new("first address  one two three").rows(20), ["first address  one", "  two three"]);
    }

    #[test]
    fn printed_text_never_breaks_an_id_a_command_or_a_number() {
        let line = Line::new(format!("the transaction {TXID} is known: `coldamp journal list` shows it"));
        assert_eq!(
            line.printed(80),
            [
                "the transaction".to_owned(),
                format!("  {TXID} is known:"),
                "  `coldamp journal list` shows it".to_owned(),
            ]
        );
        let line = Line::new("this is what was found there: 500 000 000 000 base units");
        assert_eq!(line.printed(42), ["this is what was found there:", "  500 000 000 000 base units"]);
        let line = Line::new("run `coldamp policy show` now");
        assert_eq!(line.printed(28), ["run `coldamp policy show`", "  now"]);
        assert_eq!(line.printed(20), ["run `coldamp policy", "  show` now"]);
        assert_eq!(Line::new("one ` two three four").printed(20), ["one ` two three", "  four"]);
        let address = "l".repeat(99);
        let line = Line::new(format!("first address  {address} (compare it)"));
        assert_eq!(line.printed(80), [format!("first address  {address}"), format!("{:15}(compare it)", "")]);
    }

    #[test]
    fn a_word_wider_than_the_screen_is_cut_and_none_of_it_lost() {
        let word = "x".repeat(100);
        let rows = Line::hanging(format!("to {word}"), 3).rows(30);
        assert!(rows.iter().all(|row| row.len() < 30), "{rows:?}");
        assert_eq!(rows.iter().map(|row| row.matches('x').count()).sum::<usize>(), 100);
    }

    #[test]
    fn no_character_makes_a_row_longer_than_it_was_counted() {
        let line = Line::new("a\u{1b}[2Jb\nc\u{202e}d");
        assert_eq!(line.text(), "a\\u{1b}[2Jb\\nc\\u{202e}d");
        let rows = Line::hanging("漢".repeat(60), 0).rows(80);
        assert_eq!(rows.iter().map(|row| row.chars().count()).collect::<Vec<_>>(), [39, 21]);
    }

    #[test]
    fn a_cell_is_filled_to_its_last_column() {
        assert_eq!(cell("one two three", 7), ["one two", "three"]);
        assert_eq!(cell("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(cell("ab cdefghij k", 4), ["ab", "cdef", "ghij", "k"]);
        assert_eq!(cell("", 4), [""]);
    }
}
