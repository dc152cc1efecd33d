//! The command line, as clap reads it: what every command shares here, the arguments of each in a file of its own.

mod asset;
mod contract;
mod descriptor;
mod jobs;
mod online;
mod prepare;
mod profile;
mod qr;
mod recipients;
mod request;
mod scan;
mod serve;
mod state;
mod treasury;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{ArgGroup, Args, Parser, Subcommand};
use coldamp_cli::exposed::Exposed;
use coldamp_cli::profile::ProfileArguments;
use coldamp_cli::{Exit, Failure};
use coldamp_core::code::Code;
use coldamp_core::elements::AssetId;
use coldamp_core::network::Chain;
use coldamp_online::amp::AmpRoot;

pub(crate) use asset::{AssetArguments, ChosenAsset};
pub(crate) use contract::ContractArguments;
pub(crate) use descriptor::{DescriptorCommand, MultiArguments};
pub(crate) use jobs::JobsArguments;
pub(crate) use online::{
    BroadcastArguments, CombineArguments, ReportArguments, RestoredJournal, StatusArguments,
};
pub(crate) use prepare::PrepareArguments;
pub(crate) use profile::{ProfileCommand, ProfileShowArguments};
pub(crate) use qr::QrCommand;
pub(crate) use recipients::{PrecisionArguments, RecipientsArguments, UnlockArguments};
pub(crate) use request::{AskArguments, CheckArguments, RequestCommand};
pub(crate) use scan::{EsploraArguments, ScanArguments};
pub(crate) use serve::ServeArguments;
pub(crate) use state::StateArguments;
pub(crate) use treasury::{
    AddressArguments, BlindersArguments, DeskArguments, IssueArguments, RegisterArguments, SetupArguments,
    ShowArguments, TreasuryCommand,
};

/// The online half of Coldamp: gets requests from Blockstream AMP, prepares unsigned transactions for the air-gapped machine,
/// sends the signed ones, and reports them to AMP. It has no key that can spend.
#[derive(Parser)]
#[command(name = "coldamp-online", version)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) profile: ProfileArguments,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Assemble the descriptor of a treasury of several keys
    #[command(subcommand)]
    Descriptor(DescriptorCommand),
    /// Get a request for a reissue, a distribution or a burn from AMP, after planning it; or check a request
    #[command(subcommand)]
    Request(RequestCommand),
    /// Make an unsigned PSET from AMP's request, for the air-gapped machine
    Prepare(Box<PrepareArguments>),
    /// Make signed.json from a PSET and the signatures of its signers
    Combine(CombineArguments),
    /// Ask for network, descriptor, chain source, AMP and assets, and write them as a profile
    Init,
    /// Show the profile
    #[command(subcommand)]
    Profile(ProfileCommand),
    /// List the folders of jobs, the newest first, and where each stands, by its files and logs
    Jobs(JobsArguments),
    /// Carry files across the gap by camera: show them as QR codes, join what was scanned
    #[command(subcommand)]
    Qr(QrCommand),
    /// Check a signed transaction and send it. Can be run again
    Broadcast(BroadcastArguments),
    /// Wait for two confirmations, and report the transaction to AMP once. Can be run again
    Report(ReportArguments),
    /// Show where a signed transaction and its report are, or which prepared requests reserve coins
    Status(StatusArguments),
    /// Show what the treasury holds and what AMP says of it; or, with a command, look after it
    Treasury(Box<DeskArguments>),
    /// Get an asset's contract, prove it, and write it in the form that `coldamp policy` takes
    Contract(Box<ContractArguments>),
    /// Serve the web page on 127.0.0.1, and pass its requests on to Esplora and AMP, until Ctrl-C
    Serve(ServeArguments),
}

/// The treasury: network and watch-only descriptor.
#[derive(Args)]
pub(crate) struct TreasuryArguments {
    /// File with the watch-only CT descriptor of the treasury, as `coldamp key watch` wrote it
    #[arg(long, value_name = "FILE")]
    pub(crate) descriptor: Option<PathBuf>,
    /// The network of the treasury: liquid, liquid-testnet or regtest
    #[arg(long, value_name = "NET")]
    pub(crate) network: Option<Chain>,
    /// The L-BTC asset id of a regtest chain, if it is not that of liquidregtest
    #[arg(long, value_name = "HEX")]
    pub(crate) policy_asset: Option<AssetId>,
}

/// A chain that transactions can be sent to: exactly one, here or in the profile.
#[derive(Args)]
#[command(group(ArgGroup::new("chain").args(["esplora", "node"])))]
pub(crate) struct ChainArguments {
    /// An Esplora server's API, e.g. https://HOST/liquid/api
    #[arg(long, value_name = "URL")]
    pub(crate) esplora: Option<String>,
    /// An Elements node with -txindex=1, http://user:password@host:port. It needs no wallet, and none is touched
    #[arg(long, value_name = "URL")]
    pub(crate) node: Option<String>,
    /// The cookie file of the node, if the URL has no user and password
    #[arg(long, value_name = "FILE", requires = "node", conflicts_with = "esplora")]
    pub(crate) node_cookie: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) how: EsploraArguments,
}

/// Where the treasury's coins come from: exactly one, here or in the profile.
#[derive(Args)]
#[command(group(ArgGroup::new("source").args(["transactions", "esplora", "node"])))]
pub(crate) struct SourceArguments {
    /// File with all transactions of the treasury and the issuance, without a network: a JSON array of {txid, height, hex}
    #[arg(long, value_name = "FILE")]
    pub(crate) transactions: Option<PathBuf>,
    /// An Esplora server's API, e.g. https://HOST/liquid/api
    #[arg(long, value_name = "URL")]
    pub(crate) esplora: Option<String>,
    /// An Elements node with -txindex=1, http://user:password@host:port. It needs no wallet, and none is touched
    #[arg(long, value_name = "URL")]
    pub(crate) node: Option<String>,
    /// The cookie file of the node, if the URL has no user and password
    #[arg(long, value_name = "FILE", requires = "node", conflicts_with_all = ["esplora", "transactions"])]
    pub(crate) node_cookie: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) how: EsploraArguments,
}

/// A chain by how it is reached.
#[derive(Clone, Copy)]
pub(crate) enum NamedChain<'a> {
    Esplora { root: &'a str, how: &'a EsploraArguments },
    Node { url: &'a str, cookie: Option<&'a Path> },
}

impl AmpArguments {
    /// Whether any of them was given.
    pub(crate) fn is_named(&self) -> bool {
        self.amp.is_some() || self.amp_credentials.is_some()
    }
}

impl ChainArguments {
    /// The chain that is named: one, once the command line was filled.
    pub(crate) fn named(&self) -> Option<NamedChain<'_>> {
        named((self.esplora.as_deref(), &self.how), self.node.as_deref(), self.node_cookie.as_deref())
    }
}

impl SourceArguments {
    /// The chain that is named. None where it is a file.
    pub(crate) fn named(&self) -> Option<NamedChain<'_>> {
        named((self.esplora.as_deref(), &self.how), self.node.as_deref(), self.node_cookie.as_deref())
    }
}

fn named<'a>(
    (esplora, how): (Option<&'a str>, &'a EsploraArguments),
    node: Option<&'a str>,
    cookie: Option<&'a Path>,
) -> Option<NamedChain<'a>> {
    match (esplora, node) {
        (Some(root), None) => Some(NamedChain::Esplora { root, how }),
        (None, Some(url)) => Some(NamedChain::Node { url, cookie }),
        _ => None,
    }
}

/// AMP, and who one is to it.
#[derive(Args)]
pub(crate) struct AmpArguments {
    /// AMP's API, https with /api at the end. Without it the profile's, else the host that the file or the network names. Plain
    /// http only for 127.0.0.1
    #[arg(long, value_name = "URL")]
    pub(crate) amp: Option<String>,
    /// File with AMP's user name and password in two lines, or with a token, readable by its owner only. Without it
    /// the profile's, if AMP is the profile's too; else COLDAMP_AMP_TOKEN, or COLDAMP_AMP_USERNAME and COLDAMP_AMP_PASSWORD; what is missing is asked for at the terminal
    #[arg(long, value_name = "FILE")]
    pub(crate) amp_credentials: Option<PathBuf>,
    /// The AMP that the file is for, where the profile names the file. It is not sent to another one.
    #[arg(skip)]
    pub(crate) login_is_for: Option<AmpRoot>,
}

/// Reads the command line. Returns `None` if it asks only for help or the version, which are then on stdout.
///
/// # Errors
/// When it holds signing keys, clap cannot read it, or stdout takes no data.
pub(crate) fn parse() -> Result<Option<Arguments>, Failure> {
    match exposed(std::env::args_os().skip(1)) {
        Some(keys) => Err(keys),
        None => coldamp_cli::arguments::parse(),
    }
}

/// Signing keys among the arguments, as where somebody gives the descriptor itself in place of its file. The mistake would
/// be told with the argument in it.
fn exposed(arguments: impl Iterator<Item = OsString>) -> Option<Failure> {
    let arguments: Vec<String> = arguments.map(|argument| argument.to_string_lossy().into_owned()).collect();
    let keys = Exposed::find(arguments.join(" ").as_bytes())?;
    let message =
        format!("the command line holds {}, which must never be on a machine with a network", keys.name());
    Some(Failure::new(Exit::Refused, message, keys.hint()).with_code(Code::KeysExposed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn keys_among_the_arguments_are_named_and_not_quoted() {
        let of = |line: &str| exposed(line.split(' ').map(OsString::from));
        let words =
            "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
        let failure = of(&format!("prepare job.json --descriptor {words}")).unwrap();
        assert_eq!((failure.code, failure.exit), (Some(Code::KeysExposed), Exit::Refused));
        assert!(!failure.message.contains("abandon"), "{}", failure.message);
        let usual = "request distribute --asset 116e0073-8ef0-4be5-ba35-e2b0e9c5ae1a --descriptor treasury.descriptor \
                     --network regtest --esplora https://host/api --amp-credentials amp.login -o job.json";
        assert!(of(usual).is_none());
    }

    #[test]
    fn a_command_takes_one_chain_source() {
        let read = |sources: &str| {
            let line = format!("coldamp-online report signed.json{sources}");
            Arguments::try_parse_from(line.split(' ')).is_ok()
        };
        assert!(read(" --esplora x") && read(" --node x") && read(" --node x --node-cookie y"));
        // Without one it is the profile's.
        assert!(read("") && read(" --esplora-rate 2"));
        assert!(!read(" --esplora x --node y") && !read(" --esplora x --node-cookie y"));
        assert!(read(" --esplora x --esplora-rate 2 --esplora-credentials y"));
        assert!(!read(" --node x --esplora-rate 2") && !read(" --esplora x --esplora-rate 0"));
    }
}
