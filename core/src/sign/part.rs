//! What one key signed, checked before its signatures are given out.

use elements::Txid;
use elements::encode::serialize;

use super::blinder::Blinded;
use super::extractor::{ExtractError, extract_unsigned};
use super::finish::FinishError;
use super::report::report;
use super::review::CheckedPset;
use super::signatures::{InputSignature, Signatures};
use crate::Secp;
use crate::consensus::{ScriptError, SighashType, Sighashes, verify_signature};

/// Checks what one key signed before its signatures are given out: everything that the Extractor and the report check of a
/// finished transaction except the witnesses, which are not complete, and that each signature is ALL|RANGEPROOF and verifies. Gives
/// back the id of the transaction.
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
