//! What the fuzz targets run: each takes bytes that nobody vouches for and stops the process where a reader panics or
//! a promise is broken. It says whether the bytes were taken for what they should be, so that a seed that no longer
//! gets past the first check is noticed.
//!
//! The targets in `fuzz/` hold a line each and no logic, and `tests/replay.rs` runs the committed corpus through the
//! same functions: whatever fuzzing has found once is found again by `cargo xtask test`, without a fuzzer.
//!
//! A new target: a function here, its line in [`TARGETS`], `fuzz/fuzz_targets/NAME.rs` with its `[[bin]]`, and seeds in
//! `fuzz/corpus/NAME`.

mod backup;
mod bbqr;
mod contract;
mod descriptor;
mod journal;
mod keystore;
mod part;
mod pset;
mod request;
mod signed_json;
mod ur;

pub use backup::backup;
pub use bbqr::{bbqr_join, bbqr_split};
pub use contract::contract;
pub use descriptor::descriptor;
pub use journal::journal;
pub use keystore::keystore;
pub use part::part;
pub use pset::{pset_decode, pset_mutated, pset_review};
pub use request::request;
pub use signed_json::signed_json;
pub use ur::ur_join;

/// A target.
pub type Target = fn(&[u8]) -> bool;

/// Every target, under the name that its corpus folder and its fuzz target have.
pub const TARGETS: [(&str, Target); 14] = [
    ("request", request),
    ("pset_decode", pset_decode),
    ("pset_review", pset_review),
    ("pset_mutated", pset_mutated),
    ("descriptor", descriptor),
    ("keystore", keystore),
    ("signed_json", signed_json),
    ("journal", journal),
    ("contract", contract),
    ("backup", backup),
    ("part", part),
    ("bbqr_join", bbqr_join),
    ("bbqr_split", bbqr_split),
    ("ur_join", ur_join),
];
