//! The readers of files that nobody vouches for, within reach of the fuzz targets. Not for other use.

use crate::keystore;

/// Reads the plaintext of a keystore, and whether it is one. Whatever is read must be written back to the same bytes.
pub fn keystore_plaintext(bytes: &[u8]) -> bool {
    keystore::reads_back(bytes)
}
