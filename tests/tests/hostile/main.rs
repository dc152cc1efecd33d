//! Hostile PSETs: every way of being wrong that the tamper catalogue names (reference/airgap-trust-ux.md section 1.4,
//! as design.md and security.md 23 read it), each made from a PSET that was honest before, as an attacker would who
//! knows the rules: balanced, with a fair fee, and perfect in all but one point wherever that can be done.
//!
//! A row names the code that must be among the mismatches, or the only one. Whatever is refused here leaves nothing to
//! approve: `review.checked` is none. `honest` holds the other side, harmless things that must pass; `flips`
//! has those changes that nobody chose.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "nothing here runs outside a test, and a bench that does not find what it takes apart must say so"
)]

mod bench;
mod binary;
mod coin;
mod flips;
mod floods;
mod honest;
mod job;
mod page;
mod row;

mod rows_asset;
mod rows_audit;
mod rows_burn;
mod rows_change;
mod rows_coins;
mod rows_fee;
mod rows_fields;
mod rows_format;
mod rows_inputs;
mod rows_issuance;
mod rows_limits;
mod rows_network;
mod rows_outputs;
mod rows_records;
mod rows_request;
mod rows_token;

use coldamp_tests::pairs;
