//! What prepared jobs have reserved of one treasury, and the caches and logs of that treasury.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use coldamp_cli::screen::printable_path;
use coldamp_cli::{Exit, Failure, output};
use coldamp_core::amp::Request;
use coldamp_core::elements::hashes::sha256;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::listed::{beginning, listed};
use coldamp_core::prepare::Plan;
use coldamp_core::treasury::{CtDescriptor, KeyPath};
use coldamp_online::amp::AmpRoot;
use coldamp_online::state::reservations::Reservations;
use coldamp_online::treasury::issue::Terms;

use super::coin_file::CoinFile;
use super::locked::Locked;
use super::log_file::LogFile;
use super::scan_cache_file::ScanCacheFile;

/// The fewest digits of a request's id that `--release` takes.
const SHORTEST_ID: usize = 8;

/// Digits of a request's id that a message shows.
const SHOWN_ID: usize = 16;

/// The reservations of one treasury, locked against other commands.
pub(crate) struct TreasuryState {
    file: Locked,
    reservations: Reservations,
}

impl TreasuryState {
    /// Opens the reservations of a treasury in `folder`, or in the platform's state folder.
    ///
    /// # Errors
    /// When the folder cannot be made, or the file cannot be read. Such a file never counts as empty.
    pub(crate) fn open(folder: Option<&Path>, descriptor: &CtDescriptor) -> Result<Self, Failure> {
        // The name is half of a hash: the descriptor itself is secret, and half is enough to tell treasuries apart.
        let hash = descriptor.canonical_hash();
        let name = hash.first_chunk::<16>().unwrap_or(&[0; 16]).to_lower_hex_string();
        let file = Locked::open(folder, &name)?;
        let reservations = match file.read("the file of reservations")? {
            Some(bytes) => Reservations::parse(&bytes).map_err(|error| {
                let message = format!("the file of reservations, {}: {error}", printable_path(&file.path));
                let hint =
                    "Put back the file as it was. Without it, coins and change addresses would be used twice.";
                Failure::new(Exit::Input, message, hint).with_code(error.code())
            })?,
            None => Reservations::default(),
        };
        Ok(TreasuryState { file, reservations })
    }

    /// The cache of opened coins.
    pub(crate) fn coin_cache(&self) -> CoinFile {
        CoinFile::open(&self.file.path.with_extension("coins"))
    }

    /// The scan cache.
    pub(crate) fn scan_cache(&self) -> ScanCacheFile {
        ScanCacheFile::at(self.file.path.with_extension("looks"))
    }

    /// The reservations.
    pub(crate) fn reservations(&self) -> &Reservations {
        &self.reservations
    }

    /// Reserves the coins and addresses of a plan.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn reserve(&mut self, request: &Request, plan: &Plan) -> Result<(), Failure> {
        self.reservations.reserve_plan(request, plan);
        self.write()
    }

    /// Opens or starts the log of an asset that AMP is asked for: of its ticker and domain at this AMP, whichever file names it.
    ///
    /// # Errors
    /// When another command uses it, or it cannot be read or written.
    pub(crate) fn log_of_issue(&self, amp: &AmpRoot, terms: &Terms) -> Result<LogFile, Failure> {
        let (ticker, domain) = (terms.ticker.to_ascii_lowercase(), terms.domain.to_ascii_lowercase());
        let content = format!("{amp}\n{ticker}\n{domain}");
        let hash = sha256::Hash::hash(content.as_bytes()).to_byte_array().to_lower_hex_string();
        let folder = self.file.path.with_file_name("issues");
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&folder);
        made.map_err(|reason| output::OutputError::File { path: folder.clone(), reason })?;
        LogFile::at(folder.join(format!("{hash}.log")), content.as_bytes())
    }

    /// Reserves addresses for outputs that no request of AMP's makes. `by` is the SHA-256 of what makes them, hexadecimal.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn reserve_paths(
        &mut self,
        by: &str,
        what: &str,
        paths: impl IntoIterator<Item = KeyPath>,
    ) -> Result<(), Failure> {
        self.reservations.reserve_paths(by, what, paths);
        self.write()
    }

    /// Releases the coins of the one request whose id begins with `typed`, and gives its id and what it asks for.
    ///
    /// # Errors
    /// When `typed` is shorter than [`SHORTEST_ID`], no request with such an id reserves coins, or several do; or the file
    /// cannot be written.
    pub(crate) fn release(&mut self, typed: &str) -> Result<String, Failure> {
        let all: Vec<(&str, &str)> = self.reservations.reserving().collect();
        let names = |named: &[(&str, &str)]| {
            listed(named.iter().map(|(id, what)| format!("{} ({what})", beginning(id, SHOWN_ID))))
        };
        let refused = |message: String, named: &[(&str, &str)]| {
            let hint = match named {
                [] => "No prepared request reserves coins. Nothing was released.".to_owned(),
                named => format!("Nothing was released. Name one of: {}.", names(named)),
            };
            Err(Failure::new(Exit::Refused, message, hint))
        };
        if typed.len() < SHORTEST_ID {
            let message = format!("--release takes the whole id, or at least its first {SHORTEST_ID} digits");
            return refused(message, &all);
        }
        let found: Vec<(&str, &str)> = all.iter().filter(|(id, _)| id.starts_with(typed)).copied().collect();
        let (id, what) = match found.as_slice() {
            [one] => *one,
            [] => {
                let message = format!(
                    "no prepared request whose id begins with {} reserves coins",
                    beginning(typed, 64)
                );
                return refused(message, &all);
            }
            several => {
                let message =
                    format!("{} prepared requests have an id that begins with {typed}", several.len());
                return refused(message, several);
            }
        };
        let (id, words) = (id.to_owned(), format!("{id} {what}"));
        self.reservations.release(&id);
        self.write()?;
        Ok(words)
    }

    fn write(&self) -> Result<(), Failure> {
        let text = self.reservations.to_json().map_err(Failure::internal)?;
        Ok(output::replace_file(&self.file.path, text.as_bytes())?)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "the tests make and read files as an operator does")]

    use super::*;
    use coldamp_core::code::Code;
    use coldamp_core::network::Chain;
    use std::os::unix::fs::PermissionsExt as _;

    const DESCRIPTOR: &str = "ct(slip77(9c8e4f05c7711a98c838be228bcb84924d4570ca53f35fa1c793e58841d47023),elwpkh([73c5da0a/84h/1h/0h]tpubDC8msFGeGuwnKG9Upg7DM2b4DaRqg3CUZa5g8v2SRQ6K4NSkxUgd7HsL2XVWbVm39yBA4LAxysQAm397zwQSQoQgewGiYZqrA9DsP4zbQ1M/<0;1>/*))";

    #[test]
    fn unreadable_reservations_do_not_count_as_empty() {
        let folder = tempfile::tempdir().unwrap();
        let descriptor = CtDescriptor::parse(DESCRIPTOR, Chain::Regtest).unwrap();
        let state = TreasuryState::open(Some(folder.path()), &descriptor).unwrap();
        let path = state.file.path.clone();
        assert_eq!(*state.reservations(), Reservations::default());
        drop(state);
        assert!(!path.display().to_string().contains("9c8e4f05"));
        std::fs::write(&path, "{").unwrap();
        let failure = TreasuryState::open(Some(folder.path()), &descriptor).err().unwrap();
        assert_eq!((failure.exit, failure.code), (Exit::Input, Some(Code::Record)));
    }

    #[test]
    fn the_folder_is_made_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let descriptor = CtDescriptor::parse(DESCRIPTOR, Chain::Regtest).unwrap();
        TreasuryState::open(Some(&folder.path().join("a/b")), &descriptor).unwrap();
        let mode = std::fs::metadata(folder.path().join("a/b")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
}
