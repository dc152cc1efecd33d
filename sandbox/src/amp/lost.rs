//! Lost outputs: those of the treasury that were spent by a mined transaction nobody reported. AMP is "now unable to
//! track" them, and its script stops until the report arrives. Of an asset that was issued here they are also those whose
//! address is not registered ([`super::standing`]).

use coldamp_core::elements::OutPoint;
use serde_json::{Value, json};

use super::Amp;
use super::asset::Asset;
use super::body::Named;
use super::outputs::{Holder, mined_spender};
use crate::ledger::Ledger;

/// What AMP no longer tracks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lost {
    outputs: Vec<Named>,
    reissuance_outputs: Vec<Named>,
}

impl Lost {
    /// The answer to `lost-outputs`.
    pub(super) fn to_json(&self) -> Value {
        json!({ "lost_outputs": self.outputs, "reissuance_lost_outputs": self.reissuance_outputs })
    }
}

impl Asset {
    /// The outputs that are lost now.
    pub(super) fn lost(&self, ledger: &dyn Ledger) -> Lost {
        let mut lost = Lost { outputs: Vec::new(), reissuance_outputs: Vec::new() };
        for (outpoint, known) in &self.outputs {
            let spent_unseen = || {
                let spender = mined_spender(ledger, *outpoint);
                known.holder == Holder::Treasury && spender.is_some_and(|txid| self.report(txid).is_none())
            };
            if self.lost.contains(outpoint)
                || spent_unseen()
                || self.is_out_of_sight(ledger, *outpoint, known)
            {
                let list = match known.opening.asset == self.record.asset {
                    true => &mut lost.outputs,
                    false => &mut lost.reissuance_outputs,
                };
                list.push((*outpoint).into());
            }
        }
        lost
    }
}

impl Amp {
    /// Makes AMP lose an output, whatever the chain says of it. Returns whether any asset has it.
    pub fn lose(&mut self, outpoint: OutPoint) -> bool {
        let mut holders = self.assets.values_mut().filter(|asset| asset.outputs.contains_key(&outpoint));
        holders.next().is_some_and(|asset| asset.lost.insert(outpoint))
    }

    /// Undoes [`Amp::lose`]. Returns whether it had been called for this output.
    pub fn recover(&mut self, outpoint: OutPoint) -> bool {
        self.assets.values_mut().any(|asset| asset.lost.remove(&outpoint))
    }
}
