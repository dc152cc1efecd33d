//! From signatures to the signed file: Finalizer, Extractor and report, whoever made the signatures. Signing and both audits
//! use this code, so all three apply the same checks.

use elements::Txid;
use elements::encode::serialize;

use super::blinder::Blinded;
use super::extractor::{ExtractError, extract, extract_unsigned};
use super::finalizer::{TooFew, finalize};
use super::report::{ReportError, report};
use super::review::CheckedPset;
use super::signatures::{InputSignature, Signatures};
use crate::Secp;
use crate::consensus::{ScriptError, SighashType, Sighashes, verify_signature};
use crate::signed::SignedFile;

/// Why a blinded transaction and its signatures do not make a signed file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FinishError {
    /// Too few keys signed an input.
    #[error("input {input}: {found} keys signed, {needed} must")]
    TooFew {
        /// The index of the input.
        input: usize,
        /// How many of its keys signed.
        found: usize,
        /// How many must.
        needed: usize,
    },
    /// The finished transaction differs from the PSET that was checked.
    #[error("the finished transaction was refused: {0}")]
    Extract(#[from] ExtractError),
    /// The report does not open the transaction.
    #[error("the report was refused: {0}")]
    Report(#[from] ReportError),
}

impl From<TooFew> for FinishError {
    fn from(TooFew { input, found, needed }: TooFew) -> Self {
        FinishError::TooFew { input, found, needed }
    }
}

/// Finalizes, extracts and reports. Extracting verifies every signature. The position in the journal is filled in later.
pub(super) fn finish(
    secp: &Secp,
    checked: &CheckedPset,
    blinded: Blinded,
    signatures: &Signatures,
) -> Result<SignedFile, FinishError> {
    let finished = finalize(blinded.transaction, checked, signatures)?;
    let extracted = extract(secp, checked, blinded.openings, &serialize(&finished))?;
    let reported = report(secp, &extracted)?;
    Ok(SignedFile::new(checked.network(), checked.request(), extracted.transaction(), reported))
}

/// Checks what one key signed before its signatures are given out: everything that the Extractor and the report check of a
/// finished transaction except the witnesses, which are not complete, and that each signature is ALL|RANGEPROOF and verifies. Gives
/// back the id of the transaction.
#[cfg(feature = "signer")]
pub(super) fn verify_part(
    secp: &Secp,
    checked: &CheckedPset,
    blinded: Blinded,
    signatures: &Signatures,
) -> Result<Txid, FinishError> {
    let mut transaction = blinded.transaction;
    let inputs = transaction.input.iter_mut().zip(&checked.effects().inputs);
    for (input, own) in inputs.filter_map(|(input, effect)| Some((input, effect.own.as_ref()?))) {
        input.script_sig = own.script_sig();
    }
    let extracted = extract_unsigned(secp, checked, blinded.openings, &serialize(&transaction))?;
    let transaction = extracted.transaction();
    let digests = Sighashes::of(transaction);
    for InputSignature { input: index, key, signature } in signatures.iter() {
        let missing = || ExtractError::Differs { place: format!("input {index}") };
        let effect = checked.effects().inputs.get(index).ok_or_else(missing)?;
        let (spent, own) = effect.spent.as_ref().zip(effect.own.as_ref()).ok_or_else(missing)?;
        let found = verify_signature(secp, &digests, index, spent, own, &key, &signature)
            .map_err(ExtractError::from)?;
        if found != SighashType::AllRangeproof {
            return Err(ExtractError::from(ScriptError::SighashByte { index, found: found.byte() }).into());
        }
    }
    report(secp, &extracted)?;
    Ok(transaction.txid())
}
