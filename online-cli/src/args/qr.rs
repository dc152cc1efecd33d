//! Arguments of `qr`.

use clap::{Args, Subcommand};
use coldamp_cli::qr::{JoinArguments, ShowArguments};

/// Files across the gap by camera.
#[derive(Subcommand)]
pub(crate) enum QrCommand {
    /// Show a file as QR codes in the terminal: a PSET, signatures, an approval, a descriptor, an account key or an address
    Show(ShowOnline),
    /// Make the file of scanned QR codes again; reads what zbarcam --raw or a hand scanner writes, a code a line. A PSET that Jade or
    /// Specter signed is read too (ur:crypto-psbt)
    Join(JoinArguments),
}

/// What to show, and how.
#[derive(Args)]
pub(crate) struct ShowOnline {
    #[command(flatten)]
    pub(crate) shown: ShowArguments,
    /// Show a blinded PSET as ur:crypto-psbt, for Jade and Specter
    #[arg(long)]
    pub(crate) ur: bool,
}
