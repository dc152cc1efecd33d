//! The scan cache, in a file of the state folder. It is replaced as a whole. A file that cannot be read is ignored, with a
//! warning.

use std::io;
use std::path::PathBuf;

use coldamp_cli::input::{self, InputError};
use coldamp_cli::output;
use coldamp_cli::screen::{self, printable_path};
use coldamp_online::source::scan_cache::{ScanCache, ScanCacheStore};

/// 40,002 scripts of some 20 bytes each.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// The file.
pub(crate) struct ScanCacheFile {
    path: PathBuf,
    /// Whether a failed write was told. It is told once.
    is_told: bool,
}

impl ScanCacheFile {
    /// The file at a path. It need not exist.
    pub(crate) fn at(path: PathBuf) -> Self {
        ScanCacheFile { path, is_told: false }
    }

    fn warn_unusable(&self, why: &str) {
        let path = printable_path(&self.path);
        screen::warn(&format!("scan cache {path} is unusable ({why}). Scanning all addresses"));
    }
}

impl ScanCacheStore for ScanCacheFile {
    fn recall(&mut self) -> Option<ScanCache> {
        let bytes = match input::read_file(&self.path, MAX_BYTES) {
            Ok(bytes) => bytes,
            Err(InputError::Unreadable { reason }) if reason.kind() == io::ErrorKind::NotFound => {
                return None;
            }
            Err(error) => {
                self.warn_unusable(&error.to_string());
                return None;
            }
        };
        ScanCache::parse(&bytes).map_err(|error| self.warn_unusable(&error.to_string())).ok()
    }

    fn keep(&mut self, cache: &ScanCache) {
        let Ok(text) = cache.to_json() else { return };
        if let Err(error) = output::replace_file(&self.path, text.as_bytes())
            && !self.is_told
        {
            self.is_told = true;
            screen::warn(&format!("{error}. The next command scans all addresses again"));
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "the tests make and read files as an operator does")]

    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn the_cache_is_for_its_owner_alone_and_a_damaged_file_is_ignored() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.looks");
        let mut file = ScanCacheFile::at(path.clone());
        assert_eq!(file.recall(), None);
        let cache = ScanCache { server: "https://example.org".to_owned(), ..ScanCache::default() };
        file.keep(&cache);
        assert_eq!(file.recall(), Some(cache));
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::write(&path, "{").unwrap();
        assert_eq!(file.recall(), None);
    }
}
