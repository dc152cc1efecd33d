//! A look-up from script to path, for telling own scripts from foreign ones without trusting any derivation claim.

use std::collections::BTreeMap;

use elements::Script;

use super::{Branch, CtDescriptor, DescriptorError, KeyPath, OwnScript, UnusedIndices};
use crate::Secp;

/// The treasury's scripts of both branches up to some index.
#[derive(Debug, Clone, Default)]
pub struct ScriptIndex {
    by_script: BTreeMap<Script, OwnScript>,
    derived: UnusedIndices,
}

impl ScriptIndex {
    /// All scripts of both branches with an index of at most `highest`.
    ///
    /// # Errors
    /// When an index is 2^31 or more.
    pub fn up_to(secp: &Secp, descriptor: &CtDescriptor, highest: u32) -> Result<Self, DescriptorError> {
        let mut index = ScriptIndex::default();
        for branch in Branch::BOTH {
            index.extend(secp, descriptor, branch, highest)?;
        }
        Ok(index)
    }

    /// Derives the missing scripts of a branch up to `highest`.
    ///
    /// # Errors
    /// When an index is 2^31 or more.
    pub fn extend(
        &mut self,
        secp: &Secp,
        descriptor: &CtDescriptor,
        branch: Branch,
        highest: u32,
    ) -> Result<(), DescriptorError> {
        let missing = self.derived.next(branch).index..=highest;
        let missing: Vec<KeyPath> = missing.map(|index| KeyPath { branch, index }).collect();
        for own in secp.threads().try_map(&missing, |path| descriptor.script_at(secp, *path))? {
            self.derived.mark_used(own.path);
            self.by_script.insert(own.script_pubkey.clone(), own);
        }
        Ok(())
    }

    /// The own script, if it is one.
    pub fn find(&self, script: &Script) -> Option<&OwnScript> {
        self.by_script.get(script)
    }

    /// All scripts, in the order of their bytes.
    pub fn iter(&self) -> impl Iterator<Item = &OwnScript> {
        self.by_script.values()
    }
}
