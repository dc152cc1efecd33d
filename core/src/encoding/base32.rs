//! Base32 without padding. Each value has one spelling.

/// The alphabet of RFC 4648 section 6. BBQr frames use it.
pub(crate) const RFC_4648: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Crockford's alphabet, without I, L, O and U. Approval codes use it, because people compare and type them.
pub(crate) const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The number of bits that a character carries.
const BITS: u32 = 5;

/// Encodes bytes in an alphabet.
pub(crate) fn encode(alphabet: &[u8; 32], bytes: &[u8]) -> String {
    let character = |bits: u32| {
        let index = usize::try_from(bits & 31).unwrap_or_default();
        alphabet.get(index).copied().map(char::from).unwrap_or_default()
    };
    let (mut text, mut pending, mut have) = (String::new(), 0_u32, 0_u32);
    for byte in bytes {
        // At most 4 bits are pending, so 12 are held.
        pending = ((pending & 15) << 8) | u32::from(*byte);
        have = have.saturating_add(8);
        while have >= BITS {
            have = have.saturating_sub(BITS);
            text.push(character(pending >> have));
        }
    }
    if have > 0 {
        text.push(character(pending << BITS.saturating_sub(have)));
    }
    text
}

/// Decodes what [`encode`] writes in the same alphabet. `None` for any other text: another character or case, padding, or
/// leftover bits that are not zero.
pub(crate) fn decode(alphabet: &[u8; 32], text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut pending, mut have) = (Vec::new(), 0_u32, 0_u32);
    for character in text.bytes() {
        let value = alphabet.iter().position(|known| *known == character)?;
        pending = ((pending & 127) << BITS) | u32::try_from(value).ok()?;
        have = have.saturating_add(BITS);
        if have >= 8 {
            have = have.saturating_sub(8);
            bytes.push(u8::try_from((pending >> have) & 255).ok()?);
        }
    }
    // A whole character that is left over carries no byte: some shorter text is the same bytes.
    let left_over = pending & (1_u32 << have).saturating_sub(1);
    (have < BITS && left_over == 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 4648 section 10, without the padding.
    const VECTORS: &[(&str, &str)] = &[
        ("", ""),
        ("f", "MY"),
        ("fo", "MZXQ"),
        ("foo", "MZXW6"),
        ("foob", "MZXW6YQ"),
        ("fooba", "MZXW6YTB"),
        ("foobar", "MZXW6YTBOI"),
    ];

    #[test]
    fn the_vectors_of_the_rfc_are_met() {
        for (bytes, text) in VECTORS {
            assert_eq!(encode(RFC_4648, bytes.as_bytes()), *text);
            assert_eq!(decode(RFC_4648, text).unwrap(), bytes.as_bytes());
        }
    }

    #[test]
    fn a_value_has_one_spelling() {
        for text in ["MZ", "M", "MZX", "MZXW6Y", "my", "MY======", "M1", "M Y", "MÄ"] {
            assert_eq!(decode(RFC_4648, text), None, "{text}");
        }
    }

    #[test]
    fn every_byte_comes_back() {
        let all: Vec<u8> = (0..=255).collect();
        for end in 0..all.len() {
            for alphabet in [RFC_4648, CROCKFORD] {
                assert_eq!(decode(alphabet, &encode(alphabet, &all[..end])).unwrap(), &all[..end]);
            }
        }
    }
}
