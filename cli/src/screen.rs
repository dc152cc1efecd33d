//! Messages to people, on stderr. Data goes through [`output`](crate::output).
//!
//! Every message is broken between words at the width of the terminal ([`Line`]).
//!
//! Every message passes [`visible`]. A file name that came on a stick, a field of AMP's JSON or a server's answer may hold
//! escape sequences that recolour, overwrite or hide the lines around it, or a line break and a line that looks like ours.

use std::io::Write as _;
use std::path::Path;

use coldamp_core::code::Code;

use crate::failure::Failure;
use crate::line::Line;
use crate::terminal::columns;

/// Prints one line. If stderr is closed, nobody can be told, and that is no error.
pub fn say(line: &str) {
    let mut stderr = std::io::stderr();
    let rows = Line::new(line).printed(columns(&stderr));
    let _ = stderr.write_all(format!("{}\n", rows.join("\n")).as_bytes());
}

/// Prints something that the operator should look into.
pub fn warn(line: &str) {
    say(&format!("warning: {line}"));
}

/// Prints something that has a code and that the operator should look into.
pub fn warn_of(code: Code, line: &str) {
    say(&format!("warning[{code}]: {line}"));
}

/// Prints why a command stopped and what to do next.
pub fn fail(failure: &Failure) {
    match failure.code {
        Some(code) => say(&format!("error[{code}]: {}", failure.message)),
        None => say(&format!("error: {}", failure.message)),
    }
    failure.lines.iter().for_each(|line| say(line));
    say(&format!("hint: {}", failure.hint));
}

/// A path as a message shows it: control characters escaped.
pub fn printable_path(path: &Path) -> String {
    visible(&path.display().to_string())
}

/// The line with every control and direction character escaped, line breaks too. Escaping twice changes nothing.
pub fn visible(line: &str) -> String {
    let mut visible = String::with_capacity(line.len());
    for character in line.chars() {
        match character {
            '"' | '\'' | '\\' => visible.push(character),
            other => visible.extend(other.escape_debug()),
        }
    }
    visible
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_and_direction_characters_are_escaped_once() {
        assert_eq!(visible("a \"b\" it's c:\\d … é"), "a \"b\" it's c:\\d … é");
        let escaped = visible("x\u{1b}[2Ky\r\u{202e}z\u{7f}\u{2066}\u{200b}\u{9b}");
        assert_eq!(escaped, "x\\u{1b}[2Ky\\r\\u{202e}z\\u{7f}\\u{2066}\\u{200b}\\u{9b}");
        assert_eq!(visible(&escaped), escaped);
    }

    #[test]
    fn a_line_and_a_path_stay_on_one_line() {
        assert_eq!(visible("request\nerror: forged"), "request\\nerror: forged");
        assert_eq!(printable_path(Path::new("x\nevery rule holds")), "x\\nevery rule holds");
    }
}
