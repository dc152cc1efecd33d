//! Looking for the treasury's scripts, from index 0 of both branches to a gap above the last one used.
//!
//! Each script is asked for twice at the most: whether it was ever used, and what of it is unspent. Answers are worked
//! off as they come and nothing of a transaction is kept, so that memory grows with the coins alone.

use std::collections::BTreeMap;

use coldamp_core::Secp;
use coldamp_core::elements::OutPoint;
use coldamp_core::elements::hashes::sha256;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::limits::{MAX_INDEX, MAX_INDEX_GAP};
use coldamp_core::treasury::{Branch, CtDescriptor, KeyPath, OwnScript, ScriptIndex, UsedIndices};
use futures_util::StreamExt as _;
use futures_util::stream;
use serde::Deserialize;

use super::super::{Found, Survey};
use super::{CONCURRENCY, Esplora, EsploraError, Status, txid_of, unlike};
use crate::pace::{Pause, Progress, Watch};

/// Unspent outputs that are taken: a server can name any number of them for each of 40,002 scripts.
const MAX_COINS: usize = 200_000;

/// What a server knows of a script.
#[derive(Deserialize)]
struct Script {
    chain_stats: Stats,
    mempool_stats: Stats,
}

#[derive(Deserialize)]
struct Stats {
    tx_count: u64,
    funded_txo_count: u64,
    spent_txo_count: u64,
}

/// An unspent output, as far as it is used: what is in it comes from opening it.
#[derive(Deserialize)]
struct Unspent {
    txid: String,
    vout: u32,
    status: Status,
}

/// A script that was used, and what of it is unspent.
struct Used {
    path: KeyPath,
    coins: Vec<Found>,
}

impl<P: Pause> Esplora<P> {
    /// The survey.
    pub(super) async fn scan(
        &self,
        secp: &Secp,
        descriptor: &CtDescriptor,
        watch: &dyn Watch,
    ) -> Result<Survey, EsploraError> {
        let mut scripts = ScriptIndex::default();
        let mut used = UsedIndices::default();
        let mut coins: BTreeMap<OutPoint, Found> = BTreeMap::new();
        // The first index not yet looked at, the same for both branches: the signer's gap counts from the highest
        // index of either.
        let mut next = 0;
        let mut done = 0_usize;
        loop {
            let reached = |branch: Branch| used.end(branch).max(self.known.next(branch).index);
            let wanted = Branch::BOTH
                .into_iter()
                .map(reached)
                .max()
                .unwrap_or_default()
                .saturating_add(MAX_INDEX_GAP)
                .min(MAX_INDEX);
            if next > wanted {
                break;
            }
            for branch in Branch::BOTH {
                scripts.extend(secp, descriptor, branch, wanted)?;
            }
            let mut own: Vec<OwnScript> =
                scripts.iter().filter(|own| own.path.index >= next).cloned().collect();
            own.sort_by_key(|own| own.path);
            let of = done.saturating_add(own.len());
            let questions = own.into_iter().map(|own| self.script(own));
            let mut answers = stream::iter(questions).buffer_unordered(CONCURRENCY);
            while let Some(answer) = answers.next().await {
                if let Some(Used { path, coins: found }) = answer? {
                    used.mark(path);
                    coins.extend(found.into_iter().map(|coin| (coin.outpoint, coin)));
                    if coins.len() > MAX_COINS {
                        return Err(unlike("/scripthash", "more unspent outputs than any treasury has"));
                    }
                }
                done = done.saturating_add(1);
                watch.at(Progress::Scripts { done, of });
            }
            next = wanted.saturating_add(1);
        }
        // Answers come in any order; what is made of them does not.
        let coins = coins.into_values().collect();
        Ok(Survey { transactions: 0, coins, scripts, used, issuing: Vec::new() })
    }

    /// One script; none where nothing ever paid it.
    async fn script(&self, own: OwnScript) -> Result<Option<Used>, EsploraError> {
        let hash = sha256::Hash::hash(own.script_pubkey.as_bytes()).to_byte_array().to_lower_hex_string();
        let path = format!("/scripthash/{hash}");
        let script: Script = self.json(&path).await?;
        let sum = |count: fn(&Stats) -> u64| {
            count(&script.chain_stats).saturating_add(count(&script.mempool_stats))
        };
        if sum(|stats| stats.tx_count) == 0 {
            return Ok(None);
        }
        let mut coins = Vec::new();
        if sum(|stats| stats.funded_txo_count) > sum(|stats| stats.spent_txo_count) {
            let path = format!("{path}/utxo");
            let unspent: Vec<Unspent> = self.json(&path).await?;
            for found in unspent {
                let outpoint = OutPoint::new(txid_of(&path, &found.txid)?, found.vout);
                let height = found.status.block_height.filter(|_| found.status.confirmed);
                coins.push(Found { outpoint, height, own: own.clone(), output: None });
            }
        }
        Ok(Some(Used { path: own.path, coins }))
    }
}
