//! Amounts of request files: base units / 10^8 as Python writes a float (`12.5`, `100.0`, `1e-08`).

use coldamp_core::units::AssetAmount;
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::value::RawValue;

/// Python turns to exponents below 10^-4.
const FIRST_FIXED: u64 = 10_000;

/// An amount that is written so. Up to 21,000,000 no two amounts share a float, so the decimal is what Python prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PythonFloat(pub(super) AssetAmount);

impl PythonFloat {
    fn text(self) -> String {
        let base_units = self.0.base_units();
        if base_units == 0 || base_units >= FIRST_FIXED {
            let decimal = self.0.to_node_decimal();
            let trimmed = decimal.trim_end_matches('0');
            return if trimmed.ends_with('.') { format!("{trimmed}0") } else { trimmed.to_owned() };
        }
        let digits = base_units.to_string();
        let exponent = 9_usize.saturating_sub(digits.len());
        let significant = digits.trim_end_matches('0');
        match significant.split_at_checked(1) {
            Some((first, rest)) if !rest.is_empty() => format!("{first}.{rest}e-{exponent:02}"),
            _ => format!("{significant}e-{exponent:02}"),
        }
    }
}

impl Serialize for PythonFloat {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.text()).map_err(S::Error::custom)?.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coldamp_core::units::parse_amp_decimal;

    #[test]
    fn amounts_are_written_as_python_writes_them() {
        // From python3: print(BASE_UNITS / 100000000).
        for (base_units, text) in [
            (0, "0.0"),
            (1, "1e-08"),
            (10, "1e-07"),
            (12, "1.2e-07"),
            (1_775, "1.775e-05"),
            (9_999, "9.999e-05"),
            (10_000, "0.0001"),
            (10_010, "0.0001001"),
            (1_250_000_000, "12.5"),
            (10_000_000_000, "100.0"),
            (19_092_792_622, "190.92792622"),
            (2_099_999_999_999_999, "20999999.99999999"),
            (2_100_000_000_000_000, "21000000.0"),
        ] {
            let amount = AssetAmount::from_base_units(base_units);
            assert_eq!(serde_json::to_string(&PythonFloat(amount)).unwrap(), text);
            if base_units > 0 {
                assert_eq!(parse_amp_decimal(text), Ok(amount));
            }
        }
    }
}
