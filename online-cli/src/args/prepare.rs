//! The arguments of `prepare`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use coldamp_cli::job::JobFolder;
use coldamp_cli::profile::{ProfileAsset, ShortName};
use coldamp_cli::threads::ThreadsArguments;
use coldamp_cli::treasury::FeeCapArguments;
use coldamp_core::elements::Txid;
use coldamp_core::limits::MIN_RELAY_FEE_RATE;
use coldamp_core::prepare::FeeBasis;

use super::{ScanArguments, SourceArguments, StateArguments, TreasuryArguments};

/// What to prepare, and of which treasury.
#[derive(Args)]
pub(crate) struct PrepareArguments {
    /// AMP's answer to a distribute, reissue or burn request, byte for byte; or the folder of the job. Without it the job that
    /// waits for `prepare`
    #[arg(value_name = "request.json|FOLDER", id = "request")]
    pub(crate) named_request: Option<PathBuf>,
    #[arg(skip)]
    pub(crate) request: PathBuf,
    /// The folder of the job.
    #[arg(skip)]
    pub(crate) job: Option<JobFolder>,
    #[command(flatten)]
    pub(crate) treasury: TreasuryArguments,
    #[command(flatten)]
    pub(crate) source: SourceArguments,
    #[command(flatten)]
    pub(crate) scan: ScanArguments,
    /// The transaction that issued or reissued the asset; when not given, found among the treasury's transactions
    #[arg(long, value_name = "TXID")]
    pub(crate) issuance_tx: Option<Txid>,
    /// The asset's contract from the registry or AMP, in any layout: the signer then shows ticker and precision
    #[arg(long, value_name = "FILE")]
    pub(crate) contract: Option<PathBuf>,
    /// Fee rate; nodes relay from 100
    #[arg(long, value_name = "SAT_PER_KVB", default_value_t = MIN_RELAY_FEE_RATE.sat_per_kvb())]
    pub(crate) fee_rate: u64,
    /// The size that the fee rate applies to: discounted (ELIP-200) or full
    #[arg(long, value_name = "BASIS", default_value = "discounted", value_parser = fee_basis)]
    pub(crate) fee_basis: FeeBasis,
    /// The signed file of a transaction to replace: the new one spends at least one of its coins, and pays enough for nodes to
    /// accept the replacement (RBF)
    #[arg(long, value_name = "signed.json")]
    pub(crate) replace: Option<PathBuf>,
    /// Only if Blockstream support asked for it: a reissue may leave out token outputs of AMP's list that the treasury does
    /// not hold
    #[arg(long)]
    pub(crate) allow_missing_token_utxos: bool,
    /// A burn may leave out coins of AMP's list that are spent, reserved by another prepared request, or not this
    /// treasury's. Only after you have made sure that this burn was not carried out before
    #[arg(long)]
    pub(crate) allow_missing_coins: bool,
    /// Blind the PSET too, for signers that do not blind: LWK, Jade, Elements Core. `coldamp` signs it as well, after it has made
    /// the same proofs
    #[arg(long)]
    pub(crate) blinded: bool,
    #[command(flatten)]
    pub(crate) fee_cap: FeeCapArguments,
    /// A signed.json that opens coins whose range proofs were swapped after it was signed; can be given several times
    #[arg(long, value_name = "FILE")]
    pub(crate) openings: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) state: StateArguments,
    /// The assets of the profile: of which one the request is, the request says.
    #[arg(skip)]
    pub(crate) assets: BTreeMap<ShortName, ProfileAsset>,
    #[command(flatten)]
    pub(crate) threads: ThreadsArguments,
    /// The file to write; it must not exist. In the folder of a job it is unsigned.pset
    #[arg(short = 'o', long = "output", value_name = "unsigned.pset", id = "output")]
    pub(crate) named_output: Option<PathBuf>,
    #[arg(skip)]
    pub(crate) output: PathBuf,
}

/// Reads the name of a fee basis.
fn fee_basis(name: &str) -> Result<FeeBasis, &'static str> {
    match name {
        "discounted" => Ok(FeeBasis::Discounted),
        "full" => Ok(FeeBasis::Full),
        _ => Err("expected discounted or full"),
    }
}
