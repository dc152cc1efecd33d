//! `policy.approval.json`: what an approver hands to the signing machine for a change of policy. It holds no secret, and
//! is good for one file and one state of the policies alone.

use std::path::Path;

use coldamp_cli::input::read_file;
use coldamp_cli::{Exit, Failure, screen};
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::sign::review::{ApproverSignature, PolicyApprovalHash, PolicyChangeDigests};
use serde::{Deserialize, Serialize};

use crate::approval_file::signature_of;

const SCHEMA: &str = "coldamp.policy-approval/1";

/// Bytes that such a file may have.
const MAX_APPROVAL_BYTES: usize = 4_096;

/// An approval as it was read: what it says it is for, and the signature.
#[derive(Debug)]
pub(crate) struct PolicyApproval {
    in_force: String,
    file: String,
    pub(crate) signature: ApproverSignature,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    schema: String,
    /// For people, and to tell an operator what is the matter; the signature is over the hash.
    file_sha256: String,
    in_force_sha256: String,
    hash: String,
    approver: String,
    signature: String,
}

/// The text of the file.
///
/// # Errors
/// When it does not serialize, which it does.
pub(crate) fn write(
    change: PolicyChangeDigests,
    hash: &PolicyApprovalHash,
    signature: &ApproverSignature,
) -> Result<String, serde_json::Error> {
    let wire = Wire {
        schema: SCHEMA.to_owned(),
        file_sha256: change.file.to_lower_hex_string(),
        in_force_sha256: change.in_force.to_lower_hex_string(),
        hash: hash.0.to_lower_hex_string(),
        approver: signature.key.to_string(),
        signature: signature.signature.to_string(),
    };
    serde_json::to_string_pretty(&wire).map(|text| text + "\n")
}

/// Reads the file. Whether the signature is any good is said where it is needed.
///
/// # Errors
/// When it is no such file.
pub(crate) fn read(path: &Path) -> Result<PolicyApproval, Failure> {
    let refused = |reason: &str| {
        Failure::new(
            Exit::Input,
            format!("cannot take an approval of a policy from {}: {reason}", screen::printable_path(path)),
            "Name with --approval the file that `coldamp approve --policy` wrote.",
        )
    };
    let file = read_file(path, MAX_APPROVAL_BYTES).map_err(|error| refused(&error.to_string()))?;
    let wire: Wire =
        serde_json::from_slice(&file).map_err(|_| refused("it is not a policy.approval.json"))?;
    if wire.schema != SCHEMA {
        return Err(refused("it is of another version"));
    }
    let signature = signature_of(&wire.approver, &wire.signature).map_err(refused)?;
    Ok(PolicyApproval { in_force: wire.in_force_sha256, file: wire.file_sha256, signature })
}

impl PolicyApproval {
    /// Why it does not approve this change, as far as it says itself.
    pub(crate) fn other(&self, change: PolicyChangeDigests) -> &'static str {
        if self.file != change.file.to_lower_hex_string() {
            "an approval of another file"
        } else if self.in_force != change.in_force.to_lower_hex_string() {
            "an approval of a change from other policies than those that are in force now"
        } else {
            "a signature of somebody whom the policy in force does not name, or for another treasury"
        }
    }
}
