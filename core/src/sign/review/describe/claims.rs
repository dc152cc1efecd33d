//! What a PSET claims of a script: which keys it has, at which path, and which scripts it commits to.

use std::collections::BTreeMap;

use elements::Script;
use elements::bitcoin::PublicKey;
use elements::bitcoin::bip32::KeySource;

use crate::Secp;
use crate::limits::MAX_CLAIMED_PATHS;
use crate::treasury::{CtDescriptor, KeyPath, OwnScript};

/// The claims of one input or output.
#[derive(Clone, Copy)]
pub(super) struct Claims<'a> {
    pub(super) derivations: &'a BTreeMap<PublicKey, KeySource>,
    pub(super) redeem_script: Option<&'a Script>,
    pub(super) witness_script: Option<&'a Script>,
}

impl Claims<'_> {
    /// Derives the script at each claimed path. `None` where no one is this script, so the claims are not true or there are none.
    pub(super) fn own(&self, secp: &Secp, descriptor: &CtDescriptor, script: &Script) -> Option<OwnScript> {
        // Few enough to be searched: more derivations than a script has keys are not decoded.
        let mut paths: Vec<KeyPath> = Vec::new();
        for path in self.derivations.values().filter_map(|source| descriptor.path_of(source)) {
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
        let derived = paths.into_iter().take(MAX_CLAIMED_PATHS);
        let mut derived = derived.filter_map(|path| descriptor.script_at(secp, path).ok());
        derived.find(|own| own.script_pubkey == *script)
    }

    /// Whether they are the derivations of all keys of the script and of no other key.
    pub(super) fn are_of(&self, own: &OwnScript) -> bool {
        *self.derivations == own.derivations()
    }

    /// The kinds of script that are claimed.
    pub(super) fn scripts(&self) -> impl Iterator<Item = &'static str> {
        let claimed = [("redeem script", self.redeem_script), ("witness script", self.witness_script)];
        claimed.into_iter().filter_map(|(what, script)| script.map(|_| what))
    }

    /// The kinds of script that are claimed and not those of the own script.
    pub(super) fn other_scripts(&self, own: &OwnScript) -> impl Iterator<Item = &'static str> {
        let claimed = [
            ("redeem script", self.redeem_script, own.redeem_script.as_ref()),
            ("witness script", self.witness_script, own.witness_script.as_ref()),
        ];
        let other =
            claimed.map(|(what, claimed, right)| (claimed.is_some() && claimed != right).then_some(what));
        other.into_iter().flatten()
    }
}

/// The keys of a script, as a message names them.
pub(super) fn keys_of(own: &OwnScript) -> String {
    match own.keys() {
        [key] => format!("key {} at {}", key.public_key, own.path),
        keys => format!("the {} keys of this treasury at {}", keys.len(), own.path),
    }
}
