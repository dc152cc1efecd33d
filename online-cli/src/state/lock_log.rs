//! What was locked at AMP from here: `locks/UUID.log` in the state folder, one an asset. It is not beside the request, because an
//! assignment stays locked although a request file is never written or is deleted.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use coldamp_cli::{Failure, output};
use coldamp_core::amp::request::Uuid;

use super::locked::named_or_platform;
use super::log_file::LogFile;

fn path(folder: Option<&Path>, asset: &Uuid) -> Result<PathBuf, Failure> {
    Ok(named_or_platform(folder)?.join("locks").join(format!("{asset}.log")))
}

/// Opens the log of an asset's locks, or starts it. Only one command at a time has it.
///
/// # Errors
/// When another command has it, or it cannot be read or written.
pub(crate) fn open(folder: Option<&Path>, asset: &Uuid) -> Result<LogFile, Failure> {
    let path = path(folder, asset)?;
    if let Some(folder) = path.parent() {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.map_err(|reason| output::OutputError::File { path: folder.to_owned(), reason })?;
    }
    LogFile::at(path, asset.to_string().as_bytes())
}

/// The log, if there is one.
///
/// # Errors
/// As [`open`].
pub(crate) fn existing(folder: Option<&Path>, asset: &Uuid) -> Result<Option<LogFile>, Failure> {
    let path = path(folder, asset)?;
    match path.symlink_metadata() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        _ => LogFile::at(path, asset.to_string().as_bytes()).map(Some),
    }
}
