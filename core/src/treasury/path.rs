//! Where a script lies below the treasury's account key.

use std::fmt;

/// The two branches of a wallet's paths (BIP-44).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Branch {
    /// 0: addresses given out; reissued units and the returned token go here too.
    External,
    /// 1: change.
    Internal,
}

/// Where below the descriptor's account key a script lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyPath {
    /// Branch 0 or 1.
    pub branch: Branch,
    /// Index, below 2^31.
    pub index: u32,
}

impl Branch {
    /// Both, external first.
    pub const BOTH: [Branch; 2] = [Branch::External, Branch::Internal];

    /// 0 or 1, as it stands in a path.
    pub fn number(self) -> u32 {
        match self {
            Branch::External => 0,
            Branch::Internal => 1,
        }
    }

    /// The branch of a path element.
    pub fn from_number(number: u32) -> Option<Self> {
        match number {
            0 => Some(Branch::External),
            1 => Some(Branch::Internal),
            _ => None,
        }
    }
}

impl fmt::Display for KeyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.branch.number(), self.index)
    }
}
