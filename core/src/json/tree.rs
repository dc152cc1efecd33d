//! A whole JSON document as a tree: every key once in its object, every string decoded, every number still its text.
//!
//! serde_json checks the syntax of the document and decodes each string. What is read here is only where a value ends and the next one
//! begins. serde's own values are not used: they turn numbers into floats, and keep one of two equal keys.

use std::collections::BTreeSet;

use serde_json::value::RawValue;

use super::characters::is_unseen;
use super::{escaped, shown, shown_name};

/// How many objects and lists may be inside each other. Each level is one call on the stack. AMP's requests have 3.
const MAX_DEPTH: usize = 32;

/// A JSON value with all values inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tree<'a> {
    /// An object's members, in the order of the file.
    Object(Vec<(String, Tree<'a>)>),
    /// A list's items, in the order of the file.
    Array(Vec<Tree<'a>>),
    /// A string, its escapes decoded.
    String(String),
    /// A number, `true`, `false` or `null`, as the file has it.
    Plain(&'a str),
}

/// Why a document is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum JsonError {
    /// The text is not JSON.
    #[error("it is not JSON: {reason}")]
    Unreadable {
        /// What the parser said.
        reason: String,
    },
    /// Something follows the value.
    #[error("the file: found more after the end of the value, expected one value")]
    Trailing,
    /// An object has a key twice.
    #[error("{place}: found duplicate key {name}, expected every key once")]
    Duplicate {
        /// The object, by the keys that lead to it.
        place: String,
        /// The key, escaped.
        name: String,
    },
    /// The document is nested so deep that reading it could exhaust the stack.
    #[error("{place}: found more than {MAX_DEPTH} levels, expected at most that")]
    TooDeep {
        /// The value one level too deep, by the keys that lead to it.
        place: String,
    },
    /// A string holds half of a surrogate pair, which is not a character.
    #[error("{place}: found {found}, expected text without half a surrogate pair")]
    NotText {
        /// The string, or the object whose key it is, by the keys that lead to it.
        place: String,
        /// The string as the file has it, escaped.
        found: String,
    },
}

/// A text with a character that a person does not see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UnsafeText {
    /// The text, by the keys that lead to it.
    pub(crate) place: String,
    /// The whole text, escaped.
    pub(crate) found: String,
    /// Its first character that a person does not see.
    pub(crate) character: char,
}

impl<'a> Tree<'a> {
    /// Reads a document.
    ///
    /// # Errors
    /// When it is not JSON, when two parsers could read it differently, or when it is nested too deep.
    pub(crate) fn read(text: &'a str) -> Result<Self, JsonError> {
        let unreadable = |reason: String| JsonError::Unreadable { reason };
        let mut values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
        let value = values.next().ok_or_else(|| unreadable("the file is empty".to_owned()))?;
        let value = value.map_err(|error| unreadable(error.to_string()))?;
        if values.next().is_some() {
            return Err(JsonError::Trailing);
        }
        Reader { rest: value.get() }.value("the file", 0)
    }

    /// A member of an object.
    pub(crate) fn member(&self, name: &str) -> Option<&Tree<'a>> {
        match self {
            Tree::Object(members) => members.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            Tree::Array(_) | Tree::String(_) | Tree::Plain(_) => None,
        }
    }

    /// What the value is, for an error: a scalar itself, escaped and cut, and a string in quotes.
    pub(crate) fn described(&self) -> String {
        match self {
            Tree::Object(_) => "an object".to_owned(),
            Tree::Array(_) => "a list".to_owned(),
            Tree::String(text) => shown(text),
            Tree::Plain(text) => escaped(text),
        }
    }

    /// The first text, key or value at any depth, with a character that a person does not see.
    pub(crate) fn unsafe_text(&self) -> Option<UnsafeText> {
        unsafe_text(self, "the file")
    }
}

/// What is left of a document whose syntax serde_json has checked.
struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn value(&mut self, place: &str, depth: usize) -> Result<Tree<'a>, JsonError> {
        if depth > MAX_DEPTH {
            return Err(JsonError::TooDeep { place: place.to_owned() });
        }
        let next = depth.saturating_add(1);
        self.skip_blanks();
        match self.rest.as_bytes().first() {
            Some(b'{') => self.object(place, next).map(Tree::Object),
            Some(b'[') => self.array(place, next).map(Tree::Array),
            Some(b'"') => self.string(place).map(Tree::String),
            Some(_) => {
                let length = self.rest.find([',', ']', '}', ' ', '\t', '\n', '\r']);
                Ok(Tree::Plain(self.token(length.unwrap_or(self.rest.len()))))
            }
            // The syntax check excludes this; without it a list that does not end would never be left.
            None => Err(JsonError::Unreadable { reason: format!("{place} ends early") }),
        }
    }

    fn object(&mut self, place: &str, depth: usize) -> Result<Vec<(String, Tree<'a>)>, JsonError> {
        let mut members = Vec::new();
        let mut names = BTreeSet::new();
        self.take('{');
        while !self.take('}') {
            let name = self.string(place)?;
            if !names.insert(name.clone()) {
                return Err(JsonError::Duplicate { place: place.to_owned(), name: shown(&name) });
            }
            self.take(':');
            let value = self.value(&below(place, &name), depth)?;
            members.push((name, value));
            self.take(',');
        }
        Ok(members)
    }

    fn array(&mut self, place: &str, depth: usize) -> Result<Vec<Tree<'a>>, JsonError> {
        let mut items = Vec::new();
        self.take('[');
        while !self.take(']') {
            items.push(self.value(&format!("{place}[{}]", items.len()), depth)?);
            self.take(',');
        }
        Ok(items)
    }

    fn string(&mut self, place: &str) -> Result<String, JsonError> {
        self.skip_blanks();
        let mut escaped = false;
        let end = self.rest.char_indices().skip(1).find(|(_, character)| {
            let ends = *character == '"' && !escaped;
            escaped = *character == '\\' && !escaped;
            ends
        });
        let token = self.token(end.map_or(self.rest.len(), |(position, _)| position.saturating_add(1)));
        // The syntax check leaves one thing that can fail: an escape for half of a surrogate pair.
        serde_json::from_str(token)
            .map_err(|_| JsonError::NotText { place: place.to_owned(), found: shown(token) })
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    /// Whether this character comes next, blanks before it left out. If so it is passed.
    fn take(&mut self, character: char) -> bool {
        self.skip_blanks();
        let rest = self.rest.strip_prefix(character);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn token(&mut self, length: usize) -> &'a str {
        let (token, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        token
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

/// The place of a member. Its name is cut: at each of 32 levels it may be as long as the file.
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
            ("{", "it is not JSON"),
            ("", "it is not JSON: the file is empty"),
            (" \n", "it is not JSON: the file is empty"),
            ("1x", "it is not JSON"),
            ("{\"a\" 1}", "it is not JSON"),
            ("[1,]", "it is not JSON"),
            ("[01]", "it is not JSON"),
            ("[\"\u{1}\"]", "it is not JSON"),
            (r#"["\x"]"#, "it is not JSON"),
            ("{} {}", "the file: found more after the end of the value"),
            ("1 x", "the file: found more after the end of the value"),
            (r#"{"a":1,"a":2}"#, "the file: found duplicate key \"a\""),
            (r#"{"a":1,"\u0061":2}"#, "the file: found duplicate key \"a\""),
            (r#"{"x":[0,{"a":1,"a":1}]}"#, "the file, \"x\"[1]: found duplicate key \"a\""),
            (
                r#"{"x":"\ud800"}"#,
                "the file, \"x\": found \"\"\\ud800\"\", expected text without half a surrogate pair",
            ),
            (r#"{"\udc00":1}"#, "the file: found"),
        ] {
            let error = Tree::read(text).unwrap_err().to_string();
            assert!(error.starts_with(said), "{text}: {error}");
        }
    }

    #[test]
    fn values_end_where_the_document_ends_them() {
        let text = "\r\n{ \"a\\\"}]\\\\\" : [ ] ,\t\"b\":[{},\"[,\\u007d\", true ,-1.5E+3], \"\":\"\\ud83e\\udd80\" }";
        let (Tree::Object(members), string) =
            (Tree::read(text).unwrap(), |text: &str| Tree::String(text.to_owned()))
        else {
            panic!()
        };
        let b = vec![Tree::Object(vec![]), string("[,}"), Tree::Plain("true"), Tree::Plain("-1.5E+3")];
        let expected = [("a\"}]\\", Tree::Array(vec![])), ("b", Tree::Array(b)), ("", string("\u{1f980}"))];
        assert_eq!(members, expected.map(|(name, value)| (name.to_owned(), value)));
        assert_eq!(Tree::read("7"), Ok(Tree::Plain("7")));
        assert_eq!(Tree::read(" null ").unwrap().described(), "null");
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
