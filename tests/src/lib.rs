//! What the tests of Coldamp share: the recordings of a real Elements node.
//!
//! The tests that cross crates stand in `tests/`; what they hold the crates against stands here.
#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "only tests use this crate, and a test that meets a broken recording has to stop there and say so"
)]

mod job;
mod scenario;

pub use job::{Job, Treasury};
pub use scenario::{Confirm, Info, Issuance, Outpoint, RequestKind, Scenario, Unspent};
