//! Encodings of text and bytes.
//!
//! Every text file of this project is UTF-8 without a byte order mark. Windows editors and PowerShell silently write other
//! encodings. The parsers refuse such a file too, but their messages do not name the cause; [`ForeignEncoding`] does.

pub(crate) mod base32;

use std::fmt;

/// The encoding of a text file that is not plain UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForeignEncoding {
    /// UTF-8 with a byte order mark, EF BB BF.
    Marked,
    /// UTF-16 in either byte order, with or without a mark.
    Utf16,
    /// UTF-32 in either byte order, with its mark.
    Utf32,
}

impl ForeignEncoding {
    /// Recognises the encoding by the first bytes of a file. `None` for plain UTF-8 and for binary files: neither a binary
    /// PSET nor an age file starts like one of these.
    pub fn of(file: &[u8]) -> Option<Self> {
        match file {
            [0xef, 0xbb, 0xbf, ..] => Some(ForeignEncoding::Marked),
            [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Some(ForeignEncoding::Utf32),
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some(ForeignEncoding::Utf16),
            // Two ASCII characters without a mark before them.
            [low, 0, next, 0, ..] | [0, low, 0, next, ..] if is_text(*low) && is_text(*next) => {
                Some(ForeignEncoding::Utf16)
            }
            _ => None,
        }
    }
}

fn is_text(byte: u8) -> bool {
    byte.is_ascii_graphic() || byte.is_ascii_whitespace()
}

impl fmt::Display for ForeignEncoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = match self {
            ForeignEncoding::Marked => "starts with a byte order mark (BOM)",
            ForeignEncoding::Utf16 => "is UTF-16 text",
            ForeignEncoding::Utf32 => "is UTF-32 text",
        };
        write!(f, "the file {found}; save it as UTF-8 without BOM")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn each_encoding_is_told_by_its_first_bytes() {
        let little = utf16("{\"a\":1}", u16::to_le_bytes);
        let big = utf16("ct(slip77", u16::to_be_bytes);
        for (file, expected) in [
            ("\u{feff}{}".as_bytes().to_vec(), ForeignEncoding::Marked),
            ("\u{feff}".as_bytes().to_vec(), ForeignEncoding::Marked),
            ([&[0xff, 0xfe], little.as_slice()].concat(), ForeignEncoding::Utf16),
            ([&[0xfe, 0xff], big.as_slice()].concat(), ForeignEncoding::Utf16),
            (little, ForeignEncoding::Utf16),
            (big, ForeignEncoding::Utf16),
            (vec![0xff, 0xfe], ForeignEncoding::Utf16),
            (vec![0xff, 0xfe, 0, 0, b'{', 0, 0, 0], ForeignEncoding::Utf32),
            (vec![0, 0, 0xfe, 0xff, 0, 0, 0, b'{'], ForeignEncoding::Utf32),
        ] {
            assert_eq!(ForeignEncoding::of(&file), Some(expected), "{file:?}");
        }
    }

    #[test]
    fn plain_text_and_the_binary_files_of_this_project_are_none_of_them() {
        for file in [
            &b""[..],
            b"{",
            b"{}",
            b" {\"a\":1}\n",
            "é\u{feff}".as_bytes(),
            b"pset\xff\x01\x02\x04\x02\0\0\0",
            b"age-encryption.org/v1\n",
            b"cHNldP8BAgQ",
            b"\xff\xff\xff\xff",
            b"\0\0\0\0",
            b"a\0b",
        ] {
            assert_eq!(ForeignEncoding::of(file), None, "{file:?}");
        }
    }
}
