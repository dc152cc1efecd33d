//! The binary from outside, as an operator or a script meets it: arguments, files, stdout, stderr, exit code.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "the tests stand for the operator, who starts programs and makes files as he likes"
)]

mod account;
mod address;
mod journal;
mod new;
mod register;
mod restore;
mod support;
mod terminal;
mod watch;
