//! One of the treasury's scripts, with all that spending and reporting it needs.

use elements::bitcoin::{CompressedPublicKey, PublicKey};
use elements::{PubkeyHash, Script, ScriptHash};
use elements_miniscript::descriptor::checksum::desc_checksum;

use super::{CtDescriptor, KeyPath};

/// The kind of script a single-key treasury receives to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScriptType {
    /// `elwpkh`, BIP-84.
    Wpkh,
    /// `elsh(wpkh)`, BIP-49.
    ShWpkh,
}

impl ScriptType {
    /// The name in files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            ScriptType::Wpkh => "wpkh",
            ScriptType::ShWpkh => "sh-wpkh",
        }
    }

    /// Bytes of the script: a witness program with a hash of 20 bytes (BIP-141), or the hash of a script (BIP-16).
    pub fn script_length(self) -> usize {
        match self {
            ScriptType::Wpkh => 22,
            ScriptType::ShWpkh => 23,
        }
    }
}

/// One of the treasury's scripts with all that spending and reporting it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnScript {
    /// The path of its key.
    pub path: KeyPath,
    /// The script that outputs carry.
    pub script_pubkey: Script,
    /// Of `sh(wpkh)`: the witness program that the script hash commits to.
    pub redeem_script: Option<Script>,
    /// The key that spends it.
    pub public_key: PublicKey,
}

impl OwnScript {
    /// The script of a key.
    pub(super) fn of_key(path: KeyPath, public_key: PublicKey, script_type: ScriptType) -> Self {
        let program = witness_program(&public_key);
        let (script_pubkey, redeem_script) = match script_type {
            ScriptType::Wpkh => (program, None),
            ScriptType::ShWpkh => (Script::new_p2sh(&ScriptHash::hash_script(&program)), Some(program)),
        };
        OwnScript { path, script_pubkey, redeem_script, public_key }
    }

    /// HASH160 of its key.
    pub fn public_key_hash(&self) -> PubkeyHash {
        self.public_key.pubkey_hash()
    }

    /// The concrete descriptor with origin and checksum as the node's `listunspent` prints it, e.g.
    /// `wpkh([73c5da0a/84'/1'/0'/1/5]02…)#chk`.
    pub fn node_descriptor(&self, descriptor: &CtDescriptor) -> String {
        let (fingerprint, path) = descriptor.key_source(self.path);
        let key = format!("[{fingerprint}/{}]{}", path.to_string().replace('h', "'"), self.public_key);
        let text = match descriptor.script_type() {
            ScriptType::Wpkh => format!("wpkh({key})"),
            ScriptType::ShWpkh => format!("sh(wpkh({key}))"),
        };
        match desc_checksum(&text) {
            Ok(checksum) => format!("{text}#{checksum}"),
            Err(_) => text,
        }
    }
}

/// `OP_0 <hash160 of the key>` (BIP-141).
fn witness_program(public_key: &PublicKey) -> Script {
    Script::new_v0_wpkh(&CompressedPublicKey(public_key.inner).wpubkey_hash())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::treasury::Branch;

    #[test]
    fn a_script_has_the_length_of_its_kind() {
        let key = "02eeed205a69022fed4a62a02457f3699b19c06bf74bf801acc6d9ae84bc16a9e1".parse().unwrap();
        for script_type in [ScriptType::Wpkh, ScriptType::ShWpkh] {
            let path = KeyPath { branch: Branch::External, index: 0 };
            let own = OwnScript::of_key(path, key, script_type);
            assert_eq!(own.script_pubkey.len(), script_type.script_length());
        }
    }
}
