//! A warning: something that the operator should know although no rule failed.

use crate::code::Code;
use crate::limits::MAX_LISTED_OF_A_CODE;
use crate::listed::at_most_of_each;

/// Something that the operator should know although no rule failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Its stable code.
    pub code: Code,
    /// The message for the operator.
    pub message: String,
}

/// Keeps the first few warnings of each code, in their order. The last one kept says how many more there are.
pub(super) fn bounded(warnings: Vec<Warning>) -> Vec<Warning> {
    at_most_of_each(
        warnings,
        |warning| warning.code,
        |_| MAX_LISTED_OF_A_CODE,
        |last, more| {
            last.message.push_str(&format!(" (and {more} more like this)"));
        },
    )
}
