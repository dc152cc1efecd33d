//! The secrets of blinding, each derived by its name and index (docs/rules.md#blinding-secrets):
//!
//! ```text
//! seed            = HMAC-SHA256(master blinding key, 'coldamp/blinding/1' ‖ SHA256(content))
//! secret(name, i, n) = HMAC-SHA256(seed, name ‖ 00 ‖ u32 i ‖ u32 n)      n = 0, 1, … until a scalar in 1..order−1
//! ```
//!
//! `/1` is the version of everything that shapes the bytes: exponent 0, 52 bits, minimum 1, ring of min(3, n), message
//! asset ‖ abf, extra commitment script. A change of any of these must change `/1`: the same secrets under other proof
//! parameters would give two proofs that together reveal the amount.

use elements::secp256k1_zkp::SecretKey;
use elements_miniscript::confidential::slip77::MasterBlindingKey;

use crate::hmac::hmac_sha256;
use crate::pset::ContentHash;

/// Label and version of the construction.
const LABEL: &[u8] = b"coldamp/blinding/1";

/// The seed of one content under one view key.
#[derive(Clone)]
pub struct BlindingSeed([u8; 32]);

impl BlindingSeed {
    /// The seed of a content.
    pub fn new(key: &MasterBlindingKey, content: &ContentHash) -> Self {
        BlindingSeed(hmac_sha256(key.as_bytes(), &[LABEL, &content.0]))
    }

    /// The bytes of the seed, for test vectors.
    pub fn to_byte_array(&self) -> [u8; 32] {
        self.0
    }

    /// A named secret.
    pub fn secret(&self, name: &str, index: usize, attempt: u32) -> [u8; 32] {
        let index = u32::try_from(index).unwrap_or(u32::MAX).to_le_bytes();
        hmac_sha256(&self.0, &[name.as_bytes(), &[0], &index, &attempt.to_le_bytes()])
    }

    /// The first secret of that name that is a scalar. All but one in 2^127 are.
    pub fn scalar(&self, name: &str, index: usize) -> SecretKey {
        let mut attempt = 0_u32;
        loop {
            if let Ok(key) = SecretKey::from_slice(&self.secret(name, index, attempt)) {
                return key;
            }
            attempt = attempt.wrapping_add(1);
        }
    }
}
