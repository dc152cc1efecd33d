//! Long words page by page: each has to be seen before the next comes, and the question comes after the last. It writes
//! rows and waits for a key; it moves no cursor, so it works on any terminal, and what went by can be scrolled back to. No
//! other program is run for it: one that pages for everybody also runs what its own settings say.

use coldamp_cli::ask::AskError;
use coldamp_cli::terminal::{Key, Size, Terminal};
use coldamp_cli::{Exit, Failure};

use coldamp_cli::line::Line;

/// What stands below a page, where the whole is the review of something to be approved.
const MORE: &str = "Enter: next page. q: leave it, nothing is signed";

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
    /// comes next. `end` are words below the last page, where a key is to be waited for there too.
    ///
    /// # Errors
    /// When it is left before the end, or the terminal is gone.
    pub(crate) fn show(&mut self, lines: &[Line], room: usize, end: Option<&str>) -> Result<(), AskError> {
        let mut layout = Layout::of(lines, self.size(), room);
        let mut from = 0_usize;
        loop {
            let to = from.saturating_add(layout.page).min(layout.rows.len());
            let is_last = to == layout.rows.len();
            self.0.listen()?;
            for (_, row) in layout.rows.get(from..to).unwrap_or_default() {
                self.0.show(&format!("{row}\n"))?;
            }
            let prompt = match (is_last, end) {
                (true, None) => return self.0.settle(),
                (true, Some(end)) => format!("-- {end} --"),
                (false, _) => format!("-- {to} of {}. {MORE} --", layout.rows.len()),
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
pub(crate) fn left(error: AskError) -> Failure {
    match error {
        AskError::Declined { .. } => Failure::new(
            Exit::Declined,
            "the review was left before its end, and nothing was approved",
            "run it again, and read it to its end",
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
}
