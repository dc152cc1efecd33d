//! Finding the treasury's coins in transactions and opening them.

use coldamp_online::pace::Unwatched;
use coldamp_online::source::file::TransactionsFile;
use coldamp_online::state::coin_cache::NoCoinCache;
use coldamp_online::sync::Holdings;
use futures_util::FutureExt as _;

use crate::figures::Figures;
use crate::floor::Floor;
use crate::treasury::Treasury;

pub(super) fn run(figures: &mut Figures) {
    let treasury = Treasury::new();
    for (count, times) in [(100, 5), (1_000, 3), (10_000, 1)] {
        let source = treasury.source(count);
        let floor = Some(Floor::rewound(count));
        figures.measure_long(
            &format!("sync/{count} coins"),
            times,
            floor,
            || (),
            |()| coins(&treasury, &source),
        );
    }
}

/// Finds and opens all coins.
pub(super) fn coins(treasury: &Treasury, source: &TransactionsFile) -> Holdings {
    let (secp, descriptor, asset) = (&treasury.secp, &treasury.descriptor, treasury.asset);
    let mut cache = NoCoinCache;
    let synced = Holdings::sync(secp, descriptor, source, asset, None, &mut cache, &Unwatched);
    // A file has its answers at once.
    let holdings = synced.now_or_never().expect("nothing to wait for").expect("a sync");
    assert!(holdings.unopened.is_empty() && !holdings.coins.is_empty(), "the coins did not open");
    holdings
}
