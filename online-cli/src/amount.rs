//! Amounts as a person reads them: the units of the asset where a contract proves its precision, else base units alone. AMP's decimal
//! is by 10^8 whatever the asset's precision, and read as units it is wrong by up to 10^8: it stands there only beside the units.

use coldamp_core::treasury::ProvenContract;
use coldamp_core::units::{AssetAmount, Precision, grouped_digits};

/// An amount with its unit, for example `1 775 base units`.
pub(crate) fn amount(amount: AssetAmount) -> String {
    amount.in_base_units()
}

/// An amount of L-BTC, which has eight decimals: `45 980 base units (0.00045980)`.
pub(crate) fn of_lbtc(amount: AssetAmount) -> String {
    format!("{} ({})", amount.in_base_units(), grouped_digits(&amount.to_node_decimal()))
}

/// The same with the units of the asset, where a contract proves its precision: `17.75 PLAIN: 1 775 base units (AMP: 0.00001775)`.
pub(crate) fn with_units(amount: AssetAmount, contract: Option<&ProvenContract>) -> String {
    let decimal = grouped_digits(&amount.to_node_decimal());
    let base_units = amount.in_base_units();
    match contract {
        None => base_units,
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
    fn an_amount_is_shown_in_base_units_alone_where_nothing_proves_its_decimals() {
        let amount_of = AssetAmount::from_base_units;
        assert_eq!(amount(amount_of(1_775)), "1 775 base units");
        assert_eq!(with_units(amount_of(981_250_000_000_000), None), "981 250 000 000 000 base units");
        assert_eq!(of_lbtc(amount_of(45_980)), "45 980 base units (0.00045980)");
    }
}
