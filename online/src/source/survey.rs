//! A survey made from transactions that are all at hand.

use std::collections::BTreeSet;

use coldamp_core::Secp;
use coldamp_core::elements::{OutPoint, Transaction};
use coldamp_core::limits::MAX_INDEX_GAP;
use coldamp_core::treasury::{Branch, CtDescriptor, DescriptorError, KeyPath, ScriptIndex, UsedIndices};

use super::reach::{self, Looked, Reach};
use super::{Found, Survey};

/// A transaction as a source hands it over.
#[derive(Debug, Clone, PartialEq)]
pub struct ChainTransaction {
    /// With its witnesses: range proofs are in them.
    pub transaction: Transaction,
    /// The block it confirmed in; none while it is unconfirmed.
    pub height: Option<u32>,
}

impl Survey {
    /// Finds the treasury's outputs in transactions, as far as the reach goes. `searched` is the highest index that the
    /// source has looked at; `unspent` the outputs that it knows to be unspent, else whatever none of the transactions
    /// spends.
    pub(super) fn of(
        secp: &Secp,
        descriptor: &CtDescriptor,
        transactions: &[ChainTransaction],
        reach: &Reach,
        searched: u32,
        unspent: Option<&BTreeSet<OutPoint>>,
    ) -> Result<Self, DescriptorError> {
        let Seen { scripts, used, looked } = seen_scripts(secp, descriptor, transactions, reach, searched)?;
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
        let unread = Vec::new();
        Ok(Survey { transactions: transactions.len(), coins, scripts, used, issuing, looked, unread })
    }
}

/// The scripts that were looked for, and what of them was seen.
struct Seen {
    scripts: ScriptIndex,
    used: UsedIndices,
    looked: Looked,
}

fn seen_scripts(
    secp: &Secp,
    descriptor: &CtDescriptor,
    transactions: &[ChainTransaction],
    reach: &Reach,
    searched: u32,
) -> Result<Seen, DescriptorError> {
    let mut searched = searched.max(MAX_INDEX_GAP);
    let mut scripts = ScriptIndex::up_to(secp, descriptor, searched)?;
    loop {
        let outputs = transactions.iter().flat_map(|known| &known.transaction.output);
        let used = outputs.filter_map(|output| scripts.find(&output.script_pubkey)).map(|own| own.path);
        let used: BTreeSet<KeyPath> = used.collect();
        let indices = reach::indices(used.iter());
        let (near, far) = (reach.near(&indices, MAX_INDEX_GAP), reach.far(&indices));
        let wanted = far.map_or(near.to, |far| far.to.max(near.to));
        if wanted <= searched {
            let mut indices = UsedIndices::default();
            used.iter().for_each(|path| indices.mark(*path));
            return Ok(Seen {
                scripts,
                used: indices,
                looked: Looked { near, far, skipped: None, recalled: false },
            });
        }
        searched = wanted;
        for branch in Branch::BOTH {
            scripts.extend(secp, descriptor, branch, searched)?;
        }
    }
}
