//! Looking for the treasury's scripts, from index 0 of both branches to a gap above the last one used.
//!
//! The server is asked whether a script was ever used, and which of its outputs are unspent. No transaction is kept, so
//! memory grows with the coins alone. What was learnt of the scripts is kept in [`Looks`] during the survey. A later survey,
//! also one after an interrupted one, asks
//!
//! - for the unspent outputs of each script that an earlier survey found used, and not again whether it was used,
//! - for the scripts that are paid next: the promised ones, those that the next jobs give out, the lowest free ones of each
//!   branch, and those above the last used one ([`AHEAD`]),
//! - for the scripts that no survey has asked for yet, so that the whole gap above the last used one was looked at once,
//! - and for the scripts that no survey has asked for within [`FRESH`](crate::source::looks::FRESH) blocks.
//!
//! [`Looked`] says what was not asked for. After [`Source::look_at_all`](crate::source::Source::look_at_all) nothing is taken
//! from earlier surveys: the server is asked whether each script was used, and a wrong answer that was kept is replaced.

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

use super::super::looks::{Looks, Tip};
use super::super::reach::{self, Looked, Reach, Skipped};
use super::super::{Found, Survey, Unread};
use super::ask::unlike;
use super::chain::{Status, txid_of};
use super::{CONCURRENCY, Esplora, EsploraError};
use crate::pace::{Pause, Progress, Watch};

/// Unspent outputs that are taken: a server can name any number of them for each of 40,002 scripts.
const MAX_COINS: usize = 200_000;

/// The gap that is looked at first: a run of used scripts is followed to its end before the whole gap is looked at.
const FIRST_GAP: u32 = 20;

/// Unused scripts of each branch that every survey asks for: no job gives out more.
const AHEAD: u32 = 4;

/// Answers after which what was learnt is kept.
const KEPT_EVERY: usize = 50;

/// What a server knows of a script.
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

/// An unspent output, as far as it is used: what is in it comes from opening it.
#[derive(Deserialize)]
struct Unspent {
    txid: String,
    vout: u32,
    status: Status,
}

/// What was learnt of a script.
struct Answered {
    path: KeyPath,
    is_used: bool,
    coins: Vec<Found>,
    unread: Option<Unread>,
}

/// A survey under way.
struct Scan<'a> {
    secp: &'a Secp,
    descriptor: &'a CtDescriptor,
    reach: Reach,
    tip: u32,
    looks: Looks,
    asked: BTreeSet<KeyPath>,
    /// Whether a script was taken for used because an earlier survey found it so.
    recalled: bool,
    coins: BTreeMap<OutPoint, Found>,
    unread: Vec<Unread>,
}

impl Script {
    fn sum(&self, count: fn(&Stats) -> u64) -> u64 {
        count(&self.chain_stats).saturating_add(count(&self.mempool_stats))
    }

    fn is_used(&self) -> bool {
        self.sum(|stats| stats.tx_count) > 0
    }

    /// How many outputs to it are unspent.
    pub(super) fn unspent(&self) -> u64 {
        self.sum(|stats| stats.funded_txo_count).saturating_sub(self.sum(|stats| stats.spent_txo_count))
    }
}

impl<P: Pause> Esplora<P> {
    /// The survey.
    pub(super) async fn scan(
        &self,
        secp: &Secp,
        descriptor: &CtDescriptor,
        watch: &dyn Watch,
    ) -> Result<Survey, EsploraError> {
        let newest = self.newest.borrow().clone();
        let tip = newest.as_ref().map(|tip| tip.height);
        let tip = if let Some(tip) = tip { tip } else { self.tip().await? };
        let looks = self.looks(tip, newest).await?;
        let mut scan = Scan {
            secp,
            descriptor,
            reach: self.reach(),
            tip,
            looks,
            asked: BTreeSet::new(),
            recalled: false,
            coins: BTreeMap::new(),
            unread: Vec::new(),
        };
        let looked = self.look(&mut scan, watch).await;
        // What was learnt until it stopped is learnt.
        self.keep(&scan.looks);
        looked?;
        scan.survey()
    }

    /// What was kept of the same chain, with its highest block as it is now. A chain that does not have the block any more
    /// that was its highest is looked through anew.
    async fn looks(&self, tip: u32, newest: Option<Tip>) -> Result<Looks, EsploraError> {
        let Some(kept) = self.recall() else { return Ok(Looks::default()) };
        let hash = match newest {
            Some(newest) => newest.hash,
            None => self.block_at(tip).await?.unwrap_or_default(),
        };
        let of_then = match kept.tip.height == tip {
            true => Some(hash.clone()),
            false if kept.server != self.root || kept.tip.height > tip => None,
            false => self.block_at(kept.tip.height).await?,
        };
        let is_same = kept.server == self.root && of_then.is_some_and(|hash| hash == kept.tip.hash);
        let looks = if is_same && !kept.tip.hash.is_empty() { kept } else { Looks::default() };
        Ok(Looks { server: self.root.clone(), tip: Tip { height: tip, hash }, ..looks })
    }

    /// Asks until nothing is left to ask.
    async fn look(&self, scan: &mut Scan<'_>, watch: &dyn Watch) -> Result<(), EsploraError> {
        loop {
            let whole = scan.to_ask(MAX_INDEX_GAP);
            let first = scan.to_ask(FIRST_GAP);
            let of = scan.asked.len().saturating_add(whole.len());
            let now = scan.scripts(if first.is_empty() { whole } else { first })?;
            if now.is_empty() {
                return Ok(());
            }
            let mut questions = Vec::with_capacity(now.len());
            for own in now {
                // A server may have called a script used by mistake. Only a look at all finds that out.
                let is_known = !scan.reach.all && scan.looks.used.contains(&own.path);
                scan.recalled |= is_known;
                questions.push(self.script(own, is_known));
            }
            let mut answers = stream::iter(questions).buffer_unordered(CONCURRENCY);
            while let Some(answer) = answers.next().await {
                scan.take(answer?)?;
                let done = scan.asked.len();
                if done.is_multiple_of(KEPT_EVERY) {
                    self.keep(&scan.looks);
                }
                let left = self.turns.rate().map(|rate| rate.time_of(of.saturating_sub(done)).as_secs());
                watch.at(Progress::Scripts { done, of, seconds_left: left });
            }
        }
    }

    /// One script. If it is known to be used, the server is only asked for its unspent outputs.
    async fn script(&self, own: OwnScript, is_known: bool) -> Result<Answered, EsploraError> {
        let hash = sha256::Hash::hash(own.script_pubkey.as_bytes()).to_byte_array().to_lower_hex_string();
        let path = format!("/scripthash/{hash}");
        let (mut is_used, mut has_coins) = (true, true);
        if !is_known {
            let script: Script = self.json(&path).await?;
            (is_used, has_coins) = (script.is_used(), script.unspent() > 0);
        }
        if !is_used || !has_coins {
            return Ok(Answered { path: own.path, is_used, coins: Vec::new(), unread: None });
        }
        let utxo = format!("{path}/utxo");
        let answer = self.get(&utxo).await?;
        if super::history::is_too_many(&answer) {
            let (coins, unread) = self.through_history(&own, &path).await?;
            return Ok(Answered { path: own.path, is_used, coins, unread });
        }
        let unspent: Vec<Unspent> = self.read(&utxo, &answer)?;
        let mut coins = Vec::with_capacity(unspent.len());
        for found in unspent {
            let outpoint = OutPoint::new(txid_of(&utxo, &found.txid)?, found.vout);
            let height = found.status.block_height.filter(|_| found.status.confirmed);
            coins.push(Found { outpoint, height, own: own.clone(), output: None });
        }
        Ok(Answered { path: own.path, is_used, coins, unread: None })
    }
}

impl Scan<'_> {
    /// What is to be asked for, as far as is known by now.
    fn to_ask(&self, gap: u32) -> BTreeSet<KeyPath> {
        let used = reach::indices(self.looks.used.iter());
        let (near, far) = (self.reach.near(&used, gap), self.reach.far(&used));
        let next = self.next(near.to);
        let indices = (near.from..=near.to).chain(far.map(|far| far.from..=far.to).into_iter().flatten());
        let paths = indices.flat_map(|index| Branch::BOTH.map(|branch| KeyPath { branch, index }));
        let wanted = paths.filter(|path| !self.may_skip(*path, &next));
        // Those that were found further out may hold coins too.
        let further = self.looks.used.iter().copied().filter(|path| path.index <= MAX_INDEX);
        wanted.chain(further).filter(|path| !self.asked.contains(path)).collect()
    }

    /// Whether what was kept of a script is enough.
    fn may_skip(&self, path: KeyPath, next: &BTreeSet<KeyPath>) -> bool {
        !self.reach.all && !next.contains(&path) && self.looks.is_fresh(path, self.tip)
    }

    /// The scripts that are paid next: those that were promised, those that the next jobs give out, the lowest ones of each
    /// branch that are free, and those above the last used one, which addresses are mostly given out from.
    fn next(&self, to: u32) -> BTreeSet<KeyPath> {
        let mut next = BTreeSet::new();
        // By the rule of those who give them out. Where an address is used far out, they are none of the others.
        let seen = FreeIndices::besides(self.used());
        let mut given_out = seen.promised(UsedIndices::default(), &self.reach.promised);
        for branch in Branch::BOTH {
            for _ in 0..AHEAD {
                let path = given_out.next(branch);
                given_out.take(path);
                next.insert(path);
            }
        }
        for branch in Branch::BOTH {
            let path = |index| KeyPath { branch, index };
            let promised = self.reach.promised.branch(branch);
            let is_used = |index: &u32| self.looks.used.contains(&path(*index));
            let ahead = usize::try_from(AHEAD).unwrap_or_default();
            let free = (0..=to).filter(|index| !is_used(index) && !promised.contains(index));
            let end = (0..=to).rev().find(is_used).map_or(0, |last| last.saturating_add(1));
            next.extend(free.take(ahead).chain(end..end.saturating_add(AHEAD)).map(path));
            next.extend(promised.iter().copied().map(path));
        }
        next
    }

    /// The scripts that were used, as far as is known by now.
    fn used(&self) -> UsedIndices {
        let mut used = UsedIndices::default();
        self.looks.used.iter().for_each(|path| used.mark(*path));
        used
    }

    /// The scripts at some paths.
    fn scripts(&mut self, paths: BTreeSet<KeyPath>) -> Result<Vec<OwnScript>, EsploraError> {
        let mut scripts = Vec::with_capacity(paths.len());
        for path in paths {
            scripts.push(self.descriptor.script_at(self.secp, path)?);
        }
        Ok(scripts)
    }

    fn take(&mut self, answered: Answered) -> Result<(), EsploraError> {
        let Answered { path, is_used, coins, unread } = answered;
        self.asked.insert(path);
        self.looks.note(path, is_used, self.tip);
        self.coins.extend(coins.into_iter().map(|coin| (coin.outpoint, coin)));
        self.unread.extend(unread);
        if self.coins.len() > MAX_COINS {
            return Err(unlike("/scripthash", "more unspent outputs than any treasury has"));
        }
        Ok(())
    }

    /// What came out of it. Answers come in any order; what is made of them does not.
    fn survey(mut self) -> Result<Survey, EsploraError> {
        let used = reach::indices(self.looks.used.iter());
        let (near, far) = (self.reach.near(&used, MAX_INDEX_GAP), self.reach.far(&used));
        let scripts = ScriptIndex::up_to(self.secp, self.descriptor, near.to)?;
        let indices = self.used();
        let looked_at =
            |path: &KeyPath| near.holds(path.index) || far.is_some_and(|far| far.holds(path.index));
        let skipped =
            self.looks.unused.iter().filter(|(path, _)| looked_at(path) && !self.asked.contains(path));
        let heights: Vec<u32> = skipped.map(|(_, height)| *height).collect();
        let skipped = heights.iter().min().map(|since| Skipped { scripts: heights.len(), since: *since });
        self.unread.sort_by_key(|unread| unread.path);
        Ok(Survey {
            transactions: 0,
            coins: self.coins.into_values().collect(),
            scripts,
            used: indices,
            issuing: Vec::new(),
            looked: Looked { near, far, skipped, recalled: self.recalled },
            unread: self.unread,
        })
    }
}
