//! What the tests of Coldamp share: the recordings of a real Elements node, the two binaries, and checks of the source tree.
//!
//! The tests themselves are in `tests/tests`.

mod altered;
pub mod arrows;
mod binary;
mod cold;
pub mod edits;
pub mod fuzzing;
mod harmless;
mod honest;
mod job;
pub mod node;
mod ordered;
mod page;
pub mod pairs;
mod policy;
pub mod rules;
pub mod runbook;
mod scenario;
mod signed_pset;
mod typing;
mod xorshift;

pub use binary::{Desk, Run, Served};
pub use cold::KEYS;
pub use honest::{Honest, JobName, VARIED, spends};
pub use job::{Job, Treasury};
pub use ordered::Ordered;
pub use page::Page;
pub use policy::{policy_file, sha256_of, weakening, with_contract};
pub use scenario::{Confirm, Info, Issuance, NodeKeys, Outpoint, RequestKind, Scenario, Unspent};
pub use signed_pset::signed_pset;
pub use typing::Sitting;
pub use xorshift::Xorshift;

/// Says that the test which runs now is skipped, in a line that `cargo xtask test` counts. It goes past the test harness, which
/// does not show what a passing test prints.
pub fn skipped(reason: &str) {
    use std::io::Write as _;
    let current = std::thread::current();
    // Without a stderr the test is skipped all the same.
    let _ = writeln!(std::io::stderr(), "SKIPPED: {}: {reason}", current.name().unwrap_or("a test"));
}
