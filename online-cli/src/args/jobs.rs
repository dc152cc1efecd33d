//! The arguments of `jobs`.

use std::path::PathBuf;

use clap::Args;
use coldamp_core::elements::AssetId;
use coldamp_core::network::Chain;

/// Which jobs.
#[derive(Args)]
pub(crate) struct JobsArguments {
    /// The folder of the jobs. Without it the profile's, else ~/coldamp-jobs
    #[arg(value_name = "DIR")]
    pub(crate) jobs: Option<PathBuf>,
    /// The network of the treasury: liquid, liquid-testnet or regtest. Without it the profile's, else liquid
    #[arg(long, value_name = "NET")]
    pub(crate) network: Option<Chain>,
    /// The L-BTC asset id of a regtest chain, if it is not that of liquidregtest
    #[arg(long, value_name = "HEX")]
    pub(crate) policy_asset: Option<AssetId>,
    /// File with the watch-only CT descriptor of the treasury, which says how many signers a job needs
    #[arg(long, value_name = "FILE")]
    pub(crate) descriptor: Option<PathBuf>,
    /// Print the list as JSON (format coldamp.jobs/1)
    #[arg(long)]
    pub(crate) json: bool,
}
