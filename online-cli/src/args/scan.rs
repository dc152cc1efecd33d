//! The arguments of how a chain source is asked, and how far it is looked through.

use std::path::PathBuf;

use clap::Args;
use coldamp_core::limits::MAX_INDEX;
use coldamp_online::source::ScanRange;
use coldamp_online::state::reservations::Reservations;

/// How an Esplora server is asked.
#[derive(Args)]
pub(crate) struct EsploraArguments {
    /// Requests a second to the Esplora server; 4 when not given, without limit for a server on this machine
    #[arg(long, value_name = "N", requires = "esplora", conflicts_with = "node", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub(crate) esplora_rate: Option<u32>,
    /// File with the credentials of an Esplora server, readable by its owner only: `host HOST`, then a token in one line, or a
    /// client's id and its secret in two, and the token server's address in a third; without it the environment
    #[arg(long, value_name = "FILE", requires = "esplora", conflicts_with = "node")]
    pub(crate) esplora_credentials: Option<PathBuf>,
}

/// How far the treasury's scripts are looked for.
#[derive(Args)]
pub(crate) struct ScanArguments {
    /// Scan from this index as well, up to 200 above the last used one there, on both branches
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(..=i64::from(MAX_INDEX)))]
    pub(crate) from_index: Option<u32>,
    /// Ignore the scan cache and ask the Esplora server about every address
    #[arg(long)]
    pub(crate) full_scan: bool,
}

impl ScanArguments {
    /// The range to scan, with the reserved indices.
    pub(crate) fn range(&self, reservations: &Reservations) -> ScanRange {
        let (known, reserved) = (reservations.next_unreserved(), reservations.reserved());
        ScanRange { known, reserved, from: self.from_index, all: self.full_scan }
    }
}
