//! Checks on a second machine what the first one signed: recomputes the whole file and compares it byte for byte.
//!
//! With the same words, the signatures are recomputed too (`audit`). The audit gives out no signature, so it cannot pay a
//! second time (docs/rules.md#audit). Without the words, on the online machine, the signatures are the file's own and
//! must verify ([`audit_without_keys`]). Blinding is a function of PSET and view key, so this finds a file that was
//! changed on the way, and a signer that hides data in the payload or in proofs (docs/rules.md#recompute-signed-file).

use elements::encode::deserialize;
use elements::hex::decode_to_vec;
use elements::{Script, Transaction, TxIn, Witness};

use super::blinder::{BlindError, Blinded, Blinder};
use super::extractor::ExtractError;
use super::finish::{FinishError, finish};
use super::report::ReportError;
use super::review::CheckedPset;
#[cfg(feature = "signer")]
use super::signer::{SignError, SigningKey, recompute};
use crate::Secp;
use crate::signed::{ReadError, Signed, SignedFields, SignedFile};

/// Bytes of a DER signature with its sighash byte: a low-R one of both numbers short, up to the longest there is.
const SIGNATURE_LENGTHS: std::ops::RangeInclusive<usize> = 9..=73;

/// Why a signed file is not the one that this PSET must become.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuditError {
    /// It is no signed.json.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Nothing could be recomputed to compare it with.
    #[cfg(feature = "signer")]
    #[error(transparent)]
    Sign(#[from] SignError),
    /// Nothing could be blinded to compare it with.
    #[error("blinding: {0}")]
    Blind(#[from] BlindError),
    /// Nothing could be reported to compare it with.
    #[error("the report was refused: {0}")]
    Report(#[from] ReportError),
    /// A signature that does not sign the transaction that this PSET becomes.
    #[error("signatures of the signed file: {0}")]
    Signatures(ExtractError),
    /// What it says is not what these keys make of this PSET.
    #[error("{} of the signed file: found another value than this PSET and these keys make", .fields.join(", "))]
    Differs {
        /// The fields that differ.
        fields: Vec<&'static str>,
    },
}

/// Recomputes what `given`, a signed.json, must be, and compares everything but the journal's place in it.
///
/// # Errors
/// When it is no signed.json, or differs anywhere.
#[cfg(feature = "signer")]
pub fn audit(secp: &Secp, checked: &CheckedPset, key: &SigningKey, given: &[u8]) -> Result<(), AuditError> {
    let found = SignedFields::split(given)?;
    same(&found, given, &recompute(secp, checked, key)?)
}

/// As `audit` with the view key alone: the signatures are taken from `given`, and each must sign the recomputed
/// transaction. What this cannot see is a signature of another nonce than RFC 6979's, by which a compromised signer
/// could leak its key; that takes the same words on a second machine.
///
/// # Errors
/// When it is no signed.json, a signature does not verify, or anything else differs.
pub fn audit_without_keys(secp: &Secp, checked: &CheckedPset, given: &[u8]) -> Result<(), AuditError> {
    let found = SignedFields::split(given)?;
    let other_transaction = || AuditError::Differs { fields: vec!["transaction"] };
    let transaction = found.transaction().and_then(decoded).ok_or_else(other_transaction)?;
    let blinded = Blinder::new(secp, checked)?.blind()?;
    let signatures = signatures(&transaction, &blinded).ok_or_else(other_transaction)?;
    let unsigned_is_another = unsigned(transaction) != blinded.transaction;
    match finish(secp, checked, blinded, &signatures) {
        Ok(expected) => same(&found, given, &expected),
        // Signatures of another transaction: that it is another one is the plainer word.
        Err(FinishError::Extract(_)) if unsigned_is_another => Err(other_transaction()),
        Err(FinishError::Extract(error)) => Err(AuditError::Signatures(error)),
        Err(FinishError::Report(error)) => Err(error.into()),
    }
}

/// Compares the fields, and then the bytes between and behind them.
fn same(found: &SignedFields<'_>, given: &[u8], expected: &SignedFile) -> Result<(), AuditError> {
    let mut fields = found.differences(expected);
    // Where the signing machine's journal has it is that machine's own.
    fields.retain(|field| *field != "signer");
    if fields.is_empty() {
        // What is left is `signer` and the layout. They follow from no PSET, and must be as a signer writes them.
        match Signed::read(given) {
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

/// The signature of each input, where every witness is one of signature and key. Which key, and what it signs, the
/// Extractor looks at.
fn signatures(transaction: &Transaction, blinded: &Blinded) -> Option<Vec<Vec<u8>>> {
    let signature = |input: &TxIn| match input.witness.script_witness.to_vec().as_slice() {
        [signature, _] => Some(signature.clone()).filter(|one| SIGNATURE_LENGTHS.contains(&one.len())),
        _ => None,
    };
    let signatures: Vec<Vec<u8>> = transaction.input.iter().map(signature).collect::<Option<_>>()?;
    (signatures.len() == blinded.transaction.input.len()).then_some(signatures)
}

/// The transaction as it was before the Finalizer.
fn unsigned(mut transaction: Transaction) -> Transaction {
    for input in &mut transaction.input {
        input.script_sig = Script::new();
        input.witness.script_witness = Witness::default();
    }
    transaction
}
