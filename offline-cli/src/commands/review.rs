//! `coldamp review`: what an unsigned PSET does, every rule it breaks, and the code that approves it.

use std::path::Path;

use coldamp_cli::file_kind::{FileKind, tell_apart};
use coldamp_cli::input::read_file;
use coldamp_cli::{Exit, Failure, output, screen};
use coldamp_core::Secp;
use coldamp_core::code::Code;
use coldamp_core::elements::hashes::sha256;
use coldamp_core::limits::{MAX_PSET_FILE_BYTES, MAX_REQUEST_BYTES, MAX_SIGNED_BYTES};
use coldamp_core::pset::UnsignedPset;
use coldamp_core::sign::review::{
    CheckedPset, FeeCap, JournalState, Mismatch, Review, ReviewDocument, ReviewOptions, review,
};
use coldamp_core::sign::{AuditError, Part, PartAudit, PartAuditError, audit, audit_part};
use coldamp_core::treasury::CtDescriptor;

use crate::args::{PsetArguments, ReviewArguments};
use crate::commands::unlock::{lock_journal, read_journal, treasury, unlock};
use crate::entropy::blinded_secp_with;
use crate::hints::HINTS;
use crate::journal::Journal;
use crate::keystore::OpenedKeystore;
use crate::refusal;
use foreign::{Expected, Foreign};
use shown::Shown;

pub(super) mod foreign;
pub(super) mod shown;
mod summary;
mod text;
mod words;

/// What a command that looks at a PSET works on.
pub(super) struct Reviewed {
    pub(super) keystore: OpenedKeystore,
    /// The treasury that it signs for. If the journal was refused, that of the keystore's own key alone, which may not be the one that
    /// is registered: then it is not named, and nothing is signed.
    descriptor: CtDescriptor,
    /// The journal. `None` if it was refused; the review then says why.
    pub(super) journal: Option<Journal>,
    /// What the journal says.
    pub(super) state: JournalState,
    pub(super) review: Review,
    /// That no input belongs to the keystore.
    pub(super) foreign: Option<Foreign>,
    /// SHA-256 of the PSET's file.
    pub(super) pset_sha256: [u8; 32],
}

impl Reviewed {
    /// The review as a document, with the hints of this command line.
    pub(super) fn document(&self) -> ReviewDocument {
        let network = self.keystore.network();
        let document = ReviewDocument::of(network, &self.descriptor, &self.review, &self.state);
        let treasury = document.treasury.clone().filter(|_| self.journal.is_some());
        ReviewDocument { treasury, ..document }.with_hints(&HINTS)
    }
}

/// What a PSET is reviewed for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To show it. The journal is only read.
    Show,
    /// To compare what another machine signed with it. The journal is only read.
    Audit,
    /// To sign it. The journal is locked from the check to the entry, so that nobody else signs in between.
    Sign,
}

/// Prints the review and, when a rule fails, refuses with every code. With `--signed` it audits: what another machine
/// signed is recomputed and compared, and no signature is given out.
///
/// # Errors
/// When a file does not read, the keystore does not open, or a rule fails.
pub(super) fn run(arguments: &ReviewArguments) -> Result<(), Failure> {
    let secp = blinded_secp_with(arguments.pset.threads.threads())?;
    let signed = arguments
        .signed
        .as_deref()
        .map(|path| input(path, MAX_SIGNED_BYTES, "the signed file"))
        .transpose()?;
    let purpose = if signed.is_some() { Purpose::Audit } else { Purpose::Show };
    let mut reviewed = reviewed(&secp, &arguments.pset, arguments.fee_cap.cap(), purpose)?;
    let audited = match (&signed, reviewed.review.checked()) {
        (Some(signed), Some(checked)) => {
            let key = reviewed.keystore.signing_key().map_err(Failure::internal)?;
            Some(match Part::is_signatures(signed) {
                true => audited_part(audit_part(&secp, checked, &key, signed))?,
                false => audited(checked, audit(&secp, checked, &key, signed))?,
            })
        }
        // The PSET failed the review, so the signed file was not compared.
        (Some(_), None) | (None, _) => None,
    };
    if let Some(Audited::Refused(mismatch)) = &audited {
        reviewed.review.refuse([mismatch.clone()]);
    }
    let signed_agrees = audited.as_ref().map(|audited| !matches!(audited, Audited::Refused(_)));
    let document = ReviewDocument { signed_agrees, ..reviewed.document() };
    if arguments.json {
        output::print_exact(&document.to_json().map_err(Failure::internal)?)?;
    } else {
        let shown = Shown::of(&document, reviewed.foreign.as_ref());
        match &audited {
            Some(audited) => shown.with_signed_file(audited.said()).read()?,
            None => shown.read()?,
        }
    }
    refuse_review(&reviewed.review, reviewed.foreign.as_ref())
}

/// What an audit found.
enum Audited {
    /// A signed.json of a treasury of one key: all of it was recomputed.
    File,
    /// A signed.json of a treasury of several keys: only the signatures of one of them can be recomputed here.
    QuorumFile,
    /// Signatures of this keystore's key, recomputed.
    OwnPart,
    /// Signatures of another signer, verified.
    OthersPart,
    /// Something differs.
    Refused(Mismatch),
}

impl Audited {
    /// What was recomputed, and what was only verified. A signature that verifies can still hide something in its nonce.
    fn said(&self) -> &'static str {
        match self {
            Audited::File => "agrees: it says, field by field, what this PSET and this key make",
            Audited::QuorumFile => {
                "agrees: transaction, report and any signatures of this keystore are what this PSET and its keys make. Signatures of other signers verify, and were not recomputed"
            }
            Audited::OwnPart => "agrees: this keystore's key makes these signatures, byte for byte",
            Audited::OthersPart => {
                "agrees: signatures of another signer for this PSET. They verify, and were not recomputed"
            }
            Audited::Refused(_) => "DIFFERS from what this PSET and these keys make",
        }
    }
}

/// What an audit of a signed.json found.
///
/// # Errors
/// When the file is no signed.json at all, or nothing could be recomputed.
fn audited(checked: &CheckedPset, result: Result<(), AuditError>) -> Result<Audited, Failure> {
    let refused = |error: &AuditError| Mismatch {
        code: Code::SignedDiffers,
        message: format!("the signed file: {error}"),
    };
    match result {
        Ok(()) if checked.descriptor().keys().len() > 1 => Ok(Audited::QuorumFile),
        Ok(()) => Ok(Audited::File),
        Err(error @ (AuditError::Differs { .. } | AuditError::Signatures(_))) => {
            Ok(Audited::Refused(refused(&error)))
        }
        Err(AuditError::Read(error)) => Err(Failure::new(
            Exit::Input,
            format!("cannot read the signed file: {error}"),
            "Carry signed.json over again.",
        )),
        Err(error) => Err(Failure::internal(error)),
    }
}

/// What an audit of signatures alone found.
///
/// # Errors
/// When the file is no file of signatures, or nothing could be recomputed.
fn audited_part(result: Result<PartAudit, PartAuditError>) -> Result<Audited, Failure> {
    let refused =
        |code, error: &dyn std::fmt::Display| Mismatch { code, message: format!("the signatures: {error}") };
    match result {
        Ok(PartAudit::Recomputed) => Ok(Audited::OwnPart),
        Ok(PartAudit::Verified) => {
            screen::say(
                "These are another signer's signatures. Each verifies. Only a machine with that signer's words can recompute them.",
            );
            Ok(Audited::OthersPart)
        }
        Err(PartAuditError::Read(error)) => {
            Err(refusal::of(error.code(), format!("cannot read the signatures: {error}")))
        }
        // The same code as `combine` says of the same file.
        Err(PartAuditError::Part(error)) if error.code() != Code::Internal => {
            Ok(Audited::Refused(refused(error.code(), &error)))
        }
        Err(error @ (PartAuditError::Missing { .. } | PartAuditError::Differs { .. })) => {
            Ok(Audited::Refused(refused(Code::SignedDiffers, &error)))
        }
        Err(error) => Err(Failure::internal(error)),
    }
}

/// Reads the files once, opens keystore and journal, and reviews exactly the bytes read.
///
/// # Errors
/// When a file does not read or the keystore does not open.
pub(super) fn reviewed(
    secp: &Secp,
    arguments: &PsetArguments,
    fee_cap: FeeCap,
    purpose: Purpose,
) -> Result<Reviewed, Failure> {
    let (file, pset) = read_pset(&arguments.file)?;
    let request =
        arguments.request.as_deref().map(|path| input(path, MAX_REQUEST_BYTES, "the request")).transpose()?;
    let keystore = unlock(secp, &arguments.keystore)?;
    let path = arguments.keystore.path()?;
    let opened = match purpose {
        Purpose::Show | Purpose::Audit => read_journal(path, &keystore),
        Purpose::Sign => lock_journal(path, &keystore),
    };
    let opened = opened.and_then(|journal| Ok((journal.state()?, treasury(&keystore, &journal)?, journal)));
    let (state, descriptor, journal, refused) = match opened {
        Ok((state, descriptor, journal)) => (state, descriptor, Some(journal), Vec::new()),
        Err(error) => {
            (JournalState::default(), keystore.account_descriptor().clone(), None, error.mismatches())
        }
    };
    let allow_missing_tokens = arguments.allow_missing_token_utxos;
    let is_audit = purpose == Purpose::Audit;
    let options = ReviewOptions { request: request.as_deref(), fee_cap, allow_missing_tokens, is_audit };
    let mut review = review(secp, keystore.network(), &descriptor, &pset, &state, options);
    if journal.is_none() {
        // Nothing is known of policy and history: whatever else agrees, this is not to be signed.
        review = review.withhold();
        review.refuse(refused);
    }
    let expected = Expected {
        name: "this keystore",
        argument: "--keystore",
        fingerprints: descriptor.keys().iter().map(|key| key.fingerprint().to_string()).collect(),
        chain: keystore.network().chain(),
        is_treasury_known: journal.is_some(),
    };
    let foreign = Foreign::of(&review, &pset, &expected);
    let pset_sha256 = sha256::Hash::hash(&file).to_byte_array();
    Ok(Reviewed { keystore, descriptor, journal, state, review, foreign, pset_sha256 })
}

/// A PSET and the bytes that it was read from.
///
/// # Errors
/// When the file does not read, or is no unsigned PSET at all.
pub(super) fn read_pset(path: &Path) -> Result<(Vec<u8>, UnsignedPset), Failure> {
    let file = input(path, MAX_PSET_FILE_BYTES, "the PSET")?;
    let pset = UnsignedPset::read(&file).map_err(|error| {
        let message = format!("cannot read the PSET {}: {error}", screen::printable_path(path));
        let failure = refusal::of(Code::Parse, message);
        tell_apart(failure, &file, &[FileKind::Pset], "Name the unsigned PSET here.")
    })?;
    Ok((file, pset))
}

/// A file that the operator names. `what` names it, for example "the PSET".
///
/// # Errors
/// When it does not read.
pub(super) fn input(path: &Path, limit: usize, what: &str) -> Result<Vec<u8>, Failure> {
    read_file(path, limit).map_err(|error| error.into_failure(what, path))
}

/// Turns what a review found into a refusal.
///
/// # Errors
/// When a rule failed.
pub(super) fn refuse_review(review: &Review, foreign: Option<&Foreign>) -> Result<(), Failure> {
    match foreign {
        Some(foreign) if !review.mismatches.is_empty() => Err(foreign.refusal(review)),
        _ => refuse(&review.mismatches, review.failed),
    }
}

/// Turns mismatches into a refusal. `failed` is how many rules failed; of each code only the first few are listed.
///
/// # Errors
/// When there is one.
pub(super) fn refuse(mismatches: &[Mismatch], failed: usize) -> Result<(), Failure> {
    match mismatches.split_first() {
        Some((first, others)) => Err(refused(first, others, failed)),
        None => Ok(()),
    }
}

/// The refusal of one mismatch or more.
pub(super) fn refused(first: &Mismatch, others: &[Mismatch], failed: usize) -> Failure {
    let message = match failed {
        1 if first.code == Code::ApprovalCode => {
            "the checks passed, but this is not the approval code of this PSET".to_owned()
        }
        1 => "refused, a rule failed".to_owned(),
        count => format!("refused, {count} rules failed"),
    };
    let mut lines = Vec::new();
    // The hint of a code is printed once, below the last of its rules in a row.
    let mut mismatches = std::iter::once(first).chain(others).peekable();
    while let Some(mismatch) = mismatches.next() {
        lines.push(format!("  {mismatch}"));
        if mismatches.peek().is_none_or(|next| next.code != mismatch.code) {
            lines.push(format!("      {}", HINTS.text(mismatch.code)));
        }
    }
    let hint = match failed {
        1 => "Nothing was signed.".to_owned(),
        _ => format!("Nothing was signed. Start with the first rule, {}.", first.code),
    };
    Failure::new(Exit::Refused, message, hint).with_lines(lines)
}
