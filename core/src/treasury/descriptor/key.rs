//! One key of a descriptor: whose it is, and what is derived from it.

use elements::bitcoin::PublicKey;
use elements::bitcoin::bip32::{ChildNumber, DerivationPath, Fingerprint, KeySource, Xpub};
use elements::secp256k1_zkp;
use elements_miniscript::DescriptorPublicKey;
use elements_miniscript::descriptor::Wildcard;

use super::DescriptorError;
use crate::Secp;
use crate::network::Chain;
use crate::treasury::{Branch, KeyPath, OwnKey};

/// A key of a descriptor, `[fingerprint/path]xpub/<0;1>/*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreasuryKey {
    fingerprint: Fingerprint,
    account: DerivationPath,
    xpub: Xpub,
    /// Both branches, so that a script takes one derivation of each key.
    branches: [Xpub; 2],
}

impl TreasuryKey {
    /// Reads a key that the library parsed. `which` names it in messages.
    pub(super) fn read(
        key: &DescriptorPublicKey,
        which: &str,
        chain: Chain,
    ) -> Result<Self, DescriptorError> {
        let shape = |problem| DescriptorError::KeyShape { which: which.to_owned(), problem };
        let DescriptorPublicKey::MultiXPub(key) = key else {
            return Err(shape("has no /<0;1>/*"));
        };
        if key.xkey.network != chain.key_kind() {
            let found = if chain == Chain::Liquid { "a test network" } else { "liquid" };
            return Err(DescriptorError::WrongNetwork { which: which.to_owned(), found, expected: chain });
        }
        let Some((fingerprint, account)) = key.origin.clone() else {
            return Err(shape("has no origin"));
        };
        let step =
            |branch: Branch| DerivationPath::from(vec![ChildNumber::Normal { index: branch.number() }]);
        let branches_are_0_and_1 =
            key.derivation_paths.paths().as_slice() == [step(Branch::External), step(Branch::Internal)];
        if !branches_are_0_and_1 || key.wildcard != Wildcard::Unhardened {
            return Err(shape("has no /<0;1>/*"));
        }
        let derive = |branch: Branch| {
            let derived = key.xkey.derive_pub(secp256k1_zkp::SECP256K1, &step(branch));
            derived.map_err(|_| shape("cannot be derived"))
        };
        let branches = [derive(Branch::External)?, derive(Branch::Internal)?];
        Ok(TreasuryKey { fingerprint, account, xpub: key.xkey, branches })
    }

    /// Fingerprint of the master key (BIP-32).
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// Path from the master key to the account key, e.g. 84h/1776h/0h.
    pub fn account(&self) -> &DerivationPath {
        &self.account
    }

    /// The account key.
    pub fn xpub(&self) -> &Xpub {
        &self.xpub
    }

    /// The origin as descriptors write it, `[73c5da0a/84h/1h/0h]`.
    pub fn origin(&self) -> String {
        format!("[{}/{}]", self.fingerprint, self.account.to_string().replace('\'', "h"))
    }

    /// The whole origin of the key at a path, as PSETs carry it (BIP-174 PSBT_IN_BIP32_DERIVATION).
    pub fn source(&self, path: KeyPath) -> KeySource {
        // `KeyPath::index` was below 2^31 when the script was derived; one that is not names no key of ours.
        let steps = [path.branch.number(), path.index].map(|index| ChildNumber::Normal { index });
        (self.fingerprint, self.account.extend(steps))
    }

    /// The path that a key source names, when its fingerprint is this key's and it lies below the account.
    pub(super) fn path_of(&self, source: &KeySource) -> Option<KeyPath> {
        let (fingerprint, path) = source;
        let steps: &[ChildNumber] = path.as_ref();
        let account: &[ChildNumber] = self.account.as_ref();
        match steps.strip_prefix(account) {
            Some([ChildNumber::Normal { index: branch }, ChildNumber::Normal { index }])
                if *fingerprint == self.fingerprint =>
            {
                Branch::from_number(*branch).map(|branch| KeyPath { branch, index: *index })
            }
            _ => None,
        }
    }

    /// Derives the public key at a path.
    pub(super) fn at(&self, secp: &Secp, path: KeyPath) -> Result<OwnKey, DescriptorError> {
        let bad_index = || DescriptorError::Index { index: path.index };
        let child = ChildNumber::from_normal_idx(path.index).map_err(|_| bad_index())?;
        let [external, internal] = &self.branches;
        let branch = match path.branch {
            Branch::External => external,
            Branch::Internal => internal,
        };
        let public_key = PublicKey::new(branch.ckd_pub(secp, child).map_err(|_| bad_index())?.public_key);
        Ok(OwnKey { public_key, source: self.source(path) })
    }
}
