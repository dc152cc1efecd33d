//! A survey made from a list of transactions.

use std::collections::BTreeSet;

use coldamp_core::Secp;
use coldamp_core::elements::{OutPoint, Transaction};
use coldamp_core::limits::MAX_INDEX_GAP;
use coldamp_core::treasury::{Branch, CtDescriptor, DescriptorError, KeyPath, ScriptIndex, UsedIndices};

use super::scan_range::{self, ScanRange, Scanned};
use super::{Found, Survey};

/// A transaction from a source.
#[derive(Debug, Clone, PartialEq)]
pub struct ChainTransaction {
    /// The transaction with its witnesses, which hold the range proofs.
    pub transaction: Transaction,
    /// The block that confirmed it. None while it is unconfirmed.
    pub height: Option<u32>,
}

impl Survey {
    /// Finds the treasury's outputs in transactions, within the scan range. `searched` is the highest index that the source
    /// scanned. `unspent` holds the outputs that the source calls unspent. Without it, an output counts as unspent if none of
    /// the transactions spends it.
    pub(super) fn of(
        secp: &Secp,
        descriptor: &CtDescriptor,
        transactions: &[ChainTransaction],
        scan_range: &ScanRange,
        searched: u32,
        unspent: Option<&BTreeSet<OutPoint>>,
    ) -> Result<Self, DescriptorError> {
        let Seen { scripts, used, scanned } =
            seen_scripts(secp, descriptor, transactions, scan_range, searched)?;
        let inputs = transactions.iter().flat_map(|known| &known.transaction.input);
        let spent: BTreeSet<OutPoint> = inputs.map(|input| input.previous_output).collect();
        let is_unspent = |outpoint: &OutPoint| match unspent {
            Some(unspent) => unspent.contains(outpoint),
            None => !spent.contains(outpoint),
        };
        let mut coins = Vec::new();
        for known in transactions {
            let txid = known.transaction.txid();
            for (vout, output) in (0_u32..).zip(&known.transaction.output) {
                let outpoint = OutPoint::new(txid, vout);
                let Some(own) = scripts.find(&output.script_pubkey) else { continue };
                if is_unspent(&outpoint) {
                    let (own, output) = (own.clone(), Some(output.clone()));
                    coins.push(Found { outpoint, height: known.height, own, output });
                }
            }
        }
        let issuing = transactions.iter().map(|known| &known.transaction);
        let issuing = issuing.filter(|tx| tx.input.iter().any(|input| input.has_issuance()));
        let issuing = issuing.cloned().collect();
        let (transactions, partial_scripts) = (transactions.len(), Vec::new());
        Ok(Survey { transactions, coins, scripts, used, issuing, scanned, partial_scripts })
    }
}

/// The scripts that were derived, and those of them that the transactions use.
struct Seen {
    scripts: ScriptIndex,
    used: UsedIndices,
    scanned: Scanned,
}

fn seen_scripts(
    secp: &Secp,
    descriptor: &CtDescriptor,
    transactions: &[ChainTransaction],
    scan_range: &ScanRange,
    searched: u32,
) -> Result<Seen, DescriptorError> {
    let mut searched = searched.max(MAX_INDEX_GAP);
    let mut scripts = ScriptIndex::up_to(secp, descriptor, searched)?;
    loop {
        let outputs = transactions.iter().flat_map(|known| &known.transaction.output);
        let used = outputs.filter_map(|output| scripts.find(&output.script_pubkey)).map(|own| own.path);
        let used: BTreeSet<KeyPath> = used.collect();
        let indices = scan_range::indices(used.iter());
        let (near, far) = (scan_range.near(&indices, MAX_INDEX_GAP), scan_range.far(&indices));
        let wanted = far.map_or(near.to, |far| far.to.max(near.to));
        if wanted <= searched {
            let mut indices = UsedIndices::default();
            used.iter().for_each(|path| indices.mark(*path));
            return Ok(Seen {
                scripts,
                used: indices,
                scanned: Scanned { near, far, not_rescanned: None, from_cache: false },
            });
        }
        searched = wanted;
        for branch in Branch::BOTH {
            scripts.extend(secp, descriptor, branch, searched)?;
        }
    }
}
