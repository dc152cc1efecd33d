//! The unsigned PSET: all that the air-gapped machine takes from the other one.

use coldamp_core::elements::bitcoin::base64::Engine as _;
use coldamp_core::elements::bitcoin::base64::engine::general_purpose::STANDARD;
use coldamp_core::limits::MAX_PSET_BYTES;
use coldamp_core::pset::UnsignedPset;

use crate::edits::{Change, Edit};
use crate::pairs::Pairs;
use crate::{Honest, RequestKind, VARIED};

/// Edits of one PSET; more would leave nothing to review.
const MAX_EDITS: usize = 8;

/// Whether the bytes are an unsigned PSET. One that is reads the same in binary and as text.
pub fn pset_decode(data: &[u8]) -> bool {
    let Ok(pset) = UnsignedPset::read(data) else { return false };
    if data.starts_with(b"pset\xff") && data.len() <= MAX_PSET_BYTES {
        let text = STANDARD.encode(data);
        assert_eq!(UnsignedPset::read(text.as_bytes()).as_ref(), Ok(&pset), "as text it is another one");
    }
    pset.problems.is_empty()
}

/// Whether the bytes are a PSET that passes the review of the treasury whose words the recordings share, or of the one
/// with nested scripts. A review ends, lists a rule for whatever it refuses, and passes nothing that harms.
pub fn pset_review(data: &[u8]) -> bool {
    let Ok(pset) = UnsignedPset::read(data) else { return false };
    // The cost is in deriving scripts, not in reading: one treasury is asked unless the file is the other's.
    let treasury = |name| &Honest::of((RequestKind::Burn, name)).treasury;
    let nested = pset.inputs.iter().any(|input| input.redeem_script.is_some());
    let review = treasury(if nested { "sh-wpkh" } else { "wpkh" }).review(&pset, None);
    assert_eq!(
        review.checked().is_some(),
        review.mismatches.is_empty(),
        "refused for no reason, or passed with one"
    );
    if let Some(checked) = review.checked() {
        assert!(pset.problems.is_empty(), "passed with {:?}", pset.problems);
        assert_eq!(checked.request().bytes(), pset.request.as_deref().unwrap_or_default());
        assert!(
            review.outputs().all(|(_, role)| role.is_some()),
            "passed with an output that nothing explains"
        );
    }
    review.checked().is_some()
}

/// Whether the review lets an honest PSET pass after edits that the bytes choose; if it does, it harms nobody.
///
/// ```text
/// bytes = job ‖ edits, each: change ‖ map ‖ pair ‖ number u16, and for a change that brings bytes: length ‖ bytes
/// ```
pub fn pset_mutated(data: &[u8]) -> bool {
    let mut bytes = data.iter().copied();
    let Some(job) = bytes.next() else { return false };
    let honest = Honest::of(VARIED[usize::from(job) % VARIED.len()]);
    let mut pairs = Pairs::split(&honest.binary());
    let edits = std::iter::from_fn(|| edit(&mut bytes)).take(MAX_EDITS);
    let edits = edits.map(|edit| edit.apply(&mut pairs)).count();
    let Ok(pset) = UnsignedPset::read(&pairs.join()) else { return false };
    // A review takes longer than all the rest together, and pset_review looks for what stops one.
    if edits > 0 && honest.is_certain(&pset) {
        return false;
    }
    honest.harmless_or_refused(&pset)
}

/// The next edit; none where the bytes end.
fn edit(bytes: &mut impl Iterator<Item = u8>) -> Option<Edit> {
    let (kind, map, pair) = (bytes.next()?, usize::from(bytes.next()?), usize::from(bytes.next()?));
    let number = u16::from_le_bytes([bytes.next()?, bytes.next()?]);
    let [byte, _] = number.to_le_bytes();
    let position = usize::from(number);
    let change = match kind % 8 {
        0 => Change::Flip(position),
        1 => Change::Remove,
        2 => Change::Duplicate,
        3 => Change::Truncate(position),
        4 => Change::Extend(byte),
        5 => Change::Replace(position),
        6 => Change::Set(sized(bytes)),
        _ => Change::Insert(sized(bytes), sized(bytes)),
    };
    Some(Edit { map, pair, change })
}

/// A length and as many bytes, or as many as there are.
fn sized(bytes: &mut impl Iterator<Item = u8>) -> Vec<u8> {
    let length = usize::from(bytes.next().unwrap_or_default());
    bytes.take(length).collect()
}
