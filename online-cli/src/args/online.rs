//! The arguments of what follows the signature.

use std::path::PathBuf;

use clap::Args;
use coldamp_cli::threads::ThreadsArguments;
use coldamp_core::elements::bitcoin::bip32::Fingerprint;
use coldamp_core::elements::{AssetId, Txid};
use coldamp_core::network::Chain;

use super::{AmpArguments, ChainArguments, ScanArguments, SourceArguments, StateArguments};

/// What to combine.
#[derive(Args)]
pub(crate) struct CombineArguments {
    /// The unsigned PSET that was signed; or the folder of the job. Without it the job that has signatures and no signed.json
    #[arg(value_name = "FILE.pset|FOLDER", id = "pset")]
    pub(crate) named_pset: Option<PathBuf>,
    #[arg(skip)]
    pub(crate) pset: PathBuf,
    /// The file of each signer: signatures alone, as `coldamp sign --signatures` writes them, or a signed PSET. In the folder of
    /// a job each signatures-….json
    #[arg(value_name = "PART")]
    pub(crate) parts: Vec<PathBuf>,
    /// File with the watch-only CT descriptor of the treasury, as `coldamp key watch` wrote it
    #[arg(long, value_name = "FILE")]
    pub(crate) descriptor: Option<PathBuf>,
    /// The network: liquid, liquid-testnet or regtest. Without it, the one that the first file with signatures alone names
    #[arg(long, value_name = "NET")]
    pub(crate) network: Option<Chain>,
    /// The L-BTC asset id of a regtest chain, if it is not that of liquidregtest
    #[arg(long, value_name = "HEX")]
    pub(crate) policy_asset: Option<AssetId>,
    /// If it was given to `prepare` and `sign`: the reissue leaves out token outputs that AMP lists and the treasury does not
    /// hold
    #[arg(long)]
    pub(crate) allow_missing_token_utxos: bool,
    #[command(flatten)]
    pub(crate) threads: ThreadsArguments,
    /// The file to write; it must not exist. Without it signed.json, in the folder of the job where one is named
    #[arg(short = 'o', long = "output", value_name = "OUT", id = "output")]
    pub(crate) named_output: Option<PathBuf>,
    #[arg(skip)]
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
    /// The signed file that `coldamp sign` or `combine` wrote; or the folder of the job, whose PSET is then compared. Without it
    /// the job that is signed and not sent
    #[arg(value_name = "signed.json|FOLDER", id = "signed")]
    pub(crate) named_signed: Option<PathBuf>,
    #[arg(skip)]
    pub(crate) signed: PathBuf,
    #[command(flatten)]
    pub(crate) chain: ChainArguments,
    #[command(flatten)]
    pub(crate) amp: AmpArguments,
    /// Send without asking AMP first. Nobody then checks for lost outputs and for a distribution that was paid already
    #[arg(long, conflicts_with_all = ["amp", "amp_credentials"])]
    pub(crate) without_amp: bool,
    /// The id of the transaction in the mempool that this one replaces (`prepare --replace`)
    #[arg(long, value_name = "TXID")]
    pub(crate) replaces: Option<Txid>,
    /// The unsigned PSET that was signed: the transaction is recomputed from it and compared. Name it always: only this
    /// detects a changed file or signing machine
    #[arg(long, value_name = "unsigned.pset")]
    pub(crate) pset: Option<PathBuf>,
    /// For --pset and the folder of a job: file with the watch-only CT descriptor of the treasury
    #[arg(long, value_name = "FILE")]
    pub(crate) descriptor: Option<PathBuf>,
    /// If it was given to `prepare` and `sign`: the reissue leaves out token outputs that AMP lists and the treasury does not
    /// hold
    #[arg(long)]
    pub(crate) allow_missing_token_utxos: bool,
    /// The L-BTC asset id of a regtest chain, if it is not that of liquidregtest
    #[arg(long, value_name = "HEX")]
    pub(crate) policy_asset: Option<AssetId>,
    /// Only for the first job after the keystore was restored from an older backup: the journal gives the numbers of its lost
    /// entries a second time. Of a file of several signers, name the one: --journal-restored=FINGERPRINT
    #[arg(long, value_name = "FINGERPRINT", num_args = 0..=1, require_equals = true, default_missing_value = "", value_parser = restored_journal)]
    pub(crate) journal_restored: Vec<RestoredJournal>,
    #[command(flatten)]
    pub(crate) state: StateArguments,
    #[command(flatten)]
    pub(crate) threads: ThreadsArguments,
}

/// What to report.
#[derive(Args)]
pub(crate) struct ReportArguments {
    /// The signed file that `coldamp sign` or `combine` wrote; or the folder of the job. Without it the job that is sent and not
    /// reported
    #[arg(value_name = "signed.json|FOLDER", id = "signed")]
    pub(crate) named_signed: Option<PathBuf>,
    #[arg(skip)]
    pub(crate) signed: PathBuf,
    #[command(flatten)]
    pub(crate) chain: ChainArguments,
    #[command(flatten)]
    pub(crate) amp: AmpArguments,
    /// Do not wait for confirmations: end with exit code 10 if there are fewer than two
    #[arg(long)]
    pub(crate) no_wait: bool,
    /// Seconds between two checks of the chain, from 1 to 3600
    #[arg(long, value_name = "SECONDS", default_value_t = 15, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    pub(crate) poll: u64,
    /// Post the report again although AMP may have it. Only after you have checked at AMP that it does not. If AMP's record
    /// shows the report, nothing is posted
    #[arg(long)]
    pub(crate) again: bool,
    #[command(flatten)]
    pub(crate) state: StateArguments,
    #[command(flatten)]
    pub(crate) threads: ThreadsArguments,
}

/// What to look at.
#[derive(Args)]
pub(crate) struct StatusArguments {
    /// The signed file whose transaction and report are looked up, or the folder of the job. With --amp or --amp-credentials AMP's
    /// record of the report is shown too. Without it the newest job that is signed and not reported; if there is none, and with
    /// --descriptor or --release, the prepared requests and the coins they reserve
    #[arg(value_name = "signed.json|FOLDER")]
    pub(crate) signed: Option<PathBuf>,
    /// File with the watch-only CT descriptor of the treasury whose prepared requests are shown
    #[arg(long, value_name = "FILE", conflicts_with = "signed")]
    pub(crate) descriptor: Option<PathBuf>,
    /// The network of the treasury: liquid, liquid-testnet or regtest
    #[arg(long, value_name = "NET", conflicts_with = "signed")]
    pub(crate) network: Option<Chain>,
    #[command(flatten)]
    pub(crate) state: StateArguments,
    /// Release the coins of a prepared request that will never be signed. ID is what `status` shows in front of it, or
    /// at least its first 8 digits
    #[arg(long, value_name = "ID", conflicts_with = "signed")]
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
