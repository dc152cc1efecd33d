//! The arguments of the page and of the sandbox.

use std::path::PathBuf;

use clap::Args;
use coldamp_core::network::Chain;

/// What to serve.
#[derive(Args)]
pub(crate) struct ServeArguments {
    /// An embedded chain and AMP beside it, on this machine alone, with test money
    #[arg(long, conflicts_with_all = ["network", "esplora", "amp"])]
    pub(crate) sandbox: bool,
    /// The page's port on 127.0.0.1; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 8_480)]
    pub(crate) port: u16,
    /// The network of the treasury: liquid, liquid-testnet or regtest
    #[arg(long, value_name = "NET", required_unless_present = "sandbox")]
    pub(crate) network: Option<Chain>,
    /// The Esplora server that the page asks, e.g. https://HOST/liquid/api
    #[arg(long, value_name = "URL", required_unless_present = "sandbox")]
    pub(crate) esplora: Option<String>,
    /// AMP's API, /api included, in place of the network's own host; plain http for 127.0.0.1 alone
    #[arg(long, value_name = "URL")]
    pub(crate) amp: Option<String>,
    /// The folder of the page; else `page` beside this program, or where `cargo xtask web` leaves it
    #[arg(long, value_name = "DIR")]
    pub(crate) page: Option<PathBuf>,
    /// Of the sandbox: watch-only CT descriptor of a regtest treasury, which then gets L-BTC and assets of both kinds
    #[arg(long, value_name = "FILE", requires = "sandbox")]
    pub(crate) descriptor: Option<PathBuf>,
    /// Of the sandbox: seconds between two blocks
    #[arg(long, value_name = "SECONDS", default_value_t = 5, requires = "sandbox", value_parser = clap::value_parser!(u64).range(1..=3_600))]
    pub(crate) block_every: u64,
}
