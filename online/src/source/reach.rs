//! How far a treasury's scripts are looked for, and what is said of it afterwards.

use std::fmt;

use coldamp_core::limits::{MAX_INDEX, MAX_INDEX_GAP};
use coldamp_core::treasury::{Branch, KeyPath, UnusedIndices, UsedIndices};

/// Indices of each branch that are looked at however few of them were used.
const LEAST: u32 = 600;

/// Indices more for each script that was used: dust at every 200th index must not lead the search to the last one.
const PER_USED: u32 = 10;

/// Where a survey looks besides what it finds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reach {
    /// What is known of used indices besides the chain.
    pub known: UnusedIndices,
    /// What requests were promised: their transactions pay it, wherever it lies.
    pub promised: UsedIndices,
    /// An index from which is looked as well, however far it is from anything used.
    pub from: Option<u32>,
    /// Nothing is taken from earlier surveys: every script is asked for again.
    pub all: bool,
}

/// Indices of both branches, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The first.
    pub from: u32,
    /// The last.
    pub to: u32,
    /// Whether used scripts go on near the end, and it ends all the same.
    pub is_cut: bool,
}

/// How far a survey looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Looked {
    /// From index 0 on.
    pub near: Range,
    /// From [`Reach::from`] on.
    pub far: Option<Range>,
    /// What was not asked for this time.
    pub skipped: Option<Skipped>,
    /// Whether a script was taken for used because an earlier survey found it so.
    pub recalled: bool,
}

/// Scripts that nothing had paid when they were asked for last, and that were not asked for again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Skipped {
    /// How many.
    pub scripts: usize,
    /// The lowest block at which one of them was asked for last.
    pub since: u32,
}

impl Reach {
    /// The same with what is known besides the chain.
    pub fn known(known: UnusedIndices) -> Self {
        Reach { known, ..Reach::default() }
    }

    /// The first index above all that are known of, of either branch.
    fn known_to(&self) -> u32 {
        Branch::BOTH.into_iter().map(|branch| self.known.next(branch).index).max().unwrap_or_default()
    }

    /// What is to be looked at from index 0 on, where these indices were used: to a gap above the last one, both branches
    /// as far as the further one, since the signer's gap counts from the highest index of either.
    pub(super) fn near(&self, used: &[u32], gap: u32) -> Range {
        let least = self.known_to().saturating_add(gap);
        reaching(0, least, least.max(LEAST), used, gap)
    }

    /// The same from the index that was named.
    pub(super) fn far(&self, used: &[u32]) -> Option<Range> {
        let from = self.from?.min(MAX_INDEX);
        let least = from.saturating_add(MAX_INDEX_GAP);
        Some(reaching(from, least, from.saturating_add(LEAST), used, MAX_INDEX_GAP))
    }
}

/// From an index to `least`, and on by `gap` above each used index within; not further than `most` and what the used ones
/// add to it. `used` is sorted.
fn reaching(from: u32, least: u32, most: u32, used: &[u32], gap: u32) -> Range {
    let (mut to, mut count) = (least, 0_u32);
    for index in used.iter().copied().filter(|index| *index >= from) {
        if index > to || index > MAX_INDEX {
            break;
        }
        count = count.saturating_add(1);
        to = to.max(index.saturating_add(1).saturating_add(gap));
    }
    let most = most.saturating_add(count.saturating_mul(PER_USED)).min(MAX_INDEX);
    Range { from, to: to.min(most), is_cut: to > most && most < MAX_INDEX }
}

/// Sorted indices of paths.
pub(super) fn indices<'a>(used: impl Iterator<Item = &'a KeyPath>) -> Vec<u32> {
    let mut indices: Vec<u32> = used.map(|path| path.index).collect();
    indices.sort_unstable();
    indices
}

impl Range {
    /// Whether an index is in it.
    pub fn holds(&self, index: u32) -> bool {
        (self.from..=self.to).contains(&index)
    }
}

impl Looked {
    /// All indices from 0 to one of both branches.
    pub fn up_to(to: u32) -> Self {
        Looked { near: Range { from: 0, to, is_cut: false }, far: None, skipped: None, recalled: false }
    }

    /// Whether a look at all may find something else, since some of this comes from earlier surveys.
    pub fn is_short(&self) -> bool {
        self.skipped.is_some() || self.recalled
    }
}

impl fmt::Display for Looked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "looked at indices 0 to {}", self.near.to)?;
        if let Some(far) = self.far {
            write!(f, " and {} to {}", far.from, far.to)?;
        }
        write!(f, " of both branches")?;
        if let Some(Skipped { scripts, since }) = self.skipped {
            write!(
                f,
                "; {scripts} scripts among them that nothing had paid were not asked for again since block {since} or later, --full-scan asks for all"
            )?;
        }
        let cut = [Some(self.near), self.far].into_iter().flatten().rfind(|range| range.is_cut);
        if let Some(Range { to, .. }) = cut {
            write!(f, "; used scripts go on there, --from-index {} looks further", to.saturating_add(1))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(used: &[u32]) -> (u32, bool) {
        let range = Reach::default().near(used, MAX_INDEX_GAP);
        (range.to, range.is_cut)
    }

    #[test]
    fn the_search_goes_a_gap_above_the_last_used_index_and_what_is_known() {
        assert_eq!(near(&[]), (200, false));
        assert_eq!(near(&[0, 3, 19]), (220, false));
        assert_eq!(near(&[0, 202]), (201, false), "out of sight");
        assert_eq!(near(&[0, 200, 400]), (601, false));
        let mut reach = Reach::default();
        reach.known.mark_used(KeyPath { branch: Branch::Internal, index: 999 });
        assert_eq!(
            reach.near(&[], MAX_INDEX_GAP).to,
            1_200,
            "promised indices are looked at, whatever the bound"
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
        let far = |from, used: &[u32]| Reach { from: Some(from), ..Reach::default() }.far(used).unwrap();
        assert_eq!(far(5_000, &[0, 7]), Range { from: 5_000, to: 5_200, is_cut: false });
        assert_eq!(far(5_000, &[0, 5_100, 5_250]).to, 5_451);
        assert_eq!(far(19_999, &[]), Range { from: 19_999, to: MAX_INDEX, is_cut: false });
        let dust: Vec<u32> = (0..=100).map(|number| number * 200).collect();
        assert!(far(1_000, &dust).is_cut);
    }

    #[test]
    fn how_far_was_looked_is_said() {
        let mut looked = Looked::up_to(220);
        assert_eq!(looked.to_string(), "looked at indices 0 to 220 of both branches");
        looked.far = Some(Range { from: 5_000, to: 5_600, is_cut: true });
        looked.skipped = Some(Skipped { scripts: 380, since: 77 });
        assert_eq!(
            looked.to_string(),
            "looked at indices 0 to 220 and 5000 to 5600 of both branches; 380 scripts among them that nothing had paid were not asked for again since block 77 or later, --full-scan asks for all; used scripts go on there, --from-index 5601 looks further"
        );
    }
}
