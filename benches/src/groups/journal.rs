//! How reading a journal, and judging a transaction by it, grow with its entries.

use coldamp_core::amp::request::{RequestIdentity, Uuid};
use coldamp_core::elements::{OutPoint, Txid};
use coldamp_core::pset::ContentHash;
use coldamp_core::sign::review::{CheckedPset, History, JournalState, PastSigning, SigningFacts};
use coldamp_core::treasury::{Branch, KeyPath};
use coldamp_core::units::{AssetAmount, Satoshi};

use crate::figures::Figures;
use crate::treasury::{Job, Treasury};

const ENTRIES: [u32; 2] = [10_000, 100_000];

/// Entries of a chain in which each spends the change of the one before. The transaction that is judged spends the last.
const CHAINED: u32 = 4_000;

pub(super) fn run(figures: &mut Figures) {
    let treasury = Treasury::new();
    let job = treasury.usual(10);
    let pset = job.pset();
    for entries in ENTRIES {
        let journal = coldamp::fuzzing::journal_of(entries);
        figures.measure(&format!("journal/{entries} entries read"), None, || {
            assert!(coldamp::fuzzing::journal_is_read(&journal), "the journal is not read");
        });
        let reviewed = job.review(&pset, &JournalState::default());
        let history = history(&job, reviewed.checked().expect("no rule failed"), entries);
        let state = JournalState { history: Some(history), ..JournalState::default() };
        figures.measure(&format!("journal/{entries} entries, review"), None, || {
            let review = job.review_all(&pset, &state);
            assert!(!review.twins.is_empty(), "nothing was judged");
        });
    }
}

/// A number as an id.
fn bytes(number: u32) -> [u8; 32] {
    let mut bytes = [0xab; 32];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    bytes
}

/// As many signings as asked for: a long chain of change, then jobs of single coins, one in ten of which replaces the one
/// before, one in a hundred is void, and one in a hundred pays a holder of the transaction that is judged.
fn history(job: &Job<'_>, checked: &CheckedPset, entries: u32) -> History {
    let judged = checked.content();
    let holder = judged.outputs[0].script_pubkey.clone();
    let treasury = job.treasury;
    let own = |index: u32| {
        let path = KeyPath { branch: Branch::External, index };
        treasury.descriptor.script_at(&treasury.secp, path).expect("a script").script_pubkey
    };
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
    History { signings: (1..=entries).map(signing).collect(), earlier_unknown: false }
}
