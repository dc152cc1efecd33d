//! Records of versions 1 and 2, which hold ranges of indices.

use std::collections::{BTreeMap, BTreeSet};

use coldamp_core::limits::MAX_INDEX;
use serde::Deserialize;

use super::VERSION;
use super::coin::Coin;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    #[serde(rename = "version")]
    _version: u32,
    promises: BTreeMap<String, Promise>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Promise {
    external: (u32, u32),
    internal: (u32, u32),
    #[serde(default)]
    coins: BTreeSet<Coin>,
    #[serde(default)]
    what: String,
}

impl From<Record> for super::Record {
    fn from(older: Record) -> Self {
        let promises = older.promises.into_iter().map(|(request, promise)| (request, promise.into()));
        super::Record { version: VERSION, promises: promises.collect() }
    }
}

impl From<Promise> for super::Promise {
    fn from(older: Promise) -> Self {
        let Promise { external, internal, coins, what } = older;
        super::Promise { external: indices(external), internal: indices(internal), coins, what }
    }
}

/// From the first up to, and without, the second. Nothing above the highest index is ever signed for.
fn indices((first, end): (u32, u32)) -> BTreeSet<u32> {
    (first..end.min(MAX_INDEX.saturating_add(1))).collect()
}
