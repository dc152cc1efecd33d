//! Long words page by page: each has to be seen before the next comes, and the question comes after the last. It writes
//! rows and waits for a key; it moves no cursor, so it works on any terminal, and what went by can be scrolled back to. No
//! other program is run for it: one that pages for everybody also runs what its own settings say.

use coldamp_cli::ask::AskError;
use coldamp_cli::terminal::{Key, Size, Terminal};
use coldamp_cli::{Exit, Failure};

use coldamp_cli::line::Line;

/// What can be done below a page.
pub(crate) const MORE: &str = "Enter: next page. q: quit";

/// The same where something is to be approved at the end.
pub(crate) const MORE_BEFORE_SIGNING: &str = "Enter: next page. q: quit, nothing is signed";

/// A terminal that shows pages.
pub(crate) struct Pager(Terminal);

/// The rows of all lines at one size of the screen.
struct Layout {
    size: Size,
    /// Each with the position of its line.
    rows: Vec<(usize, String)>,
    /// Rows that a page has.
    page: usize,
}

impl Layout {
    fn of(lines: &[Line], size: Size, room: usize) -> Self {
        let of_line = |(position, line): (usize, &Line)| {
            line.rows(size.columns).into_iter().map(move |row| (position, row)).collect::<Vec<_>>()
        };
        let rows = lines.iter().enumerate().flat_map(of_line).collect();
        Layout { size, rows, page: size.rows.saturating_sub(room.max(1)).max(1) }
    }

    /// Where the page from this row ends. A line that does not fit goes to the next page as a whole, so that no address is on
    /// two pages; one that is longer than a page is cut.
    fn end(&self, from: usize) -> usize {
        let to = from.saturating_add(self.page).min(self.rows.len());
        let line = |row: usize| self.rows.get(row).map(|(line, _)| *line);
        let cut = line(to);
        let is_cut = cut.is_some() && to.checked_sub(1).and_then(line) == cut;
        let start = self.rows.iter().position(|(line, _)| Some(*line) == cut);
        match start.filter(|start| is_cut && *start > from) {
            Some(start) => start,
            None => to,
        }
    }
}

impl Pager {
    /// Takes hold of the terminal.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn open(what: &'static str) -> Result<Self, AskError> {
        Terminal::open(what).map(Pager)
    }

    /// The size of the screen now.
    pub(crate) fn size(&self) -> Size {
        self.0.size()
    }

    /// Shows lines, and waits for a key below each page but the last. `room` rows below the last page stay free for what
    /// comes next. `end` are words below the last page, where a key is to be waited for there too. `more` are those below the
    /// other pages.
    ///
    /// # Errors
    /// When it is left before the end, or the terminal is gone.
    pub(crate) fn show(
        &mut self,
        lines: &[Line],
        room: usize,
        end: Option<&str>,
        more: &str,
    ) -> Result<(), AskError> {
        let mut layout = Layout::of(lines, self.size(), room);
        let mut from = 0_usize;
        loop {
            let to = layout.end(from);
            let is_last = to == layout.rows.len();
            self.0.listen()?;
            for (_, row) in layout.rows.get(from..to).unwrap_or_default() {
                self.0.show(&format!("{row}\n"))?;
            }
            let prompt = match (is_last, end) {
                (true, None) => return self.0.settle(),
                (true, Some(end)) => format!("-- {end} --"),
                (false, _) => format!("-- {to} of {} lines. {more} --", layout.rows.len()),
            };
            if self.leaves(&prompt, layout.size)? {
                self.0.settle()?;
                return Err(self.0.declined());
            }
            let now = self.size();
            if now != layout.size {
                // Drawn for another size, its top may not have been in sight: the page comes again.
                let line = layout.rows.get(from).map(|(line, _)| *line).unwrap_or_default();
                layout = Layout::of(lines, now, room);
                from = layout.rows.iter().position(|(position, _)| *position == line).unwrap_or_default();
            } else if is_last {
                return self.0.settle();
            } else {
                from = to;
            }
        }
    }

    /// Whether the operator leaves, at a prompt that is taken away again.
    fn leaves(&mut self, prompt: &str, size: Size) -> Result<bool, AskError> {
        let prompt: String = prompt.chars().take(size.columns.saturating_sub(1)).collect();
        self.0.show(&prompt)?;
        let key = loop {
            match self.0.key()? {
                Key::Other => {}
                key => break key,
            }
        };
        self.0.show(&format!("\r{}\r", " ".repeat(prompt.chars().count())))?;
        Ok(key == Key::Leave)
    }
}

/// A review that was left before its end.
pub(crate) fn review_left_failure(error: AskError) -> Failure {
    match error {
        AskError::Declined { .. } => Failure::new(
            Exit::Declined,
            "the review was left before its end, and nothing was approved",
            "Run it again, and read it to its end.",
        ),
        other => other.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_leaves_a_row_for_the_prompt_and_more_for_a_question() {
        let lines: Vec<Line> = (0..50).map(|number| Line::new(number.to_string())).collect();
        let size = Size { rows: 24, columns: 80 };
        assert_eq!(Layout::of(&lines, size, 0).page, 23);
        assert_eq!(Layout::of(&lines, size, 5).page, 19);
        assert_eq!(Layout::of(&lines, Size { rows: 1, columns: 80 }, 5).page, 1);
        assert_eq!(Layout::of(&lines, size, 0).rows.len(), 50);
    }
    #[test]
    fn a_page_ends_between_two_lines_unless_one_is_longer_than_a_page() {
        let long = |rows: usize| Line::new(vec!["x".repeat(60); rows].join(" "));
        let size = Size { rows: 6, columns: 80 };
        let layout = Layout::of(&[long(3), long(3), long(8), long(1)], size, 1);
        assert_eq!(layout.page, 5);
        let mut ends = Vec::new();
        while ends.last() != Some(&layout.rows.len()) {
            ends.push(layout.end(ends.last().copied().unwrap_or_default()));
        }
        // The second line goes to the next page as a whole; the third is longer than a page and is cut.
        assert_eq!(ends, [3, 6, 11, 15]);
    }
}
