//! JSON read so that it means one thing only, and shown so that it cannot draw on a screen.
//!
//! Objects have every key once. serde's own maps keep the last of two equal keys, other parsers the first: a file that
//! the two read differently could show one amount and pay another. [`Tree`] holds a whole document to that, at every
//! depth; [`characters`] knows what no text of a document may hold.

mod characters;
mod tree;

pub(crate) use tree::{JsonError, Tree, UnsafeText};

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The members of an object in their order, values as raw text.
#[derive(Debug)]
pub(crate) struct Object<'a>(pub(crate) Vec<(String, &'a RawValue)>);

/// The marker by which a duplicate key is told from a syntax error.
pub(crate) const DUPLICATE: &str = "duplicate key";

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members: Vec<(String, &'de RawValue)> = Vec::new();
                let mut seen = std::collections::BTreeSet::new();
                while let Some(key) = map.next_key::<String>()? {
                    if !seen.insert(key.clone()) {
                        return Err(A::Error::custom(format!("{DUPLICATE} {}", shown(&key))));
                    }
                    members.push((key, map.next_value()?));
                }
                Ok(Object(members))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

/// The name of a field that nobody asked for, for a screen: an attacker chooses it, so it is short and has no blanks
/// with which it could draw lines of its own.
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
