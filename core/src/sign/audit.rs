//! Checks on a second machine what the first one signed: recomputes the whole file and compares it byte for byte.
//!
//! With the same words, the signatures are recomputed too (`audit`). The audit gives out no signature, so it cannot pay a
//! second time (docs/rules.md#audit). Without the words, on the online machine, the signatures are taken from the file and
//! must verify ([`audit_without_keys`]). Blinding is a function of PSET and view key, so this finds a file that was changed
//! after signing, and a signer that hides data in the payload or in proofs (docs/rules.md#recompute-signed-file).

use elements::encode::deserialize;
use elements::hex::decode_to_vec;
use elements::{Script, Transaction, Witness};

use super::blinder::{BlindError, Blinder};
use super::extractor::ExtractError;
use super::finish::{FinishError, finish};
use super::report::ReportError;
use super::review::CheckedPset;
use super::signatures::{InputSignature, Signatures};
#[cfg(feature = "signer")]
use super::signer::{SignError, SigningKey, recompute};
use crate::Secp;
use crate::signed::{RawFields, ReadError, SIGNERS, SignedFile};

/// Length in bytes of a DER signature with its sighash byte, from the shortest to the longest that is possible.
const SIGNATURE_LENGTHS: std::ops::RangeInclusive<usize> = 9..=73;

/// Why a signed file is not the one that signing this PSET makes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AuditError {
    /// The file does not read as a signed.json.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The signed file could not be recomputed.
    #[cfg(feature = "signer")]
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The PSET could not be blinded again.
    #[error("blinding: {0}")]
    Blind(#[from] BlindError),
    /// The report could not be made again.
    #[error("the report was refused: {0}")]
    Report(#[from] ReportError),
    /// A signature does not sign the transaction that this PSET becomes.
    #[error("signatures of the signed file: {0}")]
    Signatures(ExtractError),
    /// The file differs from what these keys make of this PSET.
    #[error("{} of the signed file: found another value than this PSET and these keys make", .fields.join(", "))]
    Differs {
        /// The fields that differ.
        fields: Vec<&'static str>,
    },
}

/// Recomputes what `given`, the bytes of a signed.json, must be, and compares everything except the position in the journal.
///
/// # Errors
/// When it does not read as a signed.json, or differs anywhere.
#[cfg(feature = "signer")]
pub fn audit(secp: &Secp, checked: &CheckedPset, key: &SigningKey, given: &[u8]) -> Result<(), AuditError> {
    let found = RawFields::split(given)?;
    same(&found, given, &recompute(secp, checked, key)?)
}

/// Does the same as `audit` with the view key alone: the signatures are taken from `given`, and each must sign the recomputed
/// transaction. It cannot detect a signature whose nonce is not that of RFC 6979, by which a compromised signer could leak
/// its key. Only `audit`, with the same words on a second machine, detects that.
///
/// # Errors
/// When it does not read as a signed.json, a signature does not verify, or anything else differs.
pub fn audit_without_keys(secp: &Secp, checked: &CheckedPset, given: &[u8]) -> Result<(), AuditError> {
    let found = RawFields::split(given)?;
    let other_transaction = || AuditError::Differs { fields: vec!["transaction"] };
    let transaction = found.transaction().as_deref().and_then(decoded).ok_or_else(other_transaction)?;
    let blinded = Blinder::new(secp, checked)?.blind()?;
    let signatures = signatures(&transaction, checked).ok_or_else(other_transaction)?;
    let unsigned_is_another = unsigned(transaction) != blinded.transaction;
    match finish(secp, checked, blinded, &signatures) {
        Ok(expected) => same(&found, given, &expected),
        // The signatures are for another transaction. That it differs is the clearer message.
        Err(FinishError::Extract(_)) if unsigned_is_another => Err(other_transaction()),
        Err(FinishError::Extract(error)) => Err(AuditError::Signatures(error)),
        Err(FinishError::Report(error)) => Err(error.into()),
        // There is one signature for each input.
        Err(FinishError::TooFew { .. }) => Err(other_transaction()),
    }
}

/// Compares the fields, and then the bytes between and after them.
fn same(found: &RawFields<'_>, given: &[u8], expected: &SignedFile) -> Result<(), AuditError> {
    let mut fields = found.differences(expected);
    // The position in the journal depends on the signing machine.
    fields.retain(|field| *field != SIGNERS);
    if fields.is_empty() {
        // The signers and the layout remain. They do not follow from the PSET, and must be written as a signer writes them.
        match SignedFile::read(given) {
            Ok(_) => return Ok(()),
            Err(ReadError::Field { field, .. }) => fields.push(field),
            Err(error) => return Err(error.into()),
        }
    }
    Err(AuditError::Differs { fields })
}

fn decoded(hexadecimal: &str) -> Option<Transaction> {
    deserialize(&decode_to_vec(hexadecimal).ok()?).ok()
}

/// The signature of each input. `None` if a witness is not one signature and one key, or the transaction has other inputs than the
/// PSET. The Extractor checks which key it is and what it signs.
fn signatures(transaction: &Transaction, checked: &CheckedPset) -> Option<Signatures> {
    let inputs = &checked.effects().inputs;
    if transaction.input.len() != inputs.len() {
        return None;
    }
    let mut signatures = Signatures::default();
    for (input, (txin, effect)) in transaction.input.iter().zip(inputs).enumerate() {
        let witness = txin.witness.script_witness.to_vec();
        let ([signature, _], [own]) = (witness.as_slice(), effect.own.as_ref()?.keys()) else { return None };
        let signature = Some(signature.clone()).filter(|one| SIGNATURE_LENGTHS.contains(&one.len()))?;
        signatures.add(InputSignature { input, key: own.public_key, signature }).ok()?;
    }
    Some(signatures)
}

/// The transaction as it was before finalizing.
fn unsigned(mut transaction: Transaction) -> Transaction {
    for input in &mut transaction.input {
        input.script_sig = Script::new();
        input.witness.script_witness = Witness::default();
    }
    transaction
}
