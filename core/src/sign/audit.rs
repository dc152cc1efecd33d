//! Checks on a second machine what the first one signed: recomputes the whole file and compares it byte for byte.
//!
//! With the same words, the signatures are recomputed too (`audit`). The audit gives out no signature, so it cannot pay a
//! second time (docs/rules.md#audit). Without the words, on the online machine, the signatures are taken from the file and
//! must verify ([`audit_without_keys`]). Blinding is a function of PSET and view key, so this finds a file that was changed
//! after signing, and a signer that hides data in the payload or in proofs (docs/rules.md#recompute-signed-file).

use std::collections::BTreeSet;

use elements::bitcoin::bip32::Fingerprint;
use elements::encode::deserialize;
use elements::hex::decode_to_vec;
use elements::{Script, Transaction, Witness};

use super::blinder::{BlindError, Blinded, Blinder};
use super::extractor::ExtractError;
use super::finish::{FinishError, finish};
use super::report::ReportError;
use super::review::CheckedPset;
use super::signatures::{InputSignature, Signatures};
#[cfg(feature = "signer")]
use super::signer::{SignError, SigningKey, own_signatures, recompute};
use crate::Secp;
use crate::consensus::{ScriptError, Sighashes, signers};
use crate::signed::{RawFields, ReadError, SIGNERS, SignedFile, Signers};
#[cfg(feature = "signer")]
use crate::treasury::TreasuryKey;

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
    if !checked.descriptor().kind().is_quorum() {
        let signed = checked.descriptor().keys().iter().map(TreasuryKey::fingerprint).collect();
        return same(checked, &signed, &found, given, &recompute(secp, checked, key)?);
    }
    // One key of a quorum: its signature is recomputed, if it is among those that were taken. The others are only verified.
    let taken = Taken::of(secp, checked, &found)?;
    let own = own_signatures(secp, checked, &taken.blinded.transaction, key)?;
    let differs = |own: InputSignature| {
        let taken = taken.signatures.of(own.input).and_then(|signatures| signatures.get(&own.key));
        taken.is_some_and(|taken| *taken != own.signature)
    };
    if own.iter().any(differs) {
        return Err(another_transaction());
    }
    taken.same(secp, checked, &found, given)
}

/// Does the same as `audit` with the view key alone: the signatures are taken from `given`, and each must sign the recomputed
/// transaction. It cannot detect a signature whose nonce is not that of RFC 6979, by which a compromised signer could leak
/// its key. Only `audit`, with the same words on a second machine, detects that.
///
/// # Errors
/// When it does not read as a signed.json, a signature does not verify, or anything else differs.
pub fn audit_without_keys(secp: &Secp, checked: &CheckedPset, given: &[u8]) -> Result<(), AuditError> {
    let found = RawFields::split(given)?;
    Taken::of(secp, checked, &found)?.same(secp, checked, &found, given)
}

/// The transaction recomputed, and the signatures that the signed file has.
struct Taken {
    blinded: Blinded,
    signatures: Signatures,
    /// Whether the file's transaction without its signatures is another one.
    is_another: bool,
}

impl Taken {
    fn of(secp: &Secp, checked: &CheckedPset, found: &RawFields<'_>) -> Result<Self, AuditError> {
        let transaction = found.transaction().as_deref().and_then(decoded).ok_or_else(another_transaction)?;
        let blinded = Blinder::new(secp, checked)?.blind()?;
        let is_another = unsigned(transaction.clone()) != blinded.transaction;
        let signatures = match signatures(secp, &transaction, checked, &blinded.transaction) {
            Ok(signatures) => signatures.ok_or_else(another_transaction)?,
            Err(_) if is_another => return Err(another_transaction()),
            Err(error) => return Err(AuditError::Signatures(error.into())),
        };
        Ok(Taken { blinded, signatures, is_another })
    }

    /// Finishes the transaction with the signatures taken and compares the file.
    fn same(
        self,
        secp: &Secp,
        checked: &CheckedPset,
        found: &RawFields<'_>,
        given: &[u8],
    ) -> Result<(), AuditError> {
        let signed = who_signed(checked, &self.signatures);
        match finish(secp, checked, self.blinded, &self.signatures) {
            Ok(expected) => same(checked, &signed, found, given, &expected),
            // The signatures are for another transaction. That it differs is the clearer message.
            Err(FinishError::Extract(_)) if self.is_another => Err(another_transaction()),
            Err(FinishError::Extract(error)) => Err(AuditError::Signatures(error)),
            Err(FinishError::Report(error)) => Err(error.into()),
            // A witness of another number of signatures, and an input that is not the treasury's, were refused before.
            Err(FinishError::TooFew { .. } | FinishError::Foreign { .. }) => Err(another_transaction()),
        }
    }
}

fn another_transaction() -> AuditError {
    AuditError::Differs { fields: vec!["transaction"] }
}

/// The signers whose keys made these signatures.
fn who_signed(checked: &CheckedPset, signatures: &Signatures) -> BTreeSet<Fingerprint> {
    let inputs = &checked.effects().inputs;
    let signer = |signature: InputSignature| {
        let own = inputs.get(signature.input)?.own.as_ref()?;
        own.keys().iter().find(|key| key.public_key == signature.key).map(|key| key.source.0)
    };
    signatures.iter().filter_map(signer).collect()
}

/// Whether the file names everybody whose signature it has, and nobody else than signers of the treasury. Signatures that were not
/// needed are in no witness, so more may be named than have signed it. A single position names no fingerprint: it is of the one signer
/// of a treasury that takes one signature.
fn names_its_signers(checked: &CheckedPset, signed: &BTreeSet<Fingerprint>, named: &Signers) -> bool {
    match named {
        Signers::One(_) => checked.descriptor().threshold() == 1,
        Signers::Several(named) => {
            named.keys().all(|fingerprint| checked.descriptor().has_fingerprint(*fingerprint))
                && signed.iter().all(|fingerprint| named.contains_key(fingerprint))
        }
    }
}

/// Compares the fields, and then the bytes between and after them.
fn same(
    checked: &CheckedPset,
    signed: &BTreeSet<Fingerprint>,
    found: &RawFields<'_>,
    given: &[u8],
    expected: &SignedFile,
) -> Result<(), AuditError> {
    let mut fields = found.differences(expected);
    // The position in the journal depends on the signing machine.
    fields.retain(|field| *field != SIGNERS);
    if fields.is_empty() {
        // The signers and the layout remain. Positions do not follow from the PSET. They must be written as a signer writes them.
        match SignedFile::read(given) {
            Ok(file) if names_its_signers(checked, signed, file.signers()) => return Ok(()),
            Ok(_) => fields.push(SIGNERS),
            Err(ReadError::Field { field, .. }) => fields.push(field),
            Err(error) => return Err(error.into()),
        }
    }
    Err(AuditError::Differs { fields })
}

fn decoded(hexadecimal: &str) -> Option<Transaction> {
    deserialize(&decode_to_vec(hexadecimal).ok()?).ok()
}

/// The signatures of each input. `None` if a witness is not that of the input's script, or the transaction has other inputs than
/// the PSET. The Extractor checks what they sign. Of a quorum, the witness does not say which keys signed: they are those whose
/// signatures verify on the recomputed transaction.
///
/// # Errors
/// When a signature of a quorum is made by none of its keys.
fn signatures(
    secp: &Secp,
    transaction: &Transaction,
    checked: &CheckedPset,
    recomputed: &Transaction,
) -> Result<Option<Signatures>, ScriptError> {
    let effects = &checked.effects().inputs;
    if transaction.input.len() != effects.len() {
        return Ok(None);
    }
    let digests = Sighashes::of(recomputed);
    let mut signatures = Signatures::default();
    for (input, (txin, effect)) in transaction.input.iter().zip(effects).enumerate() {
        let witness = txin.witness.script_witness.to_vec();
        let (Some(own), Some(spent)) = (&effect.own, &effect.spent) else { return Ok(None) };
        let (taken, keys) = match (&own.witness_script, own.keys(), witness.as_slice()) {
            (None, [key], [_, _]) => (witness.get(..1).unwrap_or_default(), vec![key.public_key]),
            (Some(_), _, [_, taken @ .., _]) if taken.len() == own.threshold() => {
                (taken, signers(secp, &digests, input, spent, own, taken)?)
            }
            _ => return Ok(None),
        };
        for (key, signature) in keys.into_iter().zip(taken) {
            let is_new = signatures.add(InputSignature { input, key, signature: signature.clone() }).is_ok();
            if !SIGNATURE_LENGTHS.contains(&signature.len()) || !is_new {
                return Ok(None);
            }
        }
    }
    Ok(Some(signatures))
}

/// The transaction as it was before finalizing.
fn unsigned(mut transaction: Transaction) -> Transaction {
    for input in &mut transaction.input {
        input.script_sig = Script::new();
        input.witness.script_witness = Witness::default();
    }
    transaction
}
