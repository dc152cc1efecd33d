//! The arguments of the page and of the sandbox.

use std::path::PathBuf;

use clap::Args;
use coldamp_core::network::Chain;

use super::EsploraArguments;

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
    /// Requests a second to the Esplora server, by all that the page asks together; 4 when not given, and a server on this
    /// machine is then not paced
    #[arg(long, value_name = "N", requires = "esplora", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    esplora_rate: Option<u32>,
    /// File for an Esplora server with a login, as of `prepare`; the page does not see what is in it
    #[arg(long, value_name = "FILE", requires = "esplora")]
    esplora_credentials: Option<PathBuf>,
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

impl ServeArguments {
    /// How the Esplora server is asked.
    pub(crate) fn how(&self) -> EsploraArguments {
        let (esplora_rate, esplora_credentials) = (self.esplora_rate, self.esplora_credentials.clone());
        EsploraArguments { esplora_rate, esplora_credentials }
    }
}
