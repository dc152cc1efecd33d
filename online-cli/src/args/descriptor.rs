//! The arguments of `descriptor`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use coldamp_core::network::Chain;

/// What to assemble.
#[derive(Subcommand)]
pub(crate) enum DescriptorCommand {
    /// The descriptor of a treasury that k of n keys sign for
    Multi(MultiArguments),
}

/// The keys, and what is made of them.
#[derive(Args)]
pub(crate) struct MultiArguments {
    /// How many keys must sign
    #[arg(short = 'k', long = "threshold", value_name = "K")]
    pub(crate) threshold: usize,
    /// The public key of each signer with its origin, [fingerprint/path]xpub; at most 15
    #[arg(value_name = "KEY", required = true)]
    pub(crate) keys: Vec<String>,
    /// The network of the treasury: liquid, liquid-testnet or regtest
    #[arg(long, value_name = "NET")]
    pub(crate) network: Option<Chain>,
    /// File with the treasury's SLIP-77 master blinding key, 64 hexadecimal digits; without it a new one is made
    #[arg(long, value_name = "FILE")]
    pub(crate) view_key: Option<PathBuf>,
    /// Make elsh(wsh(…)), whose addresses every wallet can pay, in place of elwsh(…)
    #[arg(long)]
    pub(crate) nested: bool,
    /// Make multi, in which the keys keep the order given here, in place of sortedmulti
    #[arg(long)]
    pub(crate) unsorted: bool,
    /// The file to write; it must not exist
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
}
