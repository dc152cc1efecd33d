//! The command line, as clap reads it. No secret has an argument: other users of a machine see every argv.

use clap::Parser;

/// Keeps the keys of a Blockstream AMP asset cold: the half of Coldamp that runs on an air-gapped machine.
#[derive(Parser)]
#[command(name = "coldamp", version)]
pub(crate) struct Arguments {}
