//! The arguments of `treasury`.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};
use coldamp_cli::threads::ThreadsArguments;
use coldamp_core::elements::{AssetId, Txid};
use coldamp_core::limits::MAX_INDEX;
use coldamp_online::treasury::register;

use super::{
    AmpArguments, AssetArguments, ChainArguments, ChosenAsset, ScanArguments, SourceArguments,
    StateArguments, TreasuryArguments,
};

/// What to look at, or what to do with the treasury.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct DeskArguments {
    #[command(subcommand)]
    pub(crate) command: Option<TreasuryCommand>,
    #[command(flatten)]
    pub(crate) show: ShowArguments,
}

/// What to do with the treasury.
#[derive(Subcommand)]
pub(crate) enum TreasuryCommand {
    /// Have AMP issue a new asset to addresses of this treasury. It cannot be undone: it is shown first, and typed
    Issue(Box<IssueArguments>),
    /// Set up an asset that was issued, step by step: addresses, registry, authorization, blinders. Can be run again
    Setup(Box<SetupArguments>),
    /// Print a receiving address of the treasury. Without --index the first that neither history nor a prepared job uses
    Address(Box<AddressArguments>),
    /// Register the treasury's next receiving addresses at AMP, so that holders can pay units back. Can be run again. Change
    /// is not registered: each report tells AMP of it
    Register(Box<RegisterArguments>),
    /// Send AMP the blinders of the treasury's outputs that it lacks, whatever made them. Can be run again
    Blinders(Box<BlindersArguments>),
}

/// What to issue.
#[derive(Args)]
#[command(group(ArgGroup::new("how_much").required(true).args(["amount", "units"])))]
#[command(group(ArgGroup::new("reissuable").required(true).args(["tokens", "never_reissued"])))]
pub(crate) struct IssueArguments {
    /// The asset's name, 5 to 255 ASCII characters
    #[arg(long, value_name = "TEXT")]
    pub(crate) name: String,
    /// Its ticker, 3 to 5 letters
    #[arg(long, value_name = "TICKER")]
    pub(crate) ticker: String,
    /// The issuer's domain, without https:// and www. The public registry asks it for a proof
    #[arg(long, value_name = "DOMAIN")]
    pub(crate) domain: String,
    /// The issuer's public key that the contract names: 66 hexadecimal digits. The treasury does not need its private key
    #[arg(long, value_name = "HEX")]
    pub(crate) pubkey: String,
    /// Decimals of the asset, 0 to 8
    #[arg(long, value_name = "DECIMALS", default_value_t = 8, value_parser = clap::value_parser!(u8).range(0..=8))]
    pub(crate) precision: u8,
    /// How much to issue, in whole base units: with 2 decimals, 100 of them are 1.00
    #[arg(long, value_name = "BASE_UNITS")]
    pub(crate) amount: Option<u64>,
    /// How much to issue, in units of the asset with at most --precision decimals
    #[arg(long, value_name = "DECIMAL")]
    pub(crate) units: Option<String>,
    /// How many reissuance tokens to make, in base units. Whoever holds one of them can issue more
    #[arg(long, value_name = "BASE_UNITS")]
    pub(crate) tokens: Option<u64>,
    /// Make no reissuance token: no more of the asset can ever be issued
    #[arg(long)]
    pub(crate) never_reissued: bool,
    /// Hide the issued amounts, those of later reissues too. Without it they are public
    #[arg(long)]
    pub(crate) confidential: bool,
    /// Let anybody hold the asset. Without it only users that are registered at AMP may
    #[arg(long)]
    pub(crate) unrestricted: bool,
    /// What would be typed: the ticker and the amount in base units, as in COLD:100000000. If it is right, nobody is asked
    #[arg(long, value_name = "TICKER:BASE_UNITS")]
    pub(crate) expect: Option<String>,
    /// Ask although AMP was asked for such an asset before and may have issued it. Only after AMP has said that it did not
    #[arg(long)]
    pub(crate) again: bool,
    /// For an asset that AMP issued and whose answer was lost: AMP's uuid of it. The answer is written again
    #[arg(long, value_name = "UUID")]
    pub(crate) issued: Option<String>,
    #[command(flatten)]
    pub(crate) treasury: TreasuryArguments,
    #[command(flatten)]
    pub(crate) source: SourceArguments,
    #[command(flatten)]
    pub(crate) scan: ScanArguments,
    #[command(flatten)]
    pub(crate) amp: AmpArguments,
    #[command(flatten)]
    pub(crate) state: StateArguments,
    #[command(flatten)]
    pub(crate) threads: ThreadsArguments,
    /// The file to write AMP's answer to, byte for byte. FILE.order beside it holds what is asked for, FILE.log each step
    #[arg(short, long, value_name = "issue.json")]
    pub(crate) output: PathBuf,
}

/// What to set up.
#[derive(Args)]
pub(crate) struct SetupArguments {
    /// The file that `treasury issue` wrote, with FILE.order beside it
    #[arg(value_name = "issue.json")]
    pub(crate) issue: PathBuf,
    /// Show what stands and what remains. AMP is asked to do nothing
    #[arg(long)]
    pub(crate) show: bool,
    /// Leave the public asset registry out: the asset is used without it, or its domain is proven later
    #[arg(long)]
    pub(crate) without_registry: bool,
    /// Look once for the confirmations in place of waiting for them
    #[arg(long)]
    pub(crate) no_wait: bool,
    /// Seconds between two looks at the chain
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    pub(crate) poll: u64,
    #[command(flatten)]
    pub(crate) treasury: TreasuryArguments,
    #[command(flatten)]
    pub(crate) chain: ChainArguments,
    #[command(flatten)]
    pub(crate) amp: AmpArguments,
    #[command(flatten)]
    pub(crate) threads: ThreadsArguments,
    /// The file to write the asset's contract to, in the form that `coldamp policy` takes
    #[arg(long, value_name = "contract.json")]
    pub(crate) contract: Option<PathBuf>,
}

/// What to show of the treasury.
#[derive(Args)]
pub(crate) struct ShowArguments {
    #[command(flatten)]
    pub(crate) asset: AssetArguments,
    /// The assets of the profile, for their short names
    #[arg(skip)]
    pub(crate) known: Vec<ChosenAsset>,
    /// The id of the asset, from the issuance or the policy. If AMP names another one, nothing is shown
    #[arg(long, value_name = "HEX")]
    pub(crate) asset_id: Option<AssetId>,
    #[command(flatten)]
    pub(crate) treasury: TreasuryArguments,
    #[command(flatten)]
    pub(crate) source: SourceArguments,
    #[command(flatten)]
    pub(crate) scan: ScanArguments,
    #[command(flatten)]
    pub(crate) amp: AmpArguments,
    /// Do not ask AMP. Whether it has lost outputs is then not known. No asset need be named
    #[arg(long, conflicts_with_all = ["amp", "amp_credentials"])]
    pub(crate) without_amp: bool,
    /// The id of the transaction that issued or reissued the asset. Without it the chain source is asked
    #[arg(long, value_name = "TXID")]
    pub(crate) issuance_tx: Option<Txid>,
    #[command(flatten)]
    pub(crate) state: StateArguments,
    #[command(flatten)]
    pub(crate) threads: ThreadsArguments,
    /// Print everything as JSON (format coldamp.treasury/1) instead of text
    #[arg(long, conflicts_with = "csv")]
    pub(crate) json: bool,
    /// Print the coins as CSV, a row each, instead of text
    #[arg(long)]
    pub(crate) csv: bool,
}

/// Which address.
#[derive(Args)]
pub(crate) struct AddressArguments {
    /// The first index that neither history nor a prepared job uses. This is the default
    #[arg(long, conflicts_with = "index")]
    pub(crate) next: bool,
    /// The address at this index. No chain source is asked
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(..=i64::from(MAX_INDEX)))]
    pub(crate) index: Option<u32>,
    /// Show it as a QR code on the terminal, too
    #[arg(long)]
    pub(crate) qr: bool,
    #[command(flatten)]
    pub(crate) treasury: TreasuryArguments,
    #[command(flatten)]
    pub(crate) source: SourceArguments,
    #[command(flatten)]
    pub(crate) scan: ScanArguments,
    #[command(flatten)]
    pub(crate) state: StateArguments,
    #[command(flatten)]
    pub(crate) threads: ThreadsArguments,
}

/// Which addresses to register.
#[derive(Args)]
pub(crate) struct RegisterArguments {
    #[command(flatten)]
    pub(crate) asset: AssetArguments,
    /// How many addresses
    #[arg(long, value_name = "COUNT", default_value_t = register::COUNT, value_parser = clap::value_parser!(u32).range(1..=i64::from(register::MOST)))]
    pub(crate) count: u32,
    /// The index of the first address. Without it the first that neither history nor a prepared job uses
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(..=i64::from(MAX_INDEX)))]
    pub(crate) first: Option<u32>,
    /// Register the addresses that are shown without asking
    #[arg(long)]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) treasury: TreasuryArguments,
    #[command(flatten)]
    pub(crate) source: SourceArguments,
    #[command(flatten)]
    pub(crate) scan: ScanArguments,
    #[command(flatten)]
    pub(crate) amp: AmpArguments,
    #[command(flatten)]
    pub(crate) state: StateArguments,
    #[command(flatten)]
    pub(crate) threads: ThreadsArguments,
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
