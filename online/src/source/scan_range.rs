//! How far a treasury's scripts are scanned, and how far a scan went.

use std::fmt;

use coldamp_core::limits::{MAX_INDEX, MAX_INDEX_GAP};
use coldamp_core::treasury::{Branch, KeyPath, UnusedIndices, UsedIndices};

/// Indices of each branch that may be scanned however few of them are used.
const LEAST: u32 = 600;

/// More indices for each used script. Without this bound, dust at every 200th index would lead the scan to the last index.
const PER_USED: u32 = 10;

/// Which indices a scan covers, besides those that it finds used.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScanRange {
    /// The first unused index of each branch, as far as it is known without the chain.
    pub known: UnusedIndices,
    /// Indices reserved for prepared requests. They are scanned wherever they are: their transactions pay them.
    pub reserved: UsedIndices,
    /// An index from which to scan as well, however far it is from any used one.
    pub from: Option<u32>,
    /// Ignore the scan cache and ask about every script.
    pub all: bool,
}

/// Indices of both branches, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexRange {
    /// The first index.
    pub from: u32,
    /// The last index.
    pub to: u32,
    /// Whether the range ends at a limit although there are used scripts near its end.
    pub is_cut: bool,
}

/// How far a scan went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scanned {
    /// The range from index 0.
    pub near: IndexRange,
    /// The range from [`ScanRange::from`].
    pub far: Option<IndexRange>,
    /// Unused scripts that were not asked about this time.
    pub not_rescanned: Option<NotRescanned>,
    /// Whether a script counts as used only because the scan cache says so.
    pub from_cache: bool,
}

/// Scripts that were unused at an earlier scan, and that this scan did not ask about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotRescanned {
    /// How many scripts.
    pub scripts: usize,
    /// The lowest block at which one of them was last asked about.
    pub since: u32,
}

impl ScanRange {
    /// A range with the indices that are known without the chain.
    pub fn known(known: UnusedIndices) -> Self {
        ScanRange { known, ..ScanRange::default() }
    }

    /// The first index above all known ones of either branch.
    fn known_to(&self) -> u32 {
        Branch::BOTH.into_iter().map(|branch| self.known.next(branch).index).max().unwrap_or_default()
    }

    /// The range from index 0, if these indices are used: up to a gap above the last one. Both branches end at the same
    /// index, since the signer counts its gap from the highest index of either.
    pub(super) fn near(&self, used: &[u32], gap: u32) -> IndexRange {
        let least = self.known_to().saturating_add(gap);
        extended(0, least, least.max(LEAST), used, gap)
    }

    /// The range from [`ScanRange::from`], by the same rule.
    pub(super) fn far(&self, used: &[u32]) -> Option<IndexRange> {
        let from = self.from?.min(MAX_INDEX);
        let least = from.saturating_add(MAX_INDEX_GAP);
        Some(extended(from, least, from.saturating_add(LEAST), used, MAX_INDEX_GAP))
    }
}

/// The range from an index to `least`, extended to a gap above each used index in it. It ends at `most`, plus what the used
/// indices add. `used` is sorted.
fn extended(from: u32, least: u32, most: u32, used: &[u32], gap: u32) -> IndexRange {
    let (mut to, mut count) = (least, 0_u32);
    for index in used.iter().copied().filter(|index| *index >= from) {
        if index > to || index > MAX_INDEX {
            break;
        }
        count = count.saturating_add(1);
        to = to.max(index.saturating_add(1).saturating_add(gap));
    }
    let most = most.saturating_add(count.saturating_mul(PER_USED)).min(MAX_INDEX);
    IndexRange { from, to: to.min(most), is_cut: to > most && most < MAX_INDEX }
}

/// The indices of paths, sorted.
pub(super) fn indices<'a>(used: impl Iterator<Item = &'a KeyPath>) -> Vec<u32> {
    let mut indices: Vec<u32> = used.map(|path| path.index).collect();
    indices.sort_unstable();
    indices
}

impl IndexRange {
    /// Whether an index is in the range.
    pub fn holds(&self, index: u32) -> bool {
        (self.from..=self.to).contains(&index)
    }
}

impl Scanned {
    /// Indices 0 to `to` of both branches.
    pub fn up_to(to: u32) -> Self {
        let near = IndexRange { from: 0, to, is_cut: false };
        Scanned { near, far: None, not_rescanned: None, from_cache: false }
    }

    /// Whether part of the result comes from the scan cache, so that a scan of all scripts may find something else.
    pub fn used_cache(&self) -> bool {
        self.not_rescanned.is_some() || self.from_cache
    }
}

impl fmt::Display for Scanned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "scanned indices 0 to {}", self.near.to)?;
        if let Some(far) = self.far {
            write!(f, " and {} to {}", far.from, far.to)?;
        }
        write!(f, " of both branches")?;
        if let Some(NotRescanned { scripts, since }) = self.not_rescanned {
            write!(
                f,
                ". {scripts} unused addresses were not rechecked (last check at block {since} or later); --full-scan rechecks all"
            )?;
        }
        let cut = [Some(self.near), self.far].into_iter().flatten().rfind(|range| range.is_cut);
        if let Some(IndexRange { to, .. }) = cut {
            write!(
                f,
                ". The scan stopped at its limit, and there may be used addresses beyond; --from-index {} continues",
                to.saturating_add(1)
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(used: &[u32]) -> (u32, bool) {
        let range = ScanRange::default().near(used, MAX_INDEX_GAP);
        (range.to, range.is_cut)
    }

    #[test]
    fn the_search_goes_a_gap_above_the_last_used_index_and_what_is_known() {
        assert_eq!(near(&[]), (200, false));
        assert_eq!(near(&[0, 3, 19]), (220, false));
        assert_eq!(near(&[0, 202]), (201, false), "above the gap");
        assert_eq!(near(&[0, 200, 400]), (601, false));
        let mut scan_range = ScanRange::default();
        scan_range.known.mark_used(KeyPath { branch: Branch::Internal, index: 999 });
        assert_eq!(
            scan_range.near(&[], MAX_INDEX_GAP).to,
            1_200,
            "known indices are scanned, whatever the bound"
        );
    }

    #[test]
    fn dust_at_every_200th_index_is_cut_off_and_a_run_without_gaps_is_not() {
        let dust: Vec<u32> = (0..=100).map(|number| number * 200).collect();
        let (to, is_cut) = near(&dust);
        assert!(is_cut && to < 2_000, "{to}");
        let run: Vec<u32> = (0..10_000).collect();
        assert_eq!(near(&run), (10_200, false));
        let to_the_end: Vec<u32> = (0..20_001).collect();
        assert_eq!(near(&to_the_end), (MAX_INDEX, false));
    }

    #[test]
    fn from_an_index_that_was_named_it_goes_on_as_from_the_first() {
        let far =
            |from, used: &[u32]| ScanRange { from: Some(from), ..ScanRange::default() }.far(used).unwrap();
        assert_eq!(far(5_000, &[0, 7]), IndexRange { from: 5_000, to: 5_200, is_cut: false });
        assert_eq!(far(5_000, &[0, 5_100, 5_250]).to, 5_451);
        assert_eq!(far(19_999, &[]), IndexRange { from: 19_999, to: MAX_INDEX, is_cut: false });
        let dust: Vec<u32> = (0..=100).map(|number| number * 200).collect();
        assert!(far(1_000, &dust).is_cut);
    }

    #[test]
    fn what_was_scanned_is_said() {
        let mut scanned = Scanned::up_to(220);
        assert_eq!(scanned.to_string(), "scanned indices 0 to 220 of both branches");
        scanned.far = Some(IndexRange { from: 5_000, to: 5_600, is_cut: true });
        scanned.not_rescanned = Some(NotRescanned { scripts: 380, since: 77 });
        assert_eq!(
            scanned.to_string(),
            "scanned indices 0 to 220 and 5000 to 5600 of both branches. 380 unused addresses were not rechecked (last check at block 77 or later); --full-scan rechecks all. The scan stopped at its limit, and there may be used addresses beyond; --from-index 5601 continues"
        );
    }
}
