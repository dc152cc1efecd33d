//! How a transaction is made, by the operator's choice.

use super::Replaced;
use crate::limits::MIN_RELAY_FEE_RATE;
use crate::units::FeeRate;

/// How a transaction is made, by the operator's choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The fee rate, in satoshi per 1,000 virtual bytes.
    pub fee_rate: FeeRate,
    /// The size that the fee rate is multiplied with.
    pub fee_basis: FeeBasis,
    /// Whether a reissue may leave out listed token outputs that the treasury does not hold: AMP's split token
    /// (docs/rules.md#token-inputs).
    pub allow_missing_tokens: bool,
    /// An earlier transaction to replace. The new one spends one of its coins, so that only one of the two can confirm, and
    /// pays the fee that nodes demand of a replacement.
    pub replace: Option<Replaced>,
}

/// The size that a fee rate is multiplied with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeeBasis {
    /// The discounted size (ELIP-200), by which current nodes relay.
    Discounted,
    /// The full size, for nodes that give no discount.
    Full,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            fee_rate: MIN_RELAY_FEE_RATE,
            fee_basis: FeeBasis::Discounted,
            allow_missing_tokens: false,
            replace: None,
        }
    }
}
