//! Policy and journal through the binary: what a keystore remembers, what its issuer allows, who approves
//! (docs/rules.md#journal, docs/rules.md#same-request, docs/rules.md#open-twin, docs/rules.md#approval-code).

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
mod document;
mod far;
mod forged;
mod policy;
mod policy_approval;
mod policy_file;
mod policy_restore;
mod register;
mod repeats;
mod replaced;
mod screen;
mod typed;
mod voids;
