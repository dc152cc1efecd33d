//! `coldamp`: the air-gapped half of Coldamp. It alone holds the keys of the treasury; it links no network crate,
//! reads and writes files, and asks on the terminal what no file answers.
//!
//! stdout carries data (`output`), stderr carries words (`screen`), files come in through `input` and secrets
//! through `input::secret`. Every command ends in an exit code of `error::Exit`.

mod args;
mod hardening;

use clap::Parser as _;

fn main() {
    hardening::harden();
    args::Arguments::parse();
}
