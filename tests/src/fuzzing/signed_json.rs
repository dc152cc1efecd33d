//! `signed.json`, as a second machine and the online side are handed it.

use coldamp_core::signed::{Signed, SignedFields};

/// Splits a signed file into its fields and reads what they say; what was read makes the same file again.
///
/// # Panics
///
/// If it does not.
pub fn signed_json(data: &[u8]) -> bool {
    let Ok(fields) = SignedFields::split(data) else { return false };
    if let Ok(signed) = Signed::read(data) {
        assert!(fields.differences(&signed.file()).is_empty(), "what was read says something else");
        let text = signed.file().to_json().expect("the text of a file");
        assert_eq!(text.as_bytes(), data, "what was read is another file");
    }
    true
}
