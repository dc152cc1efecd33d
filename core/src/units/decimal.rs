//! AMP's decimals, read as text: exact to one base unit, or refused.

use super::AssetAmount;
use crate::limits::MAX_MONEY;

/// Why the text of a JSON number is not an amount (docs/rules.md#amounts). Each variant holds the text of the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AmountSyntax {
    /// A string, a boolean, null, an array or an object in the place of a number.
    #[error("{0} is not a JSON number")]
    NotANumber(String),
    /// Negative zero included.
    #[error("{0} is negative; expected more than zero")]
    Negative(String),
    /// Zero pays nothing and crashes some nodes.
    #[error("{0} is zero; expected at least 0.00000001")]
    Zero(String),
    /// Finer than one base unit.
    #[error("{0} has more than 8 decimals; the smallest amount is 0.00000001")]
    TooManyDecimals(String),
    /// More than 21,000,000.
    #[error("{0} is more than 21000000")]
    TooLarge(String),
}

/// Reads the text of a JSON number (`12.5`, `1e-08`, `1.234e-05`) as base units: number × 10^8, exactly.
///
/// AMP's decimals are always base units / 10^8, never / 10^precision (docs/rules.md#amounts).
///
/// # Errors
/// When the text is no JSON number, or the amount is not a whole number of base units in 1..=21·10^14.
pub fn parse_amp_decimal(text: &str) -> Result<AssetAmount, AmountSyntax> {
    let found = || text.chars().take(64).collect::<String>();
    let not_a_number = || AmountSyntax::NotANumber(found());

    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent),
        None => (unsigned, "0"),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
        Some(_) => return Err(not_a_number()),
        None => (mantissa, ""),
    };
    let only_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let leading_zero = whole.len() > 1 && whole.starts_with('0');
    if whole.is_empty() || leading_zero || !only_digits(whole) || !only_digits(fraction) {
        return Err(not_a_number());
    }
    let (exponent_negative, exponent_digits) = match exponent.as_bytes().first() {
        Some(b'-') => (true, exponent.get(1..).unwrap_or_default()),
        Some(b'+') => (false, exponent.get(1..).unwrap_or_default()),
        _ => (false, exponent),
    };
    if exponent_digits.is_empty() || !only_digits(exponent_digits) {
        return Err(not_a_number());
    }
    if negative {
        return Err(AmountSyntax::Negative(found()));
    }

    let digits: String = [whole, fraction].concat();
    let significant = digits.trim_start_matches('0');
    if significant.is_empty() {
        return Err(AmountSyntax::Zero(found()));
    }
    // Trailing zeros move into the exponent, so that "1.230000000000" is as good as "1.23".
    let trimmed = significant.trim_end_matches('0');
    let too_large = || AmountSyntax::TooLarge(found());
    let too_fine = || AmountSyntax::TooManyDecimals(found());
    let out_of_range = || if exponent_negative { too_fine() } else { too_large() };

    let exponent: i64 = exponent_digits.parse().map_err(|_| out_of_range())?;
    let exponent = if exponent_negative { exponent.checked_neg() } else { Some(exponent) };
    let as_i64 = |length: usize| i64::try_from(length).ok();
    let places = (|| {
        let dropped = as_i64(significant.len().checked_sub(trimmed.len())?)?;
        exponent?.checked_add(8)?.checked_sub(as_i64(fraction.len())?)?.checked_add(dropped)
    })()
    .ok_or_else(out_of_range)?;
    if places < 0 {
        return Err(too_fine());
    }
    let value: u128 = trimmed.parse().map_err(|_| too_large())?;
    let places = u32::try_from(places).map_err(|_| too_large())?;
    let base_units = 10_u128
        .checked_pow(places)
        .and_then(|scale| value.checked_mul(scale))
        .and_then(|scaled| u64::try_from(scaled).ok())
        .filter(|base_units| *base_units <= MAX_MONEY)
        .ok_or_else(too_large)?;
    Ok(AssetAmount::from_base_units(base_units))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_decimals_are_read_in_every_notation() {
        for (text, base_units) in [
            ("12.5", 1_250_000_000),
            ("1", 100_000_000),
            ("1.0", 100_000_000),
            ("1e0", 100_000_000),
            ("1E+2", 10_000_000_000),
            ("1e-08", 1),
            ("1e-8", 1),
            ("1.775e-05", 1_775),
            ("1.234e-05", 1_234),
            ("0.00000001", 1),
            ("0.000000010", 1),
            ("1.2300000000000000000000000000000000000000000000", 123_000_000),
            ("21000000", MAX_MONEY),
            ("21000000.00000000", MAX_MONEY),
            ("2.1e7", MAX_MONEY),
            ("210000000000000000000000000000e-22", MAX_MONEY),
            ("190.92792622", 19_092_792_622),
        ] {
            assert_eq!(parse_amp_decimal(text), Ok(AssetAmount::from_base_units(base_units)), "{text}");
        }
    }

    #[test]
    fn everything_else_is_refused_by_name() {
        let name = |text: &str| match parse_amp_decimal(text) {
            Ok(amount) => panic!("{text} was read as {amount}"),
            Err(AmountSyntax::NotANumber(_)) => "not a number",
            Err(AmountSyntax::Negative(_)) => "negative",
            Err(AmountSyntax::Zero(_)) => "zero",
            Err(AmountSyntax::TooManyDecimals(_)) => "too fine",
            Err(AmountSyntax::TooLarge(_)) => "too large",
        };
        for text in [
            "", "\"1\"", "NaN", "Infinity", "1.", ".5", "01", "+1", "1e", "1e+", "1,5", "1_000", " 1", "1 ",
            "0x10", "true", "null", "[1]", "{}", "--1", "1e1e1", "1.2.3", "١",
        ] {
            assert_eq!(name(text), "not a number", "{text}");
        }
        assert_eq!(name("-1"), "negative");
        assert_eq!(name("-0"), "negative");
        for text in ["0", "0.0", "0e9", "0e-99999999999999999999999"] {
            assert_eq!(name(text), "zero", "{text}");
        }
        for text in
            ["1e-09", "0.000000001", "1.000000001", "1e-99999999999999999999999", "1e-9223372036854775808"]
        {
            assert_eq!(name(text), "too fine", "{text}");
        }
        for text in [
            "21000000.00000001",
            "1e20",
            "1e99999999999999999999999",
            "1e9223372036854775807",
            "99999999999999999999999999999999999999999999",
        ] {
            assert_eq!(name(text), "too large", "{text}");
        }
    }
}
