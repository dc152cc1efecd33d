//! The state folder: one file a treasury with what was promised, and one for all with the signatures that were broadcast,
//! each locked while a command uses it.

use std::fs::{DirBuilder, File, TryLockError};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use coldamp_cli::input::{self, InputError};
use coldamp_cli::screen::{self, shown};
use coldamp_cli::{Exit, Failure, output};
use coldamp_core::amp::Request;
use coldamp_core::code::Code;
use coldamp_core::elements::Txid;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::limits::MAX_SIGNED_BYTES;
use coldamp_core::prepare::Plan;
use coldamp_core::signed::Signed;
use coldamp_core::treasury::CtDescriptor;
use coldamp_online::record::Record;
use coldamp_online::signers::{Gap, Signers};

use crate::coins::CoinFile;
use crate::logfile::LogFile;
use crate::looks::LookFile;
use crate::refusal;

/// A promise has some 200 bytes and 70 a coin: room for tens of thousands of requests.
const MAX_RECORD_BYTES: usize = 16 * 1024 * 1024;

/// What a kept signed file is called in a message.
const KEPT_SIGNED: &str = "the signed file that was kept when its transaction was broadcast";

/// The record of one treasury, and the lock that keeps a second command from reading it meanwhile.
pub(crate) struct State {
    file: Locked,
    record: Record,
}

/// The signatures that were broadcast from here, of all journals.
pub(crate) struct SignersState {
    file: Locked,
    signers: Signers,
}

/// A file of the state folder that no other command reads meanwhile.
struct Locked {
    path: PathBuf,
    _lock: File,
}

impl State {
    /// Opens the record of a treasury in `folder`, or in the platform's state folder.
    ///
    /// # Errors
    /// When the folder cannot be made, or the record in it is not one: it is never taken for empty.
    pub(crate) fn open(folder: Option<&Path>, descriptor: &CtDescriptor) -> Result<Self, Failure> {
        // Named by a hash: the descriptor itself is secret. Half of it tells treasuries apart.
        let hash = descriptor.canonical_hash();
        let name = hash.first_chunk::<16>().unwrap_or(&[0; 16]).to_lower_hex_string();
        let file = Locked::open(folder, &name)?;
        let record = match file.read("the record of what was promised")? {
            Some(bytes) => Record::parse(&bytes).map_err(|error| {
                let message = format!("the record of what was promised, {}: {error}", shown(&file.path));
                let hint =
                    "put back the file as it was; without it coins and change addresses would be given out twice";
                Failure::new(Exit::Input, message, hint).with_code(error.code())
            })?,
            None => Record::default(),
        };
        Ok(State { file, record })
    }

    /// The coins of the treasury that were opened before.
    pub(crate) fn coins(&self) -> CoinFile {
        CoinFile::open(&self.file.path.with_extension("coins"))
    }

    /// What was learnt of the treasury's scripts before.
    pub(crate) fn looks(&self) -> LookFile {
        LookFile::at(self.file.path.with_extension("looks"))
    }

    /// What was promised.
    pub(crate) fn record(&self) -> &Record {
        &self.record
    }

    /// Writes down what a plan takes.
    ///
    /// # Errors
    /// When the record cannot be written.
    pub(crate) fn promise(&mut self, request: &Request, plan: &Plan) -> Result<(), Failure> {
        self.record.promise_plan(request, plan);
        self.write()
    }

    /// Gives back the coins of a request.
    ///
    /// # Errors
    /// When no request of that id holds any, or the record cannot be written.
    pub(crate) fn release(&mut self, request: &str) -> Result<(), Failure> {
        if !self.record.release(request) {
            let message = "found no prepared request of this id that holds coins";
            return Err(Failure::new(
                Exit::Refused,
                message,
                "`coldamp-online status --descriptor FILE …` lists them",
            ));
        }
        self.write()
    }

    fn write(&self) -> Result<(), Failure> {
        let text = self.record.to_json().map_err(Failure::internal)?;
        Ok(output::replace_file(&self.file.path, text.as_bytes())?)
    }
}

impl SignersState {
    /// Opens the record of the state folder.
    ///
    /// # Errors
    /// When the folder cannot be made, or the record in it is not one.
    pub(crate) fn open(folder: Option<&Path>) -> Result<Self, Failure> {
        let file = Locked::open(folder, "signers")?;
        let signers = match file.read("the record of signatures")? {
            Some(bytes) => Signers::parse(&bytes).map_err(|error| {
                let message = format!("the record of signatures, {}: {error}", shown(&file.path));
                let hint =
                    "put back the file as it was; without it a signature that was kept back is not noticed";
                Failure::new(Exit::Input, message, hint).with_code(Code::Record)
            })?,
            None => Signers::default(),
        };
        Ok(SignersState { file, signers })
    }

    /// The signed file of the transaction that was broadcast from here; none where none was kept.
    ///
    /// # Errors
    /// When a file was kept that cannot be read, or is of another transaction. It is never taken for none: an exchanged
    /// report would then be posted.
    pub(crate) fn signed(&self, txid: Txid) -> Result<Option<Signed>, Failure> {
        let path = self.signed_path(txid);
        let Some(bytes) = read_kept(&path, MAX_SIGNED_BYTES, KEPT_SIGNED)? else { return Ok(None) };
        let found = Signed::read(&bytes).map_err(|error| error.to_string());
        let found = found.and_then(|signed| match signed.txid() {
            found if found == txid => Ok(signed),
            found => Err(format!("it is the file of transaction {found}")),
        });
        found.map(Some).map_err(|error| {
            let message = format!("{KEPT_SIGNED}, {}: {error}", shown(&path));
            let hint = "put back the file as it was; or run `broadcast` with --pset and --descriptor, which compares the signed file with its PSET and keeps it anew";
            Failure::new(Exit::Input, message, hint).with_code(Code::Record)
        })
    }

    /// Compares a signed file with the one of its transaction that was broadcast from here: whoever exchanges the report on
    /// the stick, be it for another distribution's, has AMP mark as paid what was not.
    ///
    /// # Errors
    /// When AMP would be told something else, or the kept file cannot be read.
    pub(crate) fn same_report(&self, signed: &Signed) -> Result<(), Failure> {
        let kept = self.signed(signed.txid())?;
        if kept.is_none_or(|kept| kept.reports_as(signed)) {
            return Ok(());
        }
        let message = format!(
            "the report differs from the one that came with this transaction before, {}",
            shown(&self.signed_path(signed.txid()))
        );
        Err(refusal::of(Code::ReportDiffers, message))
    }

    /// Keeps a signed file: with a swapped range proof it is what opens the coins that went back to the treasury.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn keep(&self, txid: Txid, bytes: &[u8]) -> Result<(), Failure> {
        self.make_signed_folder()?;
        Ok(output::replace_file(&self.signed_path(txid), bytes)?)
    }

    /// Opens the log of a report, or starts it. It is of every copy of the signed file, and AMP is told the same by each
    /// ([`SignersState::same_report`]).
    ///
    /// # Errors
    /// When AMP would be told something else, another command has the log, or it cannot be read or written.
    pub(crate) fn log_of_report(&self, signed: &Signed) -> Result<LogFile, Failure> {
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

    /// Takes note of a signed file that is about to be broadcast. Entries of its journal that are missing before it come
    /// back. `restored`: the journal was restored from an older backup, and uses numbers once more.
    ///
    /// # Errors
    /// When its journal entry was another signing before, or the record cannot be written.
    pub(crate) fn see(&mut self, signed: &Signed, restored: bool) -> Result<Option<Gap>, Failure> {
        let (position, txid) = (signed.signer(), signed.txid());
        let mut seen = self.signers.see(position, txid);
        // A file that was broadcast from here before the restore may be sent again, and is no alarm.
        if seen.is_err() && matches!(self.signed(txid), Ok(Some(kept)) if kept.signer() == position) {
            return Ok(None);
        }
        if seen.is_err() && restored {
            self.signers.forget_from(position);
            seen = self.signers.see(position, txid);
        }
        let gap = seen.map_err(|fork| refusal::fork(&fork))?;
        let text = self.signers.to_json().map_err(Failure::internal)?;
        output::replace_file(&self.file.path, text.as_bytes())?;
        Ok(gap)
    }
}

impl Locked {
    fn open(folder: Option<&Path>, name: &str) -> Result<Self, Failure> {
        let folder = match folder {
            Some(folder) => folder.to_owned(),
            None => platform_folder()?,
        };
        let cannot = |path: &Path, error: &io::Error| {
            let message = format!("cannot use the state folder, {}: {error}", shown(path));
            Failure::new(Exit::Output, message, "name a folder that you can write to with --state")
        };
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)
            .map_err(|error| cannot(&folder, &error))?;
        let lock_path = folder.join(format!("{name}.lock"));
        let lock = output::open_kept(&lock_path).and_then(|lock| {
            take(&lock, || {
                screen::say(&format!(
                    "waiting: another coldamp-online command uses {}; this one goes on when that one has ended",
                    shown(&lock_path)
                ));
            })?;
            Ok(lock)
        });
        let lock = lock.map_err(|error| cannot(&lock_path, &error))?;
        Ok(Locked { path: folder.join(format!("{name}.json")), _lock: lock })
    }

    /// The file's bytes; none where it was never written.
    fn read(&self, what: &str) -> Result<Option<Vec<u8>>, Failure> {
        read_kept(&self.path, MAX_RECORD_BYTES, what)
    }
}

/// Takes a lock. Where another command holds it, `waits` is called first: reading a treasury takes minutes.
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

/// The bytes of a file of the state folder; none where it was never written. Every other error is one: a file that cannot
/// be read is not an empty one.
fn read_kept(path: &Path, limit: usize, what: &str) -> Result<Option<Vec<u8>>, Failure> {
    match input::read_file(path, limit) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(InputError::Unreadable { reason }) if reason.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into_failure(what, path).with_code(Code::Record)),
    }
}

/// `$XDG_STATE_HOME/coldamp-online`, else `~/.local/state/coldamp-online` (XDG Base Directory Specification).
fn platform_folder() -> Result<PathBuf, Failure> {
    #[expect(
        clippy::disallowed_methods,
        reason = "where the platform keeps state is said by the environment alone"
    )]
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let state = variable("XDG_STATE_HOME").or_else(|| variable("HOME").map(|home| home.join(".local/state")));
    state.map(|state| state.join("coldamp-online")).ok_or_else(|| {
        let hint = "name a folder with --state";
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
    fn a_record_that_is_none_is_not_taken_for_an_empty_one() {
        let folder = tempfile::tempdir().unwrap();
        let descriptor = CtDescriptor::parse(DESCRIPTOR, Chain::Regtest).unwrap();
        let state = State::open(Some(folder.path()), &descriptor).unwrap();
        let path = state.file.path.clone();
        assert_eq!(*state.record(), Record::default());
        drop(state);
        assert!(!path.display().to_string().contains("9c8e4f05"));
        std::fs::write(&path, "{").unwrap();
        let failure = State::open(Some(folder.path()), &descriptor).err().unwrap();
        assert_eq!((failure.exit, failure.code), (Exit::Input, Some(Code::Record)));
    }

    #[test]
    fn a_kept_signed_file_that_cannot_be_read_is_not_taken_for_none() {
        let folder = tempfile::tempdir().unwrap();
        let state = SignersState::open(Some(folder.path())).unwrap();
        let txid = Txid::from_byte_array([7; 32]);
        assert_eq!(state.signed(txid).unwrap().map(|signed| signed.txid()), None);
        let path = state.signed_path(txid);
        let refused = |what: &str| {
            let failure = state.signed(txid).err().unwrap();
            assert_eq!((failure.exit, failure.code), (Exit::Input, Some(Code::Record)), "{what}");
            assert!(failure.message.contains(&shown(&path)), "{what}: {}", failure.message);
        };
        state.keep(txid, b"{").unwrap();
        refused("cut off");
        std::fs::remove_file(&path).unwrap();
        std::fs::create_dir(&path).unwrap();
        refused("a folder");
    }

    #[test]
    fn who_waits_for_a_lock_is_told_before_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signers.lock");
        let (held, wanted) = (output::open_kept(&path).unwrap(), output::open_kept(&path).unwrap());
        take(&held, || panic!("nobody holds it")).unwrap();
        let mut held = Some(held);
        let mut told = 0;
        // It is let go only once it was told: a wait that is not told never ends here.
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
        State::open(Some(&folder.path().join("a/b")), &descriptor).unwrap();
        let mode = std::fs::metadata(folder.path().join("a/b")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
}
