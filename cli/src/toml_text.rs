//! Texts of TOML files: where in one something stands, for messages, and strings to be written. Of the file's text only names of keys are shown: it may be another
//! file, by mistake or by a link, and hold words.

/// `line 9, column 10, key remove: `, of a byte of the file.
pub fn place(text: &str, byte: usize) -> String {
    let before = text.get(..byte).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |end| end.saturating_add(1));
    let column = before.get(start..).unwrap_or_default().chars().count().saturating_add(1);
    let line = line_of(text, byte);
    let key = text.lines().nth(line.saturating_sub(1)).and_then(|line| line.split_once('='));
    let key = key.map(|(key, _)| key.trim());
    let is_name = |key: &&str| !key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    let key = key.filter(is_name).map(|key| format!(", key {key}")).unwrap_or_default();
    format!("line {line}, column {column}{key}: ")
}

/// The line of a byte of the file, counted from 1.
pub fn line_of(text: &str, byte: usize) -> usize {
    text.get(..byte).unwrap_or_default().matches('\n').count().saturating_add(1)
}

/// A TOML string of printable ASCII: literal where it can be, so that a contract looks as it is hashed.
pub fn quoted(text: &str) -> String {
    if text.contains(['"', '\\']) && !text.contains('\'') {
        return format!("'{text}'");
    }
    let escaped: String = text
        .chars()
        .map(|character| match character {
            '"' => "\\\"".to_owned(),
            '\\' => "\\\\".to_owned(),
            ' '..='~' => character.to_string(),
            other => format!("\\U{:08X}", u32::from(other)),
        })
        .collect();
    format!("\"{escaped}\"")
}
