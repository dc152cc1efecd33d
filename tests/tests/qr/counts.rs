//! How many codes a job takes.

use coldamp_core::transport::kind::Kind;
use coldamp_tests::RequestKind;

use super::{VERSION_20, VERSION_27, job};

fn codes(file: &str, characters: usize) -> usize {
    let kind = Kind::of(file.as_bytes()).unwrap();
    kind.frames(file.as_bytes(), characters).unwrap().len()
}

#[test]
fn a_reissue_crosses_in_8_codes_of_version_27_and_its_signatures_in_2_of_version_20() {
    let (pset, signatures) = job("wpkh", RequestKind::Reissue);
    let (out, back) = (codes(&pset, VERSION_27), codes(&signatures, VERSION_20));
    println!(
        "reissue: {} bytes of PSET in base64, {out} codes; {} bytes of signatures, {back} codes",
        pset.len(),
        signatures.len()
    );
    assert!(out <= 8 && back <= 2, "{out} {back}");
}

#[test]
fn a_distribution_to_80_crosses_in_24_codes_of_version_27_and_its_signatures_in_2_of_version_20() {
    let (pset, signatures) = job("wpkh-80-recipients", RequestKind::Distribute);
    let (out, back) = (codes(&pset, VERSION_27), codes(&signatures, VERSION_20));
    println!(
        "80 recipients: {} bytes of PSET in base64, {out} codes; {} bytes of signatures, {back} codes",
        pset.len(),
        signatures.len()
    );
    assert!(out <= 24 && back <= 2, "{out} {back}");
}
