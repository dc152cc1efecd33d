//! What the tests of Coldamp share: the recordings of a real Elements node, and the arrows that the parts keep to.
//!
//! The tests that cross crates stand in `tests/`; what they hold the crates against stands here.
#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "only tests use this crate, and a test that meets a broken recording or manifest has to stop there and say so"
)]

pub mod arrows;
mod job;
mod scenario;

pub use job::{Job, Treasury};
pub use scenario::{Confirm, Info, Issuance, Outpoint, RequestKind, Scenario, Unspent};
