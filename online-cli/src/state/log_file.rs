//! FILE.log, beside the file that it is of: each step is on the disk before it is taken. Locked while a command uses it,
//! so that two of them cannot take one step together.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use coldamp_cli::screen::printable_path;
use coldamp_cli::{Exit, Failure, output};
use coldamp_core::code::Code;
use coldamp_core::elements::hashes::sha256;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_online::state::log::{self, Log, LogError, Step};

use crate::refusal;

/// A log has a dozen lines of 200 bytes; one that was run again every minute for a month stays far below.
pub(crate) const MAX_LOG_BYTES: u64 = 16 * 1024 * 1024;

/// The log of one file.
pub(crate) struct LogFile {
    file: File,
    path: PathBuf,
    steps: Vec<Step>,
}

impl LogFile {
    /// Opens the log beside a file, or starts it.
    ///
    /// # Errors
    /// When another command has it, it is another file's, or it cannot be written.
    pub(crate) fn beside(path: &Path, content: &[u8]) -> Result<Self, Failure> {
        let mut name = path.as_os_str().to_owned();
        name.push(".log");
        Self::at(PathBuf::from(name), content)
    }

    /// Opens a log of this content, or starts it.
    ///
    /// # Errors
    /// As [`LogFile::beside`].
    pub(crate) fn at(path: PathBuf, content: &[u8]) -> Result<Self, Failure> {
        let sha256 = sha256::Hash::hash(content).to_byte_array().to_lower_hex_string();
        let cannot = |error: &dyn std::fmt::Display| {
            let message = format!("cannot use the log {}: {error}", printable_path(&path));
            Failure::new(
                Exit::Output,
                message,
                "Nothing was done. The log must be a file that you can write.",
            )
        };
        let mut file = output::open_in_place(&path).map_err(|error| cannot(&error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let message = format!("another command uses {}", printable_path(&path));
                return Err(refusal::of(Code::LogBusy, message));
            }
            Err(TryLockError::Error(error)) => return Err(cannot(&error)),
        }
        let mut text = Vec::new();
        // What lies behind the limit would count as cut off, and be cut off below: steps that were taken.
        if file.metadata().map_err(|error| cannot(&error))?.len() > MAX_LOG_BYTES {
            return Err(cannot(&format!("it has more than {MAX_LOG_BYTES} bytes")));
        }
        Read::by_ref(&mut file).take(MAX_LOG_BYTES).read_to_end(&mut text).map_err(|error| cannot(&error))?;
        let (steps, whole) = log::read(&text, &sha256).map_err(|error| {
            let message = format!("the log {}: {error}", printable_path(&path));
            let hint = "Put back the log as it was. If you cannot, look at the chain and at AMP before you remove it.";
            refusal::of(Code::Log, message).with_exit(Exit::Conflict).with_hint(hint)
        })?;
        // A line that was cut off is of a step that was never taken.
        let end = u64::try_from(whole).unwrap_or(u64::MAX);
        file.set_len(end)
            .and_then(|()| file.seek(SeekFrom::End(0)).map(drop))
            .map_err(|error| cannot(&error))?;
        let mut log = LogFile { file, path: path.clone(), steps };
        if log.steps.is_empty() {
            // Whoever made the file may have been cut off before its name was on the disk.
            output::sync_folder_of(&path)?;
            log.add(Step::Of { sha256 }).map_err(|error| cannot(&error))?;
        }
        Ok(log)
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Log for LogFile {
    fn steps(&self) -> &[Step] {
        &self.steps
    }

    fn add(&mut self, step: Step) -> Result<(), LogError> {
        let failed = |error: io::Error| LogError::Write { reason: error.to_string() };
        let line = log::line(&step)?;
        self.file.write_all(line.as_bytes()).and_then(|()| self.file.sync_data()).map_err(failed)?;
        self.steps.push(step);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "the tests make and read files as an operator does")]

    use super::*;

    fn sent() -> Step {
        Step::Sent { txid: "00".to_owned() }
    }

    #[test]
    fn steps_are_there_when_the_log_is_opened_again_and_a_torn_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signed.json");
        let mut log = LogFile::beside(&path, b"content").unwrap();
        log.add(sent()).unwrap();
        drop(log);
        let log_path = folder.path().join("signed.json.log");
        let mut text = std::fs::read(&log_path).unwrap();
        text.extend(b"{\"step\":\"posti");
        std::fs::write(&log_path, &text).unwrap();
        let mut log = LogFile::beside(&path, b"content").unwrap();
        assert_eq!(log.steps().last(), Some(&sent()));
        log.add(Step::Refused { status: 400 }).unwrap();
        drop(log);
        assert_eq!(LogFile::beside(&path, b"content").unwrap().steps().len(), 3);
    }

    #[test]
    fn a_file_of_that_name_that_is_no_log_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("job");
        for text in ["precious", "[]", "precious\n"] {
            std::fs::write(folder.path().join("job.log"), text).unwrap();
            let refused = LogFile::beside(&path, b"content").err().unwrap();
            assert_eq!((refused.exit, refused.code), (Exit::Conflict, Some(Code::Log)), "{text}");
            assert_eq!(std::fs::read_to_string(folder.path().join("job.log")).unwrap(), text);
        }
    }

    #[test]
    fn a_log_that_is_too_long_is_refused_and_not_cut() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signed.json");
        drop(LogFile::beside(&path, b"content").unwrap());
        let log_path = folder.path().join("signed.json.log");
        File::options().write(true).open(&log_path).unwrap().set_len(MAX_LOG_BYTES + 1).unwrap();
        assert_eq!(LogFile::beside(&path, b"content").err().unwrap().exit, Exit::Output);
        assert_eq!(std::fs::metadata(&log_path).unwrap().len(), MAX_LOG_BYTES + 1);
    }

    #[test]
    fn another_files_log_is_refused_and_so_is_one_that_is_in_use() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signed.json");
        let log = LogFile::beside(&path, b"content").unwrap();
        assert_eq!(LogFile::beside(&path, b"content").err().unwrap().code, Some(Code::LogBusy));
        drop(log);
        let refused = LogFile::beside(&path, b"other").err().unwrap();
        assert_eq!((refused.exit, refused.code), (Exit::Conflict, Some(Code::Log)));
    }
}
