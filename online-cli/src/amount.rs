//! Amounts as a person reads them: base units, and AMP's decimal beside them.

use coldamp_core::units::{AssetAmount, grouped_digits};

/// An amount with its unit, for example `1 775 base units (0.00001775)`.
pub(crate) fn amount(amount: AssetAmount) -> String {
    format!("{} ({})", amount.in_base_units(), grouped_digits(&amount.to_node_decimal()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_shown_in_base_units_and_as_amp_writes_it() {
        assert_eq!(amount(AssetAmount::from_base_units(1_775)), "1 775 base units (0.00001775)");
        assert_eq!(
            amount(AssetAmount::from_base_units(981_250_000_000_000)),
            "981 250 000 000 000 base units (9 812 500.00000000)"
        );
    }
}
