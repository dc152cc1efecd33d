//! Files of Coldamp, told apart by how they begin. Whoever names one in the place of another is told which command takes it.
//!
//! It is a guess, and only a hint depends on it. Whether a file may be shown as QR is decided by core's `transport::Kind`.

use crate::failure::Failure;

/// Bytes in which the name of a format is looked for. Every format has it among its first fields.
const LOOKED_AT: usize = 4_096;

/// A kind of file that Coldamp or AMP writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A PSET, binary or in base64, with or without signatures.
    Pset,
    /// signed.json.
    Signed,
    /// Signatures alone.
    Signatures,
    /// AMP's request.
    Request,
    /// A review as JSON.
    Review,
    /// An approval of a PSET.
    Approval,
    /// An approval of a change of policy.
    PolicyApproval,
    /// A policy file.
    Policy,
    /// A watch-only descriptor.
    Descriptor,
    /// A keystore or a backup. Both are encrypted, so they look alike.
    Keystore,
}

impl FileKind {
    /// The kind that a file begins like. It may be damaged all the same.
    pub fn of(file: &[u8]) -> Option<Self> {
        let start = file.get(..LOOKED_AT).unwrap_or(file).trim_ascii_start();
        for (prefix, kind) in [
            (&b"pset\xff"[..], FileKind::Pset),
            (b"cHNldP8", FileKind::Pset),
            (b"age-encryption.org/", FileKind::Keystore),
            (b"ct(", FileKind::Descriptor),
        ] {
            if start.starts_with(prefix) {
                return Some(kind);
            }
        }
        // A character that the limit cuts in two is not looked at.
        let text = String::from_utf8_lossy(start);
        let is_json = text.starts_with('{');
        let names = [
            ("\"coldamp.signatures/", FileKind::Signatures),
            ("\"coldamp.approval/", FileKind::Approval),
            ("\"coldamp.policy-approval/", FileKind::PolicyApproval),
            ("\"coldamp.review/", FileKind::Review),
            ("\"wtxid\"", FileKind::Signed),
            ("\"min_supported_client_script_version\"", FileKind::Request),
            ("\"base_url\"", FileKind::Request),
        ];
        match is_json {
            true => names.into_iter().find(|(name, _)| text.contains(name)).map(|(_, kind)| kind),
            false => text.contains("\"coldamp.policy/").then_some(FileKind::Policy),
        }
    }

    /// What the file is, and which command takes it.
    fn sentence(self) -> &'static str {
        match self {
            FileKind::Pset => "This is a PSET: `coldamp review` shows it and `coldamp sign` signs it.",
            FileKind::Signed => {
                "This is a signed.json: `coldamp-online broadcast` sends it, and `coldamp review FILE.pset --signed FILE` compares it with its PSET."
            }
            FileKind::Signatures => {
                "These are signatures alone: `coldamp-online combine FILE.pset FILE --descriptor FILE` makes signed.json of the PSET and them."
            }
            FileKind::Request => "This is a request of AMP's: `coldamp-online prepare` makes a PSET of it.",
            FileKind::Review => "This is what `coldamp review --json` printed. No command takes it.",
            FileKind::Approval => "This is an approval of a PSET: `coldamp sign --approval FILE` takes it.",
            FileKind::PolicyApproval => {
                "This is an approval of a change of policy: `coldamp policy apply --approval FILE` takes it."
            }
            FileKind::Policy => "This is a policy file: `coldamp policy apply` puts it in force.",
            FileKind::Descriptor => "This is a descriptor: --descriptor names it.",
            FileKind::Keystore => {
                "This is a keystore or a backup: --keystore names a keystore, and `coldamp restore --backup FILE` takes a backup."
            }
        }
    }
}

/// The failure of a file that is of another kind than `expected`, with what that other kind is for. `place` says what to name
/// instead, for example "Name the unsigned PSET here." A failure of a file of the right kind, or of none, stays as it is.
pub fn tell_apart(failure: Failure, file: &[u8], expected: &[FileKind], place: &str) -> Failure {
    match FileKind::of(file).filter(|kind| !expected.contains(kind)) {
        Some(kind) => failure.with_hint(format!("{} {place}", kind.sentence())),
        None => failure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Exit;

    #[test]
    fn each_kind_is_known_by_its_beginning() {
        for (file, kind) in [
            (&b"pset\xff\x01\x02"[..], Some(FileKind::Pset)),
            (b"cHNldP8BAgQCAAAA", Some(FileKind::Pset)),
            (
                b"{\n  \"version\": 1,\n  \"network\": \"liquid\",\n  \"wtxid\": \"00\"",
                Some(FileKind::Signed),
            ),
            (b"{\"schema\":\"coldamp.signatures/1\",\"network\":", Some(FileKind::Signatures)),
            (b"{\"schema\": \"coldamp.approval/1\"", Some(FileKind::Approval)),
            (b"{\"schema\": \"coldamp.policy-approval/1\"", Some(FileKind::PolicyApproval)),
            (b"{\"format\": \"coldamp.review/2\"", Some(FileKind::Review)),
            (b" {\"command\": \"burn\", \"base_url\": \"x\"", Some(FileKind::Request)),
            (b"# Policies\nschema = \"coldamp.policy/1\"", Some(FileKind::Policy)),
            (b"ct(slip77(00),elwpkh(", Some(FileKind::Descriptor)),
            (b"age-encryption.org/v1\n-> scrypt", Some(FileKind::Keystore)),
            (b"", None),
            (b"{}", None),
            (b"coldamp.signatures/1", None),
        ] {
            assert_eq!(FileKind::of(file), kind, "{}", String::from_utf8_lossy(file));
        }
    }

    #[test]
    fn another_kind_is_named_with_its_command_and_a_damaged_file_is_not() {
        let failure = || Failure::new(Exit::Input, "cannot be read", "carry it over again");
        let told = |file: &[u8]| tell_apart(failure(), file, &[FileKind::Pset], "Name the PSET here.").hint;
        let signatures = told(b"{\"schema\":\"coldamp.signatures/1\"");
        assert!(signatures.contains("`coldamp-online combine FILE.pset FILE"), "{signatures}");
        assert!(signatures.ends_with(" Name the PSET here."), "{signatures}");
        assert_eq!(told(b"pset\xff"), "carry it over again");
        assert_eq!(told(b"anything"), "carry it over again");
    }
}
