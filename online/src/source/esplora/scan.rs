//! The scan of the treasury's scripts, from index 0 of both branches to a gap above the last used one.
//!
//! The server is asked whether a script is used, and which of its outputs are unspent. No transaction is kept, so memory
//! grows with the coins alone. The result for each script goes into the [`ScanCache`] during the scan. The next scan, also
//! one after an interrupted scan, asks
//!
//! - for the unspent outputs of each used script, but not again whether it is used,
//! - about the scripts that are paid next: the reserved ones, those that the next jobs give out, the lowest free ones of each
//!   branch, and those above the last used one ([`AHEAD`]),
//! - about the scripts that no scan has asked about yet, so that the whole gap above the last used one is scanned once,
//! - and about the scripts that no scan has asked about within [`FRESH`](crate::source::scan_cache::FRESH) blocks.
//!
//! [`Scanned`] says which scripts were not asked about. After [`Source::scan_all`](crate::source::Source::scan_all) the cache
//! is ignored: the server is asked whether each script is used, and a wrong entry of the cache is replaced.

use std::collections::{BTreeMap, BTreeSet};

use coldamp_core::Secp;
use coldamp_core::elements::OutPoint;
use coldamp_core::elements::hashes::sha256;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::limits::{MAX_INDEX, MAX_INDEX_GAP};
use coldamp_core::treasury::{
    Branch, CtDescriptor, FreeIndices, KeyPath, OwnScript, ScriptIndex, UsedIndices,
};
use futures_util::StreamExt as _;
use futures_util::stream;
use serde::Deserialize;

use super::super::scan_cache::{ScanCache, Tip};
use super::super::scan_range::{self, NotRescanned, ScanRange, Scanned};
use super::super::{Found, PartialScript, Survey};
use super::ask::bad_answer;
use super::chain::{Status, txid_of};
use super::{CONCURRENCY, Esplora, EsploraError};
use crate::pace::{Pause, Progress, Watch};

/// The most unspent outputs that are accepted. A server could list any number for each of 40,002 scripts.
const MAX_COINS: usize = 200_000;

/// The gap of the first pass: a run of used scripts is followed to its end before the whole gap is scanned.
const FIRST_GAP: u32 = 20;

/// Unused scripts of each branch that every scan asks about. No job gives out more.
const AHEAD: u32 = 4;

/// Answers after which the cache is stored.
const STORE_EVERY: usize = 50;

/// A server's counts of a script.
#[derive(Deserialize)]
pub(super) struct Script {
    pub(super) chain_stats: Stats,
    pub(super) mempool_stats: Stats,
}

#[derive(Deserialize)]
pub(super) struct Stats {
    pub(super) tx_count: u64,
    pub(super) funded_txo_count: u64,
    pub(super) spent_txo_count: u64,
}

/// An unspent output. Its asset and amount come from opening it.
#[derive(Deserialize)]
struct Unspent {
    txid: String,
    vout: u32,
    status: Status,
}

/// The result for one script.
struct Answered {
    path: KeyPath,
    is_used: bool,
    coins: Vec<Found>,
    partial: Option<PartialScript>,
}

/// A scan in progress.
struct Scan<'a> {
    secp: &'a Secp,
    descriptor: &'a CtDescriptor,
    scan_range: ScanRange,
    tip: u32,
    cache: ScanCache,
    asked: BTreeSet<KeyPath>,
    /// Whether a script counts as used only because the cache says so.
    from_cache: bool,
    coins: BTreeMap<OutPoint, Found>,
    partial_scripts: Vec<PartialScript>,
}

impl Script {
    fn sum(&self, count: fn(&Stats) -> u64) -> u64 {
        count(&self.chain_stats).saturating_add(count(&self.mempool_stats))
    }

    fn is_used(&self) -> bool {
        self.sum(|stats| stats.tx_count) > 0
    }

    /// Its unspent outputs.
    pub(super) fn unspent(&self) -> u64 {
        self.sum(|stats| stats.funded_txo_count).saturating_sub(self.sum(|stats| stats.spent_txo_count))
    }
}

impl<P: Pause> Esplora<P> {
    /// Scans the treasury's scripts.
    pub(super) async fn scan(
        &self,
        secp: &Secp,
        descriptor: &CtDescriptor,
        watch: &dyn Watch,
    ) -> Result<Survey, EsploraError> {
        let newest = self.newest.borrow().clone();
        let tip = newest.as_ref().map(|tip| tip.height);
        let tip = if let Some(tip) = tip { tip } else { self.tip().await? };
        let cache = self.cache_at(tip, newest).await?;
        let mut scan = Scan {
            secp,
            descriptor,
            scan_range: self.scan_range(),
            tip,
            cache,
            asked: BTreeSet::new(),
            from_cache: false,
            coins: BTreeMap::new(),
            partial_scripts: Vec::new(),
        };
        let asked = self.ask_all(&mut scan, watch).await;
        // An interrupted scan keeps what it has found so far.
        self.store_cache(&scan.cache);
        asked?;
        scan.survey()
    }

    /// The stored cache, if it is of the same server and chain, with the present highest block. If the chain no longer has the
    /// block that was the highest then, the cache starts empty.
    async fn cache_at(&self, tip: u32, newest: Option<Tip>) -> Result<ScanCache, EsploraError> {
        let Some(stored) = self.stored_cache() else { return Ok(ScanCache::default()) };
        let hash = match newest {
            Some(newest) => newest.hash,
            None => self.block_at(tip).await?.unwrap_or_default(),
        };
        let hash_then = match stored.tip.height == tip {
            true => Some(hash.clone()),
            false if stored.server != self.root || stored.tip.height > tip => None,
            false => self.block_at(stored.tip.height).await?,
        };
        let is_same = stored.server == self.root && hash_then.is_some_and(|hash| hash == stored.tip.hash);
        let cache = if is_same && !stored.tip.hash.is_empty() { stored } else { ScanCache::default() };
        Ok(ScanCache { server: self.root.clone(), tip: Tip { height: tip, hash }, ..cache })
    }

    /// Asks about scripts until none is left.
    async fn ask_all(&self, scan: &mut Scan<'_>, watch: &dyn Watch) -> Result<(), EsploraError> {
        loop {
            let whole = scan.to_ask(MAX_INDEX_GAP);
            let first = scan.to_ask(FIRST_GAP);
            let total = scan.asked.len().saturating_add(whole.len());
            let now = scan.scripts(if first.is_empty() { whole } else { first })?;
            if now.is_empty() {
                return Ok(());
            }
            let mut questions = Vec::with_capacity(now.len());
            for own in now {
                // A server may have called a script used by mistake. Only a scan of all scripts finds that out.
                let is_known = !scan.scan_range.all && scan.cache.used.contains(&own.path);
                scan.from_cache |= is_known;
                questions.push(self.script(own, is_known));
            }
            let mut answers = stream::iter(questions).buffer_unordered(CONCURRENCY);
            while let Some(answer) = answers.next().await {
                scan.take(answer?)?;
                let done = scan.asked.len();
                if done.is_multiple_of(STORE_EVERY) {
                    self.store_cache(&scan.cache);
                }
                let left = total.saturating_sub(done);
                let seconds_left = self.limiter.rate().map(|rate| rate.time_of(left).as_secs());
                watch.at(Progress::Scripts { done, total, seconds_left });
            }
        }
    }

    /// Asks about one script. If it is known to be used, the server is asked for its unspent outputs only.
    async fn script(&self, own: OwnScript, is_known: bool) -> Result<Answered, EsploraError> {
        let hash = sha256::Hash::hash(own.script_pubkey.as_bytes()).to_byte_array().to_lower_hex_string();
        let path = format!("/scripthash/{hash}");
        let (mut is_used, mut has_coins) = (true, true);
        if !is_known {
            let script: Script = self.json(&path).await?;
            (is_used, has_coins) = (script.is_used(), script.unspent() > 0);
        }
        if !is_used || !has_coins {
            return Ok(Answered { path: own.path, is_used, coins: Vec::new(), partial: None });
        }
        let utxo = format!("{path}/utxo");
        let answer = self.get(&utxo).await?;
        if super::history::is_too_many(&answer) {
            let (coins, partial) = self.through_history(&own, &path).await?;
            return Ok(Answered { path: own.path, is_used, coins, partial });
        }
        let unspent: Vec<Unspent> = self.read(&utxo, &answer)?;
        let mut coins = Vec::with_capacity(unspent.len());
        for found in unspent {
            let outpoint = OutPoint::new(txid_of(&utxo, &found.txid)?, found.vout);
            let height = found.status.block_height.filter(|_| found.status.confirmed);
            coins.push(Found { outpoint, height, own: own.clone(), output: None });
        }
        Ok(Answered { path: own.path, is_used, coins, partial: None })
    }
}

impl Scan<'_> {
    /// The scripts that are still to be asked about, as far as known.
    fn to_ask(&self, gap: u32) -> BTreeSet<KeyPath> {
        let used = scan_range::indices(self.cache.used.iter());
        let (near, far) = (self.scan_range.near(&used, gap), self.scan_range.far(&used));
        let next = self.next(near.to);
        let indices = (near.from..=near.to).chain(far.map(|far| far.from..=far.to).into_iter().flatten());
        let paths = indices.flat_map(|index| Branch::BOTH.map(|branch| KeyPath { branch, index }));
        let wanted = paths.filter(|path| !self.may_skip(*path, &next));
        // Used scripts beyond these ranges may hold coins too.
        let further = self.cache.used.iter().copied().filter(|path| path.index <= MAX_INDEX);
        wanted.chain(further).filter(|path| !self.asked.contains(path)).collect()
    }

    /// Whether the cache's entry of a script is enough.
    fn may_skip(&self, path: KeyPath, next: &BTreeSet<KeyPath>) -> bool {
        !self.scan_range.all && !next.contains(&path) && self.cache.is_fresh(path, self.tip)
    }

    /// The scripts that are paid next: the reserved ones, those that the next jobs give out, the lowest free ones of each
    /// branch, and those above the last used one, from which most addresses are given out.
    fn next(&self, to: u32) -> BTreeSet<KeyPath> {
        let mut next = BTreeSet::new();
        // By the planner's own rule. If a script far out is used, none of the other rules covers these.
        let seen = FreeIndices::besides(self.used());
        let mut given_out = seen.reserved_for(UsedIndices::default(), &self.scan_range.reserved);
        for branch in Branch::BOTH {
            for _ in 0..AHEAD {
                let path = given_out.next(branch);
                given_out.take(path);
                next.insert(path);
            }
        }
        for branch in Branch::BOTH {
            let path = |index| KeyPath { branch, index };
            let reserved = self.scan_range.reserved.branch(branch);
            let is_used = |index: &u32| self.cache.used.contains(&path(*index));
            let ahead = usize::try_from(AHEAD).unwrap_or_default();
            let free = (0..=to).filter(|index| !is_used(index) && !reserved.contains(index));
            let end = (0..=to).rev().find(is_used).map_or(0, |last| last.saturating_add(1));
            next.extend(free.take(ahead).chain(end..end.saturating_add(AHEAD)).map(path));
            next.extend(reserved.iter().copied().map(path));
        }
        next
    }

    /// The used scripts, as far as known.
    fn used(&self) -> UsedIndices {
        let mut used = UsedIndices::default();
        self.cache.used.iter().for_each(|path| used.mark(*path));
        used
    }

    /// Derives the scripts at these paths.
    fn scripts(&mut self, paths: BTreeSet<KeyPath>) -> Result<Vec<OwnScript>, EsploraError> {
        let paths: Vec<KeyPath> = paths.into_iter().collect();
        Ok(self.secp.threads().try_map(&paths, |path| self.descriptor.script_at(self.secp, *path))?)
    }

    fn take(&mut self, answered: Answered) -> Result<(), EsploraError> {
        let Answered { path, is_used, coins, partial } = answered;
        self.asked.insert(path);
        self.cache.note(path, is_used, self.tip);
        self.coins.extend(coins.into_iter().map(|coin| (coin.outpoint, coin)));
        self.partial_scripts.extend(partial);
        if self.coins.len() > MAX_COINS {
            return Err(bad_answer("/scripthash", "more unspent outputs than any treasury has"));
        }
        Ok(())
    }

    /// The result. It does not depend on the order of the answers.
    fn survey(mut self) -> Result<Survey, EsploraError> {
        let used = scan_range::indices(self.cache.used.iter());
        let (near, far) = (self.scan_range.near(&used, MAX_INDEX_GAP), self.scan_range.far(&used));
        let scripts = ScriptIndex::up_to(self.secp, self.descriptor, near.to)?;
        let indices = self.used();
        let in_range =
            |path: &KeyPath| near.holds(path.index) || far.is_some_and(|far| far.holds(path.index));
        let old = self.cache.unused.iter().filter(|(path, _)| in_range(path) && !self.asked.contains(path));
        let heights: Vec<u32> = old.map(|(_, height)| *height).collect();
        let since = heights.iter().min();
        let not_rescanned = since.map(|since| NotRescanned { scripts: heights.len(), since: *since });
        self.partial_scripts.sort_by_key(|script| script.path);
        Ok(Survey {
            transactions: 0,
            coins: self.coins.into_values().collect(),
            scripts,
            used: indices,
            issuing: Vec::new(),
            scanned: Scanned { near, far, not_rescanned, from_cache: self.from_cache },
            partial_scripts: self.partial_scripts,
        })
    }
}
