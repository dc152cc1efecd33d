//! Bits in deflate's order: the first one is the lowest of its byte.

/// Bytes that are filled bit by bit.
#[derive(Default)]
pub(super) struct Bits {
    bytes: Vec<u8>,
    /// Bits that do not fill a byte yet, the first one lowest.
    pending: u32,
    /// How many those are, at most 7.
    have: u32,
}

impl Bits {
    /// Adds the `count` lowest bits of a number, at most 16.
    pub(super) fn push(&mut self, bits: u32, count: u32) {
        let mask = (1_u32 << count).saturating_sub(1);
        self.pending |= (bits & mask) << self.have;
        self.have = self.have.saturating_add(count);
        while self.have >= 8 {
            self.bytes.push(u8::try_from(self.pending & 255).unwrap_or_default());
            self.pending >>= 8;
            self.have = self.have.saturating_sub(8);
        }
    }

    /// Fills the byte with zeros.
    pub(super) fn align(&mut self) {
        if self.have > 0 {
            self.push(0, 8_u32.saturating_sub(self.have));
        }
    }

    /// Adds whole bytes behind a full one.
    pub(super) fn push_bytes(&mut self, bytes: &[u8]) {
        self.align();
        self.bytes.extend_from_slice(bytes);
    }

    /// Adds all bits of another.
    pub(super) fn append(&mut self, other: &Bits) {
        other.bytes.iter().for_each(|byte| self.push(u32::from(*byte), 8));
        self.push(other.pending, other.have);
    }

    /// Whole bytes and a begun one.
    pub(super) fn byte_count(&self) -> usize {
        self.bytes.len().saturating_add(usize::from(self.have > 0))
    }

    /// The bytes, the last one filled with zeros.
    pub(super) fn into_bytes(mut self) -> Vec<u8> {
        self.align();
        self.bytes
    }
}
