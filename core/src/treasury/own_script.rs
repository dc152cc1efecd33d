//! One of the treasury's scripts, with all that spending and reporting it needs.

use std::collections::BTreeMap;

use elements::bitcoin::bip32::KeySource;
use elements::bitcoin::{CompressedPublicKey, PublicKey};
use elements::script::Builder;
use elements::{Script, ScriptHash};
use elements_miniscript::descriptor::checksum::desc_checksum;
use elements_miniscript::descriptor::{SortedMultiVec, Wsh};
use elements_miniscript::{Error, Miniscript, Segwitv0, Terminal};

use super::KeyPath;
use super::descriptor::Template;

/// A key of one of the treasury's scripts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnKey {
    /// The public key.
    pub public_key: PublicKey,
    /// Its master key's fingerprint and its path below that key, as PSETs carry it (BIP-174 PSBT_IN_BIP32_DERIVATION).
    pub source: KeySource,
}

/// One of the treasury's scripts with all that spending and reporting it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnScript {
    /// The path of its keys.
    pub path: KeyPath,
    /// The script that outputs carry.
    pub script_pubkey: Script,
    /// Of `sh(wpkh)` and `sh(wsh)`: the witness program that the script hash commits to.
    pub redeem_script: Option<Script>,
    /// Of `wsh` and `sh(wsh)`: the script that the witness program commits to.
    pub witness_script: Option<Script>,
    keys: Vec<OwnKey>,
    threshold: usize,
}

impl OwnScript {
    /// The script of derived keys, which are given in the order of the descriptor.
    ///
    /// # Errors
    /// When the library refuses keys or threshold. No descriptor that was accepted causes that.
    pub(super) fn of_keys(path: KeyPath, template: Template, mut keys: Vec<OwnKey>) -> Result<Self, Error> {
        let Template { kind, threshold, is_sorted } = template;
        let (program, witness_script) = match keys.as_slice() {
            [key] if !kind.is_quorum() => (key_program(&key.public_key), None),
            _ => {
                let multi = multi(threshold, is_sorted, &keys)?;
                if let Terminal::Multi(_, order) = &multi {
                    let of = |public_key: &PublicKey| {
                        keys.iter().find(|key| key.public_key == *public_key).cloned()
                    };
                    keys = order.iter().filter_map(of).collect();
                }
                let wsh = Wsh::new(Miniscript::from_ast(multi)?)?;
                (wsh.script_pubkey(), Some(wsh.inner_script()))
            }
        };
        let (script_pubkey, redeem_script) = if kind.is_nested() {
            (Script::new_p2sh(&ScriptHash::hash_script(&program)), Some(program))
        } else {
            (program, None)
        };
        Ok(OwnScript { path, script_pubkey, redeem_script, witness_script, keys, threshold })
    }

    /// Its keys, in the order of the script. Signatures follow that order too.
    pub fn keys(&self) -> &[OwnKey] {
        &self.keys
    }

    /// How many of its keys must sign.
    pub fn threshold(&self) -> usize {
        self.threshold
    }

    /// What a signature covers as the script (BIP-143): the witness script, or the P2PKH script of a key hash.
    pub fn script_code(&self) -> Script {
        match (&self.witness_script, self.keys.first()) {
            (Some(script), _) => script.clone(),
            (None, Some(key)) => Script::new_p2pkh(&key.public_key.pubkey_hash()),
            (None, None) => Script::new(),
        }
    }

    /// The scriptSig: of a script hash the push of the redeem script, which the transaction id covers. Otherwise it is empty.
    pub fn script_sig(&self) -> Script {
        match &self.redeem_script {
            Some(redeem) => Builder::new().push_slice(redeem.as_bytes()).into_script(),
            None => Script::new(),
        }
    }

    /// The witness made of the first k signatures in the order of the keys. `None` if there are fewer. Each signature is DER with
    /// its sighash byte. elements-miniscript's satisfier knows no ALL|RANGEPROOF, so it cannot write them.
    pub fn witness(&self, signatures: &BTreeMap<PublicKey, Vec<u8>>) -> Option<Vec<Vec<u8>>> {
        let signed = |key: &OwnKey| Some((key.public_key, signatures.get(&key.public_key)?.clone()));
        let taken: Vec<(PublicKey, Vec<u8>)> =
            self.keys.iter().filter_map(signed).take(self.threshold).collect();
        if taken.len() < self.threshold {
            return None;
        }
        let keys = taken.iter().map(|(key, _)| key.inner.serialize().to_vec());
        Some(match &self.witness_script {
            None => taken
                .iter()
                .map(|(_, signature)| signature.clone())
                .zip(keys)
                .flat_map(<[_; 2]>::from)
                .collect(),
            // OP_CHECKMULTISIG takes one item more than it needs, which must be empty (BIP-147).
            Some(script) => {
                let signatures = taken.into_iter().map(|(_, signature)| signature);
                std::iter::once(Vec::new()).chain(signatures).chain([script.to_bytes()]).collect()
            }
        })
    }

    /// All keys with their origins, as PSETs carry them.
    pub fn derivations(&self) -> BTreeMap<PublicKey, KeySource> {
        self.keys.iter().map(|key| (key.public_key, key.source.clone())).collect()
    }

    /// The concrete descriptor with origins and checksum as the node's `listunspent` prints it, e.g.
    /// `wpkh([73c5da0a/84'/1'/0'/1/5]02…)#chk`. The node reads it from the script, so of `sortedmulti` too it prints `multi`,
    /// with the keys in the order of the script.
    pub fn node_descriptor(&self) -> String {
        let key = |OwnKey { public_key, source: (fingerprint, path) }: &OwnKey| {
            format!("[{fingerprint}/{}]{public_key}", path.to_string().replace('h', "'"))
        };
        let keys = self.keys.iter().map(key).collect::<Vec<_>>().join(",");
        let inner = match &self.witness_script {
            None => format!("wpkh({keys})"),
            Some(_) => format!("wsh(multi({},{keys}))", self.threshold),
        };
        let text = if self.redeem_script.is_some() { format!("sh({inner})") } else { inner };
        match desc_checksum(&text) {
            Ok(checksum) => format!("{text}#{checksum}"),
            Err(_) => text,
        }
    }
}

/// `OP_0 <hash160 of the key>` (BIP-141).
fn key_program(public_key: &PublicKey) -> Script {
    Script::new_v0_wpkh(&CompressedPublicKey(public_key.inner).wpubkey_hash())
}

/// `multi` of the keys, which are sorted first for `sortedmulti` (BIP-67).
fn multi(threshold: usize, is_sorted: bool, keys: &[OwnKey]) -> Result<Terminal<PublicKey, Segwitv0>, Error> {
    let keys = keys.iter().map(|key| key.public_key).collect();
    if is_sorted {
        Ok(SortedMultiVec::new(threshold, keys)?.sorted_node())
    } else {
        Ok(Terminal::Multi(threshold, keys))
    }
}
