//! The approval code, which a review prints and a second person compares.
//!
//! It is neither a secret nor a signature: whoever can run a review can compute it. It identifies one transaction, since
//! blinding and signing are functions of what it hashes. It is the same for every keystore of the treasury
//! (docs/rules.md#approval-code).

use std::fmt::{self, Write as _};

use elements::hashes::sha256;

use crate::encoding::base32;
use crate::pset::ContentHash;
use crate::treasury::CtDescriptor;

/// BIP-340 tag of the code.
const TAG: &[u8] = b"coldamp/approval/1";

/// Characters of a group.
const GROUP: usize = 4;

/// Tagged SHA-256('coldamp/approval/1', content hash ‖ SHA-256(canonical CT descriptor)). It identifies one transaction of
/// one treasury. An approver signs all of it; people compare its first 160 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApprovalHash(pub [u8; 32]);

/// The first 160 bits of an [`ApprovalHash`], written in Crockford base32, eight groups of four.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApprovalCode([u8; 20]);

impl ApprovalHash {
    /// The hash of a content and a treasury.
    pub fn of(content: &ContentHash, descriptor: &CtDescriptor) -> Self {
        let tag = sha256::Hash::hash(TAG).to_byte_array();
        let message = [tag, tag, content.0, descriptor.canonical_hash()].concat();
        ApprovalHash(sha256::Hash::hash(&message).to_byte_array())
    }

    /// The code: the first 160 bits.
    pub fn code(&self) -> ApprovalCode {
        let mut code = [0; 20];
        for (byte, hashed) in code.iter_mut().zip(self.0) {
            *byte = hashed;
        }
        ApprovalCode(code)
    }
}

impl ApprovalCode {
    /// How the text that a person wrote differs from this code. `None` where it is this code. Case, spaces and hyphens do not
    /// matter; I and L read as 1, O as 0. The answer does not contain the code.
    pub(super) fn difference(&self, text: &str) -> Option<CodeDifference> {
        let written: Vec<char> = text
            .chars()
            .filter(|character| !matches!(character, '-' | ' '))
            .map(|character| match character.to_ascii_uppercase() {
                'I' | 'L' => '1',
                'O' => '0',
                other => other,
            })
            .collect();
        let code: Vec<char> = self.to_string().chars().filter(|character| *character != '-').collect();
        if written.len() != code.len() {
            return Some(CodeDifference::Length { found: written.len(), expected: code.len() });
        }
        let groups = (1_usize..).zip(written.chunks(GROUP).zip(code.chunks(GROUP)));
        let differ: Vec<usize> =
            groups.filter(|(_, (written, code))| written != code).map(|(number, _)| number).collect();
        (!differ.is_empty()).then_some(CodeDifference::Groups(differ))
    }
}

/// How a text differs from an approval code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CodeDifference {
    /// It has another number of characters.
    Length {
        /// How many it has.
        found: usize,
        /// How many a code has.
        expected: usize,
    },
    /// The numbers of the groups that differ, from 1 on.
    Groups(Vec<usize>),
}

impl fmt::Display for ApprovalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let symbols = base32::encode(base32::CROCKFORD, &self.0);
        for (index, symbol) in symbols.chars().enumerate() {
            if index > 0 && index.is_multiple_of(GROUP) {
                f.write_str("-")?;
            }
            f.write_char(symbol)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_crockford_base32_in_eight_groups_of_four() {
        let mut bytes = [0; 20];
        assert_eq!(ApprovalCode(bytes).to_string(), "0000-0000-0000-0000-0000-0000-0000-0000");
        bytes = [0xff; 20];
        assert_eq!(ApprovalCode(bytes).to_string(), "ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ");
        // RFC 4648 base32 of the same bytes (Python's base64.b32encode), its alphabet exchanged for Crockford's.
        bytes = *b"foobarfoobarfoobarfo";
        assert_eq!(ApprovalCode(bytes).to_string(), "CSQP-YRK1-E9K6-YVV2-C5S6-CVVF-C9GQ-4SKF");
    }

    #[test]
    fn a_code_is_read_as_people_write_it() {
        let code = ApprovalCode(*b"foobarfoobarfoobarfo");
        assert_eq!(code.difference("CSQP-YRK1-E9K6-YVV2-C5S6-CVVF-C9GQ-4SKF"), None);
        assert_eq!(code.difference(" csqp yrkl e9k6 yvv2 c5s6 cvvf c9gq 4skf"), None);
        for (text, groups) in [
            ("CSQP-YRK1-E9K6-YVV2-C5S6-CVVF-C9GQ-4SK0", vec![8]),
            ("0SQP-YRK1-E9K6-YVV2-C5S6-CVVF-C9GQ-4SK0", vec![1, 8]),
        ] {
            assert_eq!(code.difference(text), Some(CodeDifference::Groups(groups)), "{text}");
        }
        for (text, found) in [("CSQP-YRK1-E9K6-YVV2-C5S6-CVVF-C9GQ", 28), ("CSQP-YRK1-E9K6", 12), ("", 0)] {
            let expected = Some(CodeDifference::Length { found, expected: 32 });
            assert_eq!(code.difference(text), expected, "{text}");
        }
    }
}
