//! The rules of the mempool: fees, replacement, and chains of unconfirmed transactions.

use std::collections::BTreeSet;

use coldamp_core::elements::{Transaction, Txid};
use coldamp_core::limits::MIN_RELAY_FEE_RATE;
use coldamp_core::units::{FeeRate, Satoshi, Weight};

use super::{Chain, Rejection};

/// Unconfirmed ancestors or descendants that a transaction may have, itself included, and their virtual bytes (elements
/// validation.h).
const MAX_CHAIN: usize = 25;
const MAX_CHAIN_VBYTES: u64 = 101_000;

/// Transactions that one may replace (BIP-125 rule 5).
const MAX_REPLACED: usize = 100;

/// Sequences below this say that the transaction may be replaced (BIP-125).
const FIRST_FINAL_SEQUENCE: u32 = 0xffff_fffe;

/// Sizes and fee of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Terms {
    /// Fee in the policy asset, in satoshi.
    pub(super) fee: u64,
    /// Size without discount: what replacement and chain limits count.
    pub(super) vbytes: u64,
    /// Size after the discount of ELIP-200: what the relay fee counts.
    pub(super) discounted: u64,
}

impl Terms {
    pub(super) fn of(tx: &Transaction, fee: u64) -> Self {
        let as_u64 = |size: usize| u64::try_from(size).unwrap_or(u64::MAX);
        Terms { fee, vbytes: as_u64(tx.vsize()), discounted: as_u64(tx.discount_vsize()) }
    }

    /// As the node's `CFeeRate` counts: rounded down.
    fn rate(&self) -> u64 {
        let rate = u128::from(self.fee).saturating_mul(1_000).checked_div(u128::from(self.vbytes));
        rate.and_then(|rate| u64::try_from(rate).ok()).unwrap_or(0)
    }

    /// Compares the fee with the relay fee.
    pub(super) fn check_relay_fee(&self, rate: FeeRate) -> Result<(), Rejection> {
        let expected = fee_of(rate, self.discounted);
        if self.fee < expected {
            return Err(Rejection::RelayFee { found: self.fee, expected });
        }
        Ok(())
    }
}

impl Chain {
    /// The transactions of the mempool that a new one would replace, their descendants included.
    ///
    /// # Errors
    /// When one of them does not allow it (BIP-125 as elements policy/rbf.cpp counts it).
    pub(super) fn replaced_by(&self, tx: &Transaction, terms: Terms) -> Result<BTreeSet<Txid>, Rejection> {
        let txid = tx.txid();
        let conflicts: BTreeSet<Txid> = tx
            .input
            .iter()
            .filter_map(|input| self.spends.get(&input.previous_output))
            .map(|(spender, _)| *spender)
            .collect();
        if conflicts.is_empty() {
            return Ok(conflicts);
        }
        for conflict in &conflicts {
            let Some(entry) = self.entries.get(conflict) else { continue };
            let signals = |sequence: u32| sequence < FIRST_FINAL_SEQUENCE;
            let inputs = &entry.transaction.input;
            if entry.height.is_some()
                || !inputs.iter().any(|input| signals(input.sequence.to_consensus_u32()))
            {
                return Err(Rejection::Conflict);
            }
        }
        let mut replaced = BTreeSet::new();
        for conflict in &conflicts {
            replaced.extend(self.with_descendants(*conflict));
        }
        self.check_replacement_inputs(tx, &conflicts, &replaced)?;
        let insufficient = |detail: String| Err(Rejection::Replacement { detail });
        let new_rate = terms.rate();
        let old = conflicts.iter().filter_map(|conflict| self.entries.get(conflict));
        if let Some(old_rate) = old.map(|entry| entry.terms.rate()).max().filter(|old| new_rate <= *old) {
            return insufficient(format!(
                "rejecting replacement {txid}; new feerate {} BTC/kvB <= old feerate {} BTC/kvB",
                eight_decimals(new_rate),
                eight_decimals(old_rate)
            ));
        }
        let of_replaced = replaced.iter().filter_map(|txid| self.entries.get(txid));
        let old_fees = of_replaced.map(|entry| entry.terms.fee).fold(0, u64::saturating_add);
        let Some(additional) = terms.fee.checked_sub(old_fees) else {
            return insufficient(format!(
                "rejecting replacement {txid}, less fees than conflicting txs; {} < {}",
                format_money(terms.fee),
                format_money(old_fees)
            ));
        };
        // The discount does not count here: a replacement pays for the bytes that go over the wire.
        let least = fee_of(MIN_RELAY_FEE_RATE, terms.vbytes);
        if additional < least {
            return insufficient(format!(
                "rejecting replacement {txid}, not enough additional fees to relay; {} < {}",
                format_money(additional),
                format_money(least)
            ));
        }
        Ok(replaced)
    }

    fn check_replacement_inputs(
        &self,
        tx: &Transaction,
        conflicts: &BTreeSet<Txid>,
        replaced: &BTreeSet<Txid>,
    ) -> Result<(), Rejection> {
        let refuse = |rule, detail| Err(Rejection::ReplacementInputs { rule, detail });
        let txid = tx.txid();
        if replaced.len() > MAX_REPLACED {
            let detail = format!(
                "rejecting replacement {txid}; too many potential replacements ({} > {MAX_REPLACED})",
                replaced.len()
            );
            return refuse("too many potential replacements", detail);
        }
        let known: BTreeSet<Txid> = conflicts
            .iter()
            .filter_map(|conflict| self.entries.get(conflict))
            .flat_map(|entry| entry.transaction.input.iter().map(|input| input.previous_output.txid))
            .collect();
        for (index, input) in tx.input.iter().enumerate() {
            let parent = input.previous_output.txid;
            if replaced.contains(&parent) {
                let detail = format!("{txid} spends conflicting transaction {parent}");
                return refuse("bad-txns-spends-conflicting-tx", detail);
            }
            let waiting = self.entries.get(&parent).is_some_and(|entry| entry.height.is_none());
            if waiting && !known.contains(&parent) {
                let detail = format!("replacement {txid} adds unconfirmed input, idx {index}");
                return refuse("replacement-adds-unconfirmed", detail);
            }
        }
        Ok(())
    }

    /// Checks the chain of unconfirmed transactions that a new one would join.
    pub(super) fn check_chain_limits(&self, tx: &Transaction, terms: Terms) -> Result<(), Rejection> {
        let refuse = |detail: String| Err(Rejection::LongChain { detail });
        let ancestors = self.ancestors(tx);
        if ancestors.len() >= MAX_CHAIN {
            return refuse(format!("too many unconfirmed ancestors [limit: {MAX_CHAIN}]"));
        }
        let size = self.vbytes_of(&ancestors).saturating_add(terms.vbytes);
        if !ancestors.is_empty() && size > MAX_CHAIN_VBYTES {
            return refuse(format!("exceeds ancestor size limit [limit: {MAX_CHAIN_VBYTES}]"));
        }
        for ancestor in &ancestors {
            let family = self.with_descendants(*ancestor);
            if family.len() >= MAX_CHAIN {
                return refuse(format!("too many descendants for tx {ancestor} [limit: {MAX_CHAIN}]"));
            }
            if self.vbytes_of(&family).saturating_add(terms.vbytes) > MAX_CHAIN_VBYTES {
                return refuse(format!(
                    "exceeds descendant size limit for tx {ancestor} [limit: {MAX_CHAIN_VBYTES}]"
                ));
            }
        }
        Ok(())
    }

    fn vbytes_of(&self, txids: &BTreeSet<Txid>) -> u64 {
        let entries = txids.iter().filter_map(|txid| self.entries.get(txid));
        entries.map(|entry| entry.terms.vbytes).fold(0, u64::saturating_add)
    }

    /// The ancestors of a transaction in the mempool.
    pub(super) fn ancestors(&self, tx: &Transaction) -> BTreeSet<Txid> {
        let mut found = BTreeSet::new();
        let mut open: Vec<Txid> = tx.input.iter().map(|input| input.previous_output.txid).collect();
        while let Some(txid) = open.pop() {
            let Some(entry) = self.entries.get(&txid).filter(|entry| entry.height.is_none()) else {
                continue;
            };
            if found.insert(txid) {
                open.extend(entry.transaction.input.iter().map(|input| input.previous_output.txid));
            }
        }
        found
    }

    /// A transaction and its descendants.
    pub(super) fn with_descendants(&self, txid: Txid) -> BTreeSet<Txid> {
        let mut found = BTreeSet::from([txid]);
        let mut open = vec![txid];
        while let Some(txid) = open.pop() {
            let spenders = self.spends.range(super::outputs_of(txid)).map(|(_, (spender, _))| *spender);
            for spender in spenders.collect::<Vec<_>>() {
                if found.insert(spender) {
                    open.push(spender);
                }
            }
        }
        found
    }
}

fn fee_of(rate: FeeRate, vbytes: u64) -> u64 {
    let size = Weight::new(vbytes.saturating_mul(4)).virtual_size();
    rate.fee(size).map_or(u64::MAX, Satoshi::sat)
}

fn eight_decimals(sat: u64) -> String {
    Satoshi::from_sat(sat).as_asset_amount().to_node_decimal()
}

/// As the node's `FormatMoney`: at least two decimals, no zeros behind them.
fn format_money(sat: u64) -> String {
    let mut text = eight_decimals(sat);
    let shortest = text.len().saturating_sub(6);
    while text.ends_with('0') && text.len() > shortest {
        text.pop();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_written_as_the_node_writes_it() {
        assert_eq!(format_money(45), "0.00000045");
        assert_eq!(format_money(100_000_000), "1.00");
        assert_eq!(format_money(110_000_000), "1.10");
        assert_eq!(format_money(1_200), "0.000012");
    }

    #[test]
    fn a_fee_rate_is_rounded_down_and_a_fee_up() {
        let terms = Terms { fee: 496, vbytes: 4_958, discounted: 459 };
        assert_eq!(terms.rate(), 100);
        assert!(terms.check_relay_fee(MIN_RELAY_FEE_RATE).is_ok());
        let low = Terms { fee: 45, ..terms };
        assert_eq!(
            low.check_relay_fee(MIN_RELAY_FEE_RATE),
            Err(Rejection::RelayFee { found: 45, expected: 46 })
        );
        assert!(Terms { fee: 46, ..terms }.check_relay_fee(MIN_RELAY_FEE_RATE).is_ok());
    }
}
