//! `qr show`: a file as QR codes, one in turn after the other until a person leaves.

use std::path::Path;
use std::time::{Duration, Instant};

use coldamp_core::code::{Code, Hints};
use coldamp_core::limits::MAX_PSET_FILE_BYTES;
use coldamp_core::transport::kind::Kind;
use coldamp_core::units::grouped_digits;

use super::ShowArguments;
use super::form::{Form, Refused};
use super::picture::{capacity, code, rows};
use super::plan::{NoPlan, Plan, needed};
use crate::ask::AskError;
use crate::failure::Failure;
use crate::input::read_file;
use crate::output::print_exact;
use crate::screen::{printable_path, say, warn};
use crate::terminal::{Key, Terminal};

/// What a terminal is for, in messages.
const CODES: &str = "QR codes";

/// A screen of its own, and the one that was there before; the cursor hidden, and shown.
const OPEN: &str = "\u{1b}[?1049h\u{1b}[?25l\u{1b}[2J";
const CLOSE: &str = "\u{1b}[0m\u{1b}[2J\u{1b}[?25h\u{1b}[?1049l";

/// Shows a file in a form. `inspect` refuses what a front end never shows.
///
/// # Errors
/// When the file cannot be read or is not of a kind that is shown, or the terminal is missing or too small.
pub fn show(
    arguments: &ShowArguments,
    hints: &Hints,
    form: &dyn Form,
    inspect: impl Fn(&[u8], &Path) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let path = &arguments.file;
    let file = read_file(path, MAX_PSET_FILE_BYTES).map_err(|error| error.into_failure("the file", path))?;
    inspect(&file, path)?;
    let kind = Kind::of(&file).map_err(|error| {
        let message = format!("{} is not shown: {error}", printable_path(path));
        Failure::coded(error.code(), message, hints)
    })?;
    if arguments.text {
        let codes = form.codes(kind, &file, capacity(form.usual_version()));
        return Ok(print_exact(&codes.map_err(|refused| not_shown(&refused, hints))?.texts.join("\n"))?);
    }
    let mut terminal = Terminal::open(CODES).map_err(|error| no_terminal(error, hints))?;
    let plan =
        Plan::of(form, kind, &file, terminal.size(), arguments.width).map_err(|no| no_plan(&no, hints))?;
    let bytes = grouped_digits(&file.len().to_string());
    say(&format!("{}, {bytes} bytes: {}", kind.name(), plan.told(arguments.fps)));
    if kind == Kind::Descriptor {
        warn("whoever films the screen sees all amounts of the treasury from then on");
    }
    if plan.frames().len() == 1 {
        let picture = picture(&plan, 0).ok_or_else(not_drawn)?;
        return terminal.show(&format!("{picture}\n")).map_err(Failure::from);
    }
    if plan.is_long() {
        warn(
            "this is much for a camera. A file on a USB stick is quicker. A larger terminal, or a smaller font, needs fewer codes",
        );
    }
    let shown = turn(&mut terminal, &plan, arguments.fps);
    drop(terminal);
    match shown {
        Ok(()) => Ok(()),
        Err(Stopped::Terminal(error)) => Err(error.into()),
        Err(Stopped::Small) => {
            let message = "the terminal became too small for the QR codes";
            Err(Failure::coded(Code::QrTerminal, message, hints))
        }
        Err(Stopped::NotDrawn) => Err(not_drawn()),
    }
}

/// Why frames are not shown any more, though nobody left.
enum Stopped {
    Terminal(AskError),
    Small,
    NotDrawn,
}

impl From<AskError> for Stopped {
    fn from(error: AskError) -> Self {
        Stopped::Terminal(error)
    }
}

/// The screen while frames are shown. What was there before comes back whichever way this ends.
struct Stage<'a>(&'a mut Terminal);

impl Drop for Stage<'_> {
    fn drop(&mut self) {
        let _ = self.0.show(CLOSE);
    }
}

/// Shows the frames in turn until a key leaves.
fn turn(terminal: &mut Terminal, plan: &Plan, fps: u32) -> Result<(), Stopped> {
    terminal.listen()?;
    terminal.say("Enter: begin. q or Ctrl-C: leave.")?;
    if wait_for_key(terminal)? == Key::Leave {
        return Ok(());
    }
    terminal.show(OPEN)?;
    let stage = Stage(terminal);
    let each = Duration::from_secs(1).checked_div(fps.max(1)).unwrap_or(Duration::from_secs(1));
    let mut size = stage.0.size();
    let mut is_paused = false;
    for index in (0..plan.frames().len()).cycle() {
        let until = Instant::now().checked_add(each);
        let now = stage.0.size();
        if now != size {
            // What was drawn for another size is wiped.
            stage.0.show("\u{1b}[2J")?;
            size = now;
        }
        if !plan.fits(size) {
            return Err(Stopped::Small);
        }
        stage.0.show(&frame(plan, index, size.columns).ok_or(Stopped::NotDrawn)?)?;
        loop {
            let left = until.map_or(each, |until| until.saturating_duration_since(Instant::now()));
            let key = match is_paused {
                true => Some(stage.0.key()?),
                false => stage.0.key_within(left)?,
            };
            match key {
                Some(Key::Leave) => return Ok(()),
                Some(Key::Next) => is_paused = !is_paused,
                Some(Key::Other) => {}
                None => break,
            }
        }
    }
    Ok(())
}

fn wait_for_key(terminal: &mut Terminal) -> Result<Key, AskError> {
    loop {
        match terminal.key()? {
            Key::Other => {}
            key => return Ok(key),
        }
    }
}

/// Shows a short text, such as an address, as one QR code that every wallet reads.
///
/// # Errors
/// When the terminal is missing or too small, or the text does not fit one code.
pub fn show_text(text: &str, hints: &Hints) -> Result<(), Failure> {
    let mut terminal = Terminal::open(CODES).map_err(|error| no_terminal(error, hints))?;
    let code = code(text, 1, 40).map_err(|_| not_drawn())?;
    let (needed, size) = (needed(code.version().value()), terminal.size());
    if size.columns < needed.columns || size.rows < needed.rows {
        return Err(no_plan(&NoPlan::Terminal { needed }, hints));
    }
    terminal.show(&format!("{}\n", rows(&code).join("\n"))).map_err(Failure::from)
}

/// The picture of a frame. `None` where no code is made of it: an empty picture would look like a frame that nobody misses.
fn picture(plan: &Plan, index: usize) -> Option<String> {
    plan.code(index).map(|code| rows(&code).join("\n"))
}

fn not_drawn() -> Failure {
    Failure::internal("a frame does not fit a QR code of the version that was chosen for it")
}

/// What a terminal is sent for a frame: drawn at once where it can (2026), so that no camera sees two halves.
fn frame(plan: &Plan, index: usize, columns: usize) -> Option<String> {
    let picture = picture(plan, index)?;
    let number = index.saturating_add(1);
    let count = plan.frames().len();
    let words = format!("{number} of {count}. Space: stop and go on. q: leave");
    let words: String = words.chars().take(columns.saturating_sub(1)).collect();
    let width = words.chars().count();
    let blanks = " ".repeat(columns.saturating_sub(1).saturating_sub(width).min(4));
    Some(format!("\u{1b}[?2026h\u{1b}[H{picture}\n{words}{blanks}\u{1b}[?2026l"))
}

fn no_terminal(error: AskError, hints: &Hints) -> Failure {
    let message = match error {
        AskError::NobodyToAsk { .. } => "there is no terminal to show QR codes on".to_owned(),
        AskError::Declined { .. } => error.to_string(),
    };
    Failure::coded(Code::QrTerminal, message, hints)
}

fn no_plan(no: &NoPlan, hints: &Hints) -> Failure {
    match no {
        NoPlan::Refused(refused) => not_shown(refused, hints),
        NoPlan::Terminal { needed } => {
            let message = format!(
                "the terminal is too small: a QR code of this file needs {} columns and {} rows",
                needed.columns, needed.rows
            );
            Failure::coded(Code::QrTerminal, message, hints)
        }
    }
}

fn not_shown(refused: &Refused, hints: &Hints) -> Failure {
    Failure::coded(refused.code, format!("the file is not shown: {}", refused.message), hints)
}

#[cfg(test)]
mod tests {
    use super::super::form::Bbqr;
    use super::*;
    use crate::terminal::Size;

    #[test]
    fn a_frame_of_which_no_code_is_made_is_no_empty_picture() {
        let address = "el1qq0umk3pez693jrrlxz9ndlkuwne93gdu9g83mhhzuyf46e3mdzfpva0w48gqgzgrklncnm0k5zeyw8my2ypfsmxh4xcjh2rse";
        let plan = Plan::of(&Bbqr, Kind::Address, address.as_bytes(), Size { rows: 40, columns: 80 }, None)
            .ok()
            .unwrap();
        assert!(frame(&plan, 0, 80).unwrap().contains('\u{2588}'));
        assert_eq!((frame(&plan, 1, 80), picture(&plan, 1)), (None, None));
    }
}
