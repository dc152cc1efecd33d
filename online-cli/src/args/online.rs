//! The arguments of what follows the signature.

use std::path::PathBuf;

use clap::Args;
use coldamp_cli::threads::ThreadsArguments;
use coldamp_core::elements::bitcoin::bip32::Fingerprint;
use coldamp_core::elements::{AssetId, Txid};
use coldamp_core::network::Chain;

use super::{AmpArguments, ChainArguments, ScanArguments, SourceArguments, TreasuryArguments};

/// What to combine.
#[derive(Args)]
pub(crate) struct CombineArguments {
    /// The unsigned PSET that was signed
    #[arg(value_name = "FILE.pset")]
    pub(crate) pset: PathBuf,
    /// What each signer gave back: signatures alone, as `coldamp sign --signatures` writes them, or a signed PSET
    #[arg(value_name = "PART", required = true)]
    pub(crate) parts: Vec<PathBuf>,
    /// File with the watch-only CT descriptor
    #[arg(long, value_name = "FILE")]
    pub(crate) descriptor: PathBuf,
    /// The network: liquid, liquid-testnet or regtest; without it, the one that the first part with signatures alone names
    #[arg(long, value_name = "NET")]
    pub(crate) network: Option<Chain>,
    /// The L-BTC asset id of a regtest chain, if it is not that of liquidregtest
    #[arg(long, value_name = "HEX")]
    pub(crate) policy_asset: Option<AssetId>,
    /// As given to `prepare` and `sign`: a token output of AMP's list that the treasury does not hold
    #[arg(long)]
    pub(crate) allow_missing_token_utxos: bool,
    #[command(flatten)]
    pub(crate) threads: ThreadsArguments,
    /// The file to write
    #[arg(short, long, value_name = "OUT", default_value = "signed.json")]
    pub(crate) output: PathBuf,
}

/// A signer whose journal was restored from an older backup, so that it uses numbers again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RestoredJournal {
    /// The one signer of a file that names no fingerprint.
    TheOne,
    /// The signer of this fingerprint.
    Of(Fingerprint),
}

impl RestoredJournal {
    /// Whether it is the signer of a position. What one signer restored forgives no other signer.
    pub(crate) fn is_of(self, signer: Option<Fingerprint>) -> bool {
        match (self, signer) {
            (RestoredJournal::TheOne, None) => true,
            (RestoredJournal::Of(named), Some(signer)) => named == signer,
            _ => false,
        }
    }
}

/// Reads whose journal was restored; nothing stands for the one signer.
fn restored_journal(text: &str) -> Result<RestoredJournal, &'static str> {
    match text {
        "" => Ok(RestoredJournal::TheOne),
        _ => text
            .parse()
            .map(RestoredJournal::Of)
            .map_err(|_| "expected the fingerprint of a signer, 8 digits"),
    }
}

/// What to send.
#[derive(Args)]
pub(crate) struct BroadcastArguments {
    /// What `coldamp sign` or `combine` wrote
    #[arg(value_name = "signed.json")]
    pub(crate) signed: PathBuf,
    #[command(flatten)]
    pub(crate) chain: ChainArguments,
    #[command(flatten)]
    pub(crate) amp: AmpArguments,
    /// Send without asking AMP about lost outputs and paid distributions
    #[arg(long, conflicts_with_all = ["amp", "amp_credentials"])]
    pub(crate) without_amp: bool,
    /// The transaction in the mempool that this one replaces (`prepare --replace`)
    #[arg(long, value_name = "TXID")]
    pub(crate) replaces: Option<Txid>,
    /// The unsigned PSET that was signed: the transaction is recomputed from it and compared
    #[arg(long, value_name = "unsigned.pset", requires = "descriptor")]
    pub(crate) pset: Option<PathBuf>,
    /// File with the watch-only CT descriptor, for --pset
    #[arg(long, value_name = "FILE", requires = "pset")]
    pub(crate) descriptor: Option<PathBuf>,
    /// As given to `prepare` and `sign`: a token output of AMP's list that the treasury does not hold
    #[arg(long, requires = "pset")]
    pub(crate) allow_missing_token_utxos: bool,
    /// The L-BTC asset id of a regtest chain, if it is not that of liquidregtest
    #[arg(long, value_name = "HEX", requires = "pset")]
    pub(crate) policy_asset: Option<AssetId>,
    /// The keystore was restored from an older backup, and this is the first job since then: this journal entry and later ones
    /// may have been other transactions before. Of a file of several signers, name the one: --journal-restored=FINGERPRINT
    #[arg(long, value_name = "FINGERPRINT", num_args = 0..=1, require_equals = true, default_missing_value = "", value_parser = restored_journal)]
    pub(crate) journal_restored: Vec<RestoredJournal>,
    /// Folder with the copies of broadcast files; the platform's state folder when not given
    #[arg(long, value_name = "DIR")]
    pub(crate) state: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) threads: ThreadsArguments,
}

/// What to report.
#[derive(Args)]
pub(crate) struct ReportArguments {
    /// What `coldamp sign` wrote
    #[arg(value_name = "signed.json")]
    pub(crate) signed: PathBuf,
    #[command(flatten)]
    pub(crate) chain: ChainArguments,
    #[command(flatten)]
    pub(crate) amp: AmpArguments,
    /// Do not wait for confirmations: end with exit code 10 if there are too few
    #[arg(long)]
    pub(crate) no_wait: bool,
    /// Seconds between two checks of the chain
    #[arg(long, value_name = "SECONDS", default_value_t = 15, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    pub(crate) poll: u64,
    /// Post although an earlier post may have arrived, or AMP said that it did; never if AMP's record shows the report
    #[arg(long)]
    pub(crate) again: bool,
    /// Folder with the copies of broadcast files; the platform's state folder when not given
    #[arg(long, value_name = "DIR")]
    pub(crate) state: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) threads: ThreadsArguments,
}

/// What to look at.
#[derive(Args)]
pub(crate) struct StatusArguments {
    /// What `coldamp sign` wrote; with --amp or --amp-credentials AMP's record of the report is shown too. Without it,
    /// --descriptor and --network show the prepared requests and their coins
    #[arg(value_name = "signed.json", required_unless_present = "descriptor")]
    pub(crate) signed: Option<PathBuf>,
    /// File with the watch-only CT descriptor
    #[arg(long, value_name = "FILE", requires = "network", conflicts_with = "signed")]
    pub(crate) descriptor: Option<PathBuf>,
    /// The network of the treasury: liquid, liquid-testnet or regtest
    #[arg(long, value_name = "NET", requires = "descriptor")]
    pub(crate) network: Option<Chain>,
    /// Folder with reservations and copies of broadcast files; the platform's state folder when not given
    #[arg(long, value_name = "DIR")]
    pub(crate) state: Option<PathBuf>,
    /// Release the coins of a prepared request that will never be signed, by the id that `status` shows for it
    #[arg(long, value_name = "ID", requires = "descriptor")]
    pub(crate) release: Option<String>,
    #[command(flatten)]
    pub(crate) source: SourceArguments,
    #[command(flatten)]
    pub(crate) scan: ScanArguments,
    // Named, AMP's record of the report is looked at too.
    #[command(flatten)]
    pub(crate) amp: AmpArguments,
    #[command(flatten)]
    pub(crate) threads: ThreadsArguments,
}

/// Which asset's blinders to tell.
#[derive(Args)]
pub(crate) struct BlindersArguments {
    /// AMP's name for the asset
    #[arg(long, value_name = "UUID")]
    pub(crate) asset: String,
    /// The asset itself, as the issuance or a policy names it: AMP is told of no other asset
    #[arg(long, value_name = "HEX")]
    pub(crate) asset_id: AssetId,
    #[command(flatten)]
    pub(crate) treasury: TreasuryArguments,
    #[command(flatten)]
    pub(crate) source: SourceArguments,
    #[command(flatten)]
    pub(crate) amp: AmpArguments,
    #[command(flatten)]
    pub(crate) threads: ThreadsArguments,
}
