//! The plaintext of a backup: whoever knows the passphrase can have written it.

/// Whether the bytes are a backup's plaintext, each byte of it as `coldamp` writes it.
pub fn backup(data: &[u8]) -> bool {
    coldamp::fuzzing::backup_plaintext(data)
}
