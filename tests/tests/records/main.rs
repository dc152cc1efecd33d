//! Policy and journal through the binary: what a keystore remembers, what its issuer allows, who approves (rows 66, 67,
//! 73 to 79 of the tamper catalogue as security.md 1, 3, 5 and 9 read them).

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "nothing here runs outside a test"
)]

mod approver;
mod attacks;
mod backup;
mod chain;
mod desk;
mod far;
mod forged;
mod policy;
mod policy_approval;
mod policy_file;
mod policy_restore;
mod repeats;
mod replaced;
mod screen;
mod typed;
mod voids;
