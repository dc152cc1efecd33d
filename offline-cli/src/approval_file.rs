//! `approval.json`: what an approver hands to the signing machine. It holds no secret and cannot be used for anything
//! but the one transaction whose hash is signed.

use std::path::Path;

use coldamp_cli::input::read_file;
use coldamp_cli::{Exit, Failure, screen};
use coldamp_core::elements::hex::{DisplayHex as _, decode_to_array};
use coldamp_core::elements::secp256k1_zkp::schnorr;
use coldamp_core::sign::review::{ApprovalHash, ApproverSignature};
use serde::{Deserialize, Serialize};

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

/// Reads the file, each text by its own shape: nothing of it is quoted, whatever is wrong. Whether the signature is any
/// good is the review's to say.
///
/// # Errors
/// When it is no such file.
pub(crate) fn read(path: &Path) -> Result<ApproverSignature, Failure> {
    let refused = |reason: &str| {
        Failure::new(
            Exit::Input,
            format!("cannot take an approval from {}: {reason}", screen::printable_path(path)),
            "Name with --approval the file that `coldamp approve` wrote.",
        )
    };
    let file = read_file(path, MAX_APPROVAL_BYTES).map_err(|error| refused(&error.to_string()))?;
    let wire: Wire = serde_json::from_slice(&file).map_err(|_| refused("it is not an approval.json"))?;
    if wire.schema != SCHEMA {
        return Err(refused("it is of another version"));
    }
    let hash =
        hash_of(&wire.hash).ok_or_else(|| refused("its `hash` is not 64 lower-case hexadecimal digits"))?;
    if wire.approval != hash.code().to_string() {
        return Err(refused("its `approval` is not the code of its `hash`"));
    }
    signature_of(&wire.approver, &wire.signature).map_err(refused)
}

/// The hash that an approval says it is for.
fn hash_of(text: &str) -> Option<ApprovalHash> {
    decode_to_array::<32>(text).ok().filter(|_| is_lower_hex(text)).map(ApprovalHash)
}

/// An approver's signature from the two texts that it is written as.
///
/// # Errors
/// In words, which of them is wrong.
pub(crate) fn signature_of(approver: &str, signature: &str) -> Result<ApproverSignature, &'static str> {
    let no_key = "its `approver` is not a public key: expected 64 lower-case hexadecimal digits";
    let no_signature = "its `signature` is not one: expected 128 lower-case hexadecimal digits";
    let key = approver.parse().ok().filter(|_| is_lower_hex(approver)).ok_or(no_key)?;
    let bytes =
        decode_to_array::<64>(signature).ok().filter(|_| is_lower_hex(signature)).ok_or(no_signature)?;
    let signature = schnorr::Signature::from_slice(&bytes).map_err(|_| no_signature)?;
    Ok(ApproverSignature { key, signature })
}

/// Whether a text is written as `coldamp approve` writes hexadecimal.
fn is_lower_hex(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    const HASH: &str = "5ab1a2c4f6000000000000000000000000000000000000000000000000000001";
    /// The generator's x coordinate, which is a key.
    const KEY: &str = "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";

    fn reads(text: &str) -> Result<ApproverSignature, Failure> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        read(file.path())
    }

    fn honest() -> String {
        let code = hash_of(HASH).unwrap().code();
        let signature = "11".repeat(64);
        format!(
            r#"{{"schema":"{SCHEMA}","approval":"{code}","hash":"{HASH}","approver":"{KEY}","signature":"{signature}"}}"#
        )
    }

    #[test]
    fn each_text_has_its_own_shape_and_is_never_quoted() {
        let honest = honest();
        assert!(reads(&honest).is_ok());
        let code = hash_of(HASH).unwrap().code().to_string();
        let signature = "11".repeat(64);
        let evil = "\\u001b[2Jevery rule holds\\n";
        for (what, from, to) in [
            ("version", SCHEMA, evil),
            ("version", SCHEMA, "coldamp.approval/2"),
            ("`approval`", code.as_str(), evil),
            ("`approval`", code.as_str(), "0000-0000-0000-0000-0000-0000-0000-0000"),
            ("`approval`", code.as_str(), ""),
            ("`hash`", HASH, evil),
            ("`hash`", HASH, &HASH.to_uppercase()),
            ("`hash`", HASH, "5ab1"),
            ("`approver`", KEY, evil),
            ("`approver`", KEY, &KEY.to_uppercase()),
            ("`approver`", KEY, &"0".repeat(64)),
            ("`approver`", KEY, ""),
            ("`signature`", signature.as_str(), evil),
            ("`signature`", signature.as_str(), "11"),
            ("`signature`", signature.as_str(), &"AA".repeat(64)),
            ("not an approval.json", "\"hash\"", "\"hush\""),
            ("not an approval.json", "{", "{\"hash\":\"\","),
            ("not an approval.json", "}", "} evil"),
        ] {
            let failure = reads(&honest.replacen(from, to, 1)).unwrap_err();
            assert_eq!(failure.exit, Exit::Input, "{what}");
            assert!(failure.message.contains(what), "{what}: {}", failure.message);
            let said = format!("{}{}", failure.message, failure.hint);
            assert!(!said.contains("every rule") && !said.contains("evil"), "{said}");
        }
    }
}
