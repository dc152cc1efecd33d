//! The plaintext of a keystore: whoever knows the passphrase can have written it, and one day that is a stranger's
//! backup tool.

/// Whether the bytes are a keystore's plaintext, each byte of it as `coldamp` writes it.
pub fn keystore(data: &[u8]) -> bool {
    coldamp::fuzzing::keystore_plaintext(data)
}
