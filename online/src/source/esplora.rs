//! An Esplora server as chain source (Blockstream's API with the Elements extensions). It needs no account, and nothing is
//! imported there.
//!
//! A scan asks about each script of the treasury ([`scan`]), up to a gap above the last used one, [`CONCURRENCY`] at a time
//! ([`ask`]). The server learns which scripts belong together. It is trusted in which outputs are unspent. The only secret
//! that it gets are its own credentials ([`login`]).

mod ask;
mod asset;
mod chain;
mod error;
mod history;
mod login;
mod scan;

use std::cell::{Cell, RefCell};
use std::fmt;

use coldamp_core::elements::AssetId;
use coldamp_core::network::Chain as ChainName;

use super::ScanRange;
use super::scan_cache::{ScanCache, ScanCacheStore, Tip};
use crate::http::Http;
use crate::pace::{Pause, Rate, RateLimiter};
use asset::Claims;
pub use error::EsploraError;
use login::Login;
pub use login::{Credentials, Grant, TOKEN_SERVER};

/// Requests that are sent at a time. Public servers answer many more with 429.
pub const CONCURRENCY: usize = 8;

/// Blockstream's public API of a network. A private chain has none.
pub fn public_server(chain: ChainName) -> Option<&'static str> {
    match chain {
        ChainName::Liquid => Some("https://blockstream.info/liquid/api"),
        ChainName::LiquidTestnet => Some("https://blockstream.info/liquidtestnet/api"),
        ChainName::Regtest => None,
    }
}

/// An Esplora server. Its Debug text leaves out the credentials.
pub struct Esplora<P> {
    http: Http,
    root: String,
    limiter: RateLimiter<P>,
    scan_range: ScanRange,
    all: Cell<bool>,
    cache: Option<RefCell<Box<dyn ScanCacheStore>>>,
    login: Option<Box<Login>>,
    /// The newest block, if it is known already.
    newest: RefCell<Option<Tip>>,
    /// The asset that was asked about last, with the answer.
    asset: RefCell<Option<Box<(AssetId, Claims)>>>,
}

impl<P> fmt::Debug for Esplora<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Esplora").field("root", &self.root).finish_non_exhaustive()
    }
}

impl<P: Pause> Esplora<P> {
    /// A server by the root of its API. Requests to another machine are limited to [`Rate::PUBLIC`].
    ///
    /// # Errors
    /// When the root is not an http or https address without credentials and query.
    pub fn new(http: Http, root: &str, pause: P) -> Result<Self, EsploraError> {
        let bad = |reason| EsploraError::Address { reason };
        let url = reqwest::Url::parse(root).map_err(|_| bad("it is not a valid address"))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(bad("it is not http or https"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(bad("it names a user"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(bad("it has a query"));
        }
        let is_here = is_this_machine(&url) || url.host_str() == Some("localhost");
        let rate = (!is_here).then_some(Rate::PUBLIC);
        Ok(Esplora {
            http,
            root: root.trim_end_matches('/').to_owned(),
            limiter: RateLimiter::new(pause, rate),
            scan_range: ScanRange::default(),
            all: Cell::new(false),
            cache: None,
            login: None,
            newest: RefCell::new(None),
            asset: RefCell::new(None),
        })
    }

    /// Sets the request rate.
    #[must_use]
    pub fn at_rate(self, rate: Rate) -> Self {
        let Esplora { limiter, .. } = self;
        Esplora { limiter: limiter.at_rate(rate), ..self }
    }

    /// Sets the scan range.
    #[must_use]
    pub fn scanning(self, scan_range: ScanRange) -> Self {
        Esplora { scan_range, ..self }
    }

    /// Sets where the scan cache is stored.
    #[must_use]
    pub fn caching(self, cache: Box<dyn ScanCacheStore>) -> Self {
        Esplora { cache: Some(RefCell::new(cache)), ..self }
    }

    /// Sets the credentials. They are sent to this server, or to the token server that they name, and to no other.
    ///
    /// # Errors
    /// When they are for another host, would be sent unencrypted to another machine, or hold characters that a token cannot have.
    pub fn logged_in(self, credentials: Credentials) -> Result<Self, EsploraError> {
        let login = Login::new(&self.root, credentials)?;
        Ok(Esplora { login: Some(Box::new(login)), ..self })
    }

    /// The root of the API, without a slash at the end.
    pub fn root(&self) -> &str {
        &self.root
    }

    /// The range of the next survey.
    fn scan_range(&self) -> ScanRange {
        ScanRange { all: self.scan_range.all || self.all.get(), ..self.scan_range.clone() }
    }

    /// The stored scan cache. None if no store is set.
    fn stored_cache(&self) -> Option<ScanCache> {
        let store = self.cache.as_ref()?;
        Some(store.borrow_mut().recall().unwrap_or_default())
    }

    fn store_cache(&self, cache: &ScanCache) {
        if let Some(store) = &self.cache {
            store.borrow_mut().keep(cache);
        }
    }
}

/// Whether an address is this machine's own, by its number. A name may resolve to any machine.
fn is_this_machine(url: &reqwest::Url) -> bool {
    matches!(url.host_str(), Some("127.0.0.1" | "[::1]"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    struct Never;

    impl Pause for Never {
        async fn pause(&self, _duration: Duration) {
            panic!("no request is repeated in these tests");
        }

        fn elapsed(&self) -> Duration {
            Duration::ZERO
        }
    }

    fn esplora(root: &str) -> Result<Esplora<Never>, EsploraError> {
        Esplora::new(Http::new().unwrap(), root, Never)
    }

    #[test]
    fn an_address_is_http_or_https_without_credentials() {
        assert_eq!(
            esplora("https://example.org/liquid/api/").unwrap().root,
            "https://example.org/liquid/api"
        );
        assert!(esplora("http://127.0.0.1:3000").is_ok());
        assert_eq!(esplora("https://example.org/liquid/api").unwrap().limiter.rate(), Some(Rate::PUBLIC));
        assert_eq!(esplora("http://127.0.0.1:3000").unwrap().limiter.rate(), None);
        for root in ["ftp://example.org", "hello", "https://me:x@example.org", "https://example.org/?a=b"] {
            assert!(matches!(esplora(root), Err(EsploraError::Address { .. })), "{root}");
        }
    }
}
