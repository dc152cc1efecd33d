//! What the command lines `coldamp`, `coldamp-online` and `coldamp-sandbox` share: how a command fails, what it prints, asks, reads and
//! writes.
//!
//! | module | what |
//! |---|---|
//! | [`failure`] | exit code, stable code, message and hint of a command that stopped |
//! | [`line`](mod@line) | lines, broken between words at the width of the screen |
//! | [`screen`] | messages on stderr, with control characters escaped |
//! | [`output`] | data on stdout, and files that appear whole and overwrite nothing |
//! | [`input`] | files, read once and up to a limit |
//! | [`exposed`] | signing keys in what was meant to be something else |
//! | [`qr`] | files as QR codes, and scanned text back to files |
//! | [`file_kind`] | which of Coldamp's files one is, where it was named in the place of another |
//! | [`parts`] | parts of a quorum's signature, which both command lines combine |
//! | [`register`] | the issuer's register of holders, held against a distribution |
//! | [`profile`], [`toml_text`] | the file that answers what the command line leaves out |
//! | [`job`] | the folder of a job, and which job waits for a step |
//! | [`terminal`], [`ask`] | questions on the terminal |
//! | [`arguments`], [`treasury`], [`threads`], [`program`] | the command line, the panic hook, the exit code |
//!
//! It holds no key and opens no socket: the air-gapped binary links it.

pub mod arguments;
pub mod ask;
pub mod exposed;
pub mod failure;
pub mod file_kind;
pub mod input;
pub mod job;
pub mod line;
pub mod output;
pub mod parts;
pub mod profile;
pub mod program;
pub mod qr;
pub mod register;
pub mod screen;
pub mod terminal;
pub mod threads;
pub mod toml_text;
pub mod treasury;

pub use failure::{Exit, Failure};
