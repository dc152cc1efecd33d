//! Short names: of assets, and of profiles. They become parts of file names.

use std::fmt;

/// Characters that a short name may have.
const MAX: usize = 24;

/// What a short name looks like, for messages.
pub(super) const SHAPE: &str =
    "1 to 24 of the characters A-Z a-z 0-9 . _ -, the first of them a letter or a digit";

/// A name that an operator gives to an asset. It is never taken for a uuid, which has 36 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ShortName(String);

impl ShortName {
    /// Parses a name. `None` for any other text. A name cannot begin with a dot or a hyphen: it would be a hidden file, or
    /// read like an option.
    pub fn parse(text: &str) -> Option<Self> {
        let is_first = text.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric());
        let is_usual = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        (is_first && text.len() <= MAX && text.bytes().all(is_usual)).then(|| ShortName(text.to_owned()))
    }
}

impl fmt::Display for ShortName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_and_no_path_no_option_and_no_uuid() {
        for name in ["P", "PLAIN", "eur-2026.B_1", "123456789012345678901234"] {
            assert_eq!(ShortName::parse(name).unwrap().to_string(), name);
        }
        let uuid = "fa05b602-5a58-4abe-b35d-c6f1133eb92a";
        for other in ["", ".", "..", "-o", "_x", "a/b", "a b", "é", "1234567890123456789012345", uuid] {
            assert_eq!(ShortName::parse(other), None, "{other}");
        }
    }
}
