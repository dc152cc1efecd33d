//! Amounts as a person reads them: base units in groups of three digits, and AMP's decimal beside them.

use coldamp_core::units::{AssetAmount, grouped_digits};

/// An amount with its unit, for example `1 775 base units (0.00001775)`.
pub(crate) fn amount(amount: AssetAmount) -> String {
    format!("{} base units ({})", grouped(amount.base_units()), amount.to_node_decimal())
}

/// A number in groups of three digits.
pub(crate) fn grouped(number: u64) -> String {
    grouped_digits(&number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_from_the_right() {
        for (number, text) in
            [(0, "0"), (999, "999"), (1_775, "1 775"), (u64::MAX, "18 446 744 073 709 551 615")]
        {
            assert_eq!(grouped(number), text);
        }
        assert_eq!(amount(AssetAmount::from_base_units(1_775)), "1 775 base units (0.00001775)");
    }
}
