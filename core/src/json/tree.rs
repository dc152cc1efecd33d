//! A whole JSON document as a tree: every key once in its object, every string decoded, every number still its text.
//!
//! Read level by level from raw text and not by serde's own values, which turn numbers into floats.

use serde_json::value::RawValue;

use super::characters::is_unseen;
use super::{DUPLICATE, Object, shown, shown_name};

/// Objects and lists inside each other. Each level is one call on the stack; no honest document comes near.
const MAX_DEPTH: usize = 32;

/// A value and all that is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tree<'a> {
    /// Members in their order.
    Object(Vec<(String, Tree<'a>)>),
    /// Items in their order.
    Array(Vec<Tree<'a>>),
    /// Decoded.
    String(String),
    /// A number, `true`, `false` or `null`, as it is written.
    Plain(&'a str),
}

/// Why a document is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum JsonError {
    /// No JSON at all.
    #[error("it is no JSON: {reason}")]
    Unreadable {
        /// What the parser said.
        reason: String,
    },
    /// A key twice in one object.
    #[error("{place}: found {found}, expected every key once")]
    Duplicate {
        /// Where.
        place: String,
        /// Which.
        found: String,
    },
    /// Nested so far that reading it could exhaust the stack.
    #[error("{place}: found more than {MAX_DEPTH} levels, expected at most that")]
    TooDeep {
        /// Where.
        place: String,
    },
    /// A string that stands for no text: half of a surrogate pair.
    #[error("{place}: found {found}, which is no text")]
    NotText {
        /// Where.
        place: String,
        /// As it is written.
        found: String,
    },
}

/// Text that does not look like what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UnsafeText {
    /// Where.
    pub(crate) place: String,
    /// The whole text, escaped.
    pub(crate) found: String,
    /// The first character of it that a person does not see.
    pub(crate) character: char,
}

impl<'a> Tree<'a> {
    /// Reads a document.
    ///
    /// # Errors
    /// When it is no JSON, or could be read in two ways.
    pub(crate) fn read(text: &'a str) -> Result<Self, JsonError> {
        let value: &RawValue = serde_json::from_str(text)
            .map_err(|error| JsonError::Unreadable { reason: error.to_string() })?;
        level(value.get(), "the file", 0)
    }

    /// A member of an object.
    pub(crate) fn member(&self, name: &str) -> Option<&Tree<'a>> {
        match self {
            Tree::Object(members) => members.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            Tree::Array(_) | Tree::String(_) | Tree::Plain(_) => None,
        }
    }

    /// The first text, key or value at any depth, that holds a character which a person does not see.
    pub(crate) fn unsafe_text(&self) -> Option<UnsafeText> {
        unsafe_text(self, "the file")
    }
}

fn level<'a>(text: &'a str, place: &str, depth: usize) -> Result<Tree<'a>, JsonError> {
    if depth > MAX_DEPTH {
        return Err(JsonError::TooDeep { place: place.to_owned() });
    }
    let next = depth.saturating_add(1);
    // The syntax was checked when the raw text was cut out: what still fails are the escapes of a string.
    let no_text = |_| JsonError::NotText { place: place.to_owned(), found: shown(text) };
    match text.as_bytes().first() {
        Some(b'{') => {
            let Object(members) =
                serde_json::from_str(text).map_err(|error: serde_json::Error| match error.to_string() {
                    found if found.starts_with(DUPLICATE) => {
                        JsonError::Duplicate { place: place.to_owned(), found }
                    }
                    _ => no_text(error),
                })?;
            let read = members.into_iter().map(|(key, value)| {
                let value = level(value.get(), &below(place, &key), next)?;
                Ok((key, value))
            });
            Ok(Tree::Object(read.collect::<Result<_, _>>()?))
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(text).map_err(no_text)?;
            let read = items
                .into_iter()
                .enumerate()
                .map(|(position, item)| level(item.get(), &format!("{place}[{position}]"), next));
            Ok(Tree::Array(read.collect::<Result<_, _>>()?))
        }
        Some(b'"') => Ok(Tree::String(serde_json::from_str(text).map_err(no_text)?)),
        _ => Ok(Tree::Plain(text)),
    }
}

fn unsafe_text(tree: &Tree<'_>, place: &str) -> Option<UnsafeText> {
    match tree {
        Tree::Object(members) => members.iter().find_map(|(key, value)| {
            let of_key = || found_in(key, &format!("a name in {place}"));
            of_key().or_else(|| unsafe_text(value, &below(place, key)))
        }),
        Tree::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(position, item)| unsafe_text(item, &format!("{place}[{position}]"))),
        Tree::String(text) => found_in(text, place),
        Tree::Plain(_) => None,
    }
}

fn found_in(text: &str, place: &str) -> Option<UnsafeText> {
    let character = text.chars().find(|character| is_unseen(*character))?;
    Some(UnsafeText { place: place.to_owned(), found: shown(text), character })
}

/// The place of a member. Names are cut: they may be as long as the file, at every level anew.
fn below(place: &str, key: &str) -> String {
    format!("{place}, {}", shown_name(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_the_text_that_they_are() {
        let tree = Tree::read(r#" {"a": [1.0, 1e400, -0], "b": {"c": null}} "#).unwrap();
        let plain =
            |texts: &[&'static str]| Tree::Array(texts.iter().map(|text| Tree::Plain(text)).collect());
        assert_eq!(tree.member("a"), Some(&plain(&["1.0", "1e400", "-0"])));
        assert_eq!(tree.member("b").unwrap().member("c"), Some(&Tree::Plain("null")));
        assert_eq!(tree.member("c"), None);
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused_at_any_depth() {
        for (text, said) in [
            ("{", "it is no JSON"),
            ("{} {}", "it is no JSON"),
            (r#"{"a":1,"a":2}"#, "the file: found duplicate key \"a\""),
            (r#"{"a":1,"\u0061":2}"#, "the file: found duplicate key \"a\""),
            (r#"{"x":[0,{"a":1,"a":1}]}"#, "the file, \"x\"[1]: found duplicate key \"a\""),
            (r#"{"x":"\ud800"}"#, "the file, \"x\": found \"\"\\ud800\"\", which is no text"),
            (r#"{"\udc00":1}"#, "the file: found"),
        ] {
            let error = Tree::read(text).unwrap_err().to_string();
            assert!(error.starts_with(said), "{text}: {error}");
        }
    }

    #[test]
    fn a_document_of_nothing_but_depth_is_refused_and_does_not_exhaust_the_stack() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(Tree::read(&nested(32)).is_ok());
        for levels in [34, 100_000] {
            assert!(matches!(Tree::read(&nested(levels)), Err(JsonError::TooDeep { .. })), "{levels}");
        }
    }

    #[test]
    fn text_that_is_not_what_it_looks_like_is_found_in_names_and_values() {
        let found = |text: &str| {
            let found = Tree::read(text).unwrap().unsafe_text()?;
            Some((found.place, found.found, found.character))
        };
        assert_eq!(found("{\"a\": [\"é 中\", {\"b\": 1}]}\n"), None);
        let (place, text, character) = found(r#"{"a": ["b", {"c": "x\u202ey"}]}"#).unwrap();
        assert_eq!((place.as_str(), text.as_str()), ("the file, \"a\"[1], \"c\"", "\"x\\u{202e}y\""));
        assert_eq!(character, '\u{202e}');
        let (place, ..) = found("{\"a\": {\"b\u{200b}\": 1}}").unwrap();
        assert_eq!(place, "a name in the file, \"a\"");
    }
}
