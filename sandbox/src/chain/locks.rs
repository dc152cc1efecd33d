//! When a transaction may be in a block: its locktime, and the age of what it spends (BIP-65, BIP-68, BIP-113).

use coldamp_core::elements::Transaction;

use super::{Chain, Rejection};

/// Locktimes below this are heights, others times.
const LOCKTIME_THRESHOLD: u32 = 500_000_000;

/// The sequence that asks for no locktime.
const FINAL_SEQUENCE: u32 = 0xffff_ffff;

/// BIP-68: no relative lock; a lock in units of 512 seconds; its size.
const DISABLE_FLAG: u32 = 1 << 31;
const TYPE_FLAG: u32 = 1 << 22;
const MASK: u32 = 0xffff;
const GRANULARITY: u32 = 9;

impl Chain {
    /// Whether the next block may hold a transaction.
    pub(super) fn check_locks(&self, tx: &Transaction) -> Result<(), Rejection> {
        let next = self.tip().saturating_add(1);
        let now = self.median_time_past(self.tip());
        let lock = tx.lock_time.to_consensus_u32();
        let limit = if lock < LOCKTIME_THRESHOLD { next } else { now };
        let sequences = || tx.input.iter().map(|input| input.sequence.to_consensus_u32());
        if lock >= limit && sequences().any(|sequence| sequence != FINAL_SEQUENCE) {
            return Err(Rejection::NotStandard { rule: "non-final" });
        }
        // BIP-68 asks for version 2.
        if tx.version < 2 {
            return Ok(());
        }
        for input in &tx.input {
            let sequence = input.sequence.to_consensus_u32();
            if sequence & DISABLE_FLAG != 0 {
                continue;
            }
            let coin = self.block_of(input.previous_output.txid).unwrap_or(next);
            let size = sequence & MASK;
            let mature = if sequence & TYPE_FLAG == 0 {
                coin.saturating_add(size) <= next
            } else {
                let since = self.median_time_past(coin.saturating_sub(1).min(self.tip()));
                since.saturating_add(size << GRANULARITY) <= now
            };
            if !mature {
                return Err(Rejection::NotStandard { rule: "non-BIP68-final" });
            }
        }
        Ok(())
    }
}
