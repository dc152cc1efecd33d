//! Amounts as a person reads them: base units, AMP's decimal beside them, and the units of the asset where a contract proves its
//! precision.

use coldamp_core::treasury::ProvenContract;
use coldamp_core::units::{AssetAmount, Precision, grouped_digits};

/// An amount with its unit, for example `1 775 base units (0.00001775)`.
pub(crate) fn amount(amount: AssetAmount) -> String {
    with_units(amount, None)
}

/// The same with the units of the asset, where a contract proves its precision: `17.75 PLAIN: 1 775 base units (AMP: 0.00001775)`.
pub(crate) fn with_units(amount: AssetAmount, contract: Option<&ProvenContract>) -> String {
    let decimal = grouped_digits(&amount.to_node_decimal());
    let base_units = amount.in_base_units();
    match contract {
        None => format!("{base_units} ({decimal})"),
        Some(contract) if contract.precision() == Precision::OF_NODE => {
            format!("{decimal} {}: {base_units}", contract.unit())
        }
        Some(contract) => {
            let units = grouped_digits(&amount.to_decimal(contract.precision()));
            format!("{units} {}: {base_units} (AMP: {decimal})", contract.unit())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_shown_in_base_units_and_as_amp_writes_it() {
        let shown = |base_units| amount(AssetAmount::from_base_units(base_units));
        assert_eq!(shown(1_775), "1 775 base units (0.00001775)");
        assert_eq!(shown(981_250_000_000_000), "981 250 000 000 000 base units (9 812 500.00000000)");
    }
}
