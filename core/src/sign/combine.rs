//! Combines the parts of several signers into the signed file.
//!
//! It takes the view key alone. Blinding is a function of PSET and view key, so the transaction is recomputed here, and a part
//! need bring nothing but signatures. Nothing in a part is believed: each signature is verified with a key that is derived from
//! the descriptor, over the digest of its own sighash byte, and the finished transaction passes the Extractor as after signing.

mod error;

use std::collections::{BTreeMap, BTreeSet};

use elements::bitcoin::bip32::Fingerprint;
use elements::{Transaction, TxOut};

use super::blinder::Blinder;
use super::finish::{FinishError, finish};
use super::parts::Part;
use super::review::CheckedPset;
use super::signature_set::SignatureSet;
use super::signatures::{InputSignature, Signatures};
use crate::Secp;
use crate::consensus::{ScriptError, Sighashes, verify_signature};
use crate::pset::{BlindingDifference, Content, SignedPset};
use crate::signed::{JournalPosition, SignedFile, Signers};
use crate::treasury::{OwnKey, OwnScript};
pub use error::{CombineError, PartProblem};

/// Makes the signed file of a PSET and the parts that its signers gave back. The same parts in any order give the same file: of
/// each input the first k signatures in the order of its script's keys are taken.
///
/// # Errors
/// When a part belongs to something else, a signature does not verify, or too few keys signed. Every signature of every part is
/// verified, also those that are not needed.
pub fn combine(secp: &Secp, checked: &CheckedPset, parts: &[Part]) -> Result<SignedFile, CombineError> {
    let collected = Collected::of(checked, parts)?;
    collected.enough()?;
    let blinded = Blinder::new(secp, checked)?.blind()?;
    let mut claimed = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        match part {
            Part::Pset(pset) if !pset.unsigned.blinding.is_empty() => {
                claimed.push((index, &pset.unsigned.blinding))
            }
            Part::Pset(_) | Part::Signatures(_) => {}
        }
    }
    if !claimed.is_empty() {
        // Once, whatever the number of parts: it takes proofs of every blinded output.
        let own = blinded.fields(secp, checked)?;
        for (index, claimed) in claimed {
            if let Some(BlindingDifference { place, field, .. }) = own.first_difference(claimed) {
                let problem = PartProblem::Pset { place: format!("{place}, {field}") };
                return Err(CombineError::Part { index, problem });
            }
        }
    }
    collected.verify(secp, &blinded.transaction)?;
    let Collected { signatures, signers, .. } = collected;
    Ok(finish(secp, checked, blinded, &signatures)?.with_signers(Signers::of(signers)))
}

/// The signatures of the parts so far.
pub(super) struct Collected<'a> {
    checked: &'a CheckedPset,
    signatures: Signatures,
    signers: BTreeMap<Fingerprint, Option<JournalPosition>>,
    /// Each signature with the position of its part.
    of_part: Vec<(usize, InputSignature)>,
}

impl<'a> Collected<'a> {
    /// Takes the signatures of parts that belong to a PSET. None of them is verified yet.
    ///
    /// # Errors
    /// When a part belongs to something else.
    pub(super) fn of(checked: &'a CheckedPset, parts: &[Part]) -> Result<Self, CombineError> {
        let (signatures, signers, of_part) = (Signatures::default(), BTreeMap::new(), Vec::new());
        let mut collected = Collected { checked, signatures, signers, of_part };
        for (index, part) in parts.iter().enumerate() {
            let added = collected.add(part).map_err(|problem| CombineError::Part { index, problem })?;
            collected.of_part.extend(added.into_iter().map(|signature| (index, signature)));
        }
        Ok(collected)
    }

    /// Verifies every signature of every part on the blinded transaction.
    ///
    /// # Errors
    /// When one does not verify, or leaves something open to change.
    pub(super) fn verify(&self, secp: &Secp, transaction: &Transaction) -> Result<(), CombineError> {
        let digests = Sighashes::of(transaction);
        for (index, signature) in &self.of_part {
            let refused = |problem| CombineError::Part { index: *index, problem };
            let (spent, own) = self.input(signature.input).map_err(refused)?;
            let InputSignature { input, key, signature } = signature;
            verify_signature(secp, &digests, *input, spent, own, key, signature)
                .map_err(|error| refused(PartProblem::of_script(&error, *input, *key)))?;
        }
        Ok(())
    }
}

impl Collected<'_> {
    /// Adds the signatures of a part. None of them is verified yet. Gives back what was added.
    fn add(&mut self, part: &Part) -> Result<Vec<InputSignature>, PartProblem> {
        let signatures = match part {
            Part::Signatures(set) => self.signatures_of_set(set)?,
            Part::Pset(pset) => self.signatures_of_pset(pset)?,
        };
        let position = match part {
            Part::Signatures(set) => set.signer,
            Part::Pset(_) => None,
        };
        let mut signers = BTreeMap::new();
        for signature in &signatures {
            let fingerprint = self.key(signature)?.source.0;
            // Also where both parts have the same signature: of two journal positions, one would be lost.
            if self.signers.contains_key(&fingerprint) {
                return Err(PartProblem::SignerTwice { fingerprint });
            }
            let names_its_journal = |other: &JournalPosition| position.is_some_and(|own| own.id == other.id);
            if self.signers.values().flatten().any(names_its_journal) {
                return Err(PartProblem::JournalTwice { fingerprint });
            }
            self.signatures.add(signature.clone())?;
            signers.insert(fingerprint, position);
        }
        self.signers.extend(signers);
        Ok(signatures)
    }

    fn signatures_of_set(&self, set: &SignatureSet) -> Result<Vec<InputSignature>, PartProblem> {
        let checked = self.checked;
        let network = checked.network().chain();
        if set.network != network {
            return Err(PartProblem::Network { found: set.network, expected: network });
        }
        if set.descriptor != checked.descriptor().canonical_hash() {
            return Err(PartProblem::Descriptor);
        }
        if set.content != checked.content().hash() {
            return Err(PartProblem::Content);
        }
        if set.txid != checked.txid() {
            return Err(PartProblem::Txid { found: set.txid, expected: checked.txid() });
        }
        for signature in &set.signatures {
            if self.key(signature)?.source.0 != set.fingerprint {
                let (input, key, fingerprint) = (signature.input, signature.key, set.fingerprint);
                return Err(PartProblem::OtherSigner { input, key, fingerprint });
            }
        }
        Ok(set.signatures.clone())
    }

    /// The signatures of a PSET that does exactly what the checked PSET does. What else it claims decides nothing.
    fn signatures_of_pset(&self, pset: &SignedPset) -> Result<Vec<InputSignature>, PartProblem> {
        let SignedPset { unsigned, signatures } = pset;
        if let Some(problem) = unsigned.problems.first() {
            return Err(PartProblem::PsetField(problem.clone()));
        }
        let request = self.checked.request().bytes();
        let content = Content::of(unsigned, self.checked.network().policy_asset(), request);
        let is_same_request = unsigned.request.as_ref().is_none_or(|carried| carried == request);
        match content {
            Some(content) if is_same_request && content == *self.checked.content() => {}
            content => {
                let place = content.and_then(|content| content.first_difference(self.checked.content()));
                return Err(PartProblem::Pset { place: place.unwrap_or_else(|| "the request".to_owned()) });
            }
        }
        let of_input = |(input, keys): (usize, &BTreeMap<_, Vec<u8>>)| {
            let signature = |(key, signature): (&_, &Vec<u8>)| InputSignature {
                input,
                key: *key,
                signature: signature.clone(),
            };
            keys.iter().map(signature).collect::<Vec<_>>()
        };
        let signatures: Vec<InputSignature> = signatures.iter().enumerate().flat_map(of_input).collect();
        if signatures.is_empty() {
            return Err(PartProblem::NoSignature);
        }
        Ok(signatures)
    }

    /// What an input spends, and its script.
    fn input(&self, index: usize) -> Result<(&TxOut, &OwnScript), PartProblem> {
        let effect = self.checked.effects().inputs.get(index);
        let found = effect.and_then(|effect| effect.spent.as_ref().zip(effect.own.as_ref()));
        found.ok_or(PartProblem::NoInput { index })
    }

    /// The key of the treasury that a signature says it is made with.
    fn key(&self, signature: &InputSignature) -> Result<&OwnKey, PartProblem> {
        let (_, own) = self.input(signature.input)?;
        let key = own.keys().iter().find(|own| own.public_key == signature.key);
        key.ok_or(PartProblem::Key { input: signature.input, key: signature.key })
    }

    /// Checks that every input is the treasury's, and that enough keys signed it.
    fn enough(&self) -> Result<(), CombineError> {
        for (input, effect) in self.checked.effects().inputs.iter().enumerate() {
            let own = effect.own.as_ref().ok_or(FinishError::Foreign { input })?;
            let signed = self.signatures.of(input);
            let has_signed = |key: &OwnKey| signed.is_some_and(|keys| keys.contains_key(&key.public_key));
            let (signed, missing): (Vec<&OwnKey>, Vec<&OwnKey>) =
                own.keys().iter().partition(|key| has_signed(key));
            if signed.len() < own.threshold() {
                let missing: BTreeSet<Fingerprint> = missing.iter().map(|key| key.source.0).collect();
                return Err(CombineError::TooFew {
                    input,
                    found: signed.len(),
                    needed: own.threshold(),
                    missing: missing.into_iter().collect(),
                });
            }
        }
        Ok(())
    }
}

impl PartProblem {
    fn of_script(error: &ScriptError, input: usize, key: elements::bitcoin::PublicKey) -> Self {
        match error {
            ScriptError::SighashByte { found, .. } => PartProblem::Sighash { input, found: *found },
            ScriptError::ForeignKey { .. } => PartProblem::Key { input, key },
            _ => PartProblem::Signature { input, key },
        }
    }
}
