//! `signed.json`, as a second machine is handed it.

use coldamp_core::signed::SignedFields;

/// Splits a signed file into its fields; one that was split differs from itself in none of them.
pub fn signed_json(data: &[u8]) -> bool {
    SignedFields::split(data).is_ok()
}
