//! Amounts, proofs and the reissuance-token rule (elements confidential_validation.cpp).

use elements::confidential::{Asset, Value};
use elements::secp256k1_zkp::{Generator, PedersenCommitment, verify_commitments_sum_to_equal};
use elements::{AssetId, Transaction, TxIn, TxOut, VerificationError};

use crate::Secp;
use crate::limits::{MAX_MONEY, MAX_SURJECTION_DOMAIN};
use crate::units::base_units;

/// What consensus would refuse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AmountError {
    /// Not one spent output for each input.
    #[error("{spent} spent outputs for {inputs} inputs")]
    SpentOutputs {
        /// Outputs given.
        spent: usize,
        /// Inputs of the transaction.
        inputs: usize,
    },
    /// More members than a surjection proof can have.
    #[error("the surjection domain has {found} members; at most {MAX_SURJECTION_DOMAIN} are provable")]
    Domain {
        /// Members.
        found: usize,
    },
    /// An explicit output or issuance of nothing, or a null one.
    #[error("{place} pays nothing")]
    Nothing {
        /// The output or issuance.
        place: String,
    },
    /// Explicit outputs of all assets together above 21·10^14.
    #[error("explicit outputs add up to {}; consensus allows {}", base_units(*.found), base_units(MAX_MONEY))]
    ExplicitSum {
        /// The sum.
        found: u128,
    },
    /// A proof or the balance does not verify.
    #[error("{reason}")]
    Proof {
        /// The library's error.
        reason: String,
    },
    /// A reissuance that makes inflation keys, or an amount proof where none may be or none where one must.
    #[error("input {index}: {reason}")]
    Issuance {
        /// The index of the input.
        index: usize,
        /// Why consensus refuses the issuance.
        reason: &'static str,
    },
    /// The input's asset commitment is not generator(token, nonce): it does not spend the asset's token, or the
    /// amount is explicit where the asset was issued blinded or the other way round.
    #[error("input {index} does not spend the reissuance token that its issuance names")]
    Token {
        /// The index of the input.
        index: usize,
    },
}

/// Whether the range proofs are verified here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum RangeProofs {
    /// Each is verified.
    Unverified,
    /// The caller has rewound each against the same commitment, asset and script. Rewinding verifies.
    Rewound,
}

/// Verifies balance, range and surjection proofs, issuance amount proofs and the token rule against the outputs spent.
///
/// # Errors
/// With the first rule that fails.
pub fn verify_amounts(secp: &Secp, tx: &Transaction, spent: &[TxOut]) -> Result<(), AmountError> {
    verify(secp, tx, spent, RangeProofs::Unverified)
}

/// Verifies the same except range proofs, for whoever has rewound every range proof of this transaction against the
/// commitment, the asset and the script beside it. libsecp256k1-zkp rewinds by verifying with the receiver's
/// secret (`secp256k1_rangeproof_rewind`, src/modules/rangeproof/main_impl.h), so verifying again would prove nothing more.
///
/// # Errors
/// With the first rule that fails.
pub(crate) fn verify_rewound_amounts(
    secp: &Secp,
    tx: &Transaction,
    spent: &[TxOut],
) -> Result<(), AmountError> {
    verify(secp, tx, spent, RangeProofs::Rewound)
}

fn verify(secp: &Secp, tx: &Transaction, spent: &[TxOut], proofs: RangeProofs) -> Result<(), AmountError> {
    if spent.len() != tx.input.len() {
        return Err(AmountError::SpentOutputs { spent: spent.len(), inputs: tx.input.len() });
    }
    // Before any proof is touched: the C library aborts the process on a larger domain, and panics on explicit zeros.
    let issuances = tx.input.iter().filter(|input| input.has_issuance()).count();
    let domain = tx.input.len().saturating_add(issuances);
    if domain > MAX_SURJECTION_DOMAIN {
        return Err(AmountError::Domain { found: domain });
    }
    nothing_is_zero(tx, spent)?;
    for (index, (input, spent)) in tx.input.iter().zip(spent).enumerate() {
        if input.has_issuance() {
            verify_reissuance(secp, index, input, spent, proofs)?;
        }
    }
    verify_outputs_and_balance(secp, tx, spent, proofs)
}

/// What rust-elements' `verify_tx_amt_proofs` verifies, on several threads: that function takes a whole transaction.
fn verify_outputs_and_balance(
    secp: &Secp,
    tx: &Transaction,
    spent: &[TxOut],
    proofs: RangeProofs,
) -> Result<(), AmountError> {
    let (mut domain, mut paid_in) = (Vec::new(), Vec::new());
    for (index, (input, spent)) in tx.input.iter().zip(spent).enumerate() {
        let (asset, amount) = commitments(secp, spent.asset, spent.value)
            .ok_or_else(|| AmountError::Nothing { place: format!("the coin of input {index}") })?;
        domain.push(asset);
        paid_in.push(amount);
        if input.has_issuance() {
            let issued = Asset::Explicit(AssetId::from_entropy(input.asset_issuance.asset_entropy));
            let (asset, amount) = commitments(secp, issued, input.asset_issuance.amount)
                .ok_or_else(|| AmountError::Nothing { place: format!("issuance {index}") })?;
            domain.push(asset);
            paid_in.push(amount);
        }
    }
    let outputs: Vec<(usize, &TxOut)> = tx.output.iter().enumerate().collect();
    let paid_out = secp.threads().try_map(&outputs, |(index, output)| {
        let (asset, amount) = commitments(secp, output.asset, output.value)
            .ok_or_else(|| AmountError::Nothing { place: format!("output {index}") })?;
        let verified = verify_output(secp, *index, output, asset, &domain, proofs);
        verified.map(|()| amount).map_err(|error| AmountError::Proof { reason: error.to_string() })
    })?;
    match verify_commitments_sum_to_equal(secp, &paid_in, &paid_out) {
        true => Ok(()),
        false => Err(AmountError::Proof { reason: VerificationError::BalanceCheckFailed.to_string() }),
    }
}

/// The commitments to an asset and to an amount of it; of what is explicit, those with blinding factors of zero. `None` for
/// nothing, to which there is no commitment.
fn commitments(secp: &Secp, asset: Asset, value: Value) -> Option<(Generator, PedersenCommitment)> {
    let asset = asset.into_asset_gen(secp)?;
    let amount = match value {
        Value::Null | Value::Explicit(0) => return None,
        Value::Explicit(amount) => PedersenCommitment::new_unblinded(secp, amount, asset),
        Value::Confidential(commitment) => commitment,
    };
    Some((asset, amount))
}

/// The claims of one output: its amount is in range, and its asset is one of those that come in.
fn verify_output(
    secp: &Secp,
    index: usize,
    output: &TxOut,
    asset: Generator,
    domain: &[Generator],
    proofs: RangeProofs,
) -> Result<(), VerificationError> {
    if let Some(amount) = output.value.commitment().filter(|_| proofs == RangeProofs::Unverified) {
        let proof = output.witness.rangeproof.as_ref().ok_or(VerificationError::RangeProofMissing(index))?;
        proof
            .verify(secp, amount, output.script_pubkey.as_bytes(), asset)
            .map_err(|error| VerificationError::RangeProofError(index, error))?;
    }
    if output.asset.is_confidential() {
        let proof = output.witness.surjection_proof.as_ref();
        let proof = proof.ok_or(VerificationError::SurjectionProofMissing(index))?;
        if !proof.verify(secp, asset, domain) {
            return Err(VerificationError::SurjectionProofVerificationError(index));
        }
    }
    Ok(())
}

/// No output and no coin of nothing, and explicit outputs within what consensus sums (docs/rules.md#amount-ranges).
fn nothing_is_zero(tx: &Transaction, spent: &[TxOut]) -> Result<(), AmountError> {
    let named = |outputs: &[TxOut], name: &str| {
        let mut outputs = outputs.iter().enumerate();
        let nothing = outputs.find(|(_, output)| {
            matches!(output.value, Value::Null | Value::Explicit(0)) || matches!(output.asset, Asset::Null)
        });
        match nothing {
            Some((index, _)) => Err(AmountError::Nothing { place: format!("{name} {index}") }),
            None => Ok(()),
        }
    };
    named(&tx.output, "output")?;
    named(spent, "the coin of input")?;
    let explicit = tx.output.iter().filter_map(|output| output.value.explicit());
    let total: u128 = explicit.map(u128::from).sum();
    if total > u128::from(MAX_MONEY) {
        return Err(AmountError::ExplicitSum { found: total });
    }
    Ok(())
}

/// rust-elements' own verification looks at neither the amount proof nor the token; the node looks at both.
fn verify_reissuance(
    secp: &Secp,
    index: usize,
    input: &TxIn,
    spent: &TxOut,
    proofs: RangeProofs,
) -> Result<(), AmountError> {
    let refuse = |reason| AmountError::Issuance { index, reason };
    let issuance = &input.asset_issuance;
    if issuance.asset_blinding_nonce.is_null() {
        return Err(refuse("its nonce is zero, which is a new issuance"));
    }
    if !issuance.inflation_keys.is_null() || !input.witness.inflation_keys_rangeproof.is_empty() {
        return Err(refuse("a reissuance makes no inflation keys"));
    }
    let asset = AssetId::from_entropy(issuance.asset_entropy);
    let confidential = match issuance.amount {
        Value::Null | Value::Explicit(0) => {
            return Err(AmountError::Nothing { place: format!("issuance {index}") });
        }
        Value::Explicit(amount) if amount > MAX_MONEY => {
            return Err(refuse("more than 21000000 explicit units are not relayed (issuance-out-of-range)"));
        }
        Value::Explicit(_) => {
            if !input.witness.amount_rangeproof.is_empty() {
                return Err(refuse("an explicit amount carries no proof"));
            }
            false
        }
        Value::Confidential(commitment) => {
            let proof = input.witness.amount_rangeproof.as_ref();
            let proof = proof.ok_or(refuse("a blinded amount needs its range proof"))?;
            if proofs == RangeProofs::Unverified {
                let generator = Generator::new_unblinded(secp, asset.into_tag());
                proof
                    .verify(secp, commitment, &[], generator)
                    .map_err(|_| refuse("the amount's range proof does not verify"))?;
            }
            true
        }
    };
    let token = AssetId::reissuance_token_from_entropy(issuance.asset_entropy, confidential);
    let nonce = elements::confidential::AssetBlindingFactor::from_slice(
        &issuance.asset_blinding_nonce.to_byte_array(),
    )
    .map_err(|_| refuse("its nonce is no blinding factor"))?;
    if spent.asset != Asset::new_confidential(secp, token, nonce) {
        return Err(AmountError::Token { index });
    }
    Ok(())
}
