//! Every rule of the review has a hostile row: a PSET, a record, an approval or a file that is refused by it. Whoever adds a
//! rule adds a row.

use std::collections::BTreeSet;

use coldamp_core::code::Code;

use super::row::expected_of;
use super::{
    refusals, rows_asset, rows_burn, rows_change, rows_coins, rows_fee, rows_fields, rows_inputs,
    rows_issuance, rows_limits, rows_network, rows_outputs, rows_request, rows_token,
};

const LISTS: &[&[fn()]] = &[
    rows_asset::LISTS,
    rows_burn::LISTS,
    rows_change::LISTS,
    rows_coins::LISTS,
    rows_fee::LISTS,
    rows_fields::LISTS,
    rows_inputs::LISTS,
    rows_issuance::LISTS,
    rows_limits::LISTS,
    rows_network::LISTS,
    rows_outputs::LISTS,
    rows_request::LISTS,
    rows_token::LISTS,
];

#[test]
fn every_rule_has_a_row() {
    let mut with_a_row: BTreeSet<Code> = refusals::codes_with_a_row();
    for list in LISTS.iter().copied().flatten() {
        with_a_row.extend(expected_of(*list));
    }
    let without: Vec<Code> =
        Code::ALL.iter().copied().filter(|code| code.is_rule() && !with_a_row.contains(code)).collect();
    assert_eq!(without, []);
}
