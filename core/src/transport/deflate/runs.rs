//! The lengths of two codes as a block writes them: runs of one length in short (RFC 1951 section 3.2.7).

/// A length, or a run of one, with what is written behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    /// 0 to 15: this length. 16: the length before, 3 to 6 times. 17, 18: no code, 3 to 10 and 11 to 138 times.
    pub(super) symbol: u32,
    pub(super) extra: u32,
    pub(super) extra_bits: u32,
}

/// A way to write several equal lengths: symbol, the least and the most that it stands for, bits.
const OF_ZEROS: [(u32, u32, u32, u32); 2] = [(18, 11, 138, 7), (17, 3, 10, 3)];
const OF_OTHERS: [(u32, u32, u32, u32); 1] = [(16, 3, 6, 2)];

/// Lengths as runs.
pub(super) fn runs(lengths: &[u32]) -> Vec<Run> {
    let mut runs = Vec::new();
    for equal in lengths.chunk_by(|one, next| one == next) {
        let length = equal.first().copied().unwrap_or_default();
        let once = Run { symbol: length, extra: 0, extra_bits: 0 };
        let mut left = u32::try_from(equal.len()).unwrap_or(u32::MAX);
        let ways: &[_] = if length == 0 { &OF_ZEROS } else { &OF_OTHERS };
        if length != 0 {
            runs.push(once);
            left = left.saturating_sub(1);
        }
        while left > 0 {
            let way = ways.iter().find(|(_, least, _, _)| left >= *least);
            let Some((symbol, least, most, extra_bits)) = way.copied() else {
                runs.push(once);
                left = left.saturating_sub(1);
                continue;
            };
            let times = left.min(most);
            runs.push(Run { symbol, extra: times.saturating_sub(least), extra_bits });
            left = left.saturating_sub(times);
        }
    }
    runs
}
