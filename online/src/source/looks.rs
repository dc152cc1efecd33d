//! Which scripts of a treasury were used, and at which block the others were asked for last: what a survey keeps, so that
//! the next one asks a server only for what may have changed.
//!
//! No coin is kept. Every survey asks for the unspent outputs of a script that was used. A script that nothing had paid is
//! not asked for again for [`FRESH`] blocks. So a wrong answer, or whoever changes the file, can hide a payment for that many
//! blocks, and can make the next change address a later one for as long as nobody looks at all scripts. A look at all asks
//! for every script and corrects what was kept. It is made before a request is refused, and before change goes far above
//! every coin.

use std::collections::{BTreeMap, BTreeSet};

use coldamp_core::treasury::{Branch, KeyPath};
use serde::{Deserialize, Serialize};

/// Version of the shape.
const VERSION: u32 = 1;

/// Blocks for which a script that nothing had paid is not asked for again: a day of Liquid's.
pub const FRESH: u32 = 1_440;

/// What was looked at, of one treasury over one server.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Looks {
    /// The root of the server's API.
    pub server: String,
    /// The highest block when it was asked last.
    pub tip: Tip,
    /// Scripts that some transaction pays or spends from.
    pub used: BTreeSet<KeyPath>,
    /// Scripts that none did, by the block at which they were asked for.
    pub unused: BTreeMap<KeyPath, u32>,
}

/// A block that a server had as its highest.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tip {
    /// Its height.
    pub height: u32,
    /// Its hash.
    pub hash: String,
}

/// Why what was kept is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LooksError {
    /// Of no such shape.
    #[error("it is no list of scripts that were looked at: {reason}")]
    Unreadable {
        /// What is wrong.
        reason: String,
    },
    /// Written by another version.
    #[error("found version {found}, expected {VERSION}")]
    Version {
        /// What stands there.
        found: u32,
    },
}

/// Where it is kept. Forgetting is always right.
pub trait LookMemory {
    /// What was kept.
    fn recall(&mut self) -> Option<Looks>;

    /// Takes note.
    fn keep(&mut self, looks: &Looks);
}

/// As it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    version: u32,
    server: String,
    tip: Tip,
    used: Vec<String>,
    unused: BTreeMap<String, u32>,
}

impl Looks {
    /// Reads what [`Looks::to_json`] wrote.
    ///
    /// # Errors
    /// When it is anything else. What it would have said is then not known.
    pub fn parse(text: &[u8]) -> Result<Self, LooksError> {
        let unreadable = |reason: String| LooksError::Unreadable { reason };
        let version =
            serde_json::from_slice::<Version>(text).map_err(|error| unreadable(error.to_string()))?;
        if version.version != VERSION {
            return Err(LooksError::Version { found: version.version });
        }
        let wire: Wire = serde_json::from_slice(text).map_err(|error| unreadable(error.to_string()))?;
        let path = |text: &String| path(text).ok_or_else(|| unreadable("a path that is none".to_owned()));
        let used = wire.used.iter().map(path).collect::<Result<BTreeSet<_>, _>>()?;
        let unused = wire.unused.iter().map(|(text, height)| Ok((path(text)?, *height)));
        let unused = unused.collect::<Result<BTreeMap<_, _>, LooksError>>()?;
        if used.iter().any(|path| unused.contains_key(path)) {
            return Err(unreadable("a script that was used and was not".to_owned()));
        }
        Ok(Looks { server: wire.server, tip: wire.tip, used, unused })
    }

    /// The text.
    ///
    /// # Errors
    /// Never for what this type can hold; the writer's error is passed on all the same.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(&Wire {
            version: VERSION,
            server: self.server.clone(),
            tip: self.tip.clone(),
            used: self.used.iter().map(ToString::to_string).collect(),
            unused: self.unused.iter().map(|(path, height)| (path.to_string(), *height)).collect(),
        })
    }

    /// Takes note of a script.
    pub(super) fn note(&mut self, path: KeyPath, used: bool, height: u32) {
        if used {
            self.unused.remove(&path);
            self.used.insert(path);
        } else {
            self.used.remove(&path);
            self.unused.insert(path, height);
        }
    }

    /// Whether a script that nothing had paid was asked for lately enough, where the highest block is `tip`. A block above
    /// it is one of another chain.
    pub(super) fn is_fresh(&self, path: KeyPath, tip: u32) -> bool {
        let age = self.unused.get(&path).and_then(|height| tip.checked_sub(*height));
        age.is_some_and(|age| age <= FRESH)
    }
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

fn path(text: &str) -> Option<KeyPath> {
    let (branch, index) = text.split_once('/')?;
    let path = KeyPath { branch: Branch::from_number(branch.parse().ok()?)?, index: index.parse().ok()? };
    (path.to_string() == text).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looks() -> Looks {
        let mut looks = Looks {
            server: "https://example.org/api".to_owned(),
            tip: Tip { height: 9, hash: "00".repeat(32) },
            ..Looks::default()
        };
        looks.note(KeyPath { branch: Branch::External, index: 3 }, true, 9);
        looks.note(KeyPath { branch: Branch::Internal, index: 4 }, false, 8);
        looks
    }

    #[test]
    fn what_was_kept_reads_back() {
        let text = looks().to_json().unwrap();
        assert_eq!(Looks::parse(text.as_bytes()).unwrap(), looks());
        assert!(text.contains("\"0/3\"") && text.contains("\"1/4\":8"), "{text}");
    }

    #[test]
    fn what_is_of_another_shape_or_version_is_not_believed() {
        let text = looks().to_json().unwrap();
        for (from, to) in [
            ("\"0/3\"", "\"0/03\""),
            ("\"0/3\"", "\"2/3\""),
            ("\"0/3\"", "\"1/4\""),
            ("\"used\"", "\"unspent\""),
            ("}", "},"),
            (":8", ":-8"),
        ] {
            let text = text.replacen(from, to, 1);
            assert!(matches!(Looks::parse(text.as_bytes()), Err(LooksError::Unreadable { .. })), "{text}");
        }
        let text = text.replace("\"version\":1", "\"version\":2");
        assert_eq!(Looks::parse(text.as_bytes()), Err(LooksError::Version { found: 2 }));
    }

    #[test]
    fn a_script_that_nothing_had_paid_is_skipped_for_a_day_and_never_on_another_chain() {
        let path = KeyPath { branch: Branch::Internal, index: 4 };
        let looks = looks();
        assert!(looks.is_fresh(path, 8) && looks.is_fresh(path, 8 + FRESH));
        assert!(!looks.is_fresh(path, 9 + FRESH) && !looks.is_fresh(path, 7));
        assert!(!looks.is_fresh(KeyPath { branch: Branch::External, index: 3 }, 9), "it was used");
    }
}
