//! An asset's contract, as issuers hash them: anybody may have issued an asset with any bytes for one.

use coldamp_core::elements::OutPoint;
use coldamp_core::treasury::{ProvenContract, canonical, contract_ids};

/// Reads a contract as that of the very asset its hash leads to. What is proven says nothing that could draw on a
/// screen, and the preparer's canonical form of it is one and stays one.
///
/// # Panics
///
/// If it does.
pub fn contract(data: &[u8]) -> bool {
    let prevout = OutPoint::default();
    if let Ok(text) = canonical(data) {
        let again = canonical(text.as_bytes()).expect("the canonical form of a contract is one");
        assert_eq!(again, text);
    }
    let Ok(proven) = ProvenContract::prove(data, prevout, contract_ids(data, prevout).asset) else {
        return false;
    };
    for words in [proven.ticker().unwrap_or_default(), proven.name(), proven.domain()] {
        assert!(words.chars().all(|character| character == ' ' || character.is_ascii_graphic()), "{words:?}");
    }
    true
}
