//! JSON read so that it has one meaning, and shown so that it cannot draw on a screen.
//!
//! Every key of an object appears once. Of two equal keys serde's own maps keep the last, other parsers the first: a file
//! that two parsers read differently could show one amount and pay another. [`Tree`] checks this in the whole document, at
//! every depth. [`characters`] lists the characters that no text of a document may hold.

mod characters;
mod tree;

pub(crate) use tree::{JsonError, Tree, UnsafeText};

/// The format that a file names: the value of `schema`, where that is the first member of a JSON object. Blanks before it and around
/// it change nothing. The rest of the file is not looked at.
pub(crate) fn schema_of(file: &[u8]) -> Option<&[u8]> {
    let mut rest = file;
    for expected in [&b"{"[..], b"\"schema\"", b":", b"\""] {
        rest = rest.trim_ascii_start().strip_prefix(expected)?;
    }
    rest.split(|byte| *byte == b'"').next()
}

/// The name of an unknown field, for a screen. An attacker chooses it, so it is cut to 32 characters, and its blanks are
/// escaped: they could push the rest of the name onto a line of its own.
pub(crate) fn shown_name(name: &str) -> String {
    let mut out = String::from("\"");
    for character in name.chars().take(32) {
        match character.is_ascii_graphic() {
            true => out.push(character),
            false => out.extend(character.escape_unicode()),
        }
    }
    out.push_str(if name.chars().count() > 32 { "…\"" } else { "\"" });
    out
}

/// Text from a file made fit for a screen: quoted, cut, and with every character outside printable ASCII escaped, so
/// that no control or bidirectional character reaches a terminal.
pub(crate) fn shown(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// The same without quotes.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars().take(100) {
        if character.is_ascii_graphic() || character == ' ' {
            out.push(character);
        } else {
            out.extend(character.escape_unicode());
        }
    }
    if text.chars().count() > 100 {
        out.push('…');
    }
    out
}
