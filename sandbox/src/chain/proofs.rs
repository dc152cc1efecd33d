//! Amounts, proofs and the reissuance-token rule. Core's verifier checks clients' transactions. The sandbox's own first
//! issuances are checked here, since core has no rule for them.

use crate::secp::SECP;
use coldamp_core::Secp;
use coldamp_core::consensus::{AmountError, verify_amounts};
use coldamp_core::elements::confidential::{RangeProof, Value};
use coldamp_core::elements::secp256k1_zkp::Generator;
use coldamp_core::elements::{AssetId, Transaction, TxIn, TxOut, VerificationError};

use super::Rejection;

/// Who sends a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sender {
    /// The sandbox, which may issue.
    Sandbox,
    /// Anybody else.
    Client,
}

/// A transaction whose amounts and proofs verify against the outputs it says it spends. Verifying needs no chain, so
/// several can be verified at once. The chain compares those outputs with its own afterwards.
#[derive(Debug, Clone)]
pub(crate) struct Proven {
    transaction: Transaction,
    spent: Vec<TxOut>,
}

impl Proven {
    /// Verifies.
    ///
    /// # Errors
    /// When consensus would refuse, or a client issues.
    pub(crate) fn check(
        transaction: Transaction,
        spent: Vec<TxOut>,
        sender: Sender,
    ) -> Result<Self, Rejection> {
        let secp: &Secp = &SECP;
        let first =
            |input: &TxIn| input.has_issuance() && input.asset_issuance.asset_blinding_nonce.is_null();
        match (transaction.input.iter().position(first), sender) {
            (None, _) => verify_amounts(secp, &transaction, &spent).map_err(Rejection::Amounts)?,
            (Some(index), Sender::Client) => return Err(Rejection::Issuance { index }),
            (Some(index), Sender::Sandbox) => {
                if let Some(input) = transaction.input.get(index) {
                    verify_first_issuance(secp, index, input).map_err(Rejection::Amounts)?;
                }
                let proofs = transaction.verify_tx_amt_proofs(secp, &spent);
                let refuse = |error: VerificationError| AmountError::Proof { reason: error.to_string() };
                proofs.map_err(refuse).map_err(Rejection::Amounts)?;
            }
        }
        Ok(Proven { transaction, spent })
    }

    /// The transaction and what it spends.
    pub(crate) fn into_parts(self) -> (Transaction, Vec<TxOut>) {
        (self.transaction, self.spent)
    }
}

/// Each issued amount must be above zero and, where it is blinded, have a range proof (elements
/// confidential_validation.cpp).
fn verify_first_issuance(secp: &Secp, index: usize, input: &TxIn) -> Result<(), AmountError> {
    let (asset, token) = input.issuance_ids();
    let issuance = &input.asset_issuance;
    amount_proof(secp, index, issuance.amount, asset, &input.witness.amount_rangeproof)?;
    // An asset that is never reissued has no tokens.
    if issuance.inflation_keys.is_null() && input.witness.inflation_keys_rangeproof.is_empty() {
        return Ok(());
    }
    amount_proof(secp, index, issuance.inflation_keys, token, &input.witness.inflation_keys_rangeproof)
}

fn amount_proof(
    secp: &Secp,
    index: usize,
    amount: Value,
    asset: AssetId,
    proof: &RangeProof,
) -> Result<(), AmountError> {
    let refuse = |reason| AmountError::Issuance { index, reason };
    match amount {
        Value::Null | Value::Explicit(0) => Err(AmountError::Nothing { place: format!("issuance {index}") }),
        Value::Explicit(_) if proof.is_empty() => Ok(()),
        Value::Explicit(_) => Err(refuse("an explicit amount carries no proof")),
        Value::Confidential(commitment) => {
            let proof = proof.as_ref().ok_or(refuse("a blinded amount needs its range proof"))?;
            let generator = Generator::new_unblinded(secp, asset.into_tag());
            let verified = proof.verify(secp, commitment, &[], generator);
            verified.map(|_| ()).map_err(|_| refuse("the amount's range proof does not verify"))
        }
    }
}
