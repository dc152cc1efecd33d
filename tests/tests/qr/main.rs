//! Files across the gap by camera: how many codes a job takes, what a camera that misses some needs, and the pictures on a
//! terminal read back by zbar and by the page's scanner. Hostile codes are in `hostile/rows_qr.rs`.

mod counts;
mod losses;
mod pictures;
mod ur;
mod whole;

use coldamp_core::sign::SignatureSet;
use coldamp_tests::{RequestKind, Scenario, Treasury};

/// Characters of a code of version 27, and of version 20 (alphanumeric, error correction L).
const VERSION_27: usize = 2_132;
const VERSION_20: usize = 1_249;

/// A job of a scenario: the PSET as `prepare` writes it, and the signatures as `sign --signatures` does.
fn job(scenario: &str, kind: RequestKind) -> (String, String) {
    let scenario = Scenario::load(scenario);
    let treasury = Treasury::of(&scenario);
    let job = treasury.job(&scenario, kind);
    let pset = format!("{}\n", job.prepare().pset);
    let signatures: SignatureSet = job.part(pset.as_bytes(), &treasury.signing_key(), 1);
    let signatures = signatures.to_json().unwrap();
    (pset, signatures)
}
