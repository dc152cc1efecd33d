//! `signed.json`, as the online side reads it.

use coldamp_core::signed::{ReadError, SignedFile};

/// Reads a signed file. What was read makes the same file again. True where the file has the fields of one.
///
/// # Panics
///
/// If it does not.
pub fn signed_json(data: &[u8]) -> bool {
    match SignedFile::read(data) {
        Ok(signed) => {
            let text = signed.to_json().expect("the text of a file");
            assert_eq!(text.as_bytes(), data, "what was read is another file");
            true
        }
        Err(ReadError::TooLarge { .. } | ReadError::Shape { .. } | ReadError::Version { .. }) => false,
        Err(_) => true,
    }
}
