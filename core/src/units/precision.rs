//! Amounts as people of an asset write them: base units / 10^precision.

use super::AssetAmount;
use crate::limits::MAX_SHOWN_NAME;
use crate::listed::beginning;

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

/// Why a text is not an amount at the precision of an asset.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnitsSyntax {
    /// A sign, an exponent, a comma, a blank or another character that a decimal does not have.
    #[error("found {found:?}, expected digits with at most one decimal point, such as 187.5")]
    NotADecimal {
        /// The text, cut.
        found: String,
    },
    /// Finer than one base unit. It is never rounded.
    #[error("found {found} with {places} decimals, expected at most {decimals}, the precision of the asset")]
    TooManyDecimals {
        /// The text, cut.
        found: String,
        /// Its decimals.
        places: usize,
        /// Those of the asset.
        decimals: u8,
    },
    /// No amount is that large.
    #[error("found {found}, which is more than 2^64 base units")]
    TooLarge {
        /// The text, cut.
        found: String,
    },
}

impl AssetAmount {
    /// Reads an amount as people of an asset write it: `187.5` is as good as `187.50`. No separator of thousands is guessed.
    ///
    /// # Errors
    /// When it is no decimal, or has more decimals than the precision. Zeros at the end count as decimals too.
    pub fn parse_units(text: &str, precision: Precision) -> Result<Self, UnitsSyntax> {
        if let Some(amount) = Self::from_decimal(text, precision) {
            return Ok(amount);
        }
        let found = beginning(text, MAX_SHOWN_NAME);
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let (whole, fraction) =
            text.split_once('.').map_or((text, None), |(whole, rest)| (whole, Some(rest)));
        if !digits(whole) || !fraction.is_none_or(digits) {
            return Err(UnitsSyntax::NotADecimal { found });
        }
        let (places, decimals) = (fraction.map_or(0, str::len), precision.decimals());
        Err(match places > usize::from(decimals) {
            true => UnitsSyntax::TooManyDecimals { found, places, decimals },
            false => UnitsSyntax::TooLarge { found },
        })
    }

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
    fn an_amount_in_units_that_is_none_is_refused_by_name_and_never_rounded() {
        let two = Precision::new(2).unwrap();
        assert_eq!(AssetAmount::parse_units("187.5", two), Ok(AssetAmount::from_base_units(18_750)));
        for (text, said) in [
            ("187.505", "3 decimals, expected at most 2"),
            ("187.500", "3 decimals, expected at most 2"),
            ("1,5", "expected digits"),
            ("1 000", "expected digits"),
            ("1_000", "expected digits"),
            ("-1", "expected digits"),
            ("1e3", "expected digits"),
            (".5", "expected digits"),
            ("1.", "expected digits"),
            ("", "expected digits"),
            ("1.2.3", "expected digits"),
            ("184467440737095516.16", "more than 2^64"),
        ] {
            let error = AssetAmount::parse_units(text, two).unwrap_err().to_string();
            assert!(error.contains(said), "{text}: {error}");
        }
    }

    #[test]
    fn no_asset_has_more_than_eight_decimals() {
        assert_eq!(Precision::new(8), Some(Precision::OF_NODE));
        assert_eq!(Precision::new(9), None);
        assert_eq!(Precision::OF_NODE.base_units_in_one(), 100_000_000);
    }
}
