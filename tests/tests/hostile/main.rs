//! Hostile PSETs: for the rules of docs/rules.md, files that break them. Each is made from an honest PSET, as an attacker
//! would who knows the rules: balanced, with a fair fee, and correct in all points but one wherever that is possible.
//!
//! A row names the code that must be among the mismatches, or the only one. A PSET that is refused leaves nothing to
//! approve: `review.checked()` is none. `honest` holds harmless variations, which must pass; `flips` changes bytes and
//! bits at random.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "nothing here runs outside a test, and a bench that does not find what it takes apart must say so"
)]

mod bench;
mod binary;
mod codes;
mod coin;
mod flips;
mod floods;
mod honest;
mod job;
mod page;
mod refusals;
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
mod rows_parts;
mod rows_profile;
mod rows_qr;
mod rows_records;
mod rows_request;
mod rows_token;
mod rows_ur;

use coldamp_tests::pairs;
