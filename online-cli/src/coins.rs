//! Coins that were opened before, in a file of the state folder: entries that are only added to, each with its length in
//! front. A cut or damaged entry is a coin that is read anew.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use coldamp_cli::output;
use coldamp_core::elements::OutPoint;
use coldamp_online::memory::{Memory, Remembered};

/// A coin has a range proof of at most 5,134 bytes, and some 400 besides.
const MAX_ENTRY_BYTES: u32 = 16 * 1024;

/// The file. Only where each entry lies is in memory.
pub(crate) struct CoinFile {
    file: Option<File>,
    entries: BTreeMap<OutPoint, (u64, usize)>,
    end: u64,
}

impl CoinFile {
    /// Opens the file, or starts it. One that cannot be used is done without.
    pub(crate) fn open(path: &Path) -> Self {
        let mut coins = CoinFile { file: output::open_kept(path).ok(), entries: BTreeMap::new(), end: 0 };
        coins.look_through();
        coins
    }

    /// Finds the whole entries; what lies behind the last of them is written over.
    fn look_through(&mut self) {
        let Some(file) = &self.file else { return };
        let mut reader = BufReader::new(file);
        let mut length = [0; 4];
        while reader.read_exact(&mut length).is_ok() {
            let length = u32::from_le_bytes(length);
            let Some(bytes) = (length <= MAX_ENTRY_BYTES).then(|| exactly(&mut reader, length)).flatten()
            else {
                return;
            };
            let Some(coin) = Remembered::from_bytes(&bytes) else { return };
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

impl Memory for CoinFile {
    fn recall(&mut self, outpoint: OutPoint) -> Option<Remembered> {
        let (start, length) = self.entries.get(&outpoint).copied()?;
        let mut bytes = vec![0; length];
        self.file.as_ref()?.read_exact_at(&mut bytes, start).ok()?;
        Remembered::from_bytes(&bytes)
    }

    fn remember(&mut self, coin: &Remembered) {
        let Some(file) = &self.file else { return };
        let bytes = coin.to_bytes();
        let Ok(length) = u32::try_from(bytes.len()) else { return };
        let entry = [length.to_le_bytes().as_slice(), &bytes].concat();
        // Not synced: what a power cut takes is read anew.
        if file.write_all_at(&entry, self.end).is_ok() {
            let start = self.end.saturating_add(4);
            self.entries.insert(coin.outpoint, (start, bytes.len()));
            self.end = start.saturating_add(length.into());
        } else {
            // A full disk: no more is remembered, and nothing else is lost.
            self.file = None;
        }
    }
}
