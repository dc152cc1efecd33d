//! Every rule of the review has a hostile row: a PSET, a record, an approval or a file that is refused by it. Whoever adds a
//! rule adds a row. So have the codes of parts, profiles and QR codes; those of descriptors, registrations and terminals are named by a test of
//! the command that refuses.

use std::collections::BTreeSet;

use coldamp_core::code::Code;

use super::row::expected_of;
use super::{
    refusals, rows_asset, rows_burn, rows_change, rows_coins, rows_fee, rows_fields, rows_inputs,
    rows_issuance, rows_limits, rows_network, rows_outputs, rows_parts, rows_profile, rows_qr, rows_request,
    rows_token, rows_ur,
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

/// Tests of commands, and the codes that each must name.
const NAMED: &[(&str, &[Code])] = &[
    (
        include_str!("../online/descriptor.rs"),
        &[Code::Quorum, Code::KeyTwice, Code::KeyShape, Code::NotSlip77, Code::Network],
    ),
    (
        include_str!("../../../offline-cli/tests/cli/register.rs"),
        &[
            Code::KeyTwice,
            Code::KeyShape,
            Code::NotSlip77,
            Code::ScriptType,
            Code::Descriptor,
            Code::OtherTreasury,
            Code::CredentialsOpen,
        ],
    ),
    (include_str!("../online/folders.rs"), &[Code::Job, Code::JobAmbiguous]),
    (
        include_str!("../online/treasury.rs"),
        &[Code::AddressesMissing, Code::TreasuryDiffers, Code::AmpAnswer, Code::Contract, Code::NoIssuance],
    ),
    (include_str!("rows_qr.rs"), &[Code::BbqrIncomplete]),
    (include_str!("../qr/pictures.rs"), &[Code::QrTerminal]),
];

/// Codes of these names that nothing hostile brings about: they refuse what a program asks for, and are tested beside it.
const OF_THE_CALLER: &[Code] = &[Code::BbqrEmpty, Code::BbqrFrameSize];

#[test]
fn every_code_of_parts_qr_codes_and_descriptors_has_a_row_or_is_named_by_a_test_of_its_command() {
    let mut tested: BTreeSet<Code> = rows_parts::codes()
        .chain(rows_profile::codes())
        .chain(rows_qr::codes())
        .chain(rows_ur::codes())
        .collect();
    tested.extend(OF_THE_CALLER);
    for (test, codes) in NAMED {
        for code in *codes {
            assert!(test.contains(code.as_str()), "no test names {code}");
        }
        tested.extend(*codes);
    }
    let is_meant = |code: &Code| {
        let name = code.as_str();
        ["PART_", "PARTS_", "JOB", "BBQR_", "QR_", "UR_", "KEY_", "PROFILE"]
            .iter()
            .any(|prefix| name.starts_with(prefix))
            || ["OTHER_TREASURY", "CREDENTIALS_OPEN", "NOT_SLIP77", "SCRIPT_TYPE", "DESCRIPTOR", "QUORUM"]
                .contains(&name)
    };
    let without: Vec<Code> = Code::ALL
        .iter()
        .copied()
        .filter(|code| is_meant(code) && !code.is_rule() && !tested.contains(code))
        .collect();
    assert_eq!(without, []);
}
