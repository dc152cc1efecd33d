//! The arguments of the page.

use std::path::PathBuf;

use clap::Args;
use coldamp_core::network::Chain;

use super::EsploraArguments;

/// What to serve.
#[derive(Args)]
pub(crate) struct ServeArguments {
    /// The page's port on 127.0.0.1; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 8_480)]
    pub(crate) port: u16,
    /// The network of the treasury: liquid, liquid-testnet or regtest
    #[arg(long, value_name = "NET")]
    pub(crate) network: Chain,
    /// The Esplora server that the page asks, e.g. https://HOST/liquid/api
    #[arg(long, value_name = "URL")]
    pub(crate) esplora: String,
    /// Requests a second to the Esplora server, by all that the page asks together; 4 when not given, and a server on this
    /// machine is then not paced
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    esplora_rate: Option<u32>,
    /// File for an Esplora server with a login, as of `prepare`; the page does not see what is in it
    #[arg(long, value_name = "FILE")]
    esplora_credentials: Option<PathBuf>,
    /// AMP's API, /api included, in place of the network's own host; plain http for 127.0.0.1 alone
    #[arg(long, value_name = "URL")]
    pub(crate) amp: Option<String>,
    /// The folder of the page; else `page` beside this program, or where `cargo xtask web` leaves it
    #[arg(long, value_name = "DIR")]
    pub(crate) page: Option<PathBuf>,
}

impl ServeArguments {
    /// How the Esplora server is asked.
    pub(crate) fn how(&self) -> EsploraArguments {
        let (esplora_rate, esplora_credentials) = (self.esplora_rate, self.esplora_credentials.clone());
        EsploraArguments { esplora_rate, esplora_credentials }
    }
}
