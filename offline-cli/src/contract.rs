//! An asset's contract from a file that a person chose: proven by its bytes as given, and told for what it is where they
//! prove nothing.

use coldamp_cli::{Exit, Failure};
use coldamp_core::code::Code;
use coldamp_core::contract_source;
use coldamp_core::elements::{AssetId, OutPoint};
use coldamp_core::treasury::{ContractError, ProvenContract};

use crate::journal::outpoint_text;

/// Proves that a file holds the contract of `asset`. `prevout` is the outpoint that the asset's issuance spent. A line feed
/// behind the contract, which editors add, does not count; nothing else is overlooked.
///
/// # Errors
/// When the bytes do not lead to the asset. The canonical form is printed where that would.
pub(crate) fn prove(file: &[u8], prevout: OutPoint, asset: AssetId) -> Result<ProvenContract, Failure> {
    let bytes = file.strip_suffix(b"\n").unwrap_or(file);
    ProvenContract::prove(bytes, prevout, asset).map_err(|error| refused(&error))
}

/// The refusal of a contract, with the canonical form below it if that would prove the asset.
fn refused(error: &ContractError) -> Failure {
    let refusal = |hint: &str| Failure::new(Exit::Refused, error.to_string(), hint).with_code(Code::Contract);
    match (error.offered(), error) {
        (Some(offered), _) => refusal(&format!(
            "The line above is the asset's contract, and the asset's issuance spent {}. Save that line as it is, without blanks or line ends inside it.",
            outpoint_text(&offered.prevout)
        ))
        .with_lines(vec![offered.contract.clone()]),
        (None, ContractError::OtherAsset { .. } | ContractError::RegistryAnswer { .. }) => refusal(concat!(
            "Compare the asset id. ",
            contract_source!(),
            " The outpoint is the registry's `issuance_prevout`: the one that the issuance spent, not one of the issuance transaction (`issuance_txin`)."
        )),
        (None, _) => {
            refusal(concat!(contract_source!(), " Not a byte of it may differ from what its issuer hashed."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASSET: &str = "c827f4a9f08a0eb9372c163621585f3d795c68b6a577505b457ff1c6ebb71015";
    const SPENT: &str = "ec9d5af095cb74f86c156c17cfd5fd5f95828aa814453def598dc7de9ae8dfc2:0";
    const OF_ISSUANCE: &str = "b9b0aa70184e082938b1209b484495ef9085ce10fd10fb8e3422f3185d766aa8:0";
    const RIGHT: &str = include_str!("../../tests/vectors/contract/contract_right.json");

    fn proven(file: &str, prevout: &str) -> Result<ProvenContract, Failure> {
        prove(file.as_bytes(), prevout.parse().unwrap(), ASSET.parse().unwrap())
    }

    #[test]
    fn the_bytes_that_were_hashed_are_proven_and_an_editors_line_feed_does_not_count() {
        for file in [RIGHT.to_owned(), format!("{RIGHT}\n")] {
            assert_eq!(proven(&file, SPENT).unwrap().ticker(), Some("DTST"));
        }
        for file in [format!("{RIGHT}\n\n"), format!("{RIGHT}\r\n"), format!(" {RIGHT}")] {
            assert_eq!(proven(&file, SPENT).unwrap_err().exit, Exit::Refused);
        }
    }

    #[test]
    fn what_would_prove_the_asset_is_printed_for_every_other_layout() {
        for (file, prevout) in [
            (include_str!("../../tests/vectors/contract/contract_with_blanks.json"), SPENT),
            (include_str!("../../tests/vectors/contract/contract_unsorted.json"), SPENT),
            (include_str!("../../tests/vectors/contract/whole_registry_answer.json"), SPENT),
            (include_str!("../../tests/vectors/contract/whole_registry_answer.json"), OF_ISSUANCE),
        ] {
            let failure = proven(file, prevout).unwrap_err();
            assert_eq!(failure.exit, Exit::Refused);
            assert_eq!(failure.code, Some(Code::Contract));
            assert!(failure.hint.contains(SPENT), "{}", failure.hint);
            assert_eq!(failure.lines, [RIGHT]);
        }
    }

    #[test]
    fn where_nothing_can_be_offered_the_outpoint_is_explained() {
        let failure = proven(RIGHT, OF_ISSUANCE).unwrap_err();
        assert!(failure.message.contains("lead to asset"), "{}", failure.message);
        assert!(failure.hint.contains("the one that the issuance spent"), "{}", failure.hint);
        assert!(failure.lines.is_empty(), "{:?}", failure.lines);
    }
}
