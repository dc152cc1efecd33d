//! Edits of an answer: what a newer or an older AMP would write, or what something between server and client may do to it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One edit of an answer's body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "edit", deny_unknown_fields)]
pub enum Edit {
    /// Replaces the body.
    Body {
        /// The new body.
        text: String,
    },
    /// Replaces a text everywhere in the body.
    Replace {
        /// The text to replace.
        from: String,
        /// The new text.
        to: String,
    },
    /// Cuts the body off in the middle.
    Halve,
    /// Replaces a value of the JSON, or adds it to its object.
    Set {
        /// A JSON pointer (RFC 6901) to the value.
        at: String,
        /// The new value.
        value: Value,
    },
    /// Removes a member of an object, or an element of a list.
    Remove {
        /// A JSON pointer to it.
        at: String,
    },
    /// Gives a member of an object another name.
    Rename {
        /// A JSON pointer to the member.
        at: String,
        /// The new name.
        to: String,
    },
}

impl Edit {
    /// The edited body; `None` if the edit does not fit the body, so that a test can report it.
    pub(crate) fn apply(&self, body: &[u8]) -> Option<Vec<u8>> {
        match self {
            Edit::Body { text } => Some(text.clone().into_bytes()),
            Edit::Replace { from, to } => {
                let text = std::str::from_utf8(body).ok()?;
                text.contains(from.as_str()).then(|| text.replace(from.as_str(), to).into_bytes())
            }
            Edit::Halve => body.get(..body.len() / 2).filter(|half| !half.is_empty()).map(<[u8]>::to_vec),
            Edit::Set { at, value } => in_json(body, at, |parent, name| {
                match parent {
                    Value::Object(members) => {
                        members.insert(name.to_owned(), value.clone());
                    }
                    Value::Array(elements) => *elements.get_mut(name.parse::<usize>().ok()?)? = value.clone(),
                    _ => return None,
                }
                Some(())
            }),
            Edit::Remove { at } => in_json(body, at, |parent, name| match parent {
                Value::Object(members) => members.remove(name).map(|_| ()),
                Value::Array(elements) => {
                    let index = name.parse::<usize>().ok().filter(|index| *index < elements.len())?;
                    elements.remove(index);
                    Some(())
                }
                _ => None,
            }),
            Edit::Rename { at, to } => in_json(body, at, |parent, name| {
                let members = parent.as_object_mut()?;
                let value = members.remove(name)?;
                members.insert(to.clone(), value);
                Some(())
            }),
        }
    }
}

/// Changes the value that holds what a pointer points to.
fn in_json(body: &[u8], at: &str, change: impl FnOnce(&mut Value, &str) -> Option<()>) -> Option<Vec<u8>> {
    let mut value: Value = serde_json::from_slice(body).ok()?;
    let (parent, name) = at.rsplit_once('/')?;
    change(value.pointer_mut(parent)?, &name.replace("~1", "/").replace("~0", "~"))?;
    Some(value.to_string().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_changed_where_the_change_fits_and_otherwise_that_is_told() {
        let body = br#"{"a":[{"b":1},{"b":2}],"c":"x"}"#;
        let after = |edit: Edit| edit.apply(body).map(|body| String::from_utf8(body).unwrap());
        let at = |at: &str| at.to_owned();
        let set = |place: &str, value: Value| Edit::Set { at: at(place), value };
        for (edit, expected) in [
            (set("/a/1/b", Value::Null), Some(r#"{"a":[{"b":1},{"b":null}],"c":"x"}"#)),
            (set("/d", Value::Bool(true)), Some(r#"{"a":[{"b":1},{"b":2}],"c":"x","d":true}"#)),
            (set("/a/2", Value::Null), None),
            (set("/c/d", Value::Null), None),
            (Edit::Remove { at: at("/a/0") }, Some(r#"{"a":[{"b":2}],"c":"x"}"#)),
            (Edit::Remove { at: at("/a/0/c") }, None),
            (Edit::Rename { at: at("/a/0/b"), to: at("d") }, Some(r#"{"a":[{"d":1},{"b":2}],"c":"x"}"#)),
            (Edit::Rename { at: at("/d"), to: at("e") }, None),
            (
                Edit::Replace { from: at("\"b\""), to: at("\"d\"") },
                Some(r#"{"a":[{"d":1},{"d":2}],"c":"x"}"#),
            ),
            (Edit::Replace { from: at("y"), to: at("z") }, None),
            (Edit::Halve, Some(r#"{"a":[{"b":1},{"#)),
            (Edit::Body { text: at("") }, Some("")),
        ] {
            assert_eq!(after(edit.clone()).as_deref(), expected, "{edit:?}");
        }
    }
}
