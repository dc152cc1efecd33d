//! The id of a transaction before it is blinded.
//!
//! An id covers commitments and nonces, but no proofs, which are witnesses. So computing it takes a few multiplications on the
//! curve for each output. The proofs of the same output take about a hundred times as long.

use elements::confidential::{Asset, Nonce, Value};
use elements::{LockTime, RangeProof, SurjectionProof, Transaction, TxOut, TxOutWitness, Txid};

use super::{BlindError, Blinder, OutputOpening, explicit_output};
use crate::Secp;
use crate::pset::{Content, ContentOutput};
use crate::sign::review::Effects;
use crate::treasury::CtDescriptor;

/// The id of the transaction that blinding and finalizing make of a content.
///
/// # Errors
/// When an input was not opened, or a library fails.
pub(in crate::sign) fn txid_of(
    secp: &Secp,
    content: &Content,
    descriptor: &CtDescriptor,
    effects: &Effects,
) -> Result<Txid, BlindError> {
    let mut transaction = Blinder::of(secp, content, descriptor, effects)?.unproven()?;
    for (input, effect) in transaction.input.iter_mut().zip(&effects.inputs) {
        if let Some(own) = &effect.own {
            input.script_sig = own.script_sig();
        }
    }
    Ok(transaction.txid())
}

impl Blinder<'_> {
    /// The transaction without its proofs.
    fn unproven(&self) -> Result<Transaction, BlindError> {
        let mut input = Vec::with_capacity(self.content.inputs.len());
        let mut issuance = None;
        for (index, content) in self.content.inputs.iter().enumerate() {
            let blinded = self.unproven_input(index, content)?;
            issuance = blinded.issuance(index, content).or(issuance);
            input.push(blinded.txin);
        }
        let openings = self.openings(issuance)?;
        let outputs: Vec<_> = self.content.outputs.iter().zip(&openings).collect();
        let output = self.secp.threads().map(&outputs, |(output, opening)| match opening {
            Some(opening) => self.unproven_output(output, opening),
            None => explicit_output(output),
        });
        Ok(Transaction {
            version: self.content.tx_version,
            lock_time: LockTime::from_consensus(self.content.locktime),
            input,
            output,
        })
    }

    fn unproven_output(&self, output: &ContentOutput, opening: &OutputOpening) -> TxOut {
        let secrets = &opening.secrets;
        let (asset, abf, vbf) = (secrets.asset, secrets.asset_bf, secrets.value_bf);
        let (nonce, _) = Nonce::with_ephemeral_sk(self.secp, opening.ephemeral, &opening.receiver);
        TxOut {
            asset: Asset::new_confidential(self.secp, asset, abf),
            value: Value::new_confidential_from_assetid(self.secp, secrets.value, asset, vbf, abf),
            nonce,
            script_pubkey: output.script_pubkey.clone(),
            witness: TxOutWitness { surjection_proof: SurjectionProof::EMPTY, rangeproof: RangeProof::EMPTY },
        }
    }
}
