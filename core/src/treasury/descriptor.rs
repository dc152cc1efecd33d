//! The watch-only CT descriptor: which scripts are the treasury's, at which path, blinded to which key.

mod assemble;
mod error;
mod key;
mod parse;
#[cfg(test)]
mod quorum_tests;
#[cfg(test)]
mod tests;

use std::fmt;

use elements::bitcoin::bip32::{Fingerprint, KeySource};
use elements::hashes::sha256;
use elements::secp256k1_zkp::{self, SecretKey};
use elements::{Address, Script};
use elements_miniscript::descriptor::checksum::desc_checksum;

use super::{Branch, KeyPath, Kind, OwnScript, SpendSize};
use crate::Secp;
use crate::network::Network;

pub use assemble::QuorumForm;
pub use elements_miniscript::confidential::slip77::MasterBlindingKey;
pub use error::DescriptorError;
pub use key::TreasuryKey;

/// A watch-only CT descriptor of a treasury (ELIP-150, ELIP-151): `ct(slip77(…),SCRIPT)`. SCRIPT is `elwpkh(KEY)` or
/// `elsh(wpkh(KEY))` of a single key, or `elwsh(multi(k,KEY,…))`, `elsh(wsh(multi(k,KEY,…)))` or the same with `sortedmulti` of
/// up to 15 keys, of which k sign. Each KEY is `[fingerprint/path]xpub/<0;1>/*`. The descriptor holds the view key, so it is as
/// secret as the amounts.
#[derive(Clone, PartialEq, Eq)]
pub struct CtDescriptor {
    canonical: String,
    template: Template,
    spend_size: SpendSize,
    blinding: MasterBlindingKey,
    keys: Vec<TreasuryKey>,
}

/// What a descriptor says besides its keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Template {
    pub(super) kind: Kind,
    /// How many keys must sign.
    pub(super) threshold: usize,
    /// Whether each script has its keys in the order of their bytes (`sortedmulti`, BIP-67).
    pub(super) is_sorted: bool,
}

impl fmt::Debug for CtDescriptor {
    /// Leaves out the view key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CtDescriptor").field("template", &self.template).finish_non_exhaustive()
    }
}

impl CtDescriptor {
    /// The one way of writing it: no checksum, hardened steps as `h`. What the approval code hashes.
    pub fn canonical(&self) -> &str {
        &self.canonical
    }

    /// SHA-256 of the canonical text.
    pub fn canonical_hash(&self) -> [u8; 32] {
        sha256::Hash::hash(self.canonical.as_bytes()).to_byte_array()
    }

    /// The BIP-380 checksum of the canonical text. It finds slips. It proves no sameness: whoever writes two descriptors can give them
    /// one checksum.
    pub fn checksum(&self) -> String {
        // Only characters outside the descriptor alphabet have no checksum, and those do not parse.
        desc_checksum(&self.canonical).unwrap_or_default()
    }

    /// The canonical text with its BIP-380 checksum.
    pub fn with_checksum(&self) -> String {
        format!("{}#{}", self.canonical, self.checksum())
    }

    /// One branch as Elements Core reads it, which knows neither `ct(…)` nor the `el` prefix nor `<0;1>`:
    /// `wpkh([…]xpub…/0/*)`.
    pub fn node_range_descriptor(&self, branch: Branch) -> String {
        let inner = self.canonical.split_once("),el").map_or("", |(_, inner)| inner);
        let inner = inner.strip_suffix(')').unwrap_or(inner);
        inner.replace("<0;1>", &branch.number().to_string())
    }

    /// The kind of script.
    pub fn kind(&self) -> Kind {
        self.template.kind
    }

    /// How many keys must sign; 1 of a single key.
    pub fn threshold(&self) -> usize {
        self.template.threshold
    }

    /// Its keys, in the order of the text.
    pub fn keys(&self) -> &[TreasuryKey] {
        &self.keys
    }

    /// The most bytes that spending a coin takes.
    pub fn spend_size(&self) -> SpendSize {
        self.spend_size
    }

    /// The SLIP-77 master blinding key: opens every coin of the treasury and keys its blinding.
    pub fn master_blinding_key(&self) -> MasterBlindingKey {
        self.blinding
    }

    /// The origins of its keys as descriptors write them, for messages: `[73c5da0a/84h/1h/0h]`.
    pub fn origins(&self) -> String {
        let origins: Vec<String> = self.keys.iter().map(TreasuryKey::origin).collect();
        origins.join(", ")
    }

    /// The fingerprints of its master keys, for screens.
    pub fn fingerprints(&self) -> String {
        let fingerprints: Vec<String> = self.keys.iter().map(|key| key.fingerprint().to_string()).collect();
        fingerprints.join(", ")
    }

    /// Whether a fingerprint is that of one of its master keys.
    pub fn has_fingerprint(&self, fingerprint: Fingerprint) -> bool {
        self.keys.iter().any(|key| key.fingerprint() == fingerprint)
    }

    /// The path that a key source names, when its fingerprint is that of a key of the treasury and it lies below that key's
    /// account.
    pub fn path_of(&self, source: &KeySource) -> Option<KeyPath> {
        self.keys.iter().find_map(|key| key.path_of(source))
    }

    /// Derives the script at a path.
    ///
    /// # Errors
    /// When the index is 2^31 or more.
    pub fn script_at(&self, secp: &Secp, path: KeyPath) -> Result<OwnScript, DescriptorError> {
        let keys = self.keys.iter().map(|key| key.at(secp, path)).collect::<Result<_, _>>()?;
        OwnScript::of_keys(path, self.template, keys).map_err(|_| DescriptorError::ScriptTypeUnsupported {
            found: self.template.kind.name().to_owned(),
        })
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
