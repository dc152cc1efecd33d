//! JSON with the order of its keys, which serde_json's own value type forgets, and numbers as their text.

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A JSON value that remembers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ordered {
    /// Keys in the order of the file.
    Object(Vec<(String, Ordered)>),
    /// Items.
    List(Vec<Ordered>),
    /// A string, unescaped.
    Text(String),
    /// A number, boolean or null as the file has it.
    Other(String),
}

struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

impl Ordered {
    /// Parses a file.
    ///
    /// # Panics
    ///
    /// If it is no JSON.
    pub fn parse(text: &str) -> Self {
        if let Ok(Members(members)) = serde_json::from_str(text) {
            return Ordered::Object(
                members.into_iter().map(|(key, raw)| (key, Self::parse(raw.get()))).collect(),
            );
        }
        if let Ok(items) = serde_json::from_str::<Vec<Box<RawValue>>>(text) {
            return Ordered::List(items.iter().map(|raw| Self::parse(raw.get())).collect());
        }
        if let Ok(text) = serde_json::from_str::<String>(text) {
            return Ordered::Text(text);
        }
        serde_json::from_str::<Box<RawValue>>(text).expect("JSON");
        Ordered::Other(text.trim().to_owned())
    }

    /// The member of an object.
    ///
    /// # Panics
    ///
    /// If there is none.
    pub fn get(&self, key: &str) -> &Ordered {
        self.find(key).unwrap_or_else(|| panic!("no {key} in {self:?}"))
    }

    /// The member of an object, if there is one.
    pub fn find(&self, key: &str) -> Option<&Ordered> {
        match self {
            Ordered::Object(members) => members.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The object with another value in the place of a member's.
    ///
    /// # Panics
    ///
    /// If there is no such member.
    pub fn with(&self, key: &str, value: Ordered) -> Ordered {
        let mut changed = self.clone();
        let member = match &mut changed {
            Ordered::Object(members) => members.iter_mut().find(|(name, _)| name == key),
            _ => None,
        };
        match member {
            Some(member) => member.1 = value,
            None => panic!("no {key} in {self:?}"),
        }
        changed
    }

    /// The keys of an object, in order.
    pub fn keys(&self) -> Vec<&str> {
        match self {
            Ordered::Object(members) => members.iter().map(|(name, _)| name.as_str()).collect(),
            other => panic!("no object: {other:?}"),
        }
    }

    /// The items of a list.
    pub fn items(&self) -> &[Ordered] {
        match self {
            Ordered::List(items) => items,
            other => panic!("no list: {other:?}"),
        }
    }

    /// A string.
    pub fn text(&self) -> &str {
        match self {
            Ordered::Text(text) => text,
            other => panic!("no string: {other:?}"),
        }
    }

    /// An amount in 10^-8, sign included, whatever its notation.
    pub fn signed_base_units(&self) -> i128 {
        let Ordered::Other(text) = self else { panic!("no number: {self:?}") };
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, text.as_str()),
        };
        sign * i128::from(crate::scenario::base_units(digits))
    }
}
