//! The arguments of `profile`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use coldamp_cli::profile::Profile;
use coldamp_core::elements::AssetId;
use coldamp_core::network::Chain;

use super::{AmpArguments, SourceArguments, StateArguments};

/// What to do with the profile.
#[derive(Subcommand)]
pub(crate) enum ProfileCommand {
    /// Print each value in force, and whether it comes from a flag, from the profile or is built-in
    Show(Box<ProfileShowArguments>),
}

/// What the command line names.
#[derive(Args)]
pub(crate) struct ProfileShowArguments {
    /// File with the watch-only CT descriptor of the treasury
    #[arg(long, value_name = "FILE")]
    pub(crate) descriptor: Option<PathBuf>,
    /// The network of the treasury: liquid, liquid-testnet or regtest
    #[arg(long, value_name = "NET")]
    pub(crate) network: Option<Chain>,
    /// The L-BTC asset id of a regtest chain, if it is not that of liquidregtest
    #[arg(long, value_name = "HEX")]
    pub(crate) policy_asset: Option<AssetId>,
    #[command(flatten)]
    pub(crate) source: SourceArguments,
    #[command(flatten)]
    pub(crate) amp: AmpArguments,
    #[command(flatten)]
    pub(crate) state: StateArguments,
    /// The profile. Unlike other commands, this one shows it beside the command line.
    #[arg(skip)]
    pub(crate) read: Option<Profile>,
}
