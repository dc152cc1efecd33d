//! Signer: makes ALL|RANGEPROOF signatures, low-R by RFC 6979, so every keystore of the same words makes the same bytes.

use elements::bitcoin::bip32::{ChildNumber, Xpriv};
use elements::encode::serialize;
use elements::hashes::sha256d;
use elements::secp256k1_zkp::{Message, SecretKey};
use elements::sighash::SighashCache;
use elements::{EcdsaSighashType, LockTime, Script, Transaction, Txid};

use super::blinder::{BlindError, Blinder};
use super::finish::{FinishError, finish};
use super::review::{ApprovedBy, ApprovedPset, CheckedPset, SigningFacts};
use crate::Secp;
use crate::amp::request::Uuid;
use crate::consensus::SIGHASH_ALL_RANGEPROOF;
use crate::signed::{JournalPosition, SignedFile, Signers};
use crate::treasury::{CtDescriptor, KeyPath, OwnScript};

/// The master private key. It has neither Debug nor Clone. Its bytes are overwritten when it is dropped, as far as the
/// libraries allow.
pub struct SigningKey {
    master: Xpriv,
}

/// Why nothing was signed. With any of these errors no signature was given out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// The keystore's key is not the key of the descriptor.
    #[error("the key at {path} is not the descriptor's: this keystore does not belong to this descriptor")]
    Key {
        /// The path of the key.
        path: KeyPath,
    },
    /// An input has no script of the treasury, or no coin.
    #[error("input {index} does not belong to the treasury")]
    Input {
        /// The index of the input.
        index: usize,
    },
    /// Blinding failed.
    #[error("blinding: {0}")]
    Blind(#[from] BlindError),
    /// The finished transaction is not what was approved, or its report does not open it.
    #[error(transparent)]
    Finish(#[from] FinishError),
    /// Signing made another transaction than the one that was judged.
    #[error("signing made transaction {found}, but {expected} was reviewed")]
    Another {
        /// The transaction that was made.
        found: Txid,
        /// The transaction that was judged.
        expected: Txid,
    },
    /// The journal recorded another transaction.
    #[error("the journal recorded transaction {found}, but {expected} was signed")]
    Recorded {
        /// The transaction that was recorded.
        found: Txid,
        /// The transaction that was signed.
        expected: Txid,
    },
    /// The digest could not be computed.
    #[error("input {index}: the digest cannot be computed: {reason}")]
    Digest {
        /// The index of the input.
        index: usize,
        /// The library's message.
        reason: String,
    },
}

impl SigningKey {
    /// Takes the master private key (BIP-32).
    pub fn new(master: Xpriv) -> Self {
        SigningKey { master }
    }

    /// The private key of an own script.
    fn key_of(
        &self,
        secp: &Secp,
        descriptor: &CtDescriptor,
        own: &OwnScript,
    ) -> Result<SecretKey, SignError> {
        let wrong = || SignError::Key { path: own.path };
        let (_, path) = descriptor.key_source(own.path);
        let steps: &[ChildNumber] = path.as_ref();
        let mut derived = self.master.derive_priv(secp, &steps).map_err(|_| wrong())?;
        let key = derived.private_key;
        derived.private_key.non_secure_erase();
        if key.public_key(secp) != own.public_key.inner {
            return Err(wrong());
        }
        Ok(key)
    }
}

impl Drop for SigningKey {
    fn drop(&mut self) {
        self.master.private_key.non_secure_erase();
    }
}

/// A signed transaction that is not in the journal yet. The file is given out only in exchange for a proof that it is.
///
/// ```compile_fail
/// use coldamp_core::sign::Unrecorded;
/// fn skip(signed: Unrecorded) -> coldamp_core::signed::SignedFile {
///     signed.file
/// }
/// ```
pub struct Unrecorded {
    file: SignedFile,
    facts: SigningFacts,
    by: ApprovedBy,
    despite: Vec<Uuid>,
}

/// Proof that a signing is in the journal, on the disk. The keeper of the journal makes it after the entry is synced. If a
/// signature were given out first and a power cut lost the entry, its request could be paid a second time.
#[derive(Debug)]
pub struct Recorded {
    txid: Txid,
    position: JournalPosition,
}

impl Recorded {
    /// The entry of this transaction is on the disk, at this position.
    pub fn on_disk(txid: Txid, position: JournalPosition) -> Self {
        Recorded { txid, position }
    }
}

impl Unrecorded {
    /// The facts that the journal records.
    pub fn facts(&self) -> &SigningFacts {
        &self.facts
    }

    /// How it was approved, which the journal records too.
    pub fn by(&self) -> &ApprovedBy {
        &self.by
    }

    /// The open distributions to the same holders whose uuid the operator typed.
    pub fn despite(&self) -> &[Uuid] {
        &self.despite
    }

    /// Gives out the file, with its position in the journal.
    ///
    /// # Errors
    /// When another transaction was recorded.
    pub fn release(self, recorded: Recorded) -> Result<SignedFile, SignError> {
        if recorded.txid != self.facts.txid {
            return Err(SignError::Recorded { found: recorded.txid, expected: self.facts.txid });
        }
        Ok(self.file.with_signers(Signers::One(recorded.position)))
    }
}

/// Blinds, signs, finalizes, extracts and reports.
///
/// # Errors
/// When anything differs from what was approved. Then nothing is given out.
pub fn sign(secp: &Secp, approved: ApprovedPset, key: &SigningKey) -> Result<Unrecorded, SignError> {
    let checked = approved.checked();
    let file = recompute(secp, checked, key)?;
    if file.txid() != checked.txid() {
        return Err(SignError::Another { found: file.txid(), expected: checked.txid() });
    }
    let facts = SigningFacts::of(checked, file.txid());
    let (by, despite) = (approved.by().clone(), approved.despite().to_vec());
    Ok(Unrecorded { file, facts, by, despite })
}

/// Makes the signed transaction and its report, which are a function of the PSET and the keys.
pub(super) fn recompute(
    secp: &Secp,
    checked: &CheckedPset,
    key: &SigningKey,
) -> Result<SignedFile, SignError> {
    let blinded = Blinder::new(secp, checked)?.blind()?;
    let signatures = signatures(secp, checked, &blinded.transaction, key)?;
    Ok(finish(secp, checked, blinded, &signatures)?)
}

fn signatures(
    secp: &Secp,
    checked: &CheckedPset,
    transaction: &Transaction,
    key: &SigningKey,
) -> Result<Vec<Vec<u8>>, SignError> {
    let mut signatures = Vec::with_capacity(transaction.input.len());
    // Outputs and proofs, which all inputs sign alike, are hashed once.
    let mut cache = SighashCache::new(transaction);
    let proofs = hash_of_proofs(transaction);
    for (index, input) in checked.effects().inputs.iter().enumerate() {
        let (Some(own), Some(spent)) = (&input.own, &input.spent) else {
            return Err(SignError::Input { index });
        };
        let digest = digest(&mut cache, transaction.lock_time, &proofs, index, own, spent.value)
            .map_err(|error| SignError::Digest { index, reason: error.to_string() })?;
        let mut secret = key.key_of(secp, checked.descriptor(), own)?;
        let signature = secp.sign_ecdsa_low_r(&Message::from_digest(digest), &secret);
        secret.non_secure_erase();
        let mut bytes = signature.serialize_der().to_vec();
        bytes.push(SIGHASH_ALL_RANGEPROOF);
        signatures.push(bytes);
    }
    Ok(signatures)
}

/// The digest for ALL|RANGEPROOF. rust-elements' `SighashCache` knows ALL only: its message ends with hashOutputs ‖ locktime ‖
/// type. 0x41 signs the same message with the hash of all proofs between hashOutputs and locktime, and its own type
/// (elements script/interpreter.cpp:2952). The extractor verifies against a digest that other code computes.
fn digest(
    cache: &mut SighashCache<&Transaction>,
    lock_time: LockTime,
    proofs: &sha256d::Hash,
    index: usize,
    own: &OwnScript,
    value: elements::confidential::Value,
) -> Result<[u8; 32], elements::encode::Error> {
    let script_code = Script::new_p2pkh(&own.public_key_hash());
    let mut message = Vec::new();
    cache.encode_segwitv0_signing_data_to(&mut message, index, &script_code, value, EcdsaSighashType::All)?;
    let locktime_and_type = 8;
    message.truncate(message.len().saturating_sub(locktime_and_type));
    message.extend(proofs.to_byte_array());
    message.extend(serialize(&lock_time));
    message.extend(u32::from(SIGHASH_ALL_RANGEPROOF).to_le_bytes());
    Ok(sha256d::Hash::hash(&message).to_byte_array())
}

/// The hash of the range and surjection proofs of all outputs.
fn hash_of_proofs(transaction: &Transaction) -> sha256d::Hash {
    let mut proofs = Vec::new();
    for output in &transaction.output {
        proofs.extend(serialize(&output.witness.rangeproof.to_vec()));
        proofs.extend(serialize(&output.witness.surjection_proof.to_vec()));
    }
    sha256d::Hash::hash(&proofs)
}
