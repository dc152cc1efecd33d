//! The part of a signature, as it comes back from another signer.

use coldamp_core::sign::Part;

/// Reads a part; signatures alone are written again to the same file.
///
/// # Panics
///
/// If they are not.
pub fn part(data: &[u8]) -> bool {
    let Ok(part) = Part::read(data) else { return false };
    if let Part::Signatures(set) = part {
        let text = set.to_json().expect("the text of a file");
        assert_eq!(text.as_bytes(), data, "what was read is another file");
    }
    true
}
