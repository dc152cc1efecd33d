//! The watch-only CT descriptor: which scripts are the treasury's, at which path, blinded to which key.

mod error;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use elements::bitcoin::PublicKey;
use elements::bitcoin::bip32::{ChildNumber, DerivationPath, Fingerprint, KeySource, Xpub};
use elements::hashes::sha256;
use elements::secp256k1_zkp::{self, SecretKey};
use elements::{Address, Script};
use elements_miniscript::confidential::Key;
use elements_miniscript::descriptor::DescriptorType;
use elements_miniscript::descriptor::checksum::desc_checksum;
use elements_miniscript::{ConfidentialDescriptor, DescriptorPublicKey, ForEachKey, NoExt};

use super::{Branch, KeyPath, OwnScript, ScriptType};
use crate::Secp;
use crate::network::{Chain, Network};

pub use elements_miniscript::confidential::slip77::MasterBlindingKey;
pub use error::DescriptorError;
use error::without_keys;

/// A watch-only CT descriptor of a single-key treasury (ELIP-150, ELIP-151): `ct(slip77(…),elwpkh(…/<0;1>/*))` or
/// `ct(slip77(…),elsh(wpkh(…/<0;1>/*)))`. It holds the view key, so it is as secret as the amounts.
#[derive(Clone, PartialEq, Eq)]
pub struct CtDescriptor {
    canonical: String,
    script_type: ScriptType,
    blinding: MasterBlindingKey,
    fingerprint: Fingerprint,
    account: DerivationPath,
    branches: [Xpub; 2],
}

impl fmt::Debug for CtDescriptor {
    /// Leaves out the view key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CtDescriptor").field("script_type", &self.script_type).finish_non_exhaustive()
    }
}

impl CtDescriptor {
    /// Reads a descriptor, with or without checksum, hardened steps written `h`, `H` or `'`.
    ///
    /// # Errors
    /// When it is no CT descriptor, not of a single-key segwit v0 script with SLIP-77 blinding, or of another network.
    pub fn parse(text: &str, chain: Chain) -> Result<Self, DescriptorError> {
        let text = with_small_marks(text.trim())?;
        let parsed = ConfidentialDescriptor::<DescriptorPublicKey, NoExt>::from_str(&text)
            .map_err(|error| DescriptorError::Unreadable { reason: without_keys(&error.to_string()) })?;
        let Key::Slip77(blinding) = parsed.key else {
            return Err(DescriptorError::NotSlip77);
        };
        let script_type = match parsed.descriptor.desc_type() {
            DescriptorType::Wpkh => ScriptType::Wpkh,
            DescriptorType::ShWpkh => ScriptType::ShWpkh,
            other => return Err(DescriptorError::ScriptTypeUnsupported { found: format!("{other:?}") }),
        };
        let mut keys = Vec::new();
        parsed.descriptor.for_each_key(|key| {
            keys.push(key.clone());
            true
        });
        let [DescriptorPublicKey::MultiXPub(key)] = keys.as_slice() else {
            return Err(DescriptorError::KeyShape { problem: "has no /<0;1>/*" });
        };
        if key.xkey.network != chain.key_kind() {
            let found = if chain == Chain::Liquid { "a test network" } else { "liquid" };
            return Err(DescriptorError::WrongNetwork { found, expected: chain });
        }
        let Some((fingerprint, account)) = key.origin.clone() else {
            return Err(DescriptorError::KeyShape { problem: "has no origin" });
        };
        let step =
            |branch: Branch| DerivationPath::from(vec![ChildNumber::Normal { index: branch.number() }]);
        let branches_are_0_and_1 =
            key.derivation_paths.paths().as_slice() == [step(Branch::External), step(Branch::Internal)];
        if !branches_are_0_and_1 || key.wildcard != elements_miniscript::descriptor::Wildcard::Unhardened {
            return Err(DescriptorError::KeyShape { problem: "has no /<0;1>/*" });
        }
        let derive = |branch: Branch| {
            key.xkey
                .derive_pub(secp256k1_zkp::SECP256K1, &step(branch))
                .map_err(|_| DescriptorError::KeyShape { problem: "cannot be derived" })
        };
        let branches = [derive(Branch::External)?, derive(Branch::Internal)?];
        // Hardened marks are the one thing that equal descriptors may write differently.
        let canonical = format!("{parsed:#}").replace('\'', "h");
        Ok(CtDescriptor { canonical, script_type, blinding, fingerprint, account, branches })
    }

    /// The one way of writing it: no checksum, hardened steps as `h`. What the approval code hashes.
    pub fn canonical(&self) -> &str {
        &self.canonical
    }

    /// SHA-256 of the canonical text.
    pub fn canonical_hash(&self) -> [u8; 32] {
        sha256::Hash::hash(self.canonical.as_bytes()).to_byte_array()
    }

    /// The canonical text with its BIP-380 checksum.
    pub fn with_checksum(&self) -> String {
        match desc_checksum(&self.canonical) {
            Ok(checksum) => format!("{}#{checksum}", self.canonical),
            // Only characters outside the descriptor alphabet have no checksum, and those do not parse.
            Err(_) => self.canonical.clone(),
        }
    }

    /// One branch as Elements Core reads it, which knows neither `ct(…)` nor the `el` prefix nor `<0;1>`:
    /// `wpkh([…]xpub…/0/*)`.
    pub fn node_range_descriptor(&self, branch: Branch) -> String {
        let inner = self.canonical.split_once("),el").map_or("", |(_, inner)| inner);
        let inner = inner.strip_suffix(')').unwrap_or(inner);
        inner.replace("<0;1>", &branch.number().to_string())
    }

    /// The kind of script.
    pub fn script_type(&self) -> ScriptType {
        self.script_type
    }

    /// The SLIP-77 master blinding key: opens every coin of the treasury and keys its blinding.
    pub fn master_blinding_key(&self) -> MasterBlindingKey {
        self.blinding
    }

    /// Fingerprint of the master key (BIP-32).
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// Path from the master key to the account key, e.g. 84h/1776h/0h.
    pub fn account(&self) -> &DerivationPath {
        &self.account
    }

    /// The key's origin as descriptors write it, `[73c5da0a/84h/1h/0h]`.
    pub fn origin(&self) -> String {
        format!("[{}/{}]", self.fingerprint, self.account.to_string().replace('\'', "h"))
    }

    /// The whole origin of the key at a path, as PSETs carry it (BIP-174 PSBT_IN_BIP32_DERIVATION).
    pub fn key_source(&self, path: KeyPath) -> KeySource {
        // `KeyPath::index` was below 2^31 when the script was derived; one that is not names no key of ours.
        let steps = [path.branch.number(), path.index].map(|index| ChildNumber::Normal { index });
        (self.fingerprint, self.account.extend(steps))
    }

    /// The path that a key source names, when its fingerprint is ours and it lies below the account.
    pub fn path_of(&self, source: &KeySource) -> Option<KeyPath> {
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

    /// Derives the script at a path.
    ///
    /// # Errors
    /// When the index is 2^31 or more.
    pub fn script_at(&self, secp: &Secp, path: KeyPath) -> Result<OwnScript, DescriptorError> {
        let bad_index = || DescriptorError::Index { index: path.index };
        let child = ChildNumber::from_normal_idx(path.index).map_err(|_| bad_index())?;
        let [external, internal] = &self.branches;
        let branch = match path.branch {
            Branch::External => external,
            Branch::Internal => internal,
        };
        let public_key = PublicKey::new(branch.ckd_pub(secp, child).map_err(|_| bad_index())?.public_key);
        Ok(OwnScript::of_key(path, public_key, self.script_type))
    }

    /// The SLIP-77 blinding private key of a script.
    pub fn blinding_private_key(&self, script_pubkey: &Script) -> SecretKey {
        self.blinding.blinding_private_key(script_pubkey)
    }

    /// The SLIP-77 blinding public key of a script: what a confidential address of the treasury carries.
    pub fn blinding_key(&self, secp: &Secp, script_pubkey: &Script) -> secp256k1_zkp::PublicKey {
        self.blinding.blinding_key(secp, script_pubkey)
    }

    /// The confidential address at a path.
    ///
    /// # Errors
    /// When the index is 2^31 or more.
    pub fn address_at(
        &self,
        secp: &Secp,
        path: KeyPath,
        network: &Network,
    ) -> Result<Address, DescriptorError> {
        let own = self.script_at(secp, path)?;
        let blinding_key = self.blinding_key(secp, &own.script_pubkey);
        Address::from_script(&own.script_pubkey, Some(blinding_key), network.address_params())
            .ok_or(DescriptorError::Index { index: path.index })
    }
}

/// Hardened steps of the key's origin written `h` instead of `H`, which BIP-380 leaves out and the library does not read,
/// though it can mean nothing else. A checksum is one of the text as it was given, so it is verified before that.
fn with_small_marks(text: &str) -> Result<Cow<'_, str>, DescriptorError> {
    let marked = text.split_once('[').and_then(|(before, rest)| {
        let (origin, behind) = rest.split_once(']')?;
        origin.contains('H').then(|| format!("{before}[{}]{behind}", origin.replace('H', "h")))
    });
    let Some(marked) = marked else { return Ok(Cow::Borrowed(text)) };
    let Some((given, checksum)) = text.split_once('#') else { return Ok(Cow::Owned(marked)) };
    if desc_checksum(given).ok().as_deref() != Some(checksum) {
        let reason = "its checksum is not that of its text".to_owned();
        return Err(DescriptorError::Unreadable { reason });
    }
    let without = marked.split_once('#').map_or(marked.as_str(), |(without, _)| without);
    Ok(Cow::Owned(without.to_owned()))
}

#[cfg(test)]
mod tests;
