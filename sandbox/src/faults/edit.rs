//! An answer changed on its way: what a newer or an older AMP would write, or what something between it and the client does.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "edit", deny_unknown_fields)]
pub enum Edit {
    /// Another body.
    Body {
        /// The whole of it.
        text: String,
    },
    /// A text of the body, wherever it stands, is another one.
    Replace {
        /// Which.
        from: String,
        /// What stands there then.
        to: String,
    },
    /// The body ends in the middle.
    Halve,
    /// A value of the JSON is another one, or is added to its object.
    Set {
        /// Where: a JSON pointer (RFC 6901).
        at: String,
        /// What stands there then.
        value: Value,
    },
    /// A member of an object, or an element of a list, is not there.
    Remove {
        /// Where.
        at: String,
    },
    /// A member of an object has another name.
    Rename {
        /// Where.
        at: String,
        /// Its last part then.
        to: String,
    },
}

impl Edit {
    /// The body behind the change; none where it does not fit, so that whoever asked for it finds out.
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
