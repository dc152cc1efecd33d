//! `coldamp approve --policy`: an approver looks at a change of a treasury's policies and signs for it.
//!
//! The machine that asks is not believed: what it calls the policies in force is part of what is signed, and the signing
//! machine compares it with its own journal. An approval of a forged export approves nothing.

use std::path::Path;

use coldamp_cli::{Exit, Failure, output, screen};
use coldamp_core::code::Code;
use coldamp_core::elements::hashes::sha256;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::sign::review::{
    AssetChange, JournalState, Policy, PolicyApprovalHash, PolicyChangeDigests, sign_policy_approval,
};

use super::parsed;
use crate::args::{ApproveArguments, named};
use crate::commands::policy::{ask, planned, read_file, show_change};
use crate::commands::read_descriptor;
use crate::commands::review::input;
use crate::commands::unlock::{lock_journal, unlock};
use crate::entropy::blinded_secp;
use crate::journal::{Entry, PolicyApproved};
use crate::policy_approval;
use crate::policy_file::{self, MAX_POLICY_BYTES};

/// Shows the change, asks, signs, and writes the approval.
///
/// # Errors
/// When a file is not what it should be, nothing becomes weaker, the policies in force do not name this keystore, or nobody approves.
pub(super) fn run(arguments: &ApproveArguments, new: &Path, in_force: &Path) -> Result<(), Failure> {
    let output = arguments.output.as_deref().unwrap_or(Path::new("policy.approval.json"));
    output::check_free(output)?;
    let mut file = read_file(new)?;
    let in_force = input(in_force, MAX_POLICY_BYTES, "the export of the policies in force")?;
    let state = JournalState { policies: policies(&in_force)?, ..JournalState::default() };
    let descriptor = read_descriptor(named(arguments.descriptor.as_deref())?)?;
    let secp = blinded_secp()?;
    let keystore = unlock(&secp, &arguments.keystore)?;
    let descriptor = parsed(&secp, &descriptor, &keystore)?;
    let mut journal = lock_journal(arguments.keystore.path()?, &keystore)?;

    let changes = planned(&mut file, &state)?;
    show_change(&file, &changes, &state);
    let key = keystore.approver(&secp).map_err(Failure::internal)?;
    let weakening = changes.iter().filter(|change| change.weaker().next().is_some());
    let mut approvers_to_ask = weakening.flat_map(|change: &AssetChange| &change.approvers);
    if !approvers_to_ask.any(|approvers| approvers.contains(&key.public_key())) {
        return Err(Failure::new(
            Exit::Refused,
            "this change needs no approval by this keystore: it weakens no policy that names its key",
            "Check that --in-force is the newest `coldamp policy export` of the signing machine. A change that weakens nothing needs no approver.",
        )
        .with_code(Code::ApprovalSignature));
    }
    ask(&changes, "Run it at a terminal. Nothing was signed.")?;
    let change =
        PolicyChangeDigests { in_force: sha256::Hash::hash(&in_force).to_byte_array(), file: file.sha256 };
    let hash = PolicyApprovalHash::of(&descriptor, keystore.network(), change);
    let signature = sign_policy_approval(&secp, &hash, &key);
    drop(key);
    journal.append(Entry::PolicyApproved(PolicyApproved {
        file_sha256: change.file.to_lower_hex_string(),
        in_force_sha256: change.in_force.to_lower_hex_string(),
        hash: hash.0.to_lower_hex_string(),
    }))?;
    let text = policy_approval::write(change, &hash, &signature).map_err(Failure::internal)?;
    output::create_file(output, text.as_bytes())?;
    screen::say(&format!("approver     {}", signature.key));
    screen::say(&format!("written      {}", screen::printable_path(output)));
    Ok(())
}

/// The policies of an export. It removes and renews nothing.
fn policies(export: &[u8]) -> Result<Vec<Policy>, Failure> {
    let file = policy_file::read(export)?;
    let renews = file.settings.iter().any(|setting| !setting.renewed.is_empty());
    if renews || !file.removed.is_empty() {
        return Err(Failure::new(
            Exit::Input,
            "the file given with --in-force is not an export: it removes a policy or renews a budget",
            "Give with --in-force the unchanged output of `coldamp policy export` on the signing machine.",
        ));
    }
    Ok(file.settings.into_iter().map(|setting| setting.policy).collect())
}
