//! All words to people, on stderr. Data goes through `output`.

use std::io::Write as _;

use crate::error::Failure;

/// Says a line that the operator may want to know. When stderr is closed nobody is left to be told.
pub(crate) fn say(line: &str) {
    let _ = std::io::stderr().write_all(format!("{}\n", visible(line)).as_bytes());
}

/// Says something that the operator should look into.
pub(crate) fn warn(line: &str) {
    say(&format!("warning: {line}"));
}

/// Says why a command stopped and what to do next.
pub(crate) fn fail(failure: &Failure) {
    match failure.code {
        Some(code) => say(&format!("error[{code}]: {}", failure.message)),
        None => say(&format!("error: {}", failure.message)),
    }
    say(&format!("hint: {}", failure.hint));
}

/// The line with every control and direction character spelled out, line breaks too: a file name or a field of AMP's
/// JSON may hold escape sequences that recolour, overwrite or hide the lines around it, or lines made to look like ours.
pub(crate) fn visible(line: &str) -> String {
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
    fn control_and_direction_characters_are_spelled_out() {
        assert_eq!(visible("a \"b\" it's c:\\d … é"), "a \"b\" it's c:\\d … é");
        assert_eq!(
            visible("x\u{1b}[2Ky\r\u{202e}z\u{7f}\u{2066}\u{200b}\u{9b}"),
            "x\\u{1b}[2Ky\\r\\u{202e}z\\u{7f}\\u{2066}\\u{200b}\\u{9b}"
        );
    }

    #[test]
    fn a_line_stays_one_line() {
        assert_eq!(visible("request\nerror: forged"), "request\\nerror: forged");
    }
}
