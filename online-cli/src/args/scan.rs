//! The arguments of how a chain source is asked, and how far it is looked through.

use std::path::PathBuf;

use clap::Args;
use coldamp_core::limits::MAX_INDEX;
use coldamp_online::source::ScanRange;
use coldamp_online::state::reservations::Reservations;

/// How an Esplora server is asked.
#[derive(Args)]
pub(crate) struct EsploraArguments {
    /// Requests a second to the Esplora server, from 1 to 1000. Without it 4, and for a server on this machine no limit
    #[arg(long, value_name = "N", conflicts_with = "node", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub(crate) esplora_rate: Option<u32>,
    /// File with the credentials of an Esplora server, readable by its owner only: `host HOST`, then a token in one line, or a
    /// client's id and its secret in two, and the token server's address in a third. Without it COLDAMP_ESPLORA_HOST with
    /// COLDAMP_ESPLORA_TOKEN or COLDAMP_ESPLORA_CLIENT_ID and COLDAMP_ESPLORA_CLIENT_SECRET, if they are set
    #[arg(long, value_name = "FILE", conflicts_with = "node")]
    pub(crate) esplora_credentials: Option<PathBuf>,
}

/// How far the treasury's scripts are looked for.
#[derive(Args)]
pub(crate) struct ScanArguments {
    /// Scan from this index as well, on both branches, to 200 above the last used one there. For coins far out
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(..=i64::from(MAX_INDEX)))]
    pub(crate) from_index: Option<u32>,
    /// Ask the Esplora server about every address again, also about those that earlier scans found unused
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
