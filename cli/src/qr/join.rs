//! `qr join`: scanned text, a frame a line, back to the file.

use std::io::{BufRead, IsTerminal as _, Read as _};
use std::path::Path;

use coldamp_core::code::{Code, Hints};
use coldamp_core::transport::bbqr::{BbqrError, MAX_FRAME_CHARACTERS};
use coldamp_core::units::grouped_digits;

use super::JoinArguments;
use super::form::{Refused, Scan};
use crate::failure::{Exit, Failure};
use crate::input::read_file;
use crate::output::{check_free, create_file};
use crate::screen::{printable_path, say, warn};

/// Bytes that a file of scanned text may have: the largest row of frames, scanned six times over.
const MAX_SCAN_BYTES: usize = 32 * 1024 * 1024;

/// What zbarcam writes before a code without --raw.
const ZBAR_PREFIX: &str = "QR-Code:";

/// Characters that a line may have: a frame, zbarcam's words, blanks.
const MAX_LINE_BYTES: usize = MAX_FRAME_CHARACTERS + 64;

/// Joins codes of any of some forms. `inspect` refuses a file that a front end never takes.
///
/// # Errors
/// When a line is refused, the text ends before the file is whole, or the file cannot be written. Then nothing is written.
pub fn join(
    arguments: &JoinArguments,
    hints: &Hints,
    forms: &mut [&mut dyn Scan],
    inspect: impl Fn(&[u8], &Path) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let (path, output) = (&arguments.file, &arguments.output);
    check_free(output)?;
    let is_stdin = path == Path::new("-");
    let file = if is_stdin {
        let stdin = std::io::stdin();
        if stdin.is_terminal() {
            say("Scan the QR codes now. Each is a line. Ctrl-C stops, and nothing is written.");
        }
        read(stdin.lock(), hints, forms)?
    } else {
        let text =
            read_file(path, MAX_SCAN_BYTES).map_err(|error| error.into_failure("the scanned text", path))?;
        read(text.as_slice(), hints, forms)?
    };
    inspect(&file, output)?;
    create_file(output, &file)?;
    say(&format!("complete     {} bytes", grouped_digits(&file.len().to_string())));
    say(&format!("written      {}", printable_path(output)));
    if is_stdin {
        say("Close the scanner's window if it is still open.");
    }
    Ok(())
}

/// Reads lines until the file is whole, and says how far it is.
fn read(mut lines: impl BufRead, hints: &Hints, forms: &mut [&mut dyn Scan]) -> Result<Vec<u8>, Failure> {
    let failure = |refused: Refused| Failure::coded(refused.code, refused.message, hints);
    let mut strangers = 0_usize;
    while let Some(line) = next_line(&mut lines)? {
        let line = line.trim();
        let line = line.strip_prefix(ZBAR_PREFIX).unwrap_or(line);
        if line.is_empty() {
            continue;
        }
        let mut taken =
            forms.iter_mut().enumerate().find_map(|(index, form)| Some((index, form.take(line)?)));
        let Some((index, is_new)) = taken.take() else {
            // A camera sees other codes too: on a parcel, on a bottle.
            strangers = strangers.saturating_add(1);
            if strangers == 1 {
                warn("a code that belongs to no file was scanned; it and others of its kind are left out");
            }
            continue;
        };
        let is_new = is_new.map_err(failure)?;
        if forms.iter().filter(|form| form.has_begun()).count() > 1 {
            let message = "the code has another format than the codes before it".to_owned();
            return Err(failure(Refused { code: Code::UrMixed, message }));
        }
        let Some(form) = forms.get(index) else { continue };
        if is_new {
            say(&form.progress());
        }
        if let Some(file) = form.file().map_err(failure)? {
            return Ok(file);
        }
    }
    match forms.iter().find(|form| form.has_begun()) {
        None => Err(Failure::coded(Code::BbqrNoFrame, BbqrError::NoFrame.to_string(), hints)),
        Some(form) => Err(failure(form.incomplete())),
    }
}

/// The next line, without its end. One that is longer than a frame comes cut, which makes it none.
fn next_line(lines: &mut impl BufRead) -> Result<Option<String>, Failure> {
    let unreadable = |error: std::io::Error| {
        let hint = "Run it again, and scan once more.";
        Failure::new(Exit::Input, format!("cannot read the scanned text: {error}"), hint)
    };
    let mut line = Vec::new();
    let most = u64::try_from(MAX_LINE_BYTES).unwrap_or(u64::MAX);
    lines.take(most).read_until(b'\n', &mut line).map_err(unreadable)?;
    if line.is_empty() {
        return Ok(None);
    }
    if line.len() >= MAX_LINE_BYTES && line.last() != Some(&b'\n') {
        lines.skip_until(b'\n').map_err(unreadable)?;
    }
    Ok(Some(String::from_utf8_lossy(&line).into_owned()))
}

#[cfg(test)]
mod tests {
    use coldamp_core::transport::bbqr::{FileType, split};

    use super::super::form::BbqrScan;
    use super::*;

    const HINTS: Hints = Hints::new(&[], Code::ALL);

    fn frames() -> Vec<String> {
        split(b"the words of a text, and more words", FileType::Text, 24).unwrap()
    }

    fn read(text: &str) -> Result<Vec<u8>, Failure> {
        super::read(text.as_bytes(), &HINTS, &mut [&mut BbqrScan::default()])
    }

    fn code(text: &str) -> Option<Code> {
        read(text).unwrap_err().code
    }

    #[test]
    fn lines_in_any_order_with_others_between_make_the_file() {
        let mut frames = frames();
        assert!(frames.len() > 3);
        frames.reverse();
        let text = format!(
            "4006381333931\n\r\nQR-Code:{}\r\n{}\n{}\n",
            frames.join("\nhttps://example.org/\n"),
            "x".repeat(3 * MAX_LINE_BYTES),
            frames[0]
        );
        assert_eq!(read(&text).unwrap(), b"the words of a text, and more words");
    }

    #[test]
    fn a_scan_that_ends_early_says_what_is_missing() {
        let frames = frames();
        let text = [&frames[..1], &frames[2..]].concat().join("\n");
        let failure = read(&text).unwrap_err();
        assert_eq!(failure.code, Some(Code::BbqrIncomplete));
        assert!(failure.message.ends_with("missing 2"), "{}", failure.message);
        assert_eq!(code(""), Some(Code::BbqrNoFrame));
        assert_eq!(code("4006381333931\n"), Some(Code::BbqrNoFrame));
    }

    #[test]
    fn a_line_that_is_too_long_is_left_out_and_the_next_one_is_read() {
        let text = format!("{}B$\n{}", "x".repeat(MAX_LINE_BYTES), frames().join("\n"));
        assert!(read(&text).is_ok());
    }
}
