//! The state folder: one file a treasury with the indices that were promised, locked while a command uses it.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use coldamp_core::amp::Request;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::prepare::Plan;
use coldamp_core::treasury::{CtDescriptor, UnusedIndices};
use coldamp_online::record::Record;

use crate::error::{Exit, Failure};
use crate::input::{InputError, read_file};
use crate::output;

/// A promise has some 150 bytes: room for a hundred thousand requests.
const MAX_RECORD_BYTES: usize = 16 * 1024 * 1024;

/// The record of one treasury, and the lock that keeps a second `prepare` from reading it meanwhile.
pub(super) struct State {
    path: PathBuf,
    record: Record,
    _lock: File,
}

impl State {
    /// Opens the record of a treasury in `folder`, or in the platform's state folder.
    ///
    /// # Errors
    /// When the folder cannot be made, or the record in it is not one: it is never taken for empty.
    pub(super) fn open(folder: Option<&Path>, descriptor: &CtDescriptor) -> Result<Self, Failure> {
        let folder = match folder {
            Some(folder) => folder.to_owned(),
            None => platform_folder()?,
        };
        let cannot = |path: &Path, error: &io::Error| {
            let message = format!("cannot use the state folder, {}: {error}", path.display());
            Failure::new(Exit::Output, message, "name a folder that you can write to with --state")
        };
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)
            .map_err(|error| cannot(&folder, &error))?;
        // Named by a hash: the descriptor itself is secret. Half of it tells treasuries apart.
        let hash = descriptor.canonical_hash();
        let name = hash.first_chunk::<16>().unwrap_or(&[0; 16]).to_lower_hex_string();
        let lock_path = folder.join(format!("{name}.lock"));
        let lock = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&lock_path);
        let lock =
            lock.and_then(|lock| lock.lock().map(|()| lock)).map_err(|error| cannot(&lock_path, &error))?;
        let path = folder.join(format!("{name}.json"));
        let record = match read_file(&path, MAX_RECORD_BYTES) {
            Ok(bytes) => Record::parse(&bytes).map_err(|error| {
                let message = format!("the record of promised indices, {}: {error}", path.display());
                let hint =
                    "put back the file as it was; without it change addresses would be given out twice";
                Failure::new(Exit::Input, message, hint)
            })?,
            Err(InputError::Unreadable { reason }) if reason.kind() == io::ErrorKind::NotFound => {
                Record::default()
            }
            Err(error) => return Err(error.into_failure("the record of promised indices", &path)),
        };
        Ok(State { path, record, _lock: lock })
    }

    /// The first indices that nothing was promised of.
    pub(super) fn unpromised(&self) -> UnusedIndices {
        self.record.unpromised()
    }

    /// Whether a request was prepared before.
    pub(super) fn knows(&self, request: &Request) -> bool {
        self.record.knows(&request.sha256().to_lower_hex_string())
    }

    /// Where a request's own outputs start.
    pub(super) fn start(&self, request: &Request, seen: UnusedIndices) -> UnusedIndices {
        self.record.start(&request.sha256().to_lower_hex_string(), seen)
    }

    /// Writes down what a plan takes.
    ///
    /// # Errors
    /// When the record cannot be written.
    pub(super) fn promise(
        &mut self,
        request: &Request,
        start: UnusedIndices,
        plan: &Plan,
    ) -> Result<(), Failure> {
        let mut end = start;
        for own in plan.outputs().iter().filter_map(|output| output.own.as_ref()) {
            end.mark_used(own.path);
        }
        self.record.promise(&request.sha256().to_lower_hex_string(), start, end);
        let text = self.record.to_json().map_err(Failure::internal)?;
        Ok(output::replace_file(&self.path, text.as_bytes())?)
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
        let path = state.path.clone();
        assert_eq!(state.unpromised(), UnusedIndices::default());
        drop(state);
        assert!(!path.display().to_string().contains("9c8e4f05"));
        std::fs::write(&path, "{").unwrap();
        let failure = State::open(Some(folder.path()), &descriptor).err().unwrap();
        assert_eq!(failure.exit, Exit::Input);
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
