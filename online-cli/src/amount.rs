//! Amounts as a person reads them: base units in groups of three digits, and AMP's decimal beside them.

use coldamp_core::units::AssetAmount;

/// An amount with its unit, for example `1 775 base units (0.00001775)`.
pub(crate) fn amount(amount: AssetAmount) -> String {
    format!("{} base units ({})", grouped(amount.base_units()), amount.to_node_decimal())
}

/// A number in groups of three digits.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len().saturating_mul(2));
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && digits.len().saturating_sub(index).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
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
