//! HMAC-SHA256 (RFC 2104): the one keyed hash from which blinding, output order, the approver's key and the journal's
//! MACs are derived.

use elements::hashes::{Hash as _, HashEngine as _, HmacEngine, sha256};

/// HMAC-SHA256 of the parts one behind the other.
pub fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut engine = HmacEngine::<sha256::HashEngine>::new(key);
    for part in parts {
        engine.input(part);
    }
    engine.finalize().to_byte_array()
}

#[cfg(test)]
mod tests {
    use super::*;
    use elements::hex::DisplayHex as _;

    #[test]
    fn the_vector_of_rfc_4231_comes_out() {
        // RFC 4231 test case 2.
        let mac = hmac_sha256(b"Jefe", &[b"what do ya want ", b"for nothing?"]);
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(mac.to_lower_hex_string(), expected);
    }
}
