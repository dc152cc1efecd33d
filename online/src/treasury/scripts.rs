//! Scripts of the treasury, searched at higher and higher indices: what AMP lists may be far out.

use coldamp_core::Secp;
use coldamp_core::elements::Script;
use coldamp_core::limits::{MAX_INDEX, MAX_INDEX_GAP};
use coldamp_core::treasury::{Branch, CtDescriptor, DescriptorError, OwnScript, ScriptIndex};

/// The scripts of a treasury, derived as far as they were searched.
pub(super) struct Scripts<'a> {
    secp: &'a Secp,
    descriptor: &'a CtDescriptor,
    derived: ScriptIndex,
    highest: u32,
}

impl<'a> Scripts<'a> {
    /// None of them derived yet.
    pub(super) fn of(secp: &'a Secp, descriptor: &'a CtDescriptor) -> Self {
        Scripts { secp, descriptor, derived: ScriptIndex::default(), highest: 0 }
    }

    /// Searches for a script of the treasury, up to the last index.
    ///
    /// # Errors
    /// When a script cannot be derived.
    pub(super) fn find(&mut self, script: &Script) -> Result<Option<OwnScript>, DescriptorError> {
        let mut highest = self.highest.max(MAX_INDEX_GAP);
        loop {
            for branch in Branch::BOTH {
                self.derived.extend(self.secp, self.descriptor, branch, highest)?;
            }
            self.highest = highest;
            if let Some(own) = self.derived.find(script) {
                return Ok(Some(own.clone()));
            }
            if highest == MAX_INDEX {
                return Ok(None);
            }
            highest = highest.saturating_mul(4).min(MAX_INDEX);
        }
    }
}
