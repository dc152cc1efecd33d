//! The seed of a treasury and all that follows from it: master key, account key, SLIP-77 view key, descriptor.

use bip39::Mnemonic;
use coldamp_core::Secp;
use coldamp_core::elements::bitcoin::bip32::{ChildNumber, DerivationPath, Fingerprint, Xpriv, Xpub};
use coldamp_core::network::{Chain, Network};
use coldamp_core::sign::SigningKey;
use coldamp_core::sign::review::ApproverSecret;
use coldamp_core::treasury::{CtDescriptor, DescriptorError, ScriptType};
use elements_miniscript::confidential::slip77::MasterBlindingKey;
use secrecy::{ExposeSecret as _, SecretBox, SecretString};

use super::ChainId;
use crate::journal::JournalKey;

/// The keys of a seed. Holds the seed; a key lives only as long as the call that derives it.
pub(crate) struct Account {
    seed: SecretBox<[u8; 64]>,
    network: Network,
    script_type: ScriptType,
}

/// Why a seed gives no account. Both are possible and too unlikely to occur.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AccountError {
    /// A hash of BIP-32 that is no private key: one in 2^127.
    #[error("no key can be derived from this seed")]
    Derivation,
    /// The descriptor that was made of the keys does not parse.
    #[error("the descriptor of this seed is refused: {0}")]
    Descriptor(#[from] DescriptorError),
}

/// A private extended key that is wiped when it is dropped. rust-bitcoin makes copies of its own while it derives,
/// which nobody can wipe.
struct PrivateKey(Xpriv);

impl Drop for PrivateKey {
    fn drop(&mut self) {
        self.0.private_key.non_secure_erase();
    }
}

/// The script type of a name.
pub(crate) fn script_type_named(name: &str) -> Option<ScriptType> {
    [ScriptType::Wpkh, ScriptType::ShWpkh].into_iter().find(|known| known.name() == name)
}

/// m/48h/COINh/0h/2h: the account of one signer of several, in segwit v0 (BIP-48).
pub(crate) fn cosigner_path(chain: Chain) -> DerivationPath {
    let steps = [48, chain.coin_type(), 0, 2].map(|index| ChildNumber::Hardened { index });
    DerivationPath::from(steps.as_slice())
}

/// m/84h/COINh/0h (BIP-84) or m/49h/COINh/0h (BIP-49).
fn account_path(chain: Chain, script_type: ScriptType) -> DerivationPath {
    let purpose = match script_type {
        ScriptType::Wpkh => 84,
        ScriptType::ShWpkh => 49,
    };
    let steps = [purpose, chain.coin_type(), 0].map(|index| ChildNumber::Hardened { index });
    DerivationPath::from(steps.as_slice())
}

impl Account {
    /// Makes the seed of BIP-39.
    pub(crate) fn new(
        mnemonic: &Mnemonic,
        bip39_passphrase: Option<&SecretString>,
        network: Network,
        script_type: ScriptType,
    ) -> Self {
        let passphrase = bip39_passphrase.map(|secret| secret.expose_secret()).unwrap_or_default();
        let seed = SecretBox::new(Box::new(mnemonic.to_seed(passphrase)));
        Account { seed, network, script_type }
    }

    /// The network its keys are for.
    pub(crate) fn network(&self) -> &Network {
        &self.network
    }

    /// Fingerprint of the master key (BIP-32): four bytes that name a seed.
    ///
    /// # Errors
    /// When no key comes from the seed.
    pub(crate) fn fingerprint(&self, secp: &Secp) -> Result<Fingerprint, AccountError> {
        Ok(self.master()?.0.fingerprint(secp))
    }

    /// The public key at a path with its origin, as descriptors write it: `[73c5da0a/48h/1h/0h/2h]tpub…`.
    ///
    /// # Errors
    /// When no key comes from the seed.
    pub(crate) fn public_key(&self, secp: &Secp, path: &DerivationPath) -> Result<String, AccountError> {
        let master = self.master()?;
        let account = PrivateKey(master.0.derive_priv(secp, path).map_err(|_| AccountError::Derivation)?);
        let public = Xpub::from_priv(secp, &account.0);
        let steps = path.to_string().replace('\'', "h");
        Ok(format!("[{}/{steps}]{public}", master.0.fingerprint(secp)))
    }

    /// The watch-only CT descriptor (ELIP-150, ELIP-151) of the treasury that this one key signs for.
    ///
    /// # Errors
    /// When no key comes from the seed.
    pub(crate) fn descriptor(&self, secp: &Secp) -> Result<CtDescriptor, AccountError> {
        let chain = self.network.chain();
        let key = self.public_key(secp, &account_path(chain, self.script_type))?;
        let key = format!("{key}/<0;1>/*");
        let view_key = MasterBlindingKey::from_seed(self.seed.expose_secret());
        let script = match self.script_type {
            ScriptType::Wpkh => format!("elwpkh({key})"),
            ScriptType::ShWpkh => format!("elsh(wpkh({key}))"),
        };
        Ok(CtDescriptor::parse(&format!("ct(slip77({view_key}),{script})"), chain)?)
    }

    /// The master key, in core's hands: it derives the key of each input and wipes its own copy.
    ///
    /// # Errors
    /// When no key comes from the seed.
    pub(crate) fn signing_key(&self) -> Result<SigningKey, AccountError> {
        Ok(SigningKey::new(self.master()?.0))
    }

    /// What the MACs of this seed's chain are made with.
    pub(crate) fn journal_key(&self, chain_id: ChainId) -> JournalKey {
        JournalKey::of(self.seed.expose_secret(), chain_id.bytes())
    }

    /// The key with which this seed approves for other treasuries.
    ///
    /// # Errors
    /// When no key comes from the seed.
    pub(crate) fn approver(&self, secp: &Secp) -> Result<ApproverSecret, AccountError> {
        ApproverSecret::from_seed(secp, self.seed.expose_secret()).ok_or(AccountError::Derivation)
    }

    /// The master key of BIP-32.
    fn master(&self) -> Result<PrivateKey, AccountError> {
        Xpriv::new_master(self.network.chain().key_kind(), self.seed.expose_secret())
            .map(PrivateKey)
            .map_err(|_| AccountError::Derivation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keystore::mnemonic;

    const WORDS: &str =
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

    fn descriptor(chain: Chain, script_type: ScriptType, passphrase: Option<&str>) -> String {
        let passphrase = passphrase.map(SecretString::from);
        let words = mnemonic::parse(WORDS).unwrap();
        let account = Account::new(&words, passphrase.as_ref(), Network::new(chain), script_type);
        account.descriptor(&Secp::new()).unwrap().canonical().to_owned()
    }

    #[test]
    fn the_descriptors_are_those_of_the_recorded_wallets() {
        // scenarios/wpkh/wallet.json and scenarios/sh-wpkh/wallet.json.
        assert_eq!(
            descriptor(Chain::Regtest, ScriptType::Wpkh, None),
            "ct(slip77(9c8e4f05c7711a98c838be228bcb84924d4570ca53f35fa1c793e58841d47023),elwpkh([73c5da0a/84h/1h/0h]tpubDC8msFGeGuwnKG9Upg7DM2b4DaRqg3CUZa5g8v2SRQ6K4NSkxUgd7HsL2XVWbVm39yBA4LAxysQAm397zwQSQoQgewGiYZqrA9DsP4zbQ1M/<0;1>/*))"
        );
        assert_eq!(
            descriptor(Chain::Regtest, ScriptType::ShWpkh, None),
            "ct(slip77(9c8e4f05c7711a98c838be228bcb84924d4570ca53f35fa1c793e58841d47023),elsh(wpkh([73c5da0a/49h/1h/0h]tpubDD7tXK8KeQ3YY83yWq755fHY2JW8Ha8Q765tknUM5rSvjPcGWfUppDFMpQ1ScziKfW3ZNtZvAD7M3u7bSs7HofjTD3KP3YxPK7X6hwV8Rk2/<0;1>/*)))"
        );
    }

    #[test]
    fn liquid_has_its_own_coin_type_and_key_version() {
        let liquid = descriptor(Chain::Liquid, ScriptType::Wpkh, None);
        assert!(liquid.contains("[73c5da0a/84h/1776h/0h]xpub"));
        assert!(descriptor(Chain::LiquidTestnet, ScriptType::ShWpkh, None).contains("/49h/1h/0h]tpub"));
    }

    #[test]
    fn a_bip_39_passphrase_is_normalized_and_makes_another_wallet() {
        let with = |passphrase| descriptor(Chain::Regtest, ScriptType::Wpkh, Some(passphrase));
        // One é or e with an accent: the same passphrase to whoever types it (BIP-39: NFKD).
        assert_eq!(with("caf\u{e9}"), with("cafe\u{301}"));
        assert_ne!(with("caf\u{e9}"), descriptor(Chain::Regtest, ScriptType::Wpkh, None));
    }

    #[test]
    fn script_types_have_one_name_each() {
        assert_eq!(script_type_named("wpkh"), Some(ScriptType::Wpkh));
        assert_eq!(script_type_named("sh-wpkh"), Some(ScriptType::ShWpkh));
        assert_eq!(script_type_named("wsh"), None);
    }
}
