//! The chain source that a command names: a transactions file, a node, or an Esplora server. The last two are chains that
//! transactions can be sent to.

use std::num::NonZeroU32;
use std::path::Path;

use coldamp_cli::{Exit, Failure, screen};
use coldamp_core::Secp;
use coldamp_core::code::Code;
use coldamp_core::elements::{AssetId, BlockHash, OutPoint, Transaction, Txid};
use coldamp_core::network::Chain as ChainName;
use coldamp_core::treasury::{CtDescriptor, DescriptorError};
use coldamp_online::http::Http;
use coldamp_online::pace::{Rate, Watch};
use coldamp_online::rpc::Rpc;
use coldamp_online::source::esplora::{Esplora, EsploraError};
use coldamp_online::source::file::TransactionsFile;
use coldamp_online::source::node::{NodeError, NodeSource};
use coldamp_online::source::{Chain, NewestBlock, Place, ScanRange, SendError, Source, Spending, Survey};

use crate::args::{EsploraArguments, NamedChain, ScanArguments, SourceArguments};
use crate::input::read_file;
use crate::runtime::Clock;
use crate::state::TreasuryState;
use crate::state::scan_cache_file::ScanCacheFile;
use crate::{esplora_login, refusal, secret_file};

/// A transaction of 80 recipients has 390,000 bytes, and twice as many as hex: room for some hundreds of these.
const MAX_TRANSACTIONS_BYTES: usize = 256 * 1024 * 1024;

/// The message before a second scan that asks about everything. A request is not refused, and change is not sent far out,
/// because of what the scan cache says.
pub(crate) const SCANNING_ALL: &str =
    "Not possible with the addresses checked so far. Scanning all addresses again.";

/// A cookie has less than 100 bytes.
const MAX_COOKIE_BYTES: usize = 4 * 1024;

/// Whichever was named.
#[derive(Debug)]
pub(crate) enum AnySource {
    File(TransactionsFile),
    Chain(AnyChain),
}

/// Whichever chain was named.
#[derive(Debug)]
pub(crate) enum AnyChain {
    Node(NodeSource),
    Esplora(Esplora<Clock>),
}

/// Why whichever was named could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SourceError {
    #[error(transparent)]
    File(#[from] DescriptorError),
    #[error(transparent)]
    Node(#[from] NodeError),
    #[error(transparent)]
    Esplora(#[from] EsploraError),
}

impl SourceError {
    /// Its code.
    pub(crate) fn code(&self) -> Code {
        match self {
            SourceError::File(error) => error.code(),
            SourceError::Node(error) => error.code(),
            SourceError::Esplora(error) => error.code(),
        }
    }
}

impl AnySource {
    /// Opens what the command line names, to ask it for transactions alone.
    ///
    /// # Errors
    /// When the file cannot be read, or the address is invalid.
    pub(crate) fn open(arguments: &SourceArguments) -> Result<Self, Failure> {
        Self::scanning(arguments, ScanRange::default(), None)
    }

    /// Opens it to look for a treasury's coins, as far as the command line says and with what its state remembers.
    ///
    /// # Errors
    /// When the file cannot be read, or the address is invalid.
    pub(crate) fn of_treasury(
        arguments: &SourceArguments,
        scan: &ScanArguments,
        state: &TreasuryState,
    ) -> Result<Self, Failure> {
        Self::scanning(arguments, scan.range(state.reservations()), Some(state.scan_cache()))
    }

    fn scanning(
        arguments: &SourceArguments,
        scan_range: ScanRange,
        cache: Option<ScanCacheFile>,
    ) -> Result<Self, Failure> {
        match &arguments.transactions {
            Some(path) => transactions(path).map(|file| AnySource::File(file.scanning(scan_range))),
            None => AnyChain::scanning(arguments.named(), scan_range, cache).map(AnySource::Chain),
        }
    }
}

impl AnyChain {
    /// Opens what the command line names, to ask for transactions and to send.
    ///
    /// # Errors
    /// When the address is invalid, or the file of the cookie or the credentials cannot be read.
    pub(crate) fn open(named: Option<NamedChain<'_>>) -> Result<Self, Failure> {
        Self::scanning(named, ScanRange::default(), None)
    }

    fn scanning(
        named: Option<NamedChain<'_>>,
        scan_range: ScanRange,
        cache: Option<ScanCacheFile>,
    ) -> Result<Self, Failure> {
        match named {
            Some(NamedChain::Node { url, cookie }) => {
                node(http()?, url, cookie).map(|node| AnyChain::Node(node.scanning(scan_range)))
            }
            Some(NamedChain::Esplora { root, how }) => {
                let esplora = esplora(root, how)?.scanning(scan_range);
                Ok(AnyChain::Esplora(match cache {
                    Some(cache) => esplora.caching(Box::new(cache)),
                    None => esplora,
                }))
            }
            // clap has seen to it that exactly one is named.
            None => Err(Failure::new(
                Exit::Usage,
                "expected one chain source",
                "Name --esplora URL or --node URL.",
            )),
        }
    }
}

impl AnyChain {
    /// Warns if the source is behind the chain: its answers would then show the past. Warns as well if it does not say how old
    /// its newest block is.
    pub(crate) async fn warn_if_behind(&self, network: ChainName) {
        let newest = match self {
            AnyChain::Node(node) => node.newest_block().await.map_err(SourceError::from),
            AnyChain::Esplora(esplora) => esplora.newest_block().await.map_err(SourceError::from),
        };
        // A private chain makes blocks on demand.
        let makes_blocks_by_itself = network != ChainName::Regtest;
        if let Some(warning) = NewestBlock::warning_of(newest, Clock.now(), makes_blocks_by_itself) {
            screen::warn(&warning);
        }
    }
}

impl AnySource {
    /// As [`AnyChain::warn_if_behind`]; a file is as old as whoever made it says.
    pub(crate) async fn warn_if_behind(&self, network: ChainName) {
        if let AnySource::Chain(chain) = self {
            chain.warn_if_behind(network).await;
        }
    }
}

/// A client for everything that this command asks.
///
/// # Errors
/// When TLS cannot be set up.
pub(crate) fn http() -> Result<Http, Failure> {
    Http::new().map_err(Failure::internal)
}

fn transactions(path: &Path) -> Result<TransactionsFile, Failure> {
    let what = "the transactions file";
    let bytes = read_file(path, MAX_TRANSACTIONS_BYTES, what)?;
    TransactionsFile::parse(&bytes).map_err(|error| refusal::transactions(path, &error))
}

/// An Esplora server as the command line says.
///
/// # Errors
/// When the address is invalid, or the credentials cannot be read, are for another host, or would be sent unencrypted.
pub(crate) fn esplora(root: &str, how: &EsploraArguments) -> Result<Esplora<Clock>, Failure> {
    let refused = |error| refusal::esplora(&error);
    let esplora = Esplora::new(http()?, root, Clock).map_err(refused)?;
    let esplora = match how.esplora_rate.and_then(NonZeroU32::new) {
        Some(rate) => esplora.at_rate(Rate::per_second(rate)),
        None => esplora,
    };
    match esplora_login::obtain(how.esplora_credentials.as_deref())? {
        Some(credentials) => esplora.logged_in(credentials).map_err(refused),
        None => Ok(esplora),
    }
}

fn node(http: Http, address: &str, cookie: Option<&Path>) -> Result<NodeSource, Failure> {
    // Elements writes .cookie for its owner alone.
    let cookie =
        cookie.map(|path| secret_file::read(path, MAX_COOKIE_BYTES, "the cookie file")).transpose()?;
    let rpc = Rpc::new(http, address, cookie.as_deref()).map_err(|error| refusal::rpc(&error))?;
    Ok(NodeSource::new(rpc))
}

/// Passes every question on to whichever source was named.
macro_rules! asks_the_named {
    ($sources:ident: $($named:ident)|+) => {
        impl Source for $sources {
            type Error = SourceError;

            async fn survey(
                &self,
                secp: &Secp,
                descriptor: &CtDescriptor,
                watch: &dyn Watch,
            ) -> Result<Survey, SourceError> {
                match self { $(Self::$named(source) => Ok(source.survey(secp, descriptor, watch).await?)),+ }
            }

            fn scan_all(&self) {
                match self { $(Self::$named(source) => source.scan_all()),+ }
            }

            async fn transaction(&self, txid: Txid) -> Result<Option<Transaction>, SourceError> {
                match self { $(Self::$named(source) => Ok(source.transaction(txid).await?)),+ }
            }

            async fn claimed_issuance(&self, asset: AssetId) -> Result<Option<Txid>, SourceError> {
                match self { $(Self::$named(source) => Ok(source.claimed_issuance(asset).await?)),+ }
            }

            async fn genesis(&self) -> Result<Option<BlockHash>, SourceError> {
                match self { $(Self::$named(source) => Ok(source.genesis().await?)),+ }
            }

            async fn is_waiting(&self, txid: Txid) -> Result<bool, SourceError> {
                match self { $(Self::$named(source) => Ok(source.is_waiting(txid).await?)),+ }
            }
        }
    };
}

asks_the_named!(AnySource: File | Chain);
asks_the_named!(AnyChain: Node | Esplora);

impl Chain for AnyChain {
    async fn send(&self, transaction: &Transaction) -> Result<(), SendError<SourceError>> {
        fn wider<E: Into<SourceError> + std::error::Error>(error: SendError<E>) -> SendError<SourceError> {
            match error {
                SendError::Rejected { reason } => SendError::Rejected { reason },
                SendError::Source(error) => SendError::Source(error.into()),
            }
        }
        match self {
            AnyChain::Node(node) => node.send(transaction).await.map_err(wider),
            AnyChain::Esplora(esplora) => esplora.send(transaction).await.map_err(wider),
        }
    }

    async fn place(&self, txid: Txid) -> Result<Place, SourceError> {
        match self {
            AnyChain::Node(node) => Ok(node.place(txid).await?),
            AnyChain::Esplora(esplora) => Ok(esplora.place(txid).await?),
        }
    }

    async fn spending(&self, outpoint: OutPoint) -> Result<Spending, SourceError> {
        match self {
            AnyChain::Node(node) => Ok(node.spending(outpoint).await?),
            AnyChain::Esplora(esplora) => Ok(esplora.spending(outpoint).await?),
        }
    }
}
