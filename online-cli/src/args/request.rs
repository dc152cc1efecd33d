//! The arguments of `request`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use coldamp_core::elements::{AssetId, Txid};
use coldamp_core::network::Chain;

use super::{AmpArguments, ScanArguments, SourceArguments, TreasuryArguments};

/// Which request.
#[derive(Subcommand)]
pub(crate) enum RequestCommand {
    /// Ask for a reissue of --amount base units
    Reissue(Box<AskArguments>),
    /// Make a distribution of all ready assignments: cannot be taken back, so it is planned and confirmed first
    Distribute(Box<AskArguments>),
    /// Ask for a burn of --amount base units
    Burn(Box<AskArguments>),
    /// A second person's look at AMP, with another login on another machine: does AMP show what the request says?
    Check(CheckArguments),
}

/// What to ask for.
#[derive(Args)]
pub(crate) struct AskArguments {
    /// AMP's name for the asset
    #[arg(long, value_name = "UUID")]
    pub(crate) asset: String,
    /// How much, in base units: not for a distribution, whose amounts are the assignments'
    #[arg(long, value_name = "BASE_UNITS")]
    pub(crate) amount: Option<u64>,
    /// Of a distribution: make it without asking at the terminal, if it pays exactly this much in all
    #[arg(long, value_name = "BASE_UNITS")]
    pub(crate) expect_total: Option<u64>,
    /// A distribution that was made and whose answer was lost: write its request anew from AMP's assignments
    #[arg(long, value_name = "UUID")]
    pub(crate) distribution: Option<String>,
    #[command(flatten)]
    pub(crate) treasury: TreasuryArguments,
    #[command(flatten)]
    pub(crate) source: SourceArguments,
    #[command(flatten)]
    pub(crate) scan: ScanArguments,
    #[command(flatten)]
    pub(crate) amp: AmpArguments,
    /// The transaction that issued or reissued the asset; when not given, found by the chain source
    #[arg(long, value_name = "TXID")]
    pub(crate) issuance_tx: Option<Txid>,
    /// The folder that remembers which coins and addresses were promised; the platform's state folder when not given
    #[arg(long, value_name = "DIR")]
    pub(crate) state: Option<PathBuf>,
    /// The file to write AMP's answer to, byte for byte; it must not exist
    #[arg(short, long, value_name = "request.json")]
    pub(crate) output: PathBuf,
}

/// What to check.
#[derive(Args)]
pub(crate) struct CheckArguments {
    /// The request, byte for byte as the other person has it
    #[arg(value_name = "request.json")]
    pub(crate) request: PathBuf,
    /// The network of the treasury: liquid, liquid-testnet or regtest
    #[arg(long, value_name = "NET", default_value = "liquid")]
    pub(crate) network: Chain,
    /// L-BTC of a regtest chain that has another one than liquidregtest
    #[arg(long, value_name = "HEX")]
    pub(crate) policy_asset: Option<AssetId>,
    #[command(flatten)]
    pub(crate) amp: AmpArguments,
}
