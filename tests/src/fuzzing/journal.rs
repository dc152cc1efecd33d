//! The journal beside a keystore, which anybody who reaches the folder may have written.

/// Verifies a chain under a key that the fuzzer does not know; one that verifies is written to the same bytes again.
pub fn journal(data: &[u8]) -> bool {
    coldamp::fuzzing::journal(data)
}
