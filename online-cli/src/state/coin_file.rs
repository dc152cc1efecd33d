//! The cache of opened coins, in a file of the state folder. Entries are appended, each with its length in front. A coin whose
//! entry is cut or damaged is read from the chain again.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use coldamp_cli::output;
use coldamp_core::elements::OutPoint;
use coldamp_online::state::coin_cache::{CachedCoin, CoinCache};

/// A coin has a range proof of at most 5,134 bytes, and some 400 besides.
const MAX_ENTRY_BYTES: u32 = 16 * 1024;

/// The file. Only the position of each entry is in memory.
pub(crate) struct CoinFile {
    file: Option<File>,
    entries: BTreeMap<OutPoint, (u64, usize)>,
    end: u64,
}

impl CoinFile {
    /// Opens or starts the file. A file that cannot be used is ignored.
    pub(crate) fn open(path: &Path) -> Self {
        let mut coins = CoinFile { file: output::open_in_place(path).ok(), entries: BTreeMap::new(), end: 0 };
        coins.find_entries();
        coins
    }

    /// Finds the complete entries. Bytes after the last one are overwritten.
    fn find_entries(&mut self) {
        let Some(file) = &self.file else { return };
        let mut reader = BufReader::new(file);
        let mut length = [0; 4];
        while reader.read_exact(&mut length).is_ok() {
            let length = u32::from_le_bytes(length);
            let Some(bytes) = (length <= MAX_ENTRY_BYTES).then(|| exactly(&mut reader, length)).flatten()
            else {
                return;
            };
            let Some(coin) = CachedCoin::from_bytes(&bytes) else { return };
            let start = self.end.saturating_add(4);
            self.entries.insert(coin.outpoint, (start, bytes.len()));
            self.end = start.saturating_add(length.into());
        }
    }
}

fn exactly(reader: &mut impl Read, length: u32) -> Option<Vec<u8>> {
    let mut bytes = vec![0; usize::try_from(length).ok()?];
    reader.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

impl CoinCache for CoinFile {
    fn get(&mut self, outpoint: OutPoint) -> Option<CachedCoin> {
        let (start, length) = self.entries.get(&outpoint).copied()?;
        let mut bytes = vec![0; length];
        self.file.as_ref()?.read_exact_at(&mut bytes, start).ok()?;
        CachedCoin::from_bytes(&bytes)
    }

    fn put(&mut self, coin: &CachedCoin) {
        let Some(file) = &self.file else { return };
        let bytes = coin.to_bytes();
        let Ok(length) = u32::try_from(bytes.len()) else { return };
        let entry = [length.to_le_bytes().as_slice(), &bytes].concat();
        // Not synced: an entry lost in a power cut is read from the chain again.
        if file.write_all_at(&entry, self.end).is_ok() {
            let start = self.end.saturating_add(4);
            self.entries.insert(coin.outpoint, (start, bytes.len()));
            self.end = start.saturating_add(length.into());
        } else {
            // The disk is full: nothing more is cached, and nothing else is lost.
            self.file = None;
        }
    }
}
