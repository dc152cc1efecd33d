//! Money and sizes as integers: base units of an asset, satoshi, fee rates, weights.

use std::fmt;

mod decimal;
mod precision;

pub use decimal::{AmountSyntax, parse_amp_decimal};
pub use precision::{Precision, UnitsSyntax};

/// An amount of any asset in **base units** (10^-8 of what AMP and the node call one, whatever the asset's precision).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct AssetAmount(u64);

/// An amount of L-BTC in satoshi.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Satoshi(u64);

/// A fee rate in satoshi per 1,000 virtual bytes (sat/kvB).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FeeRate(u64);

/// A transaction weight in weight units (BIP-141).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Weight(u64);

/// A transaction size in virtual bytes: a quarter of the weight, rounded up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct VirtualSize(u64);

impl AssetAmount {
    /// Nothing.
    pub const ZERO: AssetAmount = AssetAmount(0);

    /// An amount of base units.
    pub const fn from_base_units(base_units: u64) -> Self {
        AssetAmount(base_units)
    }

    /// The number of base units.
    pub const fn base_units(self) -> u64 {
        self.0
    }

    /// The sum, if it fits.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(AssetAmount)
    }

    /// The difference, if it is not negative.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(AssetAmount)
    }

    /// The sum of many, if it fits.
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(AssetAmount::ZERO, AssetAmount::checked_add)
    }

    /// In words: `1 775 base units`.
    pub fn in_base_units(self) -> String {
        base_units(self.0)
    }

    /// As the node and AMP write it: base units / 10^8 with exactly eight decimals.
    pub fn to_node_decimal(self) -> String {
        self.to_decimal(Precision::OF_NODE)
    }
}

/// Base units in words, as every message has them: `1 base unit`, `1 775 base units`. A sum may be larger than an amount.
pub fn base_units(number: impl Into<u128>) -> String {
    match number.into() {
        1 => "1 base unit".to_owned(),
        number => format!("{} base units", grouped(number)),
    }
}

/// A number in groups of three digits, as people read it: `500 000 000 000`.
pub fn grouped(number: impl Into<u128>) -> String {
    grouped_digits(&number.into().to_string())
}

/// The whole part of a decimal number in groups of three digits: `10 000.00`.
pub fn grouped_digits(number: &str) -> String {
    let (whole, fraction) =
        number.split_once('.').map_or((number, None), |(whole, rest)| (whole, Some(rest)));
    let mut text = String::with_capacity(number.len().saturating_mul(2));
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && whole.len().saturating_sub(position).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// A number as a person types it, without what groups its digits: blanks and underscores.
pub fn ungrouped_digits(typed: &str) -> String {
    typed.chars().filter(|character| !matches!(character, ' ' | '_')).collect()
}

/// Plain digits, as files have them. Messages have [`AssetAmount::in_base_units`].
impl fmt::Display for AssetAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl Satoshi {
    /// An amount of satoshi.
    pub const fn from_sat(sat: u64) -> Self {
        Satoshi(sat)
    }

    /// The number of satoshi.
    pub const fn sat(self) -> u64 {
        self.0
    }

    /// The same as an amount of the policy asset, whose base unit is the satoshi.
    pub const fn as_asset_amount(self) -> AssetAmount {
        AssetAmount(self.0)
    }
}

impl fmt::Display for Satoshi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} sat", grouped(self.0))
    }
}

impl FeeRate {
    /// A rate of satoshi per 1,000 virtual bytes.
    pub const fn from_sat_per_kvb(rate: u64) -> Self {
        FeeRate(rate)
    }

    /// Satoshi per 1,000 virtual bytes.
    pub const fn sat_per_kvb(self) -> u64 {
        self.0
    }

    /// The rate that a fee is for a size, rounded down as the node does (elements policy/feerate.cpp). `None` where it does
    /// not fit, or the size is nothing.
    pub fn of(fee: Satoshi, size: VirtualSize) -> Option<Self> {
        let rate = u128::from(fee.0).checked_mul(1_000)?.checked_div(u128::from(size.0))?;
        u64::try_from(rate).ok().map(FeeRate)
    }

    /// The fee of a size, rounded up as the node does (elements policy/feerate.cpp). `None` where it does not fit.
    pub fn fee(self, size: VirtualSize) -> Option<Satoshi> {
        let fee = u128::from(self.0).checked_mul(u128::from(size.0))?.div_ceil(1_000);
        u64::try_from(fee).ok().map(Satoshi)
    }
}

impl fmt::Display for FeeRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} sat/kvB", grouped(self.0))
    }
}

impl Weight {
    /// A number of weight units.
    pub const fn new(weight: u64) -> Self {
        Weight(weight)
    }

    /// The number of weight units.
    pub const fn units(self) -> u64 {
        self.0
    }

    /// A quarter of it, rounded up.
    pub const fn virtual_size(self) -> VirtualSize {
        VirtualSize(self.0.div_ceil(4))
    }
}

impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} weight units", grouped(self.0))
    }
}

impl VirtualSize {
    /// The number of virtual bytes.
    pub const fn vbytes(self) -> u64 {
        self.0
    }
}

impl fmt::Display for VirtualSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} vB", grouped(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_by_three_before_the_point() {
        for (number, text) in [
            ("0", "0"),
            ("999", "999"),
            ("1000", "1 000"),
            ("500000000000", "500 000 000 000"),
            ("10000.00000001", "10 000.00000001"),
        ] {
            assert_eq!(grouped_digits(number), text);
        }
        assert_eq!(grouped(u64::MAX), "18 446 744 073 709 551 615");
    }

    #[test]
    fn amounts_and_sizes_in_messages_have_their_unit_and_groups_of_digits() {
        for (text, expected) in [
            (base_units(0_u64), "0 base units"),
            (base_units(1_u64), "1 base unit"),
            (base_units(u128::from(u64::MAX) + 1), "18 446 744 073 709 551 616 base units"),
            (AssetAmount::from_base_units(1_775).in_base_units(), "1 775 base units"),
            (Satoshi::from_sat(19_800).to_string(), "19 800 sat"),
            (FeeRate::from_sat_per_kvb(1_000).to_string(), "1 000 sat/kvB"),
            (Weight::new(396_265).to_string(), "396 265 weight units"),
            (Weight::new(396_265).virtual_size().to_string(), "99 067 vB"),
        ] {
            assert_eq!(text, expected);
        }
        assert_eq!(AssetAmount::from_base_units(1_775).to_string(), "1775");
    }

    #[test]
    fn fees_are_rounded_up_as_the_node_rounds_them() {
        // elementsd 23.3.3 took 46 sat for 459 vB of discounted size and refused 45 sat.
        let rate = FeeRate::from_sat_per_kvb(100);
        assert_eq!(rate.fee(Weight::new(459 * 4).virtual_size()), Some(Satoshi::from_sat(46)));
        assert_eq!(rate.fee(Weight::new(460 * 4).virtual_size()), Some(Satoshi::from_sat(46)));
        assert_eq!(FeeRate::from_sat_per_kvb(u64::MAX).fee(Weight::new(u64::MAX).virtual_size()), None);
    }

    #[test]
    fn rates_are_rounded_down_as_the_node_rounds_them() {
        let rate = |sat: u64, weight: u64| {
            FeeRate::of(Satoshi::from_sat(sat), Weight::new(weight).virtual_size()).map(FeeRate::sat_per_kvb)
        };
        assert_eq!(rate(572, 396_265), Some(5));
        assert_eq!(rate(9_907, 396_265), Some(100));
        assert_eq!(rate(1, 4), Some(1_000));
        assert_eq!(rate(1, 0), None);
        assert_eq!(rate(u64::MAX, 4), None);
    }

    #[test]
    fn a_virtual_size_is_a_quarter_rounded_up() {
        assert_eq!(Weight::new(396_265).virtual_size().vbytes(), 99_067);
        assert_eq!(Weight::new(4).virtual_size().vbytes(), 1);
        assert_eq!(Weight::new(5).virtual_size().vbytes(), 2);
    }

    #[test]
    fn decimals_of_the_node_have_eight_places() {
        assert_eq!(AssetAmount::from_base_units(1).to_node_decimal(), "0.00000001");
        assert_eq!(AssetAmount::from_base_units(u64::MAX).to_node_decimal(), "184467440737.09551615");
    }

    #[test]
    fn sums_that_do_not_fit_are_none() {
        let max = AssetAmount::from_base_units(u64::MAX);
        let one = AssetAmount::from_base_units(1);
        assert_eq!(AssetAmount::checked_sum([max, one]), None);
        assert_eq!(AssetAmount::ZERO.checked_sub(one), None);
    }
}
