//! Lines for a screen of a known width: broken at blanks, and counted by the columns that they take at most, so that what
//! must stay in sight does.

use coldamp_cli::screen::visible;

/// Fewer columns are taken for these: below, nothing can be read anyhow.
const NARROWEST: usize = 20;

/// A line of text that may be wider than the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    text: String,
    /// Columns that its second row and those after are indented by.
    hang: usize,
}

impl Line {
    /// A line whose further rows begin at this column. What a terminal would act on is escaped.
    pub(crate) fn hanging(text: impl AsRef<str>, hang: usize) -> Self {
        Line { text: visible(text.as_ref()), hang }
    }

    /// A line whose further rows are indented a little more than its first.
    pub(crate) fn new(text: impl AsRef<str>) -> Self {
        let indent = text.as_ref().chars().take_while(|character| *character == ' ').count();
        Line::hanging(text, indent.saturating_add(2))
    }

    /// The whole of it on one line, for what is no screen.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The rows that it takes on a screen of so many columns. None of them fills the last one: some terminals go to the next
    /// row by themselves then, and the line feed would make one more.
    pub(crate) fn rows(&self, columns: usize) -> Vec<String> {
        let width = columns.max(NARROWEST).saturating_sub(1);
        let hang = self.hang.min(width / 2);
        let mut rows = Rows { done: Vec::new(), row: String::new(), used: 0, width, hang, is_bare: true };
        for word in self.text.split_inclusive(' ') {
            rows.word(word);
        }
        rows.end()
    }
}

/// Rows while they fill.
struct Rows {
    done: Vec<String>,
    row: String,
    used: usize,
    width: usize,
    hang: usize,
    /// Whether nothing but indentation stands in the row.
    is_bare: bool,
}

impl Rows {
    fn word(&mut self, word: &str) {
        let needed: usize = word.trim_end().chars().map(columns).sum();
        if !self.is_bare && self.used.saturating_add(needed) > self.width {
            self.next();
        }
        for character in word.chars() {
            let takes = columns(character);
            if self.used.saturating_add(takes) > self.width {
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

/// Columns that a character takes at most. Of what is not ASCII nobody knows without tables; two are the most, and too many
/// counted leave a row shorter, never one more.
fn columns(character: char) -> usize {
    if character.is_ascii() || character == '…' { 1 } else { 2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_blanks_and_go_on_indented() {
        let line = Line::hanging("asset        abc def ghi", 13);
        assert_eq!(line.rows(80), ["asset        abc def ghi"]);
        assert_eq!(line.rows(22), ["asset        abc def", "          ghi"]);
        assert_eq!(Line::new("  one two three four five").rows(20), ["  one two three", "    four five"]);
        assert_eq!(Line::new("").rows(80), [""]);
    }

    #[test]
    fn a_word_wider_than_the_screen_is_cut_and_none_of_it_lost() {
        let word = "x".repeat(100);
        let rows = Line::hanging(format!("to {word}"), 3).rows(30);
        assert!(rows.iter().all(|row| row.len() < 30), "{rows:?}");
        assert_eq!(rows.iter().map(|row| row.matches('x').count()).sum::<usize>(), 100);
    }

    #[test]
    fn what_could_draw_or_take_two_columns_cannot_make_a_row_longer() {
        let line = Line::new("a\u{1b}[2Jb\nc\u{202e}d");
        assert_eq!(line.text(), "a\\u{1b}[2Jb\\nc\\u{202e}d");
        let rows = Line::hanging("漢".repeat(60), 0).rows(80);
        assert_eq!(rows.iter().map(|row| row.chars().count()).collect::<Vec<_>>(), [39, 21]);
    }
}
