//! The id that ties a keystore to its chain of policy and journal.

use std::fmt;

/// 16 random bytes, drawn when the keystore was made. A journal that was deleted, or copied from elsewhere, is
/// known by it and never taken for an empty one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ChainId([u8; 16]);

impl ChainId {
    /// The id of a new chain, from random bytes.
    pub(crate) fn new(random: [u8; 16]) -> Self {
        ChainId(random)
    }

    /// The bytes, which key the chain's MACs.
    pub(crate) fn bytes(self) -> [u8; 16] {
        self.0
    }

    /// Reads 32 hexadecimal digits.
    pub(super) fn parse(text: &str) -> Option<Self> {
        // `from_str_radix` alone would take a leading `+`.
        let digits = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u128::from_str_radix(text, 16).ok().filter(|_| digits)?;
        Some(ChainId(number.to_be_bytes()))
    }
}

impl fmt::Display for ChainId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_exactly_sixteen_bytes_of_hex() {
        let text = "000102030405060708090a0b0c0d0eff";
        assert_eq!(ChainId::parse(text).unwrap().to_string(), text);
        for wrong in
            ["", "+00102030405060708090a0b0c0d0eff", "00", &format!("{text}00"), &text.replace('f', "g")]
        {
            assert_eq!(ChainId::parse(wrong), None, "{wrong}");
        }
    }
}
