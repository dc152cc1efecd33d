//! Amounts as people of an asset write them: base units / 10^precision.

use super::AssetAmount;

/// Decimals of an asset, 0 to 8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Precision(u8);

impl Precision {
    /// That of AMP's and the node's decimals, whatever the asset's own.
    pub const OF_NODE: Precision = Precision(8);

    /// Whole base units.
    pub const ZERO: Precision = Precision(0);

    /// A number of decimals; none above 8.
    pub fn new(decimals: u8) -> Option<Self> {
        (decimals <= Self::OF_NODE.0).then_some(Precision(decimals))
    }

    /// The number of decimals.
    pub fn decimals(self) -> u8 {
        self.0
    }

    /// Base units in one: 10^decimals.
    pub fn base_units_in_one(self) -> u64 {
        10_u64.saturating_pow(u32::from(self.0))
    }
}

impl AssetAmount {
    /// Reads what [`AssetAmount::to_decimal`] writes, with or without zeros at the end. `None` for anything else: no sign,
    /// no exponent, no blank, no comma, no more decimals than the precision has.
    pub(crate) fn from_decimal(text: &str, precision: Precision) -> Option<Self> {
        let (whole, fraction) = match text.split_once('.') {
            Some((_, "")) => return None,
            Some((whole, fraction)) => (whole, fraction),
            None => (text, ""),
        };
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let padding = usize::from(precision.decimals()).checked_sub(fraction.len())?;
        if whole.is_empty() || !digits(whole) || !digits(fraction) {
            return None;
        }
        let base_units = format!("{whole}{fraction}{}", "0".repeat(padding)).parse().ok()?;
        Some(AssetAmount::from_base_units(base_units))
    }

    /// Base units / 10^precision with all its decimals; without a point where there are none.
    pub fn to_decimal(self, precision: Precision) -> String {
        let one = precision.base_units_in_one();
        let (whole, rest) = (self.base_units() / one, self.base_units() % one);
        match usize::from(precision.decimals()) {
            0 => whole.to_string(),
            width => format!("{whole}.{rest:0width$}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_the_decimals_of_their_precision() {
        for (base_units, decimals, text) in [
            (92_562_719_514, 8, "925.62719514"),
            (92_562_719_514, 2, "925627195.14"),
            (92_562_719_514, 0, "92562719514"),
            (1, 8, "0.00000001"),
            (1, 2, "0.01"),
            (100, 2, "1.00"),
            (0, 0, "0"),
            (u64::MAX, 1, "1844674407370955161.5"),
        ] {
            let precision = Precision::new(decimals).unwrap();
            assert_eq!(AssetAmount::from_base_units(base_units).to_decimal(precision), text);
        }
    }

    #[test]
    fn a_typed_amount_is_read_with_or_without_zeros_at_the_end() {
        for (text, decimals, base_units) in [
            ("187.5", 8, Some(18_750_000_000)),
            ("187.50000000", 8, Some(18_750_000_000)),
            ("187", 8, Some(18_700_000_000)),
            ("0.5", 1, Some(5)),
            ("92562719514", 0, Some(92_562_719_514)),
            ("187.500000000", 8, None),
            ("1.0", 0, None),
            ("1.", 8, None),
            (".5", 8, None),
            ("", 8, None),
            ("+1", 8, None),
            ("-1", 8, None),
            ("1,5", 8, None),
            ("1 000", 8, None),
            ("1e3", 8, None),
            ("١", 8, None),
            ("18446744073709551616", 0, None),
            ("184467440737.09551616", 8, None),
        ] {
            let precision = Precision::new(decimals).unwrap();
            let found = AssetAmount::from_decimal(text, precision).map(AssetAmount::base_units);
            assert_eq!(found, base_units, "{text}");
        }
    }

    #[test]
    fn no_asset_has_more_than_eight_decimals() {
        assert_eq!(Precision::new(8), Some(Precision::OF_NODE));
        assert_eq!(Precision::new(9), None);
        assert_eq!(Precision::OF_NODE.base_units_in_one(), 100_000_000);
    }
}
