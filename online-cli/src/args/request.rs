//! The arguments of `request`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use coldamp_cli::threads::ThreadsArguments;
use coldamp_core::elements::{AssetId, Txid};
use coldamp_core::network::Chain;

use super::{AmpArguments, ScanArguments, SourceArguments, TreasuryArguments};

/// Which request.
#[derive(Subcommand)]
pub(crate) enum RequestCommand {
    /// Ask for a reissue of --amount base units
    Reissue(Box<AskArguments>),
    /// Make a distribution of all ready assignments. It cannot be undone, so it is planned and confirmed first
    Distribute(Box<AskArguments>),
    /// Ask for a burn of --amount base units
    Burn(Box<AskArguments>),
    /// Compare a request with AMP: for a second person, with another login on another machine
    Check(CheckArguments),
}

/// What to ask for.
#[derive(Args)]
pub(crate) struct AskArguments {
    /// AMP's name for the asset
    #[arg(long, value_name = "UUID")]
    pub(crate) asset: String,
    /// Amount in whole base units: AMP's 1.0 is 100000000. Not for a distribution, which pays the assignments
    #[arg(long, value_name = "BASE_UNITS", value_parser = base_units)]
    pub(crate) amount: Option<u64>,
    /// For a distribution: make it without a question at the terminal if its total is exactly this
    #[arg(long, value_name = "BASE_UNITS", value_parser = base_units)]
    pub(crate) expect_total: Option<u64>,
    /// A distribution whose answer was lost: write its request again from AMP's assignments
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
    /// The transaction that issued or reissued the asset; when not given, the chain source is asked
    #[arg(long, value_name = "TXID")]
    pub(crate) issuance_tx: Option<Txid>,
    /// Folder with the reserved coins and addresses; the platform's state folder when not given
    #[arg(long, value_name = "DIR")]
    pub(crate) state: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) threads: ThreadsArguments,
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
    /// The L-BTC asset id of a regtest chain, if it is not that of liquidregtest
    #[arg(long, value_name = "HEX")]
    pub(crate) policy_asset: Option<AssetId>,
    #[command(flatten)]
    pub(crate) amp: AmpArguments,
}

/// Parses a whole number of base units.
fn base_units(text: &str) -> Result<u64, &'static str> {
    text.parse()
        .map_err(|_| "expected a whole number of base units without point or comma; AMP's 1.0 is 100000000")
}
