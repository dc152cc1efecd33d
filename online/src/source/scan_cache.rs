//! The scan cache: which scripts of a treasury are used, and at which block the others were last asked about. With it, the
//! next scan asks a server only about scripts that may have changed.
//!
//! The cache holds no coins. Every scan asks for the unspent outputs of each used script. It does not ask about an unused
//! script again for [`FRESH`] blocks. So a wrong answer, or a changed file, can hide a payment for that many blocks. It can
//! also make the next change address a later one, until all scripts are scanned. A scan of all scripts corrects the cache.
//! It is made before a request is refused, and before change goes far above every coin.

use std::collections::{BTreeMap, BTreeSet};

use coldamp_core::treasury::{Branch, KeyPath};
use serde::{Deserialize, Serialize};

/// Version of the format.
const VERSION: u32 = 1;

/// Blocks for which an unused script is not asked about again: one day on Liquid.
pub const FRESH: u32 = 1_440;

/// The scan cache of one treasury at one server.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScanCache {
    /// The root of the server's API.
    pub server: String,
    /// The highest block at the last scan.
    pub tip: Tip,
    /// Scripts that a transaction pays or spends from.
    pub used: BTreeSet<KeyPath>,
    /// Unused scripts, with the block at which they were last asked about.
    pub unused: BTreeMap<KeyPath, u32>,
}

/// The highest block of a server.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tip {
    /// The block's height.
    pub height: u32,
    /// The block's hash.
    pub hash: String,
}

/// Why a cache cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScanCacheError {
    /// It has another format.
    #[error("the file is not a scan cache: {reason}")]
    Unreadable {
        /// What is wrong with it.
        reason: String,
    },
    /// Another version wrote it.
    #[error("found version {found}, expected {VERSION}")]
    Version {
        /// The version in the file.
        found: u32,
    },
}

/// Stores a scan cache. Losing it is harmless.
pub trait ScanCacheStore {
    /// The stored cache, if there is one.
    fn recall(&mut self) -> Option<ScanCache>;

    /// Stores the cache.
    fn keep(&mut self, cache: &ScanCache);
}

/// The JSON form.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    version: u32,
    server: String,
    tip: Tip,
    used: Vec<String>,
    unused: BTreeMap<String, u32>,
}

impl ScanCache {
    /// Parses what [`ScanCache::to_json`] wrote.
    ///
    /// # Errors
    /// When the text has another format or version.
    pub fn parse(text: &[u8]) -> Result<Self, ScanCacheError> {
        let unreadable = |reason: String| ScanCacheError::Unreadable { reason };
        let version =
            serde_json::from_slice::<Version>(text).map_err(|error| unreadable(error.to_string()))?;
        if version.version != VERSION {
            return Err(ScanCacheError::Version { found: version.version });
        }
        let wire: Wire = serde_json::from_slice(text).map_err(|error| unreadable(error.to_string()))?;
        let path = |text: &String| path(text).ok_or_else(|| unreadable("invalid path".to_owned()));
        let used = wire.used.iter().map(path).collect::<Result<BTreeSet<_>, _>>()?;
        let unused = wire.unused.iter().map(|(text, height)| Ok((path(text)?, *height)));
        let unused = unused.collect::<Result<BTreeMap<_, _>, ScanCacheError>>()?;
        if used.iter().any(|path| unused.contains_key(path)) {
            return Err(unreadable("a script is listed as used and as unused".to_owned()));
        }
        Ok(ScanCache { server: wire.server, tip: wire.tip, used, unused })
    }

    /// The JSON text.
    ///
    /// # Errors
    /// When the serializer fails, which no value of this type causes.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(&Wire {
            version: VERSION,
            server: self.server.clone(),
            tip: self.tip.clone(),
            used: self.used.iter().map(ToString::to_string).collect(),
            unused: self.unused.iter().map(|(path, height)| (path.to_string(), *height)).collect(),
        })
    }

    /// Records whether a script is used.
    pub(super) fn note(&mut self, path: KeyPath, used: bool, height: u32) {
        if used {
            self.unused.remove(&path);
            self.used.insert(path);
        } else {
            self.used.remove(&path);
            self.unused.insert(path, height);
        }
    }

    /// Whether an unused script was asked about within the last [`FRESH`] blocks before `tip`. A recorded block above `tip` is
    /// of another chain and does not count.
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

    fn cache() -> ScanCache {
        let mut cache = ScanCache {
            server: "https://example.org/api".to_owned(),
            tip: Tip { height: 9, hash: "00".repeat(32) },
            ..ScanCache::default()
        };
        cache.note(KeyPath { branch: Branch::External, index: 3 }, true, 9);
        cache.note(KeyPath { branch: Branch::Internal, index: 4 }, false, 8);
        cache
    }

    #[test]
    fn a_cache_reads_back() {
        let text = cache().to_json().unwrap();
        assert_eq!(ScanCache::parse(text.as_bytes()).unwrap(), cache());
        assert!(text.contains("\"0/3\"") && text.contains("\"1/4\":8"), "{text}");
    }

    #[test]
    fn what_is_of_another_shape_or_version_is_not_believed() {
        let text = cache().to_json().unwrap();
        for (from, to) in [
            ("\"0/3\"", "\"0/03\""),
            ("\"0/3\"", "\"2/3\""),
            ("\"0/3\"", "\"1/4\""),
            ("\"used\"", "\"unspent\""),
            ("}", "},"),
            (":8", ":-8"),
        ] {
            let text = text.replacen(from, to, 1);
            assert!(
                matches!(ScanCache::parse(text.as_bytes()), Err(ScanCacheError::Unreadable { .. })),
                "{text}"
            );
        }
        let text = text.replace("\"version\":1", "\"version\":2");
        assert_eq!(ScanCache::parse(text.as_bytes()), Err(ScanCacheError::Version { found: 2 }));
    }

    #[test]
    fn an_unused_script_is_skipped_for_a_day_and_never_on_another_chain() {
        let path = KeyPath { branch: Branch::Internal, index: 4 };
        let cache = cache();
        assert!(cache.is_fresh(path, 8) && cache.is_fresh(path, 8 + FRESH));
        assert!(!cache.is_fresh(path, 9 + FRESH) && !cache.is_fresh(path, 7));
        assert!(!cache.is_fresh(KeyPath { branch: Branch::External, index: 3 }, 9), "it is used");
    }
}
