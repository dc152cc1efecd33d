//! Which files are shown as QR codes. A screen is seen by whoever stands in the room, so only what is known to hold no
//! secret that spends is shown; everything else is refused, whatever it is (docs/rules.md#what-is-shown).

use std::str::FromStr as _;

use elements::Address;
use elements::bitcoin::bip32::{DerivationPath, Fingerprint, Xpub};

use super::bbqr::{BbqrError, FileType, split};
use crate::code::Code;
use crate::json::{Tree, schema_of};
use crate::network::Chain;
use crate::pset::{ParseError, pset_binary, pset_text};
use crate::treasury::CtDescriptor;

/// A file that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A PSET, base64 text or binary.
    Pset,
    /// The signatures of one key.
    Signatures,
    /// An approval of a PSET.
    Approval,
    /// An approval of a change of policy.
    PolicyApproval,
    /// A watch-only CT descriptor.
    Descriptor,
    /// The public key of an account with its origin, `[fingerprint/path]xpub`.
    AccountKey,
    /// An address.
    Address,
}

/// Why a file is not shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KindError {
    /// A signed.json. It holds every blinder, and whoever has the PSET needs the signatures alone.
    #[error("it is a signed.json, which holds all amounts and blinding factors")]
    SignedFile,
    /// A PSET that is no PSET behind its first bytes, or too large.
    #[error(transparent)]
    Pset(#[from] ParseError),
    /// Something else.
    #[error("it is no PSET, signatures file, approval, descriptor, account key or address")]
    Other,
}

impl KindError {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            KindError::SignedFile => Code::QrSignedFile,
            KindError::Pset(_) => Code::Parse,
            KindError::Other => Code::QrKind,
        }
    }
}

impl Kind {
    /// What a file is. Whether it is a good one is for its reader to say.
    ///
    /// # Errors
    /// When it is none that is shown.
    pub fn of(file: &[u8]) -> Result<Self, KindError> {
        match pset_binary(file) {
            Ok(_) => return Ok(Kind::Pset),
            Err(ParseError::Magic) => {}
            Err(error) => return Err(error.into()),
        }
        let text = std::str::from_utf8(file).map_err(|_| KindError::Other)?.trim();
        if text.starts_with('{') {
            return of_json(file, text);
        }
        let chains = [Chain::Liquid, Chain::LiquidTestnet, Chain::Regtest];
        if chains.into_iter().any(|chain| CtDescriptor::parse(text, chain).is_ok()) {
            return Ok(Kind::Descriptor);
        }
        if Address::from_str(text).is_ok() {
            return Ok(Kind::Address);
        }
        if is_account_key(text) { Ok(Kind::AccountKey) } else { Err(KindError::Other) }
    }

    /// Its name in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Pset => "PSET",
            Kind::Signatures => "signatures",
            Kind::Approval => "approval",
            Kind::PolicyApproval => "approval of a policy",
            Kind::Descriptor => "descriptor",
            Kind::AccountKey => "account key",
            Kind::Address => "address",
        }
    }

    /// The texts of its codes, each of at most so many characters.
    ///
    /// An address is one code of its plain text, so that any wallet reads it.
    ///
    /// # Errors
    /// As [`split`].
    pub fn frames(self, file: &[u8], characters: usize) -> Result<Vec<String>, BbqrError> {
        let file_type = match self {
            Kind::Address => return Ok(vec![String::from_utf8_lossy(file).trim().to_owned()]),
            Kind::Pset => {
                let bytes = pset_binary(file).unwrap_or_default();
                return split(&bytes, FileType::Psbt, characters);
            }
            Kind::Signatures | Kind::Approval | Kind::PolicyApproval => FileType::Json,
            Kind::Descriptor | Kind::AccountKey => FileType::Text,
        };
        split(file, file_type, characters)
    }
}

/// What frames carried, as the command that made the file wrote it: a PSET travels as bytes and is written as base64.
///
/// # Errors
/// When frames of the type of a PSET carried none.
pub fn as_written(file: Vec<u8>, file_type: FileType) -> Result<Vec<u8>, ParseError> {
    match file_type {
        FileType::Psbt => Ok(format!("{}\n", pset_text(&pset_binary(&file)?)).into_bytes()),
        FileType::Json | FileType::Text => Ok(file),
    }
}

fn of_json(file: &[u8], text: &str) -> Result<Kind, KindError> {
    let tree = Tree::read(text).map_err(|_| KindError::Other)?;
    match schema_of(file) {
        Some(b"coldamp.signatures/1") => Ok(Kind::Signatures),
        Some(b"coldamp.approval/1") => Ok(Kind::Approval),
        Some(b"coldamp.policy-approval/1") => Ok(Kind::PolicyApproval),
        None if tree.member("transaction").is_some() && tree.member("amp").is_some() => {
            Err(KindError::SignedFile)
        }
        _ => Err(KindError::Other),
    }
}

/// Whether a text is `[fingerprint/path]xpub` and nothing more.
fn is_account_key(text: &str) -> bool {
    let Some((origin, key)) = text.strip_prefix('[').and_then(|rest| rest.split_once(']')) else {
        return false;
    };
    let (fingerprint, path) = origin.split_once('/').unwrap_or((origin, ""));
    let is_path = path.is_empty() || DerivationPath::from_str(path).is_ok();
    Fingerprint::from_str(fingerprint).is_ok() && is_path && Xpub::from_str(key).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DESCRIPTOR: &str = include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../tests/vectors/blinding/wpkh.distribute.descriptor"
    ));
    const PSET: &str =
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/blinding/wpkh.distribute.pset"));
    /// BIP-32, test vector 1.
    const XPUB: &str = "xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8";
    const XPRV: &str = "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi";

    #[test]
    fn each_kind_is_known_by_its_own_form() {
        let json = |schema: &str| format!("{{\"schema\":\"{schema}\",\"other\":1}}\n");
        let key = format!("[00000000/84h/1776h/0h]{XPUB}\n");
        for (file, kind) in [
            (PSET, Kind::Pset),
            (&json("coldamp.signatures/1"), Kind::Signatures),
            (&json("coldamp.approval/1"), Kind::Approval),
            (&json("coldamp.policy-approval/1"), Kind::PolicyApproval),
            (DESCRIPTOR, Kind::Descriptor),
            (&key, Kind::AccountKey),
            (
                "el1qq0umk3pez693jrrlxz9ndlkuwne93gdu9g83mhhzuyf46e3mdzfpva0w48gqgzgrklncnm0k5zeyw8my2ypfsmxh4xcjh2rse",
                Kind::Address,
            ),
        ] {
            assert_eq!(Kind::of(file.as_bytes()), Ok(kind), "{file}");
        }
        assert_eq!(Kind::of(&pset_binary(PSET.as_bytes()).unwrap()), Ok(Kind::Pset));
    }

    #[test]
    fn what_was_shown_is_written_as_it_was() {
        let bytes = pset_binary(PSET.as_bytes()).unwrap();
        let with_line_end = format!("{}\n", PSET.trim_end());
        assert!(as_written(bytes, FileType::Psbt).unwrap() == with_line_end.as_bytes());
        assert_eq!(as_written(b"{}".to_vec(), FileType::Json).unwrap(), b"{}");
        assert_eq!(as_written(b"psbt\xff\x01\x00".to_vec(), FileType::Psbt), Err(ParseError::Magic));
    }

    #[test]
    fn everything_else_is_refused() {
        for file in [
            "",
            "legal winner thank year wave sausage worth useful legal winner thank yellow",
            "age-encryption.org/v1\n-> scrypt",
            "{}",
            "{\"schema\":\"coldamp.journal/1\"}",
            "{\"schema\":\"coldamp.signatures/1\",\"schema\":\"coldamp.signatures/1\"}",
            XPRV,
            XPUB,
            &format!("[00000000/84h]{XPRV}"),
            &format!("[00000000/84h]{XPUB} and more"),
            &DESCRIPTOR.replace("slip77(", "slip77(x"),
        ] {
            assert_eq!(Kind::of(file.as_bytes()), Err(KindError::Other), "{file}");
        }
        let signed = "{\"version\":1,\"transaction\":\"00\",\"amp\":{}}";
        assert_eq!(Kind::of(signed.as_bytes()), Err(KindError::SignedFile));
        assert_eq!(KindError::SignedFile.code(), Code::QrSignedFile);
    }
}
