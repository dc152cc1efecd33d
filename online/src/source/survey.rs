//! A survey made from transactions that are all at hand.

use std::collections::BTreeSet;

use coldamp_core::Secp;
use coldamp_core::elements::{OutPoint, Transaction};
use coldamp_core::limits::{MAX_INDEX, MAX_INDEX_GAP};
use coldamp_core::treasury::{Branch, CtDescriptor, DescriptorError, ScriptIndex, UsedIndices};

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
    /// Finds the treasury's outputs in transactions, looking ahead by the gap until it holds no more scripts that were
    /// seen. `searched` is the highest index that the source has looked at; `unspent` the outputs that it knows to be
    /// unspent, else whatever none of the transactions spends.
    pub(super) fn of(
        secp: &Secp,
        descriptor: &CtDescriptor,
        transactions: &[ChainTransaction],
        searched: u32,
        unspent: Option<&BTreeSet<OutPoint>>,
    ) -> Result<Self, DescriptorError> {
        let (scripts, used) = seen_scripts(secp, descriptor, transactions, searched)?;
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
        Ok(Survey { transactions: transactions.len(), coins, scripts, used, issuing })
    }
}

fn seen_scripts(
    secp: &Secp,
    descriptor: &CtDescriptor,
    transactions: &[ChainTransaction],
    searched: u32,
) -> Result<(ScriptIndex, UsedIndices), DescriptorError> {
    let mut searched = searched.max(MAX_INDEX_GAP);
    let mut scripts = ScriptIndex::up_to(secp, descriptor, searched)?;
    loop {
        let mut used = UsedIndices::default();
        let outputs = transactions.iter().flat_map(|known| &known.transaction.output);
        for own in outputs.filter_map(|output| scripts.find(&output.script_pubkey)) {
            used.mark(own.path);
        }
        // Both branches as far as the further one: the signer's gap counts from the highest index of either.
        let highest = Branch::BOTH.into_iter().map(|branch| used.end(branch)).max().unwrap_or_default();
        let wanted = highest.saturating_add(MAX_INDEX_GAP).min(MAX_INDEX);
        if wanted <= searched {
            return Ok((scripts, used));
        }
        searched = wanted;
        for branch in Branch::BOTH {
            scripts.extend(secp, descriptor, branch, searched)?;
        }
    }
}
