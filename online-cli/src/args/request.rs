//! The arguments of `request`.

use std::num::{IntErrorKind, ParseIntError};
use std::path::PathBuf;

use clap::{Args, Subcommand};
use coldamp_cli::job::JobFolder;
use coldamp_cli::threads::ThreadsArguments;
use coldamp_core::elements::{AssetId, Txid};
use coldamp_core::limits::MAX_MONEY;
use coldamp_core::network::Chain;

use super::{
    AmpArguments, AssetArguments, PrecisionArguments, RecipientsArguments, ScanArguments, SourceArguments,
    StateArguments, TreasuryArguments, UnlockArguments,
};

/// Which request.
#[derive(Subcommand)]
pub(crate) enum RequestCommand {
    /// Ask for a reissue of --amount base units, or --units
    Reissue(Box<AskArguments>),
    /// Make a distribution of all ready assignments at AMP. It cannot be undone: it is planned first, and its total is typed
    Distribute(Box<AskArguments>),
    /// Ask for a burn of --amount base units, or --units
    Burn(Box<AskArguments>),
    /// Compare a request with AMP, and print its SHA-256. For a second person, with another login on another machine
    Check(CheckArguments),
    /// Show whom a saved request pays, also as CSV
    Show(RecipientsArguments),
    /// Show which assignments are locked at AMP, and unlock those that `request distribute --at-most` left locked. AMP's lock is
    /// known from its changelog alone
    Unlock(UnlockArguments),
}

/// What to ask for.
#[derive(Args)]
pub(crate) struct AskArguments {
    #[command(flatten)]
    pub(crate) asset: AssetArguments,
    /// For a reissue or a burn: the amount in whole base units. How many of them are one unit of the asset, its
    /// contract says; --units counts in units
    #[arg(long, value_name = "BASE_UNITS", value_parser = base_units)]
    pub(crate) amount: Option<u64>,
    /// For a reissue or a burn, in place of --amount: the amount in units of the asset, such as 187.5. It needs --contract
    #[arg(long, value_name = "UNITS", conflicts_with = "amount")]
    pub(crate) units: Option<String>,
    /// For a distribution: its total in whole base units. If the assignments add up to exactly this, nothing is asked
    #[arg(long, value_name = "BASE_UNITS", value_parser = base_units)]
    pub(crate) expect_total: Option<u64>,
    /// The same in units of the asset, such as 187.5. It needs --contract
    #[arg(long, value_name = "UNITS", conflicts_with = "expect_total")]
    pub(crate) expect_units: Option<String>,
    /// For a distribution: take at most N assignments, the lowest numbers first. The others are locked at AMP while the
    /// distribution is made, and unlocked behind it. AMP's lock is known from its changelog alone
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) at_most: Option<u32>,
    #[command(flatten)]
    pub(crate) precision: PrecisionArguments,
    /// For a distribution that exists and whose answer was lost: its uuid. Its request is written again from AMP's assignments
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
    /// The id of the transaction that issued or reissued the asset. Without it the chain source is asked
    #[arg(long, value_name = "TXID")]
    pub(crate) issuance_tx: Option<Txid>,
    #[command(flatten)]
    pub(crate) state: StateArguments,
    #[command(flatten)]
    pub(crate) threads: ThreadsArguments,
    /// The file to write AMP's answer to, byte for byte; it must not exist. Without it request.json in a new folder of the job
    #[arg(short = 'o', long = "output", value_name = "request.json", id = "output")]
    pub(crate) named_output: Option<PathBuf>,
    #[arg(skip)]
    pub(crate) output: PathBuf,
    /// The folder of the job.
    #[arg(skip)]
    pub(crate) job: Option<JobFolder>,
}

/// What to check.
#[derive(Args)]
pub(crate) struct CheckArguments {
    /// The request file of the other person, byte for byte, or the folder of the job. Without it the job that is not signed yet
    #[arg(value_name = "request.json|FOLDER", id = "request")]
    pub(crate) named_request: Option<PathBuf>,
    #[arg(skip)]
    pub(crate) request: PathBuf,
    /// The network of the treasury: liquid, liquid-testnet or regtest. Without it and without a profile, liquid
    #[arg(long, value_name = "NET")]
    pub(crate) network: Option<Chain>,
    /// The L-BTC asset id of a regtest chain, if it is not that of liquidregtest
    #[arg(long, value_name = "HEX")]
    pub(crate) policy_asset: Option<AssetId>,
    #[command(flatten)]
    pub(crate) amp: AmpArguments,
    /// The issuer's own register of holders: a CSV file with the columns gaid or address or both, and amount (base units) or
    /// units (decimal, with --contract and --issuance-prevout). Every difference from what the request pays is listed
    #[arg(long, value_name = "holders.csv")]
    pub(crate) register: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) precision: PrecisionArguments,
}

/// Parses a whole number of base units.
fn base_units(text: &str) -> Result<u64, String> {
    text.parse().map_err(|error: ParseIntError| match error.kind() {
        IntErrorKind::PosOverflow => format!("expected at most {MAX_MONEY} base units"),
        _ => {
            "expected a whole number of base units without point or comma; --units takes an amount in units of the asset".to_owned()
        }
    })
}
