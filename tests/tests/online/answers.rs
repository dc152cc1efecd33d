//! What AMP may answer, a row each, through the binary and an AMP whose answers are changed on their way: what the operator
//! is told, what is posted, and what the log holds. A row says what it must come to and is met by the request that it
//! is about, or the test fails.
//!
//! Behind each row the change is taken away and the command run again: then it must be done, and AMP have taken one report.

mod asset;
mod assignments;
mod balance;
mod blinders;
mod burn;
mod create;
mod credentials;
mod distribution;
mod issue;
mod login;
mod outputs;
mod reports;
mod requests;
mod row;
mod stage;
mod treasury;
