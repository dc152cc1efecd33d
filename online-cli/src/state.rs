//! The state folder: one file of reservations for each treasury, and one file of the signed files that were broadcast. Each
//! is locked while a command uses it. The logs beside signed files are here as well.

pub(crate) mod coin_file;
pub(crate) mod issue_log;
pub(crate) mod lock_log;
pub(crate) mod log_file;
pub(crate) mod report_log;
pub(crate) mod scan_cache_file;

use std::fs::{DirBuilder, File, TryLockError};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use coldamp_cli::input::{self, InputError};
use coldamp_cli::screen::{self, printable_path};
use coldamp_cli::{Exit, Failure, output};
use coldamp_core::amp::Request;
use coldamp_core::code::Code;
use coldamp_core::elements::Txid;
use coldamp_core::elements::hashes::sha256;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::limits::MAX_SIGNED_BYTES;
use coldamp_core::listed::{beginning, listed};
use coldamp_core::prepare::Plan;
use coldamp_core::signed::SignedFile;
use coldamp_core::treasury::{CtDescriptor, KeyPath};
use coldamp_online::amp::AmpRoot;
use coldamp_online::state::reservations::Reservations;
use coldamp_online::state::seen_signatures::{Gap, SeenSignatures};
use coldamp_online::treasury::issue::Terms;

use crate::args::RestoredJournal;
use crate::refusal;
use coin_file::CoinFile;
use log_file::LogFile;
use scan_cache_file::ScanCacheFile;

/// The largest state file. A reservation has some 200 bytes and 70 for each coin: room for tens of thousands of requests.
const MAX_RECORD_BYTES: usize = 16 * 1024 * 1024;

/// The fewest digits of a request's id that `--release` takes.
const SHORTEST_ID: usize = 8;

/// Digits of a request's id that a message shows.
const SHOWN_ID: usize = 16;

/// The name of a kept signed file in messages.
const KEPT_SIGNED: &str = "the copy of the signed file that broadcast kept";

/// The reservations of one treasury, locked against other commands.
pub(crate) struct TreasuryState {
    file: Locked,
    reservations: Reservations,
}

/// The signed files that were broadcast with this state folder, of all journals.
pub(crate) struct SignatureState {
    file: Locked,
    seen: SeenSignatures,
}

/// A file of the state folder, locked against other commands.
struct Locked {
    path: PathBuf,
    _lock: File,
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

impl SignatureState {
    /// Opens the file of broadcast signatures in `folder`, or in the platform's state folder.
    ///
    /// # Errors
    /// When the folder cannot be made, or the file cannot be read.
    pub(crate) fn open(folder: Option<&Path>) -> Result<Self, Failure> {
        let file = Locked::open(folder, "signers")?;
        let seen = match file.read("the file of broadcast signatures")? {
            Some(bytes) => SeenSignatures::parse(&bytes).map_err(|error| {
                let message = format!("the file of broadcast signatures, {}: {error}", printable_path(&file.path));
                let hint =
                    "Put back the file as it was. Without it, a signed transaction that was kept back is not noticed.";
                Failure::new(Exit::Input, message, hint).with_code(Code::Record)
            })?,
            None => SeenSignatures::default(),
        };
        Ok(SignatureState { file, seen })
    }

    /// The kept copy of a signed file. None if no copy was kept.
    ///
    /// # Errors
    /// When the copy cannot be read, or is of another transaction. Such a copy never counts as none: an exchanged report would
    /// then be posted.
    pub(crate) fn signed(&self, txid: Txid) -> Result<Option<SignedFile>, Failure> {
        let path = self.signed_path(txid);
        let Some(bytes) = read_kept(&path, MAX_SIGNED_BYTES, KEPT_SIGNED)? else { return Ok(None) };
        let found = SignedFile::read(&bytes).map_err(|error| error.to_string());
        let found = found.and_then(|signed| match signed.txid() {
            found if found == txid => Ok(signed),
            found => Err(format!("it is of transaction {found}")),
        });
        found.map(Some).map_err(|error| {
            let message = format!("{KEPT_SIGNED}, {}: {error}", printable_path(&path));
            let hint = "Put back the file as it was. Or run `coldamp-online broadcast` with --pset and --descriptor: it compares the signed file with its PSET and keeps a new copy.";
            Failure::new(Exit::Input, message, hint).with_code(Code::Record)
        })
    }

    /// Compares the report of a signed file with that of the kept copy. If somebody exchanges the report on the stick, for
    /// example with one for another distribution, AMP marks that distribution as paid.
    ///
    /// # Errors
    /// When the reports differ, or the kept copy cannot be read.
    pub(crate) fn same_report(&self, signed: &SignedFile) -> Result<(), Failure> {
        let kept = self.signed(signed.txid())?;
        if kept.is_none_or(|kept| kept.reports_as(signed)) {
            return Ok(());
        }
        let message = format!(
            "the report differs from the one in the kept copy of the signed file, {}",
            printable_path(&self.signed_path(signed.txid()))
        );
        Err(refusal::of(Code::ReportDiffers, message))
    }

    /// Keeps a copy of a signed file. It opens the treasury's own outputs if somebody swaps their range proofs.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn keep(&self, txid: Txid, bytes: &[u8]) -> Result<(), Failure> {
        self.make_signed_folder()?;
        Ok(output::replace_file(&self.signed_path(txid), bytes)?)
    }

    /// Opens or starts the log of a report. All copies of the signed file share it, and all have the same report
    /// ([`SignatureState::same_report`]).
    ///
    /// # Errors
    /// When the report differs from the kept one, another command uses the log, or it cannot be read or written.
    pub(crate) fn log_of_report(&self, signed: &SignedFile) -> Result<LogFile, Failure> {
        self.same_report(signed)?;
        self.make_signed_folder()?;
        let txid = signed.txid();
        LogFile::at(self.signed_path(txid).with_extension("log"), txid.to_string().as_bytes())
    }

    fn make_signed_folder(&self) -> Result<(), Failure> {
        let folder = self.signed_folder();
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&folder);
        Ok(made.map_err(|reason| output::OutputError::File { path: folder, reason })?)
    }

    fn signed_folder(&self) -> PathBuf {
        self.file.path.with_file_name("signed")
    }

    fn signed_path(&self, txid: Txid) -> PathBuf {
        self.signed_folder().join(format!("{txid}.json"))
    }

    /// Records a signed file that is about to be broadcast. Returns the entries that are missing before it, of the journal of each
    /// signer. `restored` names the signers whose journals were restored from an older backup, and use numbers again.
    ///
    /// # Errors
    /// When a journal's entry was another transaction before, a signer names another's journal, or the file cannot be written.
    pub(crate) fn see(
        &mut self,
        signed: &SignedFile,
        restored: &[RestoredJournal],
    ) -> Result<Vec<Gap>, Failure> {
        let txid = signed.txid();
        // A file that was broadcast before the restore may be sent again.
        let was_kept = || matches!(self.signed(txid), Ok(Some(kept)) if kept.signers() == signed.signers());
        let mut seen = self.seen.clone();
        let mut gaps = Vec::new();
        for (signer, position) in signed.signers().positions_by_signer() {
            let mut found = seen.see(signer, position, txid);
            if found.is_err() && was_kept() {
                return Ok(Vec::new());
            }
            if found.is_err() && restored.iter().any(|restored| restored.is_of(signer)) {
                seen.forget_from(position);
                found = seen.see(signer, position, txid);
            }
            gaps.extend(found.map_err(|fork| refusal::fork(&fork, signer))?);
        }
        self.seen = seen;
        let text = self.seen.to_json().map_err(Failure::internal)?;
        output::replace_file(&self.file.path, text.as_bytes())?;
        Ok(gaps)
    }
}

impl Locked {
    fn open(folder: Option<&Path>, name: &str) -> Result<Self, Failure> {
        let folder = match folder {
            Some(folder) => folder.to_owned(),
            None => platform_folder()?,
        };
        let cannot = |path: &Path, error: &io::Error| {
            let message = format!("cannot use the state folder, {}: {error}", printable_path(path));
            Failure::new(Exit::Output, message, "Name a folder that you can write to with --state.")
        };
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)
            .map_err(|error| cannot(&folder, &error))?;
        let lock_path = folder.join(format!("{name}.lock"));
        let lock = output::open_in_place(&lock_path).and_then(|lock| {
            take(&lock, || {
                screen::say(&format!(
                    "Waiting: another coldamp-online command uses {}. This command continues when that one ends.",
                    printable_path(&lock_path)
                ));
            })?;
            Ok(lock)
        });
        let lock = lock.map_err(|error| cannot(&lock_path, &error))?;
        Ok(Locked { path: folder.join(format!("{name}.json")), _lock: lock })
    }

    /// The file's bytes. None if it does not exist.
    fn read(&self, what: &str) -> Result<Option<Vec<u8>>, Failure> {
        read_kept(&self.path, MAX_RECORD_BYTES, what)
    }
}

/// Takes a lock. If another command has it, calls `waits` and then waits: that command may scan for minutes.
fn take(lock: &File, waits: impl FnOnce()) -> io::Result<()> {
    match lock.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::Error(error)) => Err(error),
        Err(TryLockError::WouldBlock) => {
            waits();
            lock.lock()
        }
    }
}

/// The bytes of a file of the state folder. None if it does not exist. A file that exists and cannot be read is an error.
fn read_kept(path: &Path, limit: usize, what: &str) -> Result<Option<Vec<u8>>, Failure> {
    match input::read_file(path, limit) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(InputError::Unreadable { reason }) if reason.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into_failure(what, path).with_code(Code::Record)),
    }
}

/// `$XDG_STATE_HOME/coldamp-online`, else `~/.local/state/coldamp-online` (XDG Base Directory Specification).
///
/// # Errors
/// When the environment names neither.
pub(crate) fn platform_folder() -> Result<PathBuf, Failure> {
    #[expect(clippy::disallowed_methods, reason = "only the environment names the platform's state folder")]
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let state = variable("XDG_STATE_HOME").or_else(|| variable("HOME").map(|home| home.join(".local/state")));
    state.map(|state| state.join("coldamp-online")).ok_or_else(|| {
        let hint = "Name a folder with --state.";
        Failure::new(Exit::Usage, "found neither XDG_STATE_HOME nor HOME, expected a state folder", hint)
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "the tests make and read files as an operator does")]

    use super::*;
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
    fn a_kept_copy_that_cannot_be_read_does_not_count_as_none() {
        let folder = tempfile::tempdir().unwrap();
        let state = SignatureState::open(Some(folder.path())).unwrap();
        let txid = Txid::from_byte_array([7; 32]);
        assert_eq!(state.signed(txid).unwrap().map(|signed| signed.txid()), None);
        let path = state.signed_path(txid);
        let refused = |what: &str| {
            let failure = state.signed(txid).err().unwrap();
            assert_eq!((failure.exit, failure.code), (Exit::Input, Some(Code::Record)), "{what}");
            assert!(failure.message.contains(&printable_path(&path)), "{what}: {}", failure.message);
        };
        state.keep(txid, b"{").unwrap();
        refused("cut off");
        std::fs::remove_file(&path).unwrap();
        std::fs::create_dir(&path).unwrap();
        refused("a folder");
    }

    #[test]
    fn a_wait_for_a_lock_is_told_before_it_begins() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signers.lock");
        let (held, wanted) = (output::open_in_place(&path).unwrap(), output::open_in_place(&path).unwrap());
        take(&held, || panic!("nobody holds it")).unwrap();
        let mut held = Some(held);
        let mut told = 0;
        // The lock is released by the call: without the call this test would never end.
        take(&wanted, || {
            told += 1;
            drop(held.take());
        })
        .unwrap();
        assert_eq!(told, 1);
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
