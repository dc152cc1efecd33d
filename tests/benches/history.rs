//! How reading a journal, and judging a transaction by it, grow with the number of its entries. What counts is the ratio of
//! two sizes, taken in one run: near 10 for ten times as many. A walk that starts anew for each entry shows as 100.
//!
//! `cargo bench -p coldamp-tests --bench history`

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "nothing here runs outside a benchmark")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use coldamp_core::amp::request::{RequestIdentity, Uuid};
use coldamp_core::elements::{OutPoint, Txid};
use coldamp_core::pset::ContentHash;
use coldamp_core::sign::review::{CheckedPset, History, JournalState, PastSigning, SigningFacts};
use coldamp_core::treasury::Branch;
use coldamp_core::units::{AssetAmount, Satoshi};
use coldamp_tests::{Honest, RequestKind};

const SIZES: [u32; 2] = [10_000, 100_000];

/// Entries of a chain in which each spends the change of the one before. The transaction that is judged spends the last.
const CHAINED: u32 = 4_000;

/// How often each is measured; the shortest counts.
const TIMES: usize = 5;

fn main() {
    let honest = Honest::of((RequestKind::Distribute, "wpkh"));
    let reviewed = honest.review(honest.text.as_bytes());
    let checked = reviewed.checked().unwrap();
    compare("judging a transaction", |size| {
        let journal =
            JournalState { history: Some(history(honest, checked, size)), ..JournalState::default() };
        shortest(|| black_box(honest.job().review_under(honest.text.as_bytes(), &journal)).twins.len())
    });
    compare("reading a journal", |size| {
        let journal = coldamp::fuzzing::journal_of(size);
        shortest(|| usize::from(coldamp::fuzzing::journal_is_read(&journal)))
    });
}

fn compare(what: &str, measure: impl Fn(u32) -> Duration) {
    let [few, many] = SIZES.map(measure);
    println!("{what}: {} entries {few:?}, {} entries {many:?}", SIZES[0], SIZES[1]);
    // In tenths, by whole numbers: no float is computed with here either.
    let tenths = many.as_nanos().saturating_mul(10).checked_div(few.as_nanos()).unwrap_or_default();
    let (whole, rest, more) = (tenths / 10, tenths % 10, SIZES[1] / SIZES[0]);
    println!("{what}: ratio {whole}.{rest} for {more} times as many");
}

/// The shortest of some runs. Each must come to something, or nothing was measured.
fn shortest(run: impl Fn() -> usize) -> Duration {
    let once = |_| {
        let start = Instant::now();
        assert_ne!(run(), 0, "nothing was judged");
        start.elapsed()
    };
    (0..TIMES).map(once).min().unwrap()
}

/// A number as an id.
fn bytes(number: u32) -> [u8; 32] {
    let mut bytes = [0xab; 32];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    bytes
}

/// As many signings as asked for: a long chain of change, then jobs of single coins, one in ten of which replaces the one
/// before, one in a hundred is void, and one in a hundred pays a holder of the transaction that is judged.
fn history(honest: &Honest, checked: &CheckedPset, size: u32) -> History {
    let judged = checked.content();
    let holder = judged.outputs[0].script_pubkey.clone();
    let own = |index: u32| honest.own(Branch::External, index).script_pubkey;
    let others: Vec<_> = (0..5).map(own).collect();
    let txid = |number: u32| match number {
        // The coin that the judged transaction spends.
        CHAINED => judged.inputs[0].outpoint.txid,
        _ => Txid::from_byte_array(bytes(number)),
    };
    let signing = |number: u32| {
        let coin = match number {
            1 => OutPoint::new(Txid::from_byte_array([0xcc; 32]), 0),
            2..=CHAINED => OutPoint::new(txid(number - 1), 0),
            _ => OutPoint::new(
                Txid::from_byte_array([0xdd; 32]),
                number - u32::from(number.is_multiple_of(10)),
            ),
        };
        let twin = number.is_multiple_of(100).then(|| holder.clone());
        let facts = SigningFacts {
            content: ContentHash(bytes(number)),
            txid: txid(number),
            request: RequestIdentity(bytes(number)),
            request_sha256: bytes(number),
            command: checked.request().command(),
            distribution: Uuid::parse(&format!("{number:08x}-6196-49cf-a198-8ad9f06c144a")),
            asset: checked.request().asset,
            amount: AssetAmount::from_base_units(1),
            fee: Satoshi::from_sat(100),
            inputs: vec![coin],
            recipients: others.iter().cloned().chain(twin).collect(),
            own_index: Some(1),
        };
        PastSigning { number, declared_void: number > CHAINED && number % 100 == 50, facts }
    };
    History { signings: (1..=size).map(signing).collect(), earlier_unknown: false }
}
