//! The keystore: the words of one signer, with the network they are for, in one file. They are the only key of a treasury, or one of
//! several: then the treasury's descriptor is registered in the journal.
//!
//! The file is a standard age file under a passphrase (scrypt), so that `age -d` opens it without us; `age_file`
//! seals and opens it. Its plaintext is text, a line a fact; `plaintext` documents, writes and parses it. The words and the BIP-39
//! passphrase, which is never stored, make the seed, and the seed makes the `Account`: every key and the watch-only
//! descriptor. The way:
//!
//! ```text
//! words, BIP-39 passphrase ─► Keystore ─ passphrase ─► file
//! file ─ passphrase ─► Keystore ─ BIP-39 passphrase, fingerprint checked ─► OpenedKeystore
//! ```
//!
//! Whoever has the file and its passphrase has the words: nothing here guards against the key holder.

use bip39::Mnemonic;
use coldamp_core::Secp;
use coldamp_core::elements::bitcoin::bip32::{DerivationPath, Fingerprint};
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::network::Network;
use coldamp_core::sign::SigningKey;
use coldamp_core::sign::review::ApproverSecret;
use coldamp_core::treasury::{CtDescriptor, ScriptType};
use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::journal::{Created, JournalKey, KeystoreOrigin};

mod account;
mod age_file;
mod chain_id;
mod mnemonic;
mod plaintext;

pub(crate) use account::{Account, AccountError, cosigner_path, script_type_named};
pub(crate) use age_file::{AgeFileError, SealError, open as open_age_file, seal as seal_age_file};
pub(crate) use chain_id::ChainId;
pub(crate) use mnemonic::{WordCount, parse as parse_mnemonic};
pub(crate) use plaintext::PlaintextError;

/// Bytes that a keystore may have; 24 words make one of less than 600.
pub(crate) const MAX_KEYSTORE_BYTES: usize = 16 * 1024;

/// Whether a plaintext is a keystore; one that is must be written to the same bytes again.
pub(crate) fn reads_back(bytes: &[u8]) -> bool {
    plaintext::parse(bytes).is_ok_and(|keystore| plaintext::write(&keystore).as_bytes() == bytes)
}

/// What the file says, decrypted and well-formed. The words alone are no wallet yet: see [`Keystore::unlock`].
pub(crate) struct Keystore {
    network: Network,
    script_type: ScriptType,
    fingerprint: Fingerprint,
    chain_id: ChainId,
    has_bip39_passphrase: bool,
    mnemonic: Mnemonic,
}

/// A keystore whose seed is known to be the one that it was made with.
pub(crate) struct OpenedKeystore {
    account: Account,
    fingerprint: Fingerprint,
    descriptor: CtDescriptor,
    chain_id: ChainId,
}

/// Why a keystore does not open.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeystoreError {
    /// The file does not decrypt.
    #[error(transparent)]
    AgeFile(#[from] AgeFileError),
    /// It decrypts to something else.
    #[error(transparent)]
    Plaintext(#[from] PlaintextError),
    /// Ignoring it would open another wallet than the operator means.
    #[error("it was made without a BIP-39 passphrase, and one was given")]
    Bip39PassphraseUnexpected,
    /// As above, the other way round.
    #[error("it was made with a BIP-39 passphrase, and none was given")]
    Bip39PassphraseMissing,
    /// The BIP-39 passphrase is another one than the keystore was made with.
    #[error("with this BIP-39 passphrase its words are the wallet {found}; it was made for {expected}")]
    Bip39PassphraseWrong {
        /// The master fingerprint that came out.
        found: Fingerprint,
        /// The one it was made with.
        expected: Fingerprint,
    },
    /// No BIP-39 passphrase is at play: the words or the fingerprint were edited.
    #[error("its words are the wallet {found}, its fingerprint says {expected}")]
    FingerprintMismatch {
        /// The master fingerprint that came out.
        found: Fingerprint,
        /// The one in the keystore.
        expected: Fingerprint,
    },
    /// No keys come from this seed.
    #[error(transparent)]
    Account(#[from] AccountError),
}

impl Keystore {
    /// A new keystore for the words of a backup, with a new journal chain.
    ///
    /// # Errors
    /// When no key comes from their seed.
    pub(crate) fn restore(
        secp: &Secp,
        mnemonic: Mnemonic,
        bip39_passphrase: Option<&SecretString>,
        network: Network,
        script_type: ScriptType,
        chain_id: ChainId,
    ) -> Result<Self, AccountError> {
        let fingerprint =
            Account::new(&mnemonic, bip39_passphrase, network, script_type).fingerprint(secp)?;
        let has_bip39_passphrase = bip39_passphrase.is_some();
        Ok(Keystore { network, script_type, fingerprint, chain_id, has_bip39_passphrase, mnemonic })
    }

    /// What its file holds, encrypted there.
    pub(crate) fn plaintext(&self) -> Zeroizing<String> {
        plaintext::write(self)
    }

    /// Reads what [`Keystore::plaintext`] gave.
    ///
    /// # Errors
    /// When it is no keystore.
    pub(crate) fn parse(plaintext: &[u8]) -> Result<Self, PlaintextError> {
        plaintext::parse(plaintext)
    }

    /// The bytes of its file.
    ///
    /// # Errors
    /// When age does not encrypt.
    pub(crate) fn seal(&self, passphrase: SecretString) -> Result<Vec<u8>, SealError> {
        age_file::seal(plaintext::write(self).as_bytes(), passphrase)
    }

    /// Decrypts and reads the bytes of a keystore file.
    ///
    /// # Errors
    /// When they are no age file under this passphrase, or hold no keystore.
    pub(crate) fn open(file: &[u8], passphrase: SecretString) -> Result<Self, KeystoreError> {
        let plaintext = age_file::open(file, passphrase)?;
        Ok(plaintext::parse(&plaintext)?)
    }

    /// Whether the seed takes a BIP-39 passphrase besides the words.
    pub(crate) fn has_bip39_passphrase(&self) -> bool {
        self.has_bip39_passphrase
    }

    /// Makes the seed, and proves by the stored fingerprint that it is the right one: BIP-39 itself accepts every
    /// passphrase and answers a mistyped one with an empty wallet.
    ///
    /// # Errors
    /// When the seed is another one, or a BIP-39 passphrase is given or missing against what the keystore says.
    pub(crate) fn unlock(
        self,
        secp: &Secp,
        bip39_passphrase: Option<&SecretString>,
    ) -> Result<OpenedKeystore, KeystoreError> {
        match bip39_passphrase {
            Some(_) if !self.has_bip39_passphrase => return Err(KeystoreError::Bip39PassphraseUnexpected),
            None if self.has_bip39_passphrase => return Err(KeystoreError::Bip39PassphraseMissing),
            _ => {}
        }
        let account = Account::new(&self.mnemonic, bip39_passphrase, self.network, self.script_type);
        let (found, expected) = (account.fingerprint(secp)?, self.fingerprint);
        if found != expected {
            return Err(match bip39_passphrase {
                Some(_) => KeystoreError::Bip39PassphraseWrong { found, expected },
                None => KeystoreError::FingerprintMismatch { found, expected },
            });
        }
        let descriptor = account.descriptor(secp)?;
        Ok(OpenedKeystore { account, fingerprint: found, descriptor, chain_id: self.chain_id })
    }
}

impl OpenedKeystore {
    /// The network its keys are for.
    pub(crate) fn network(&self) -> &Network {
        self.account.network()
    }

    /// The watch-only CT descriptor of the treasury that this one key signs for. Where a treasury is registered, the keystore signs
    /// for that one and not for this: commands ask the journal (`commands::unlock::treasury`).
    pub(crate) fn account_descriptor(&self) -> &CtDescriptor {
        &self.descriptor
    }

    /// Fingerprint of the master key.
    pub(crate) fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// The public key at a path with its origin, as descriptors write it.
    ///
    /// # Errors
    /// When no key comes from the seed.
    pub(crate) fn public_key(&self, secp: &Secp, path: &DerivationPath) -> Result<String, AccountError> {
        self.account.public_key(secp, path)
    }

    /// The key that signs.
    ///
    /// # Errors
    /// When no key comes from the seed.
    pub(crate) fn signing_key(&self) -> Result<SigningKey, AccountError> {
        self.account.signing_key()
    }

    /// What the MACs of its chain are made with.
    pub(crate) fn journal_key(&self) -> JournalKey {
        self.account.journal_key(self.chain_id)
    }

    /// What the first entry of its chain says, as one that came to be in this way.
    pub(crate) fn creation(&self, origin: KeystoreOrigin) -> Created {
        let network = self.network();
        Created {
            version: 1,
            chain: self.chain_id.to_string(),
            network: network.chain().name().to_owned(),
            policy_asset: network.policy_asset().to_string(),
            fingerprint: self.fingerprint.to_string(),
            descriptor: self.descriptor.canonical_hash().to_lower_hex_string(),
            origin,
        }
    }

    /// The key with which its owner approves for other treasuries.
    ///
    /// # Errors
    /// When no key comes from the seed.
    pub(crate) fn approver(&self, secp: &Secp) -> Result<ApproverSecret, AccountError> {
        self.account.approver(secp)
    }

    /// Which journal chain belongs to it.
    pub(crate) fn chain_id(&self) -> ChainId {
        self.chain_id
    }
}
