//! `coldamp approve`: a second person, on another machine with a keystore of their own, looks at a PSET of the treasury
//! and signs the whole hash behind its approval code. Two forged files agree with each other, so the approver types the
//! digest of the request as a second machine got it from AMP (docs/rules.md#request-digest). A change of policy is
//! approved by `policy`.

use std::path::Path;

use coldamp_cli::ask::ask_until;
use coldamp_cli::register::Agreement;
use coldamp_cli::{Exit, Failure, output, register, screen};
use coldamp_core::Secp;
use coldamp_core::amp::Request;
use coldamp_core::code::Code;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::limits::MAX_REGISTER_BYTES;
use coldamp_core::network::Network;
use coldamp_core::sign::SignError;
use coldamp_core::sign::review::{JournalState, ReviewDocument, ReviewOptions, review, sign_approval};
use coldamp_core::treasury::{CtDescriptor, ProvenContract};
use coldamp_core::units::Precision;

use super::review::foreign::{Expected, Foreign};
use super::review::shown::Shown;
use super::review::{input, read_pset, refuse_review};
use super::{DESCRIPTOR_FILE, read_descriptor};
use crate::approval_file;
use crate::args::{ApproveArguments, named};
use crate::commands::unlock::{lock_journal, unlock};
use crate::entropy::blinded_secp_with;
use crate::hints::HINTS;
use crate::journal::{Approved, Entry};
use crate::keystore::OpenedKeystore;

mod policy;

/// What an approver is asked.
const QUESTION: &str = "Type the SHA-256 of AMP's request, as another machine got it from AMP";

/// Approves a PSET, or a change of policy.
///
/// # Errors
/// When a rule fails, the digest is another, nobody approves, or a file cannot be written.
pub(super) fn run(arguments: &ApproveArguments) -> Result<(), Failure> {
    match (&arguments.file, &arguments.policy, &arguments.in_force) {
        (Some(file), ..) => pset(arguments, file),
        (None, Some(new), Some(in_force)) => policy::run(arguments, new, in_force),
        // clap has seen to it.
        (None, ..) => Err(Failure::internal("neither a PSET nor a policy to approve")),
    }
}

/// Reviews, has the digest typed, signs, and writes the approval.
fn pset(arguments: &ApproveArguments, file: &Path) -> Result<(), Failure> {
    let output = arguments.output.as_deref().unwrap_or(Path::new("approval.json"));
    output::check_free(output)?;
    let (_, pset) = read_pset(file)?;
    let descriptor = read_descriptor(named(arguments.descriptor.as_deref())?)?;
    let secp = blinded_secp_with(arguments.threads.threads())?;
    let keystore = unlock(&secp, &arguments.keystore)?;
    let descriptor = parsed(&secp, &descriptor, &keystore)?;
    let mut journal = lock_journal(arguments.keystore.path()?, &keystore)?;

    // The approver has no journal of the treasury's signings and no policy for it: the signing machine judges by both.
    let allow_missing_tokens = arguments.allow_missing_token_utxos;
    let state = JournalState::default();
    let options =
        ReviewOptions { fee_cap: arguments.fee_cap.cap(), allow_missing_tokens, ..ReviewOptions::default() };
    let review = review(&secp, keystore.network(), &descriptor, &pset, &state, options);
    let document = ReviewDocument::of(keystore.network(), &descriptor, &review, &state).with_hints(&HINTS);
    let expected = Expected {
        name: "the treasury of this descriptor",
        argument: "--descriptor",
        fingerprints: descriptor.keys().iter().map(|key| key.fingerprint().to_string()).collect(),
        chain: keystore.network().chain(),
        is_treasury_known: true,
    };
    let foreign = Foreign::of(&review, &pset, &expected);
    let shown = Shown::of(&document, foreign.as_ref());
    if let Err(refusal) = refuse_review(&review, foreign.as_ref()) {
        shown.print()?;
        return Err(refusal);
    }
    let Some(checked) = review.checked() else {
        return Err(Failure::internal("a review without mismatch and without a PSET"));
    };
    let request = checked.request();
    if let Some(register) = &arguments.register {
        let precision = checked.asset().contract().map(ProvenContract::precision);
        let agreement = agrees_with(register, request, keystore.network(), precision);
        match agreement {
            Ok(agreement) => agreement.say(),
            Err(failure) => {
                shown.print()?;
                return Err(failure);
            }
        }
    }
    let digest = request.sha256().to_lower_hex_string();
    typed(&digest, arguments.request_sha256.as_deref(), &shown)?;

    let key = keystore.approver(&secp).map_err(Failure::internal)?;
    let signature = sign_approval(&secp, checked, &key);
    drop(key);
    let hash = checked.approval_hash();
    journal.append(Entry::Approved(Approved {
        code: hash.code().to_string(),
        hash: hash.0.to_lower_hex_string(),
        request_sha256: digest,
        command: request.command().name().to_owned(),
        asset: request.asset.to_string(),
        amount: request.total().base_units(),
    }))?;
    let text = approval_file::write(&hash, &signature).map_err(Failure::internal)?;
    output::create_file(output, text.as_bytes())?;
    screen::say(&format!("approved     {}", hash.code()));
    screen::say(&format!("approver     {}", signature.key));
    screen::say(&format!("written      {}", screen::printable_path(output)));
    Ok(())
}

/// Holds the recipients against the issuer's own register. No account is known here, so every row needs an address.
fn agrees_with(
    path: &Path,
    request: &Request,
    network: &Network,
    precision: Option<Precision>,
) -> Result<Agreement, Failure> {
    let paid = register::recipients(request, &HINTS)?;
    let bytes = input(path, MAX_REGISTER_BYTES, "the register")?;
    let holders = register::read(path, &bytes, network, request.asset, precision, &HINTS)?;
    holders.need_addresses().map_err(|error| register::no_register(path, &error, &HINTS))?;
    register::compare(path, &holders, &paid, &HINTS)
}

/// The treasury that is approved for. Whoever has one of its keys signs for it, and is no second person.
fn parsed(secp: &Secp, text: &str, keystore: &OpenedKeystore) -> Result<CtDescriptor, Failure> {
    let descriptor = CtDescriptor::parse(text, keystore.network().chain())
        .map_err(|error| Failure::new(Exit::Input, format!("the descriptor: {error}"), DESCRIPTOR_FILE))?;
    let key = keystore.signing_key().map_err(Failure::internal)?;
    match key.own_key(secp, &descriptor) {
        Err(SignError::NoKey { .. }) => Ok(descriptor),
        _ => Err(Failure::new(
            Exit::Refused,
            format!(
                "this keystore (fingerprint {}) has a key of the treasury and cannot approve for it",
                keystore.fingerprint()
            ),
            "The approver must be another person, with words that sign nothing for this treasury. Make a keystore with `coldamp key new`.",
        )
        .with_code(Code::ApprovalSignature)),
    }
}

/// Holds what was typed, or given, against the digest of the request in the PSET.
fn typed(digest: &str, given: Option<&str>, shown: &Shown) -> Result<(), Failure> {
    let hint = "Run `coldamp-online request check` on another machine with another login, and type the SHA-256 that it prints. If it differs from the one in the review, the request in this PSET is forged.";
    let is_digest = |answer: &str| {
        let digits: String = answer.chars().filter(|character| !character.is_whitespace()).collect();
        digits.eq_ignore_ascii_case(digest)
    };
    let is_typed = match given {
        Some(given) => {
            shown.print()?;
            is_digest(given)
        }
        None => {
            shown.before(&[QUESTION.to_owned()])?;
            let wrong = "That is not the SHA-256 of the request in this PSET.";
            ask_until("SHA-256 of the request", &format!("{QUESTION}: "), wrong, is_digest)
                .map_err(|error| Failure::new(Exit::Declined, error.to_string(), hint))?
                .is_some()
        }
    };
    if !is_typed {
        let message = match given {
            Some(_) => "--request-sha256 is not the SHA-256 of the request in this PSET",
            None => "the SHA-256 typed is not that of the request in this PSET",
        };
        return Err(Failure::new(Exit::Refused, message, hint).with_code(Code::RequestDiffers));
    }
    Ok(())
}
