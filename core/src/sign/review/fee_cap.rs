//! The most that a transaction may pay as fee (docs/rules.md#fee-limits).

use std::fmt;

use crate::limits::{DEFAULT_MAX_FEE, DEFAULT_MAX_FEE_RATE, MAX_MONEY};
use crate::units::{FeeRate, Satoshi, VirtualSize};

/// The most that a transaction may pay as fee. Where both limits are set, the lower one applies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FeeCap {
    /// Limit on the whole fee.
    pub absolute: Option<Satoshi>,
    /// Limit on the fee rate, on the full size. The discount of ELIP-200 does not shrink that size.
    pub rate: Option<FeeRate>,
}

impl FeeCap {
    /// The cap on a transaction of this full size. Without a limit of its own it is max(1,000 sat, 200 sat/kvB).
    pub fn on(self, full_size: VirtualSize) -> Satoshi {
        // A rate whose fee overflows forbids no fee that could be paid.
        let by_rate = |rate: FeeRate| rate.fee(full_size).unwrap_or(Satoshi::from_sat(MAX_MONEY));
        match (self.absolute, self.rate.map(by_rate)) {
            (Some(absolute), Some(by_rate)) => absolute.min(by_rate),
            (Some(cap), None) | (None, Some(cap)) => cap,
            (None, None) => by_rate(DEFAULT_MAX_FEE_RATE).max(DEFAULT_MAX_FEE),
        }
    }
}

impl fmt::Display for FeeCap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.absolute, self.rate) {
            (None, None) => {
                write!(f, "the larger of {DEFAULT_MAX_FEE} and {DEFAULT_MAX_FEE_RATE} of the full size")
            }
            (Some(absolute), None) => write!(f, "the policy's {absolute}"),
            (None, Some(rate)) => write!(f, "the policy's {rate} of the full size"),
            (Some(absolute), Some(rate)) => {
                write!(f, "the policy's {absolute} and {rate} of the full size, the lower of the two")
            }
        }
    }
}
