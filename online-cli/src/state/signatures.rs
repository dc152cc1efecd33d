//! The signed files that were broadcast with this state folder: which journal entry each was, and a copy of it.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use coldamp_cli::screen::printable_path;
use coldamp_cli::{Exit, Failure, output};
use coldamp_core::code::Code;
use coldamp_core::elements::Txid;
use coldamp_core::limits::MAX_SIGNED_BYTES;
use coldamp_core::signed::SignedFile;
use coldamp_online::state::seen_signatures::{Gap, SeenSignatures};

use super::locked::{Locked, read_kept};
use super::log_file::LogFile;
use crate::args::RestoredJournal;
use crate::refusal;

/// The name of a kept signed file in messages.
const KEPT_SIGNED: &str = "the copy of the signed file that broadcast kept";

/// The signed files that were broadcast with this state folder, of all journals.
pub(crate) struct SignatureState {
    file: Locked,
    seen: SeenSignatures,
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
