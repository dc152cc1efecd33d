//! The unspent outputs of a script with more outputs than the server lists, from the script's transactions, the newest
//! first.
//!
//! A transaction that spends an output is newer than the output, or in the same block. If reading ends early, an output
//! above the lowest block read so far that no transaction read so far spends is therefore unspent. Only older outputs are
//! missing.

use std::collections::{BTreeMap, BTreeSet};

use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::elements::{OutPoint, Txid};
use coldamp_core::treasury::OwnScript;
use serde::Deserialize;

use super::super::{Found, PartialReason, PartialScript};
use super::ask::bad_answer;
use super::chain::{Status, txid_of};
use super::scan::Script;
use super::{Esplora, EsploraError};
use crate::http::Answer;
use crate::pace::Pause;

/// Pages of 25 transactions that are read of one script: 5,000 transactions.
const MAX_PAGES: usize = 200;

/// The most transactions of one script that wait for a block and that servers list.
const MAX_WAITING: u64 = 50;

/// A transaction of a script's history. Only these fields are used.
#[derive(Deserialize)]
struct Transaction {
    txid: String,
    vin: Vec<Input>,
    vout: Vec<Output>,
    status: Status,
}

#[derive(Deserialize)]
struct Input {
    txid: String,
    vout: u32,
    #[serde(default)]
    is_coinbase: bool,
}

#[derive(Deserialize)]
struct Output {
    scriptpubkey: String,
}

/// A script's history as read so far.
#[derive(Default)]
struct History {
    /// Outputs that pay the script, with their block.
    funded: BTreeMap<OutPoint, Option<u32>>,
    spent: BTreeSet<OutPoint>,
    confirmed: BTreeSet<Txid>,
    transactions: usize,
    lowest: Option<u32>,
}

/// Whether a server says that a script has too many transactions or outputs (mempool/electrs and Blockstream/electrs, src/errors.rs).
pub(super) fn is_too_many(answer: &Answer) -> bool {
    answer.status == 400 && answer.words().to_ascii_lowercase().starts_with("too many ")
}

impl<P: Pause> Esplora<P> {
    /// The unspent outputs of a script, by its transactions, and what is missing of them.
    pub(super) async fn through_history(
        &self,
        own: &OwnScript,
        path: &str,
    ) -> Result<(Vec<Found>, Option<PartialScript>), EsploraError> {
        let counted: Script = self.json(path).await?;
        let partial = |coins, why| Some(PartialScript { path: own.path, coins, why });
        if counted.mempool_stats.tx_count > MAX_WAITING {
            let transactions = counted.mempool_stats.tx_count;
            return Ok((Vec::new(), partial(counted.unspent(), PartialReason::Waiting { transactions })));
        }
        let script = own.script_pubkey.as_bytes().to_lower_hex_string();
        let mut history = History::default();
        let mut page = format!("{path}/txs");
        let mut is_whole = false;
        for _ in 0..MAX_PAGES {
            let answer = self.get(&page).await?;
            if is_too_many(&answer) {
                let words = self.words(&answer);
                return Ok((Vec::new(), partial(counted.unspent(), PartialReason::Refused { words })));
            }
            let transactions: Vec<Transaction> = self.read(&page, &answer)?;
            let last = history.read(&page, &script, &transactions)?;
            let Some(last) = last else {
                // Only a page without a new transaction is the end. A block that arrives while pages are read adds newer
                // transactions, so the count may be reached before the oldest ones are read.
                let seen = u64::try_from(history.confirmed.len()).unwrap_or(u64::MAX);
                is_whole = seen >= counted.chain_stats.tx_count;
                break;
            };
            page = format!("{path}/txs/chain/{last}");
        }
        let coins = history.unspent(own, is_whole);
        let found = u64::try_from(coins.len()).unwrap_or(u64::MAX);
        let left = counted.unspent().saturating_sub(found);
        let why = PartialReason::Older { transactions: history.transactions };
        Ok((coins, if left > 0 && !is_whole { partial(left, why) } else { None }))
    }
}

impl History {
    /// Adds a page. Returns the last transaction on it that is in a block and is new.
    fn read(
        &mut self,
        page: &str,
        script: &str,
        transactions: &[Transaction],
    ) -> Result<Option<Txid>, EsploraError> {
        let mut last = None;
        for transaction in transactions {
            let txid = txid_of(page, &transaction.txid)?;
            let height = transaction.status.block_height.filter(|_| transaction.status.confirmed);
            self.transactions = self.transactions.saturating_add(1);
            if transaction.status.confirmed {
                let height =
                    height.ok_or_else(|| bad_answer(page, "a confirmed transaction has no height"))?;
                self.lowest = Some(self.lowest.map_or(height, |lowest| lowest.min(height)));
                if self.confirmed.insert(txid) {
                    last = Some(txid);
                }
            }
            for (vout, output) in (0_u32..).zip(&transaction.vout) {
                if output.scriptpubkey == script {
                    self.funded.insert(OutPoint::new(txid, vout), height);
                }
            }
            for input in transaction.vin.iter().filter(|input| !input.is_coinbase) {
                self.spent.insert(OutPoint::new(txid_of(page, &input.txid)?, input.vout));
            }
        }
        Ok(last)
    }

    fn unspent(&self, own: &OwnScript, is_whole: bool) -> Vec<Found> {
        let unspent = self.funded.iter().filter(|(outpoint, _)| !self.spent.contains(outpoint));
        // Transactions of one block come in any order, so a spender in the lowest block may be missing.
        let sure = unspent.filter(|(_, height)| is_whole || height.is_none() || **height > self.lowest);
        let found = sure.map(|(outpoint, height)| Found {
            outpoint: *outpoint,
            height: *height,
            own: own.clone(),
            output: None,
        });
        found.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(status: u16, body: &str) -> bool {
        is_too_many(&Answer { status, retry_after: None, body: body.as_bytes().to_vec() })
    }

    #[test]
    fn only_the_servers_word_that_there_are_too_many_leads_to_the_history() {
        assert!(says(400, "Too many unspent transaction outputs (>500). Contact support to raise limits."));
        assert!(says(400, "Too many history transactions (>500). Contact support to raise limits."));
        assert!(!says(400, "Invalid scripthash") && !says(429, "Too many requests"));
    }
}
