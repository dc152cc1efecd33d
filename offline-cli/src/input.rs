//! Secrets, from files or the terminal.

use std::path::Path;

pub(crate) mod secret;
pub(crate) mod strength;

/// How many bytes a file has, so that no more room than that is made for it. `None` where that is unknown; reading the file
/// then fails with the reason.
pub(crate) fn size_of(path: &Path) -> Option<u64> {
    path.metadata().ok().map(|metadata| metadata.len())
}
