//! Extractor: decodes the finished bytes again and checks them against content, keys and consensus. It trusts no value from
//! blinding and signing (docs/rules.md#finished-transaction), so a faulty signature, proof or commitment is refused.

use elements::confidential::{Asset, Nonce, Value};
use elements::secp256k1_zkp::Generator;
use elements::{AssetId, Transaction, TxIn, TxOut, TxOutSecrets, encode};

use super::blinder::{IssuanceOpening, Openings, OutputOpening, issuance_blinding_key};
use super::review::CheckedPset;
use crate::Secp;
use crate::consensus::{
    AmountError, ScriptError, Sighashes, dust_threshold, verify_input, verify_rewound_amounts,
};
use crate::limits::{MAX_STANDARD_WEIGHT, MIN_RELAY_FEE_RATE};
use crate::pset::{ContentInput, ContentIssuance, ContentOutput};
use crate::treasury::IssuanceKind;
use crate::units::Weight;

/// A finished transaction that passed every check, with its openings.
#[derive(Clone)]
pub(super) struct Extracted<'a> {
    transaction: Transaction,
    openings: Openings,
    checked: &'a CheckedPset,
}

/// Why a finished transaction was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExtractError {
    /// The bytes do not decode, or are not the only encoding of what they decode to.
    #[error("the transaction does not decode: {reason}")]
    Decode {
        /// The decoder's message.
        reason: String,
    },
    /// A part that the content fixes differs from the content.
    #[error("{place} is not what was approved")]
    Differs {
        /// The part that differs.
        place: String,
    },
    /// A commitment does not open to asset, value and blinding factors.
    #[error("output {index}: its commitments do not open")]
    Commitment {
        /// The index of the output.
        index: usize,
    },
    /// The receiver could not read a range proof.
    #[error("output {index}: its receiver cannot read its range proof")]
    Unreadable {
        /// The index of the output.
        index: usize,
    },
    /// The commitment or the proof of the issuance amount is wrong.
    #[error("input {index}: its issuance amount does not open")]
    IssuanceAmount {
        /// The index of the input.
        index: usize,
    },
    /// Consensus would refuse the amounts.
    #[error(transparent)]
    Amounts(#[from] AmountError),
    /// Consensus would refuse a script or signature.
    #[error(transparent)]
    Script(#[from] ScriptError),
    /// The transaction is heavier than nodes relay.
    #[error("the transaction weighs {found}; nodes relay at most {MAX_STANDARD_WEIGHT}")]
    Weight {
        /// The weight.
        found: Weight,
    },
    /// The fee is out of range for the final size.
    #[error("the fee is out of range for the final size: {reason}")]
    Fee {
        /// The limit that it misses.
        reason: String,
    },
    /// An output is too small to be relayed.
    #[error("output {index} is dust")]
    Dust {
        /// The index of the output.
        index: usize,
    },
}

impl Extracted<'_> {
    /// The transaction, decoded from its final bytes.
    pub(super) fn transaction(&self) -> &Transaction {
        &self.transaction
    }

    /// The checked PSET that it was made from.
    pub(super) fn checked(&self) -> &CheckedPset {
        self.checked
    }

    /// How an output opens. `None` where it is explicit.
    pub(super) fn opening(&self, output: usize) -> Option<&TxOutSecrets> {
        self.openings.outputs.get(output)?.as_ref().map(|opening| &opening.secrets)
    }

    /// How the reissued amount opens.
    pub(super) fn issuance(&self) -> Option<IssuanceOpening> {
        self.openings.issuance
    }
}

/// Runs the checks of docs/rules.md#finished-transaction, except the last one, which the report makes.
pub(super) fn extract<'a>(
    secp: &Secp,
    checked: &'a CheckedPset,
    openings: Openings,
    bytes: &[u8],
) -> Result<Extracted<'a>, ExtractError> {
    let extracted = extract_unsigned(secp, checked, openings, bytes)?;
    let inputs = checked.effects().inputs.iter().zip(&checked.content().inputs).enumerate();
    let digests = Sighashes::of(extracted.transaction());
    for (index, (effect, input)) in inputs {
        let own = effect.own.as_ref().ok_or(ExtractError::Differs { place: format!("input {index}") })?;
        verify_input(secp, &digests, index, &input.spent, own)?;
    }
    Ok(extracted)
}

/// The same without scripts and signatures, for a transaction whose witnesses are not complete.
pub(super) fn extract_unsigned<'a>(
    secp: &Secp,
    checked: &'a CheckedPset,
    openings: Openings,
    bytes: &[u8],
) -> Result<Extracted<'a>, ExtractError> {
    let transaction: Transaction =
        encode::deserialize(bytes).map_err(|error| ExtractError::Decode { reason: error.to_string() })?;
    if encode::serialize(&transaction) != bytes {
        return Err(ExtractError::Decode { reason: "its encoding is not canonical".to_owned() });
    }
    check_header_matches(&transaction, checked)?;
    for (index, (txin, input)) in transaction.input.iter().zip(&checked.content().inputs).enumerate() {
        check_input_matches(index, txin, input)?;
        check_issuance_opens(secp, checked, &openings, index, txin, input)?;
    }
    let outputs = transaction.output.iter().zip(&checked.content().outputs).zip(&openings.outputs);
    let outputs: Vec<_> = outputs.enumerate().collect();
    secp.threads().try_map(&outputs, |(index, ((txout, output), opening))| {
        match (output.blinding_key, opening) {
            (None, None) => check_explicit_output_matches(*index, txout, output),
            (Some(_), Some(opening)) => {
                check_blinded_output_opens(secp, checked, *index, txout, output, opening)
            }
            _ => Err(ExtractError::Commitment { index: *index }),
        }
    })?;
    let spent: Vec<TxOut> = checked.content().inputs.iter().map(|input| input.spent.clone()).collect();
    // The range proofs of all blinded outputs and of a blinded issuance were rewound above, which verifies them. What is left
    // are the surjection proofs, the balance and the rules of a reissuance.
    verify_rewound_amounts(secp, &transaction, &spent)?;
    standard(&transaction, checked)?;
    Ok(Extracted { transaction, openings, checked })
}

fn check_header_matches(transaction: &Transaction, checked: &CheckedPset) -> Result<(), ExtractError> {
    let content = checked.content();
    let same = [
        ("version", transaction.version == content.tx_version),
        ("locktime", transaction.lock_time.to_consensus_u32() == content.locktime),
        ("number of inputs", transaction.input.len() == content.inputs.len()),
        ("number of outputs", transaction.output.len() == content.outputs.len()),
    ];
    match same.into_iter().find(|(_, same)| !same) {
        Some((place, _)) => Err(ExtractError::Differs { place: place.to_owned() }),
        None => Ok(()),
    }
}

fn check_input_matches(index: usize, txin: &TxIn, input: &ContentInput) -> Result<(), ExtractError> {
    let issuance_fits = match &input.issuance {
        None => !txin.has_issuance() && txin.witness.amount_rangeproof.is_empty(),
        Some(issuance) => {
            let found = &txin.asset_issuance;
            found.asset_blinding_nonce == issuance.nonce
                && found.asset_entropy == issuance.entropy
                && found.inflation_keys.is_null()
                && match issuance.kind {
                    IssuanceKind::Explicit => found.amount == Value::Explicit(issuance.amount.base_units()),
                    IssuanceKind::Blinded => found.amount.is_confidential(),
                }
        }
    };
    let fits = txin.previous_output == input.outpoint
        && txin.sequence.to_consensus_u32() == input.sequence
        && !txin.is_pegin
        && txin.witness.pegin_witness.is_empty()
        && txin.witness.inflation_keys_rangeproof.is_empty()
        && issuance_fits;
    if fits { Ok(()) } else { Err(ExtractError::Differs { place: format!("input {index}") }) }
}

/// A blinded amount must open with the issuance blinding key. Otherwise a node with the view key could not read the supply.
/// Rewinding verifies: consensus will accept the proof of this amount.
fn check_issuance_opens(
    secp: &Secp,
    checked: &CheckedPset,
    openings: &Openings,
    index: usize,
    txin: &TxIn,
    input: &ContentInput,
) -> Result<(), ExtractError> {
    let Some(ContentIssuance { kind: IssuanceKind::Blinded, amount, entropy, .. }) = input.issuance else {
        return Ok(());
    };
    let amount = amount.base_units();
    let opens = || {
        let vbf = openings.issuance.filter(|opening| opening.input == index)?.value_bf;
        let generator = Generator::new_unblinded(secp, AssetId::from_entropy(entropy).into_tag());
        let expected = Value::new_confidential(secp, amount, generator, vbf);
        let commitment =
            txin.asset_issuance.amount.commitment().filter(|_| txin.asset_issuance.amount == expected)?;
        let key = issuance_blinding_key(checked.descriptor(), &input.outpoint);
        let proof = txin.witness.amount_rangeproof.as_ref()?;
        let (opening, _) = proof.rewind(secp, commitment, key, &[], generator).ok()?;
        (opening.value == amount && opening.blinding_factor == vbf.into_inner()).then_some(())
    };
    opens().ok_or(ExtractError::IssuanceAmount { index })
}

fn check_explicit_output_matches(
    index: usize,
    txout: &TxOut,
    output: &ContentOutput,
) -> Result<(), ExtractError> {
    let fits = txout.asset == Asset::Explicit(output.asset)
        && txout.value == Value::Explicit(output.amount.base_units())
        && txout.nonce == Nonce::Null
        && txout.script_pubkey == output.script_pubkey
        && txout.witness.is_empty();
    if fits { Ok(()) } else { Err(ExtractError::Differs { place: format!("output {index}") }) }
}

/// Rebuilds both commitments of a blinded output, and reads its range proof as its receiver will. One rewinding shows two
/// things: consensus will accept the range proof, which libsecp256k1-zkp verifies first, and it says what the opening says.
fn check_blinded_output_opens(
    secp: &Secp,
    checked: &CheckedPset,
    index: usize,
    txout: &TxOut,
    output: &ContentOutput,
    opening: &OutputOpening,
) -> Result<(), ExtractError> {
    let secrets = &opening.secrets;
    let is_the_contents = txout.script_pubkey == output.script_pubkey
        && secrets.asset == output.asset
        && secrets.value == output.amount.base_units()
        && Some(opening.receiver) == output.blinding_key;
    if !is_the_contents {
        return Err(ExtractError::Differs { place: format!("output {index}") });
    }
    let asset = Asset::new_confidential(secp, secrets.asset, secrets.asset_bf);
    let generator = asset.commitment().ok_or(ExtractError::Commitment { index })?;
    let value = Value::new_confidential(secp, secrets.value, generator, secrets.value_bf);
    if txout.asset != asset || txout.value != value {
        return Err(ExtractError::Commitment { index });
    }

    let unreadable = || ExtractError::Unreadable { index };
    let (nonce, shared_secret) = Nonce::with_ephemeral_sk(secp, opening.ephemeral, &opening.receiver);
    if txout.nonce != nonce {
        return Err(unreadable());
    }
    let ours = checked.effects().outputs.get(index).is_some_and(|effect| effect.own.is_some());
    if ours {
        // The treasury will compute this secret from its own private key and the nonce in the transaction. Where both are the
        // same secret, it reads the proof that is read below.
        let key = checked.descriptor().blinding_private_key(&txout.script_pubkey);
        if txout.nonce.shared_secret(&key) != Some(shared_secret) {
            return Err(unreadable());
        }
    }
    let proof = txout.witness.rangeproof.as_ref().ok_or_else(unreadable)?;
    let commitment = txout.value.commitment().ok_or(ExtractError::Commitment { index })?;
    let (rewound, _) = proof
        .rewind(secp, commitment, shared_secret, txout.script_pubkey.as_bytes(), generator)
        .map_err(|_| unreadable())?;
    let message = elements::RangeProofMessage::new(secrets.asset, secrets.asset_bf).to_byte_array();
    let reads = rewound.value == secrets.value
        && rewound.blinding_factor == secrets.value_bf.into_inner()
        && rewound.message.as_ref().starts_with(&message);
    if reads { Ok(()) } else { Err(unreadable()) }
}

/// Checks weight, fee and dust on the final bytes. The review checked them on a bound of the size.
fn standard(transaction: &Transaction, checked: &CheckedPset) -> Result<(), ExtractError> {
    let weight = |units: usize| Weight::new(u64::try_from(units).unwrap_or(u64::MAX));
    let full = weight(transaction.weight());
    if full > MAX_STANDARD_WEIGHT {
        return Err(ExtractError::Weight { found: full });
    }
    let fee = checked.fee();
    let discounted = weight(transaction.discount_weight()).virtual_size();
    let floor = MIN_RELAY_FEE_RATE.fee(discounted);
    if floor.is_none_or(|floor| fee < floor) {
        return Err(ExtractError::Fee {
            reason: format!("{fee} is below {MIN_RELAY_FEE_RATE} of {discounted}"),
        });
    }
    // The cap applies to the bound of the size, as in the review: a signature one byte shorter must not fail an approved fee.
    let cap = checked.fee_cap().on(checked.effects().bound.full_size());
    if fee > cap {
        return Err(ExtractError::Fee { reason: format!("{fee} is above {cap}") });
    }
    let policy_asset = checked.network().policy_asset();
    for (index, output) in transaction.output.iter().enumerate() {
        let least = dust_threshold(output, policy_asset);
        let value = output.value.explicit();
        if least.zip(value).is_some_and(|(least, value)| value < least.sat()) {
            return Err(ExtractError::Dust { index });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
