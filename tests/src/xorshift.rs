//! Marsaglia's xorshift64: the same numbers on every run and machine, so that whatever one run finds the next one
//! finds again.

/// See the module.
pub struct Xorshift(u64);

impl Xorshift {
    /// A row of numbers; another seed, another row.
    ///
    /// # Panics
    ///
    /// If the seed is zero, after which nothing but zeros would come.
    pub fn new(seed: u64) -> Self {
        assert_ne!(seed, 0, "a seed of zero gives zeros for ever");
        Xorshift(seed)
    }

    /// The next number.
    pub fn next_u64(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below a limit.
    ///
    /// # Panics
    ///
    /// If the limit is zero.
    pub fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next_u64() % u64::try_from(limit).expect("a limit")).expect("below the limit")
    }

    /// What turns any byte into another one.
    pub fn flip(&mut self) -> u8 {
        u8::try_from(self.below(255) + 1).expect("1 to 255")
    }
}
