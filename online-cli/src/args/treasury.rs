//! The arguments of `treasury`.

use clap::{Args, Subcommand};
use coldamp_cli::threads::ThreadsArguments;
use coldamp_core::elements::AssetId;

use super::{AmpArguments, AssetArguments, SourceArguments, TreasuryArguments};

/// What to do with the treasury.
#[derive(Subcommand)]
pub(crate) enum TreasuryCommand {
    /// Send AMP the blinders of the treasury's outputs that it lacks, whatever made them. Can be run again
    Blinders(BlindersArguments),
}

/// Which asset's blinders to tell.
#[derive(Args)]
pub(crate) struct BlindersArguments {
    #[command(flatten)]
    pub(crate) asset: AssetArguments,
    /// The id of the asset, from the issuance or the policy. AMP is told the blinders of this asset and its token only
    #[arg(long, value_name = "HEX")]
    pub(crate) asset_id: Option<AssetId>,
    #[command(flatten)]
    pub(crate) treasury: TreasuryArguments,
    #[command(flatten)]
    pub(crate) source: SourceArguments,
    #[command(flatten)]
    pub(crate) amp: AmpArguments,
    #[command(flatten)]
    pub(crate) threads: ThreadsArguments,
}
