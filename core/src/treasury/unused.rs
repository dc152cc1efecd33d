//! How far the treasury's addresses have been used.

use super::{Branch, KeyPath};

/// The first index of each branch that nothing has used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UnusedIndices {
    external: u32,
    internal: u32,
}

impl UnusedIndices {
    /// The first unused index of each branch by number.
    pub fn from_first(external: u32, internal: u32) -> Self {
        UnusedIndices { external, internal }
    }

    /// The path of the branch's first unused script.
    pub fn next(&self, branch: Branch) -> KeyPath {
        let index = match branch {
            Branch::External => self.external,
            Branch::Internal => self.internal,
        };
        KeyPath { branch, index }
    }

    /// Takes note that a path, and with it every lower one of its branch, counts as used.
    pub fn mark_used(&mut self, path: KeyPath) {
        let slot = match path.branch {
            Branch::External => &mut self.external,
            Branch::Internal => &mut self.internal,
        };
        *slot = (*slot).max(path.index.saturating_add(1));
    }
}
