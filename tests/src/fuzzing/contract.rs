//! An asset's contract, as issuers hash them: anybody may have issued an asset with any bytes for one.

use coldamp_core::elements::OutPoint;
use coldamp_core::treasury::{ProvenContract, canonical, contract_ids};

/// Held against the asset that its canonical form leads to, a file is that form, is told to be another layout of it, or
/// looks like the registry's answer. What is offered in its place leads to the asset.
fn offered(data: &[u8], prevout: OutPoint, canonical: &str) {
    let asset = contract_ids(canonical.as_bytes(), prevout).asset;
    let Err(error) = ProvenContract::prove(data, prevout, asset) else { return };
    if let Some(offered) = error.offered() {
        assert_eq!(contract_ids(offered.contract.as_bytes(), offered.prevout).asset, asset);
        assert!(offered.contract.bytes().all(|byte| matches!(byte, b' '..=b'~')), "{}", offered.contract);
    }
}

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
        offered(data, prevout, &text);
    }
    let Ok(proven) = ProvenContract::prove(data, prevout, contract_ids(data, prevout).asset) else {
        return false;
    };
    for words in [proven.ticker().unwrap_or_default(), proven.name(), proven.domain()] {
        assert!(words.chars().all(|character| character == ' ' || character.is_ascii_graphic()), "{words:?}");
    }
    true
}
