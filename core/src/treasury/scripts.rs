//! A look-up from script to path, for telling own scripts from foreign ones without trusting any derivation claim.

use std::collections::BTreeMap;

use elements::Script;

use super::{Branch, CtDescriptor, DescriptorError, KeyPath, OwnScript};
use crate::Secp;

/// The treasury's scripts of both branches up to some index.
#[derive(Debug, Clone, Default)]
pub struct ScriptIndex {
    by_script: BTreeMap<Script, OwnScript>,
    next: [u32; 2],
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
        let [external, internal] = &mut self.next;
        let next = match branch {
            Branch::External => external,
            Branch::Internal => internal,
        };
        while *next <= highest {
            let own = descriptor.script_at(secp, KeyPath { branch, index: *next })?;
            self.by_script.insert(own.script_pubkey.clone(), own);
            *next = next.saturating_add(1);
        }
        Ok(())
    }

    /// The own script, if it is one.
    pub fn find(&self, script: &Script) -> Option<&OwnScript> {
        self.by_script.get(script)
    }
}
