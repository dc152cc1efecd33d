//! The binary from outside, as an operator or a script meets it: arguments, files, stdout, stderr, exit code.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "the tests stand for the operator, who starts programs and makes files as he likes"
)]

mod coins;
mod contract;
mod desk;
mod files;
mod holdings;
mod issuance;
mod jobs;
mod requests;
mod treasury;
