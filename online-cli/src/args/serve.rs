//! The arguments of the page.

use std::path::PathBuf;

use clap::Args;
use coldamp_core::network::Chain;

use super::EsploraArguments;

/// What to serve.
#[derive(Args)]
pub(crate) struct ServeArguments {
    /// The port of the page on 127.0.0.1; 0 picks a free one
    #[arg(long, value_name = "N", default_value_t = 8_480)]
    pub(crate) port: u16,
    /// The network of the treasury: liquid, liquid-testnet or regtest
    #[arg(long, value_name = "NET")]
    pub(crate) network: Option<Chain>,
    /// The API of the Esplora server that the page asks, e.g. https://HOST/liquid/api
    #[arg(long, value_name = "URL")]
    pub(crate) esplora: Option<String>,
    /// Requests a second to the Esplora server, from 1 to 1000. Without it 4, and for a server on this machine no limit
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub(crate) esplora_rate: Option<u32>,
    /// File with the credentials of an Esplora server, as for `prepare`; the page does not see them
    #[arg(long, value_name = "FILE")]
    pub(crate) esplora_credentials: Option<PathBuf>,
    /// AMP's API, https with /api at the end. Without it the network's own host. Plain http only for 127.0.0.1
    #[arg(long, value_name = "URL")]
    pub(crate) amp: Option<String>,
    /// Folder with the files of the page. Without it `page` beside this program, or the output of `cargo xtask web`
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
