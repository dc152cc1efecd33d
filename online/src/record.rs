//! What was promised: which indices a prepared request took for its change, so that the next one takes others.
//!
//! A chain source shows only what has confirmed, and a node not even that once a coin is spent. A request prepared
//! again keeps its own indices, and so its own bytes while the coins are the same. The file is the caller's matter; this is what it says.

use std::collections::BTreeMap;

use coldamp_core::treasury::{Branch, KeyPath, UnusedIndices};
use serde::{Deserialize, Serialize};

/// Version of the record's shape.
const VERSION: u32 = 1;

/// The promises of one treasury.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    version: u32,
    /// By the request's SHA-256, hexadecimal.
    promises: BTreeMap<String, Promise>,
}

/// What one request took: from the first index of each branch up to, and without, the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Promise {
    external: (u32, u32),
    internal: (u32, u32),
}

/// Why a record is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// No record at all.
    #[error("it is no record of promised indices: {reason}")]
    Unreadable {
        /// What the parser said.
        reason: String,
    },
    /// Written by another version.
    #[error("found version {found}, expected {VERSION}")]
    Version {
        /// What stands there.
        found: u32,
    },
}

impl Default for Record {
    fn default() -> Self {
        Record { version: VERSION, promises: BTreeMap::new() }
    }
}

impl Record {
    /// Reads a record.
    ///
    /// # Errors
    /// When it is none, or of another version: taking it for empty would promise an index twice.
    pub fn parse(text: &[u8]) -> Result<Self, RecordError> {
        let record: Record = serde_json::from_slice(text)
            .map_err(|error| RecordError::Unreadable { reason: error.to_string() })?;
        match record.version {
            VERSION => Ok(record),
            found => Err(RecordError::Version { found }),
        }
    }

    /// The record's text.
    ///
    /// # Errors
    /// Never for what this type can hold; the writer's error is passed on all the same.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }

    /// The first indices that nothing was promised of.
    pub fn unpromised(&self) -> UnusedIndices {
        let mut unused = UnusedIndices::default();
        for promise in self.promises.values() {
            for (branch, (_, end)) in
                [(Branch::External, promise.external), (Branch::Internal, promise.internal)]
            {
                if let Some(index) = end.checked_sub(1) {
                    unused.mark_used(KeyPath { branch, index });
                }
            }
        }
        unused
    }

    /// Whether a request has a promise.
    pub fn knows(&self, request_hash: &str) -> bool {
        self.promises.contains_key(request_hash)
    }

    /// Where a request starts: at its own promise, if it has one, else above all that was seen or promised.
    pub fn start(&self, request_hash: &str, seen: UnusedIndices) -> UnusedIndices {
        match self.promises.get(request_hash) {
            Some(promise) => UnusedIndices::from_first(promise.external.0, promise.internal.0),
            None => seen.or_later(self.unpromised()),
        }
    }

    /// Takes note of what a request took. Its own promise stays where it starts, and may grow.
    pub fn promise(&mut self, request_hash: &str, start: UnusedIndices, end: UnusedIndices) {
        let range = |branch: Branch| (start.next(branch).index, end.next(branch).index);
        let promise = Promise { external: range(Branch::External), internal: range(Branch::Internal) };
        let known = self.promises.entry(request_hash.to_owned()).or_insert(promise);
        known.external.1 = known.external.1.max(promise.external.1);
        known.internal.1 = known.internal.1.max(promise.internal.1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(external: u32, internal: u32) -> UnusedIndices {
        UnusedIndices::from_first(external, internal)
    }

    #[test]
    fn a_request_keeps_its_own_indices_and_the_next_takes_others() {
        let mut record = Record::default();
        assert_eq!(record.start("first", at(9, 4)), at(9, 4));
        record.promise("first", at(9, 4), at(9, 6));
        assert_eq!(record.start("first", at(9, 4)), at(9, 4));
        assert_eq!(record.start("second", at(9, 4)), at(9, 6));
        record.promise("second", at(9, 6), at(11, 7));
        assert_eq!(record.start("third", at(9, 4)), at(11, 7));
        assert_eq!(record.start("third", at(20, 4)), at(20, 7), "what was seen counts too");
        assert_eq!(record.start("first", at(30, 30)), at(9, 4));
    }

    #[test]
    fn a_record_is_read_as_it_was_written_and_nothing_else_is() {
        let mut record = Record::default();
        record.promise("first", at(9, 4), at(9, 6));
        assert_eq!(Record::parse(record.to_json().unwrap().as_bytes()), Ok(record.clone()));
        let newer = record.to_json().unwrap().replace("\"version\": 1", "\"version\": 2");
        assert_eq!(Record::parse(newer.as_bytes()), Err(RecordError::Version { found: 2 }));
        for text in ["", "{}", "[]", r#"{"version":1,"promises":{},"more":1}"#] {
            assert!(matches!(Record::parse(text.as_bytes()), Err(RecordError::Unreadable { .. })), "{text}");
        }
    }
}
