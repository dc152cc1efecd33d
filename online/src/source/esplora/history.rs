//! What is unspent on a script of which a server does not list so much: worked out from its transactions, the newest
//! first.
//!
//! What spends an output is newer than the output, or in the same block. Where the search ends early, what was found unspent
//! above the lowest block that was seen is therefore unspent, and only older outputs are left out.

use std::collections::{BTreeMap, BTreeSet};

use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::elements::{OutPoint, Txid};
use coldamp_core::treasury::OwnScript;
use serde::Deserialize;

use super::super::{Found, Unread, WhyUnread};
use super::ask::unlike;
use super::chain::{Status, txid_of};
use super::scan::Script;
use super::{Esplora, EsploraError};
use crate::http::Answer;
use crate::pace::Pause;

/// Pages of 25 transactions of one script that are looked through: 5,000 transactions.
const MAX_PAGES: usize = 200;

/// Transactions that wait for a block, as many as servers list of one script.
const MAX_WAITING: u64 = 50;

/// A transaction of a script's history, as far as it is used.
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

/// What was seen of a script's history.
#[derive(Default)]
struct History {
    /// Outputs that pay the script, and the block they are in.
    funded: BTreeMap<OutPoint, Option<u32>>,
    spent: BTreeSet<OutPoint>,
    confirmed: BTreeSet<Txid>,
    transactions: usize,
    lowest: Option<u32>,
}

/// Whether a server says that there are too many of something on a script (mempool/electrs and Blockstream/electrs, src/errors.rs).
pub(super) fn is_too_many(answer: &Answer) -> bool {
    answer.status == 400 && answer.words().to_ascii_lowercase().starts_with("too many ")
}

impl<P: Pause> Esplora<P> {
    /// The unspent outputs of a script by its transactions; with what of it is left out.
    pub(super) async fn through_history(
        &self,
        own: &OwnScript,
        path: &str,
    ) -> Result<(Vec<Found>, Option<Unread>), EsploraError> {
        let counted: Script = self.json(path).await?;
        let unread = |coins, why| Some(Unread { path: own.path, coins, why });
        if counted.mempool_stats.tx_count > MAX_WAITING {
            let transactions = counted.mempool_stats.tx_count;
            return Ok((Vec::new(), unread(counted.unspent(), WhyUnread::Waiting { transactions })));
        }
        let script = own.script_pubkey.as_bytes().to_lower_hex_string();
        let mut history = History::default();
        let mut page = format!("{path}/txs");
        let mut is_whole = false;
        for _ in 0..MAX_PAGES {
            let answer = self.get(&page).await?;
            if is_too_many(&answer) {
                let words = self.words(&answer);
                return Ok((Vec::new(), unread(counted.unspent(), WhyUnread::Refused { words })));
            }
            let transactions: Vec<Transaction> = self.read(&page, &answer)?;
            let last = history.read(&page, &script, &transactions)?;
            let Some(last) = last else {
                // Only a page without anything new is the end. A block that comes while pages are read adds newer transactions, so
                // as many as were counted may be seen before the oldest ones.
                let seen = u64::try_from(history.confirmed.len()).unwrap_or(u64::MAX);
                is_whole = seen >= counted.chain_stats.tx_count;
                break;
            };
            page = format!("{path}/txs/chain/{last}");
        }
        let coins = history.unspent(own, is_whole);
        let found = u64::try_from(coins.len()).unwrap_or(u64::MAX);
        let left = counted.unspent().saturating_sub(found);
        let why = WhyUnread::Older { transactions: history.transactions };
        Ok((coins, if left > 0 && !is_whole { unread(left, why) } else { None }))
    }
}

impl History {
    /// Takes note of a page, and gives the last transaction on it that is in a block and was not seen before.
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
                let height = height.ok_or_else(|| unlike(page, "confirmed without a height"))?;
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
        // Transactions of one block come in any order: in the lowest one that was seen a spender may be missing.
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
