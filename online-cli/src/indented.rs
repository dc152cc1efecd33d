//! JSON for a person at a terminal: a row for each member. Texts and numbers stay as they are written, and in their order.

use serde::de::IgnoredAny;

/// Columns of a level.
const LEVEL: usize = 2;

/// JSON with a row for each member and element. `None` for a text that is not JSON.
pub(crate) fn indented(text: &str) -> Option<String> {
    // The reader limits the depth, so no answer makes the rows endless.
    serde_json::from_str::<IgnoredAny>(text).ok()?;
    let mut rows = Rows { text: String::with_capacity(text.len()), depth: 0 };
    let mut characters = text.chars().peekable();
    let mut is_text = false;
    while let Some(character) = characters.next() {
        if is_text {
            rows.text.push(character);
            match character {
                '\\' => rows.text.extend(characters.next()),
                '"' => is_text = false,
                _ => {}
            }
            continue;
        }
        match character {
            ' ' | '\t' | '\r' | '\n' => {}
            '{' | '[' => {
                while characters.next_if(|next| next.is_ascii_whitespace()).is_some() {}
                rows.text.push(character);
                match characters.next_if(|next| matches!(next, '}' | ']')) {
                    Some(end) => rows.text.push(end),
                    None => rows.next(rows.depth.saturating_add(1)),
                }
            }
            '}' | ']' => {
                rows.next(rows.depth.saturating_sub(1));
                rows.text.push(character);
            }
            ',' => {
                rows.text.push(character);
                rows.next(rows.depth);
            }
            ':' => rows.text.push_str(": "),
            other => {
                is_text = other == '"';
                rows.text.push(other);
            }
        }
    }
    Some(rows.text)
}

/// Rows while they fill.
struct Rows {
    text: String,
    depth: usize,
}

impl Rows {
    fn next(&mut self, depth: usize) {
        self.depth = depth;
        self.text.push('\n');
        self.text.push_str(&" ".repeat(depth.saturating_mul(LEVEL)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_member_has_a_row_and_nothing_is_written_anew() {
        let text = r#"{"b": 0.00000001,"a":{},"list":[1e3, "x, {y}\" :",[ ]],"n":null}"#;
        let rows = "{\n  \"b\": 0.00000001,\n  \"a\": {},\n  \"list\": [\n    1e3,\n    \"x, {y}\\\" :\",\n    []\n  ],\n  \"n\": null\n}";
        assert_eq!(indented(text).as_deref(), Some(rows));
        assert_eq!(indented(rows).as_deref(), Some(rows));
        assert_eq!(indented("\"ok\"").as_deref(), Some("\"ok\""));
    }

    #[test]
    fn what_is_not_json_is_left_to_the_caller() {
        for text in ["", "ok", "{", "{}x", &"[".repeat(10_000)] {
            assert_eq!(indented(text), None, "{text}");
        }
    }
}
