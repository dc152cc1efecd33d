//! `approval.json`: what an approver hands to the signing machine. It holds no secret and cannot be used for anything
//! but the one transaction whose hash is signed.

use std::path::Path;

use coldamp_core::elements::hex::{DisplayHex as _, decode_to_array};
use coldamp_core::elements::secp256k1_zkp::schnorr;
use coldamp_core::sign::review::{ApprovalHash, ApproverSignature};
use serde::{Deserialize, Serialize};

use crate::error::{Exit, Failure};
use crate::input::read_file;
use crate::screen;

const SCHEMA: &str = "coldamp.approval/1";

/// Bytes that such a file may have.
const MAX_APPROVAL_BYTES: usize = 4_096;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    schema: String,
    /// The approval code, for people; the signature is over the whole hash.
    approval: String,
    hash: String,
    approver: String,
    signature: String,
}

/// The text of the file.
///
/// # Errors
/// When it does not serialize, which it does.
pub(crate) fn write(hash: &ApprovalHash, signature: &ApproverSignature) -> Result<String, serde_json::Error> {
    let wire = Wire {
        schema: SCHEMA.to_owned(),
        approval: hash.code().to_string(),
        hash: hash.0.to_lower_hex_string(),
        approver: signature.key.to_string(),
        signature: signature.signature.to_string(),
    };
    serde_json::to_string_pretty(&wire).map(|text| text + "\n")
}

/// Reads the file. Whether the signature is any good is the review's to say.
///
/// # Errors
/// When it is no such file.
pub(crate) fn read(path: &Path) -> Result<ApproverSignature, Failure> {
    let refused = |reason: &str| {
        Failure::new(
            Exit::Input,
            format!("cannot take an approval from {}: {reason}", screen::shown(path)),
            "name with --approval the file that `coldamp approve` wrote",
        )
    };
    let file = read_file(path, MAX_APPROVAL_BYTES).map_err(|error| refused(&error.to_string()))?;
    let wire: Wire = serde_json::from_slice(&file.bytes).map_err(|_| refused("it is no approval.json"))?;
    if wire.schema != SCHEMA {
        return Err(refused("it is of another version"));
    }
    signature_of(&wire.approver, &wire.signature).map_err(refused)
}

/// An approver's signature from the two texts that it is written as.
///
/// # Errors
/// In words, which of them is none.
pub(crate) fn signature_of(approver: &str, signature: &str) -> Result<ApproverSignature, &'static str> {
    let key = approver.parse().map_err(|_| "its approver is no key")?;
    let signature = decode_to_array::<64>(signature).ok();
    let signature = signature.and_then(|bytes| schnorr::Signature::from_slice(&bytes).ok());
    Ok(ApproverSignature { key, signature: signature.ok_or("its signature is none")? })
}
