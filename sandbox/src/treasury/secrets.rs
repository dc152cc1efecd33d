//! The sandbox's secrets: derived from a counter, so that the same calls make the same chain, byte for byte. They protect
//! nobody's privacy; what they open is play money.

use coldamp_core::elements::secp256k1_zkp::SecretKey;
use coldamp_core::elements::secp256k1_zkp::rand::{CryptoRng, Error, RngCore};
use coldamp_core::hmac::hmac_sha256;

/// What the counter is hashed with.
const SEED: &[u8] = b"coldamp/sandbox/1";

/// The secrets of one transaction.
#[derive(Debug, Clone)]
pub(crate) struct Secrets {
    seed: [u8; 32],
}

impl Secrets {
    /// Those of the transaction of this number.
    pub(crate) fn of(number: u64) -> Self {
        Secrets { seed: hmac_sha256(SEED, &[&number.to_le_bytes()]) }
    }

    /// A named scalar. All but one in 2^127 hashes are one.
    pub(crate) fn scalar(&self, name: &str, index: usize) -> SecretKey {
        let mut attempt = 0_u32;
        loop {
            let index = u64::try_from(index).unwrap_or(u64::MAX).to_le_bytes();
            let parts = [name.as_bytes(), &[0], &index, &attempt.to_le_bytes()];
            if let Ok(key) = SecretKey::from_slice(&hmac_sha256(&self.seed, &parts)) {
                return key;
            }
            attempt = attempt.wrapping_add(1);
        }
    }

    /// What the library takes for randomness.
    pub(crate) fn stream(&self, index: usize) -> Stream {
        Stream { seed: self.scalar("stream", index).secret_bytes(), drawn: 0 }
    }
}

/// A source that the library may draw any number of bytes from.
pub(crate) struct Stream {
    seed: [u8; 32],
    drawn: u64,
}

impl RngCore for Stream {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.fill_bytes(&mut bytes);
        u32::from_le_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.fill_bytes(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    fn fill_bytes(&mut self, dest: &mut [u8]) {
        for chunk in dest.chunks_mut(32) {
            let block = hmac_sha256(&self.seed, &[&self.drawn.to_le_bytes()]);
            self.drawn = self.drawn.wrapping_add(1);
            for (to, from) in chunk.iter_mut().zip(block) {
                *to = from;
            }
        }
    }

    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), Error> {
        self.fill_bytes(dest);
        Ok(())
    }
}

// The library's bound.
impl CryptoRng for Stream {}
