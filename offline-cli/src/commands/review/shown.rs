//! The review on its way to whoever decides: page by page where a person reads at a terminal, plain where another program or
//! a file takes it.
//!
//! It goes to stdout, since it is what `review`, `sign` and `approve` find out: so `sign … | less` shows it. A program at the
//! other end of a pipe may hold the keyboard, as `less` does, and then two would read what is typed: with stdout in a
//! pipe nothing is asked.

use std::io::{self, IsTerminal as _};

use coldamp_cli::ask::AskError;
use coldamp_cli::terminal::Size;
use coldamp_cli::{Exit, Failure, output};
use coldamp_core::sign::review::ReviewDocument;
use rustix::fs::{FileType, fstat};

use super::foreign::Foreign;
use super::{summary, text};
use crate::pager::{MORE, MORE_BEFORE_SIGNING, Pager, review_left_failure};
use coldamp_cli::line::Line;

/// What is waited for below the last page of the details.
const END_OF_DETAILS: &str = "end of the review. Enter: summary. q: quit";

/// The same where a question follows.
const END: &str = "end of the review. Enter: summary and question. q: quit";

/// Below a summary that does not fit on one page.
const END_OF_SUMMARY: &str = "end of the summary. Enter: the question. q: quit";

/// Characters that an answer may have before it makes another row.
const ANSWER: usize = 40;

/// A review in words.
pub(in crate::commands) struct Shown {
    details: Vec<Line>,
    refusals: Vec<Line>,
    summary: Vec<Line>,
}

impl Shown {
    /// Of a review. If no input belongs to the treasury, of little more than that.
    pub(in crate::commands) fn of(document: &ReviewDocument, foreign: Option<&Foreign>) -> Self {
        Shown::with_code(document, foreign, true)
    }

    /// Of a review to which the approval code was given: without the right code, so that nobody copies it from here.
    pub(in crate::commands) fn of_given_code(document: &ReviewDocument, foreign: Option<&Foreign>) -> Self {
        Shown::with_code(document, foreign, false)
    }

    /// With what was found out about a signed file, as the last line.
    pub(in crate::commands) fn with_signed_file(mut self, said: &str) -> Self {
        self.summary.push(summary::signed_file(said));
        self
    }

    fn with_code(document: &ReviewDocument, foreign: Option<&Foreign>, shows_code: bool) -> Self {
        match foreign {
            Some(foreign) => Shown {
                details: text::of_foreign(document, foreign.text()),
                refusals: Vec::new(),
                summary: summary::of_foreign(foreign.text()),
            },
            None => Shown {
                details: text::details(document),
                refusals: text::refusals(document),
                summary: summary::summary(document, shows_code),
            },
        }
    }

    /// All of it on stdout. The rules that failed are part of it where stdout is no terminal: at a terminal the messages of
    /// the run name each of them below the review.
    ///
    /// # Errors
    /// When stdout takes no data.
    pub(in crate::commands) fn print(&self) -> Result<(), Failure> {
        let refusals = match Stdout::of_process() {
            Stdout::Terminal => &[][..],
            Stdout::Pipe | Stdout::Other => &self.refusals,
        };
        for line in self.details.iter().chain(refusals).chain(&self.summary) {
            output::print_line(line)?;
        }
        Ok(())
    }

    /// All of it where nothing is asked afterwards: page by page at a terminal.
    ///
    /// # Errors
    /// When it is left before its end, or stdout takes no data.
    pub(in crate::commands) fn read(&self) -> Result<(), Failure> {
        match (Stdout::of_process(), Pager::open("review")) {
            (Stdout::Terminal, Ok(mut pager)) => {
                let size = pager.size();
                let all = rows(&self.details, size).saturating_add(rows(&self.summary, size));
                let end = Some(END_OF_DETAILS).filter(|_| all >= size.rows);
                pager.show(&self.details, 1, end, MORE).map_err(review_left_failure)?;
                pager.show(&self.summary, 1, None, MORE).map_err(review_left_failure)
            }
            _ => self.print(),
        }
    }

    /// The whole of it, and then, directly above the questions, the summary.
    ///
    /// # Errors
    /// When it is left before its end, nobody can be asked, or stdout takes no data.
    pub(in crate::commands) fn before(&self, questions: &[String]) -> Result<(), Failure> {
        let stdout = Stdout::of_process();
        let pager = Pager::open("approval");
        if stdout == Stdout::Terminal
            && let Ok(mut pager) = pager
        {
            let size = pager.size();
            let room = room(questions, size.columns);
            let all =
                rows(&self.details, size).saturating_add(rows(&self.summary, size)).saturating_add(room);
            let end = Some(END).filter(|_| all > size.rows);
            pager.show(&self.details, 1, end, MORE_BEFORE_SIGNING).map_err(review_left_failure)?;
            return self.summarize(&mut pager, room);
        }
        self.print()?;
        let mut pager = pager.map_err(no_terminal_failure)?;
        if stdout == Stdout::Pipe {
            output::print(
                "Nothing is approved: the output goes into a pipe, so nothing was asked. Use --approve CODE, or run it without the pipe.",
            )?;
            return Err(Failure::new(
                Exit::Declined,
                "nobody was asked: the output goes into a pipe, and what reads it may hold the keyboard",
                "Run it without the pipe to type the approval. Or read the review this way, and give its code with --approve.",
            ));
        }
        let room = room(questions, pager.size().columns);
        self.summarize(&mut pager, room)
    }

    fn summarize(&self, pager: &mut Pager, room: usize) -> Result<(), Failure> {
        let size = pager.size();
        let rows = rows(&self.summary, size);
        let end = Some(END_OF_SUMMARY).filter(|_| rows.saturating_add(room) > size.rows);
        pager.show(&self.summary, room, end, MORE_BEFORE_SIGNING).map_err(review_left_failure)
    }
}

/// What stdout is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stdout {
    /// A terminal.
    Terminal,
    /// Another program takes it, for example `less`.
    Pipe,
    /// A file or a device, which nobody reads now, or closed.
    Other,
}

impl Stdout {
    /// Of this process.
    fn of_process() -> Self {
        let stdout = io::stdout();
        if stdout.is_terminal() {
            return Stdout::Terminal;
        }
        match fstat(&stdout).map(|status| FileType::from_raw_mode(status.st_mode)) {
            Ok(FileType::Fifo | FileType::Socket) => Stdout::Pipe,
            _ => Stdout::Other,
        }
    }
}

/// Rows that lines take.
fn rows(lines: &[Line], size: Size) -> usize {
    lines.iter().map(|line| line.rows(size.columns).len()).sum()
}

/// Rows that questions take with their answers.
fn room(questions: &[String], columns: usize) -> usize {
    let rows = |question: &String| {
        Line::hanging(format!("{question}: {}", "_".repeat(ANSWER)), 0).rows(columns).len()
    };
    questions.iter().map(rows).sum()
}

/// A question that nobody was there to answer, or that was left.
pub(in crate::commands) fn no_terminal_failure(error: AskError) -> Failure {
    let hint = "Compare the lines above with what you want. Then run it in a terminal, or give the approval code with --approve.";
    Failure::new(Exit::Declined, format!("nobody approved this: {error}"), hint)
}
