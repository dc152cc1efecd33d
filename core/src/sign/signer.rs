//! Signer: makes ALL|RANGEPROOF signatures, low-R by RFC 6979, so every keystore of the same words makes the same bytes.

use elements::bitcoin::PublicKey;
use elements::bitcoin::bip32::{ChildNumber, DerivationPath, Fingerprint, Xpriv, Xpub};
use elements::encode::serialize;
use elements::hashes::sha256d;
use elements::secp256k1_zkp::{Message, SecretKey};
use elements::sighash::SighashCache;
use elements::{EcdsaSighashType, LockTime, Transaction, Txid};

use super::blinder::{BlindError, Blinder};
use super::finish::{FinishError, finish};
use super::part::verify_part;
use super::review::{ApprovedBy, ApprovedPset, CheckedPset, SigningFacts};
use super::signature_set::SignatureSet;
use super::signatures::{InputSignature, Signatures, SignedTwice};
use crate::Secp;
use crate::amp::request::Uuid;
use crate::consensus::SIGHASH_ALL_RANGEPROOF;
use crate::signed::{JournalPosition, SignedFile, Signers};
use crate::treasury::{CtDescriptor, KeyPath, OwnScript, TreasuryKey};

/// The master private key. It has neither Debug nor Clone. Its bytes are overwritten when it is dropped, as far as the
/// libraries allow.
pub struct SigningKey {
    master: Xpriv,
}

/// Why nothing was signed. With any of these errors no signature was given out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// None of the descriptor's keys comes from this seed.
    #[error(
        "no key of the descriptor comes from this seed: its keys are {origins}, the seed's fingerprint is {fingerprint}"
    )]
    NoKey {
        /// The origins of the descriptor's keys.
        origins: String,
        /// The seed's fingerprint.
        fingerprint: Fingerprint,
    },
    /// The descriptor states another fingerprint for the key of this seed.
    #[error(
        "the descriptor says of the key {origin} that comes from this seed another fingerprint than {fingerprint}"
    )]
    Fingerprint {
        /// The origin that the descriptor states.
        origin: String,
        /// The seed's fingerprint.
        fingerprint: Fingerprint,
    },
    /// Several keys of the descriptor come from this seed, so one person would sign for two.
    #[error(
        "the keys {origins} of the descriptor come from this one seed; each key must come from a seed of its own"
    )]
    SeveralKeys {
        /// Their origins, as the descriptor states them.
        origins: String,
    },
    /// One key alone does not make a finished transaction of this treasury.
    #[error("the treasury asks for {threshold} signatures, and this key makes one: sign a part of it")]
    NeedsMore {
        /// How many keys must sign.
        threshold: usize,
    },
    /// A key of an input is there twice.
    #[error(transparent)]
    Twice(#[from] SignedTwice),
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

    /// The key of a descriptor that comes from this seed: the one that is derived at the path that its origin states, whatever
    /// path that is. Reading a descriptor refuses two keys of one stated fingerprint. Whoever wrote it can state another
    /// fingerprint for a second key of this seed, so all keys are derived here.
    ///
    /// # Errors
    /// When not exactly one key comes from this seed, or the descriptor states another fingerprint for it.
    pub fn own_key<'a>(
        &self,
        secp: &Secp,
        descriptor: &'a CtDescriptor,
    ) -> Result<&'a TreasuryKey, SignError> {
        let fingerprint = self.master.fingerprint(secp);
        let own: Vec<&TreasuryKey> =
            descriptor.keys().iter().filter(|key| self.is_account(secp, key)).collect();
        let key = match own.as_slice() {
            [key] => *key,
            [] => return Err(SignError::NoKey { origins: descriptor.origins(), fingerprint }),
            several => {
                let origins = several.iter().map(|key| key.origin()).collect::<Vec<_>>().join(" and ");
                return Err(SignError::SeveralKeys { origins });
            }
        };
        if key.fingerprint() != fingerprint {
            return Err(SignError::Fingerprint { origin: key.origin(), fingerprint });
        }
        Ok(key)
    }

    /// Whether an account key comes from this seed.
    fn is_account(&self, secp: &Secp, key: &TreasuryKey) -> bool {
        self.master.derive_priv(secp, key.account()).is_ok_and(|mut derived| {
            let public = Xpub::from_priv(secp, &derived);
            derived.private_key.non_secure_erase();
            (public.public_key, public.chain_code) == (key.xpub().public_key, key.xpub().chain_code)
        })
    }

    /// The key pair of an own script that comes from one key of its descriptor.
    fn key_of(&self, secp: &Secp, key: &TreasuryKey, own: &OwnScript) -> Result<KeyPair, SignError> {
        let wrong = || SignError::Key { path: own.path };
        let (_, path): (_, DerivationPath) = key.source(own.path);
        let steps: &[ChildNumber] = path.as_ref();
        let mut derived = self.master.derive_priv(secp, &steps).map_err(|_| wrong())?;
        let secret = derived.private_key;
        derived.private_key.non_secure_erase();
        let public = PublicKey::new(secret.public_key(secp));
        if !own.keys().iter().any(|key| key.public_key == public) {
            return Err(wrong());
        }
        Ok(KeyPair { secret, public })
    }
}

/// A private key, overwritten when it is dropped, and its public key.
struct KeyPair {
    secret: SecretKey,
    public: PublicKey,
}

impl Drop for KeyPair {
    fn drop(&mut self) {
        self.secret.non_secure_erase();
    }
}

impl Drop for SigningKey {
    fn drop(&mut self) {
        self.master.private_key.non_secure_erase();
    }
}

/// What was signed and is not in the journal yet: a finished transaction, or the signatures of one key. It is given out only in
/// exchange for a proof that it is.
///
/// ```compile_fail
/// use coldamp_core::sign::Unrecorded;
/// fn skip(signed: Unrecorded<coldamp_core::signed::SignedFile>) -> coldamp_core::signed::SignedFile {
///     signed.made
/// }
/// ```
pub struct Unrecorded<T> {
    made: T,
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

impl<T> Unrecorded<T> {
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

    fn new(approved: &ApprovedPset, made: T) -> Self {
        let checked = approved.checked();
        let facts = SigningFacts::of(checked, checked.txid());
        let (by, despite) = (approved.by().clone(), approved.despite().to_vec());
        Unrecorded { made, facts, by, despite }
    }
}

impl<T: Recordable> Unrecorded<T> {
    /// Gives out what was signed, with its position in the journal.
    ///
    /// # Errors
    /// When another transaction was recorded.
    pub fn release(self, recorded: Recorded) -> Result<T, SignError> {
        if recorded.txid != self.facts.txid {
            return Err(SignError::Recorded { found: recorded.txid, expected: self.facts.txid });
        }
        Ok(self.made.recorded_at(recorded.position))
    }
}

/// What is written into a file only after the journal has recorded it, and then names the position of that entry.
pub trait Recordable {
    /// The same with its position in the journal.
    #[must_use]
    fn recorded_at(self, position: JournalPosition) -> Self;
}

impl Recordable for SignedFile {
    fn recorded_at(self, position: JournalPosition) -> Self {
        self.with_signers(Signers::One(position))
    }
}

impl Recordable for SignatureSet {
    fn recorded_at(self, position: JournalPosition) -> Self {
        SignatureSet { signer: Some(position), ..self }
    }
}

/// Blinds, signs, finalizes, extracts and reports, for a treasury that asks for one signature.
///
/// # Errors
/// When the treasury asks for more, or anything differs from what was approved. Then nothing is given out.
pub fn sign(
    secp: &Secp,
    approved: ApprovedPset,
    key: &SigningKey,
) -> Result<Unrecorded<SignedFile>, SignError> {
    let checked = approved.checked();
    let file = recompute(secp, checked, key)?;
    same_transaction(file.txid(), checked)?;
    Ok(Unrecorded::new(&approved, file))
}

/// Makes the signatures of one key, of any treasury. Before they are given out, the blinded transaction passes the Extractor's
/// checks and the report's, and every signature is verified over a digest that other code computes.
///
/// # Errors
/// When no key of the treasury comes from this seed, or anything differs from what was approved. Then nothing is given out.
pub fn sign_part(
    secp: &Secp,
    approved: ApprovedPset,
    key: &SigningKey,
) -> Result<Unrecorded<SignatureSet>, SignError> {
    let checked = approved.checked();
    let blinded = Blinder::new(secp, checked)?.blind()?;
    let signatures = own_signatures(secp, checked, &blinded.transaction, key)?;
    let txid = verify_part(secp, checked, blinded, &signatures)?;
    same_transaction(txid, checked)?;
    let part = SignatureSet {
        network: checked.network().chain(),
        content: checked.content().hash(),
        descriptor: checked.descriptor().canonical_hash(),
        txid,
        fingerprint: key.master.fingerprint(secp),
        signatures: signatures.iter().collect(),
        signer: None,
    };
    Ok(Unrecorded::new(&approved, part))
}

fn same_transaction(found: Txid, checked: &CheckedPset) -> Result<(), SignError> {
    match checked.txid() {
        expected if expected == found => Ok(()),
        expected => Err(SignError::Another { found, expected }),
    }
}

/// Makes the signed transaction and its report, which are a function of the PSET and the keys.
pub(super) fn recompute(
    secp: &Secp,
    checked: &CheckedPset,
    key: &SigningKey,
) -> Result<SignedFile, SignError> {
    let threshold = checked.descriptor().threshold();
    if threshold > 1 {
        return Err(SignError::NeedsMore { threshold });
    }
    let blinded = Blinder::new(secp, checked)?.blind()?;
    let signatures = own_signatures(secp, checked, &blinded.transaction, key)?;
    Ok(finish(secp, checked, blinded, &signatures)?)
}

/// The signatures of the one key of the treasury that comes from this seed.
pub(super) fn own_signatures(
    secp: &Secp,
    checked: &CheckedPset,
    transaction: &Transaction,
    key: &SigningKey,
) -> Result<Signatures, SignError> {
    let treasury_key = key.own_key(secp, checked.descriptor())?;
    let mut signatures = Signatures::default();
    // Outputs and proofs, which all inputs sign alike, are hashed once.
    let mut cache = SighashCache::new(transaction);
    let proofs = hash_of_proofs(transaction);
    for (index, input) in checked.effects().inputs.iter().enumerate() {
        let (Some(own), Some(spent)) = (&input.own, &input.spent) else {
            return Err(SignError::Input { index });
        };
        let digest = digest(&mut cache, transaction.lock_time, &proofs, index, own, spent.value)
            .map_err(|error| SignError::Digest { index, reason: error.to_string() })?;
        let pair = key.key_of(secp, treasury_key, own)?;
        let signature = secp.sign_ecdsa_low_r(&Message::from_digest(digest), &pair.secret);
        let mut bytes = signature.serialize_der().to_vec();
        bytes.push(SIGHASH_ALL_RANGEPROOF);
        signatures.add(InputSignature { input: index, key: pair.public, signature: bytes })?;
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
    let script_code = own.script_code();
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
